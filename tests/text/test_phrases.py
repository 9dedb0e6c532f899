"""The rule kept here: another phrase is offered only for words that say nothing together as they stand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.text.phrases import MAX_WORDS, PhraseSpeller

PHRASES = {
    "county lines": 7,
    "hate crime": 9,
    "operation encompass": 4,
    "honour-based abuse": 5,
    "county fines": 1,
}
PROTECTED = {"county", "lines", "hate", "crime", "mash", "honour"}
SPELLER = PhraseSpeller(PHRASES, PROTECTED)


def nothing_stands(_stems: Sequence[str]) -> bool:
    """Say of every run of words that no text holds it."""
    return False


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("count lines", "county lines"),
        ("London count lines", "London county lines"),
        ("operation compass", "operation encompass"),
        ("Honour bared abuse", "honour based abuse"),
    ],
)
def test_the_nearest_known_phrase_is_offered(typed: str, offered: str) -> None:
    """The rest of the query stays as it was typed."""
    assert SPELLER.offer(typed, (), nothing_stands) == offered


def test_a_missing_space_is_a_slip() -> None:
    """A single word is looked at only if nothing holds it."""
    assert SPELLER.offer("countylines", ("countylines",), nothing_stands) == "county lines"
    assert SPELLER.offer("countylines", (), nothing_stands) is None


@pytest.mark.parametrize(
    "typed", ["county lines", "hate crimes", "the hate crime", "fate crib", "cat", "", "hat in a box"]
)
def test_what_is_known_or_like_nothing_is_left_alone(typed: str) -> None:
    """Endings and function words make no other phrase, and short words are too near to too many."""
    assert SPELLER.offer(typed, (), nothing_stands) is None


def test_what_stands_in_a_text_is_left_alone() -> None:
    """Somebody wrote it, so it may be meant."""
    assert SPELLER.offer("count lines", (), lambda stems: list(stems) == ["count", "line"]) is None


@pytest.mark.parametrize("typed", ["COUNT lines", "count LINESS", "mash crime", "hats crime MASH"])
def test_acronyms_and_terms_of_the_field_are_never_taken_away(typed: str) -> None:
    """A word that is right stays, whatever is near it."""
    offered = SPELLER.offer(typed, (), nothing_stands)
    kept = [word for word in typed.split() if word.isupper() or word in PROTECTED]
    assert offered is None or all(word in offered.split() for word in kept)


def test_a_sentence_is_not_looked_at() -> None:
    """Its neighbouring words say nothing together by chance."""
    words = ["count", "lines", *["word"] * (MAX_WORDS - 1)]
    assert SPELLER.offer(" ".join(words), (), nothing_stands) is None


@given(
    st.lists(st.sampled_from(["count", "lines", "Hate", "crimes", "operatoin", "-", "encompass"]), max_size=6)
)
def test_an_offer_is_another_query(words: list[str]) -> None:
    """Nothing is offered that was typed already."""
    typed = " ".join(words)
    assert SPELLER.offer(typed, (), nothing_stands) != typed
