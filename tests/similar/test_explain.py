"""The rule kept here: a reason given for likeness is the likeness itself, in people's words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from builders import make_practice
from hypothesis import given
from hypothesis import strategies as st

from search_service.similar.counts import practice_counts
from search_service.similar.explain import (
    COMPARED_LISTS,
    CONTRASTED_LISTS,
    MAX_TERMS,
    SharedValues,
    differing_values,
    shared_terms,
    shared_values,
)
from search_service.similar.lists import LATENT_SHARE
from search_service.similar.neighbours import Neighbours, Vector
from search_service.text.analysis import analyse

WORDS = [f"word-{term}" for term in range(12)]


def vector(weights: Mapping[int, float]) -> Vector:
    """Return a vector of some terms, scaled to length 1."""
    terms = np.array(sorted(weights), dtype=np.int32)
    values = np.array([weights[term] for term in sorted(weights)], dtype=np.float32)
    return terms, values / np.sqrt((values**2).sum()) if len(values) else values


VECTORS = st.dictionaries(st.integers(0, 11), st.floats(0.1, 5), max_size=12).map(vector)


@given(VECTORS, VECTORS)
def test_the_weights_of_shared_words_add_up_to_their_part_of_the_score(one: Vector, other: Vector) -> None:
    """Each weight is a word's product; the largest are named, and the others given in one sum."""
    weights, others = (dict(zip(*map(np.ndarray.tolist, v), strict=True)) for v in (one, other))
    products = {WORDS[term]: weight * others[term] for term, weight in weights.items() if term in others}
    shared, rest = shared_terms(one, other, WORDS)
    assert len(shared) == min(MAX_TERMS, len(products))
    for term in shared:
        assert term.weight == pytest.approx((1 - LATENT_SHARE) * products[term.word], rel=1e-4)
    assert [term.weight for term in shared] == sorted((term.weight for term in shared), reverse=True)
    total = (1 - LATENT_SHARE) * sum(products.values())
    assert sum(term.weight for term in shared) + rest == pytest.approx(total, abs=1e-5)
    left_out = [product for word, product in products.items() if word not in {t.word for t in shared}]
    least = min((term.weight for term in shared), default=0) / (1 - LATENT_SHARE)
    assert max(left_out, default=0) <= least * (1 + 1e-4)


@given(VECTORS, VECTORS)
def test_reasons_are_the_same_from_either_side(one: Vector, other: Vector) -> None:
    """Likeness has no direction."""
    assert shared_terms(one, other, WORDS) == shared_terms(other, one, WORDS)


def test_nothing_shared_is_no_reason() -> None:
    """Nor is an empty text."""
    assert shared_terms(vector({0: 1}), vector({1: 1}), WORDS) == ((), 0.0)
    assert shared_terms(vector({}), vector({1: 1}), WORDS) == ((), 0.0)


def test_reasons_are_words_that_people_wrote() -> None:
    """Whole words from the texts, not stems, and the shares make up the score of the two practices."""
    practices = [
        make_practice(
            "one", title="Charities", summary="Families visited.", sections={"aim": "Safety agencies."}
        ),
        make_practice(
            "two", title="A charity", summary="Family visits.", sections={"aim": "Safety of families."}
        ),
        make_practice("three", title="Buses", summary="Trains.", sections={"aim": "Ships."}),
        make_practice("four", title="Boats", summary="Trains.", sections={"aim": "Cars."}),
    ]
    built = Neighbours.build(practices)
    shared, _ = shared_terms(built.vector(0), built.vector(1), built.words)
    written = {
        text[token.start : token.end].casefold()
        for practice in practices
        for text in (practice.title, practice.summary, practice.sections["aim"])
        for token in analyse(text)
    }
    assert {term.word for term in shared} == {"charities", "families", "visited", "safety"}
    assert {term.word for term in shared} <= written
    counts = practice_counts(practices[1])
    for term in shared:
        stem = next(analyse(term.word)).stem
        place = list(built.words).index(term.word)
        product = dense(built.vector(0), place) * dense(built.fold_in(counts), place)
        assert stem in counts
        assert term.weight == pytest.approx((1 - LATENT_SHARE) * product, rel=1e-4)


def dense(held: Vector, term: int) -> float:
    """Return the weight of one term."""
    return float(held[1][held[0] == term][0])


# Closed lists.


def test_shared_values_are_named_list_by_list() -> None:
    """In the order of the compared lists, with the other practice's order of values."""
    one = make_practice("one", themes=["missing-people", "domestic-abuse"], partners=["health"])
    other = make_practice("two", themes=["domestic-abuse", "missing-people"], partners=["police"])
    assert shared_values(one, other) == (
        SharedValues("theme", ("domestic-abuse", "missing-people")),
        SharedValues("approach", ("information-sharing",)),
        SharedValues("target_group", ("children",)),
    )
    assert {shared.list_name for shared in shared_values(one, other)} <= set(COMPARED_LISTS)


def test_practices_with_nothing_in_common_share_no_values() -> None:
    """Empty lists are no likeness."""
    one = make_practice("one", themes=[], approaches=[], partners=[], target_groups=["adults"])
    other = make_practice("two", themes=[], approaches=["training"], partners=["police"])
    assert shared_values(one, other) == ()


def test_differences_are_the_other_practices_values() -> None:
    """Only where the two have none in common, and the other states any."""
    one = make_practice("one", rating="works", stage="pilot", regions=["wales"], target_groups=["adults"])
    other = make_practice(
        "two", rating="untested", stage="pilot", regions=["north-east", "wales"], target_groups=["children"]
    )
    assert differing_values(one, other) == (
        SharedValues("evidence", ("untested",)),
        SharedValues("target_group", ("children",)),
    )
    assert {value.list_name for value in differing_values(one, other)} <= set(CONTRASTED_LISTS)
    unstated = make_practice("three", rating="works", stage="pilot", regions=["wales"], target_groups=[])
    assert differing_values(one, unstated) == ()


def test_a_practice_differs_from_itself_in_nothing() -> None:
    """All its values are shared."""
    one = make_practice("one")
    assert differing_values(one, one) == ()
    assert [shared.ids for shared in shared_values(one, one)] == [one.values(name) for name in COMPARED_LISTS]
