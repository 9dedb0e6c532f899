"""The rule kept here: a wording is found by its other wordings, in the directions that were given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.text.analysis import content_stems
from search_service.text.synonyms import Expansion, Phrase, Synonyms, phrase

GROUPS = [
    ["da", "domestic abuse", "domestic violence"],
    ["missing person", "misper"],
    ["out of court disposal", "oocd"],
]
ONE_WAY = [("battered wife", ["domestic abuse", "coercive control"]), ("wife", ["partner"])]


def expand(query: str) -> list[tuple[int, int, tuple[Phrase, ...]]]:
    """Expand a query typed by a person."""
    return [tuple(found) for found in Synonyms.from_lists(GROUPS, ONE_WAY).expand(content_stems(query))]


def test_a_wording_is_read_as_its_meaning_stems() -> None:
    """Case, number and function words make no other wording."""
    assert (
        phrase("Out of Court Disposals")
        == phrase("out court disposal")
        == tuple(content_stems("court disposal"))
    )
    assert phrase("of the") == ()


@pytest.mark.parametrize("term", GROUPS[0])
def test_every_term_of_a_group_finds_all_the_others(term: str) -> None:
    """A group works both ways, and no term is its own alternative."""
    [(start, end, alternatives)] = expand(term)
    assert (start, end) == (0, len(term.split()))
    assert set(alternatives) == {phrase(other) for other in GROUPS[0] if other != term}


def test_a_one_way_pair_leads_only_forward() -> None:
    """What people type finds what the texts say, and not the other way round."""
    [(_, _, alternatives)] = expand("battered wife")
    assert alternatives == (phrase("domestic abuse"), phrase("coercive control"))
    assert expand("coercive control") == []
    [(_, _, back)] = expand("domestic abuse")
    assert phrase("battered wife") not in back


def test_the_longest_wording_is_taken_first() -> None:
    """A wording of two words is not also read as one of its words."""
    [(start, end, alternatives)] = expand("battered wife")
    assert (start, end) == (0, 2)
    assert phrase("partner") not in alternatives
    assert expand("my wife") == [(0, 1, (phrase("partner"),))]


def test_several_wordings_of_one_query_are_found_in_their_places() -> None:
    """Places count in the words given, and words with no other wording are passed over."""
    found = expand("police and missing people or missing persons, then domestic violence")
    words = content_stems("police and missing people or missing persons, then domestic violence")
    assert [tuple(words[start:end]) for start, end, _ in found] == [
        phrase("missing person"),
        phrase("domestic violence"),
    ]


def test_function_words_within_a_wording_do_not_hide_it() -> None:
    """A wording with function words is found by its meaning words."""
    [(_, _, alternatives)] = expand("out-of-court disposals")
    assert alternatives == (phrase("oocd"),)


def test_a_term_in_a_group_and_in_a_pair_has_the_wordings_of_both() -> None:
    """Two lists that name one wording add up, each alternative once."""
    synonyms = Synonyms.from_lists([["da", "abuse"]], [("da", ["harm", "abuse"])])
    assert synonyms.expand(("da",)) == [Expansion(0, 1, (phrase("abuse"), phrase("harm")))]


@pytest.mark.parametrize("terms", [["risk", "risks"], ["the", "of"], ["risk", "the"]])
def test_a_group_that_says_one_thing_or_nothing_expands_nothing(terms: list[str]) -> None:
    """Wordings that share their stems, or hold function words only, are no other wording."""
    assert Synonyms.from_lists([terms], []).expand(content_stems("risk of the risks")) == []


def test_an_empty_list_or_query_expands_nothing() -> None:
    """No synonyms and no words are both fine."""
    assert Synonyms.from_lists([], []).expand(["word"]) == []
    assert Synonyms.from_lists(GROUPS, ONE_WAY).expand([]) == []


WORDS = st.lists(st.sampled_from("abcd"), max_size=12)
TABLES = st.dictionaries(
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=3).map(tuple),
    st.lists(st.lists(st.sampled_from("wxyz"), min_size=1, max_size=2).map(tuple), min_size=1),
)


@given(TABLES, WORDS)
def test_expansions_are_in_order_and_apart_and_hold_a_known_wording(
    table: dict[Phrase, list[Phrase]], words: list[str]
) -> None:
    """No word is expanded twice, no alternative is repeated, and nothing longer was passed over."""
    end = 0
    for found in Synonyms(table).expand(words):
        assert end <= found.start < found.end <= len(words)
        assert set(found.alternatives) == set(table[tuple(words[found.start : found.end])])
        assert len(set(found.alternatives)) == len(found.alternatives)
        assert not any(
            tuple(words[found.start : longer]) in table for longer in range(found.end + 1, len(words) + 1)
        )
        end = found.end


@given(st.lists(st.lists(st.text(alphabet="ab ", max_size=4), min_size=2, max_size=4), max_size=4))
def test_a_group_of_anything_never_offers_a_wording_for_itself(groups: list[list[str]]) -> None:
    """Whatever the terms are, an expansion always says something else."""
    synonyms = Synonyms.from_lists(groups, [])
    for terms in groups:
        for term in terms:
            for found in synonyms.expand(phrase(term)):
                own = phrase(term)[found.start : found.end]
                assert found.alternatives
                assert own not in found.alternatives
                assert () not in found.alternatives
