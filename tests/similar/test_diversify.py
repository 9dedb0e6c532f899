"""The rule kept here: a list is close to the question without saying the same thing twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from search_service.similar.diversify import RELEVANCE_SHARE
from search_service.similar.diversify import mmr as mmr_by

Scores = NDArray[np.float32]


def alike(size: int, *pairs: tuple[int, int, float]) -> Scores:
    """Return likenesses: 1 of each to itself, as given between pairs, else 0."""
    between = np.eye(size, dtype=np.float32)
    for one, other, likeness in pairs:
        between[one, other] = between[other, one] = likeness
    return between


def scores_of(*values: float) -> Scores:
    """Return scores as the index holds them."""
    return np.array(values, dtype=np.float32)


def mmr(scores: Scores, between: Scores, limit: int) -> list[int]:
    """Choose by a table of every pair."""
    return mmr_by(scores, between.__getitem__, limit)


def test_without_likeness_the_best_come_in_order() -> None:
    """Ties as they stand."""
    assert mmr(scores_of(0.2, 0.9, 0.5, 0.5), alike(4), 4) == [1, 2, 3, 0]


def test_a_repetition_gives_way_to_something_new() -> None:
    """Of two that say the same one is chosen, and the third though it scores less."""
    twins = alike(3, (0, 1, 1.0))
    assert mmr(scores_of(0.9, 0.89, 0.75), twins, 2) == [0, 2]
    assert mmr(scores_of(0.9, 0.89, 0.75), alike(3), 2) == [0, 1]


@pytest.mark.parametrize(("margin", "second"), [(0.01, 2), (-0.01, 1)])
def test_novelty_is_worth_what_the_share_says(margin: float, second: int) -> None:
    """A repetition of likeness s must score more than (1 - L) / L * s above something new."""
    likeness = 0.8
    worth = (1 - RELEVANCE_SHARE) / RELEVANCE_SHARE * likeness
    scores = scores_of(0.9, 0.8, 0.8 - worth + margin)
    assert mmr(scores, alike(3, (0, 1, likeness)), 2) == [0, second]


def test_everything_chosen_so_far_counts() -> None:
    """A copy of the first and a copy of the second both wait."""
    between = alike(4, (0, 2, 1.0), (1, 3, 1.0))
    assert mmr(scores_of(0.9, 0.8, 0.85, 0.75), between, 4)[:2] == [0, 1]


@pytest.mark.parametrize(("limit", "number"), [(0, 0), (1, 1), (2, 2), (9, 3)])
def test_no_more_are_chosen_than_asked_for_or_there_are(limit: int, number: int) -> None:
    """A short pool makes a short list."""
    assert len(mmr(scores_of(0.3, 0.2, 0.1), alike(3), limit)) == number


def test_nothing_to_choose_from_is_an_empty_list() -> None:
    """As for a text that is like nothing."""
    assert mmr(scores_of(), np.zeros((0, 0), dtype=np.float32), 5) == []


@st.composite
def pools(draw: st.DrawFn) -> tuple[Scores, Scores]:
    """Draw vectors of length 1; the first is the question, the others are to choose from."""
    size = draw(st.integers(1, 7))
    seed = draw(st.integers(0, 10_000))
    vectors = np.random.default_rng(seed).random((size + 1, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    between = vectors @ vectors.T
    return between[0, 1:], between[1:, 1:]


@given(pools(), st.integers(0, 9))
def test_each_choice_is_the_best_by_the_formula(pool: tuple[Scores, Scores], limit: int) -> None:
    """Carbonell and Goldstein's value, worked out anew for every step."""
    scores, between = pool
    chosen = mmr(scores, between, limit)
    assert len(chosen) == len(set(chosen)) == min(limit, len(scores))

    def value(place: int, before: list[int]) -> float:
        repeated = max((float(between[place, other]) for other in before), default=0.0)
        return RELEVANCE_SHARE * float(scores[place]) - (1 - RELEVANCE_SHARE) * repeated

    for step, place in enumerate(chosen):
        before = chosen[:step]
        best = max(value(other, before) for other in range(len(scores)) if other not in before)
        assert value(place, before) == pytest.approx(best, abs=1e-5)


@given(pools(), st.integers(1, 7))
def test_a_longer_list_begins_with_the_shorter_one(pool: tuple[Scores, Scores], limit: int) -> None:
    """Asking for more changes nothing about what comes first."""
    scores, between = pool
    assert mmr(scores, between, limit + 1)[:limit] == mmr(scores, between, limit)
    assert mmr(scores, between, 1) == [int(np.argmax(scores))]
