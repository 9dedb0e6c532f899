"""The rule kept here: what was reworded, cut or merged is known again, and nothing else is taken for it."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from paths import ROOT

from search_service.library import Library
from search_service.similar.index import SimilarIndex

BENCHMARKS = ROOT / "tests" / "benchmarks"
SEED = 5
"""None of those that the rule was chosen or is reported on."""


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the module that makes the texts."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("near_duplicates")


@pytest.fixture(scope="module")
def index(library: Library) -> SimilarIndex:
    """Compare the shipped practices."""
    return SimilarIndex.build(library.practices)


def test_of_a_hundred_texts_ninety_five_are_known_again(
    benchmark: Any, index: SimilarIndex, library: Library
) -> None:
    """Of both parts of a merged text."""
    made = list(benchmark.made_texts(list(library.practices), SEED))
    missed = [(one.kind, one.rows) for one in made if not benchmark.is_found(index, one)]
    assert len(made) == 100
    assert len(missed) <= 5, missed


def test_the_texts_are_the_same_for_the_same_seed(benchmark: Any, library: Library) -> None:
    """And others for another."""
    practices = list(library.practices)
    first, again, other = (list(benchmark.made_texts(practices, seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_no_practice_is_taken_for_another_initiative(
    benchmark: Any, index: SimilarIndex, library: Library
) -> None:
    """Asked as a pasted text, against all that are not declared versions of it."""
    assert len(benchmark.false_pairs(index, list(library.practices))) <= 1


def test_a_text_about_the_same_thing_is_not_the_same_initiative(library: Library) -> None:
    """A common one-sentence summary of what many do says nothing of who did it."""
    found = library.similar.to_text(
        "Independent advocates support victims of stalking through the court case."
    ).similar.found
    assert found
    assert not any(one.same_initiative for one in found)
