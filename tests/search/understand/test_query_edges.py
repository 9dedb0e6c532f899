"""The edges of the query language: negations in a row, and values that end a sentence."""

from __future__ import annotations

import pytest
from builders import make_taxonomy

from search_service.search.match.engine import Clause
from search_service.search.match.facets import value_names
from search_service.search.understand.query import MAX_CLAUSES, Query, QueryReader

READER = QueryReader(value_names(make_taxonomy()))

THEME = Clause("value", ("domestic-abuse",), "theme")


@pytest.mark.parametrize("text", ["NOT -kids", "NOT NOT kids", "homes NOT -kids"])
def test_a_word_that_is_excluded_twice_is_asked_for(text: str) -> None:
    """It is ranked like any other word, and nothing is excluded."""
    query = READER.read(text)
    assert query.words[-1] == "kid"
    assert (query.required, query.excluded) == ((), ())


def test_a_value_or_a_prefix_that_is_excluded_twice_is_required() -> None:
    """As it is without the two negations."""
    assert READER.read("NOT -theme:domestic-abuse").required == (THEME,)
    assert READER.read("NOT -stalk*").required == (Clause("prefix", ("stalk",)),)
    assert READER.read("NOT -stalk*").excluded == ()


@pytest.mark.parametrize("end", [".", ",", ";", "...", " ."])
def test_a_value_at_the_end_of_a_sentence_is_still_a_value(end: str) -> None:
    """The full stop is not part of it, nor of what is excluded."""
    query = READER.read(f"What works on theme:domestic-abuse{end}")
    assert query.required == (THEME,)
    assert query.unknown_values == ()
    assert READER.read(f"kids -theme:domestic-abuse{end}").excluded == (THEME,)


def test_a_prefix_at_the_end_of_a_sentence_is_still_a_prefix() -> None:
    """What follows the star is no part of the word."""
    assert READER.read("officers who stalk*.").required == (Clause("prefix", ("stalk",)),)


def test_conditions_and_exclusions_share_one_bound() -> None:
    """Beyond it a condition is read as a word, and an exclusion is passed over."""
    conditions = " ".join(f'"safe word{number}"' for number in range(MAX_CLAUSES - 1))
    query = READER.read(f"{conditions} -kids -dogs title:angela")
    assert len(query.required) == MAX_CLAUSES - 1
    assert query.excluded == (Clause("word", ("kid",)),)
    assert query.words == ("angela",)
    repeated = READER.read(f"{conditions} -kids -kids")
    assert repeated.excluded == query.excluded


def test_a_query_of_function_words_with_an_exclusion_is_not_empty() -> None:
    """Every practice answers only to a query that asks for nothing."""
    assert READER.read("the of").is_empty
    assert not READER.read("-kids").is_empty
    assert not READER.read("theme:domestic-abuse").is_empty
    assert Query("").is_empty
