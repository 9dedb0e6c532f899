"""The rule kept here: scores are those of the formula in the books, worked out word by word."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.search.documents import TEXT_FIELDS
from search_service.search.rank.bm25f import (
    K1,
    PARTIAL_WEIGHT,
    RELATIVE_FLOOR,
    SYNONYM_WEIGHT,
    Concept,
    Impacts,
    above_floor,
    concepts_of,
    top,
)
from search_service.text.synonyms import Synonyms

NO_SYNONYMS = Synonyms.from_lists([], [])

Document = Mapping[str, Sequence[str]]


def bm25f(documents: Sequence[Document], stem: str, place: int) -> float:
    """Return the weight of one stem in one document, straight from Robertson et al. 2004.

    A field that is empty nearly everywhere counts as one word long on average.
    """
    size = len(documents)
    holding = sum(any(stem in stems for stems in document.values()) for document in documents)
    frequency = 0.0
    for field in TEXT_FIELDS:
        lengths = [len(document.get(field.name, ())) for document in documents]
        average = max(sum(lengths) / size, 1.0)
        count = list(documents[place].get(field.name, ())).count(stem)
        frequency += field.weight * count / (1 - field.b + field.b * lengths[place] / average)
    idf = math.log(1 + (size - holding + 0.5) / (holding + 0.5))
    return idf * frequency * (K1 + 1) / (frequency + K1)


def bodies(*texts: str) -> list[Document]:
    """Return documents with nothing but a body, of space-separated stems."""
    return [{"body": text.split()} for text in texts]


def scores_of(documents: Sequence[Document], query: str, synonyms: Synonyms = NO_SYNONYMS) -> list[float]:
    """Return every document's score for a query of space-separated stems."""
    scores = Impacts.build(documents).rank(concepts_of(query.split(), synonyms))
    return [float(score) for score in scores]


STEMS = st.sampled_from(["kid", "home", "run", "away", "law", "dog"])
FIELD_TEXTS = st.dictionaries(
    st.sampled_from([field.name for field in TEXT_FIELDS]), st.lists(STEMS, max_size=6), max_size=4
)
DOCUMENTS = st.lists(FIELD_TEXTS, min_size=1, max_size=6)


# The formula.


@given(DOCUMENTS, st.lists(STEMS, max_size=5))
def test_a_score_is_the_sum_of_bm25f_over_the_words_typed(
    documents: list[Document], words: list[str]
) -> None:
    """Every field, any lengths, repeats in text and query: as the formula says."""
    scores = Impacts.build(documents).rank(concepts_of(words, NO_SYNONYMS))
    expected = [sum(bm25f(documents, stem, place) for stem in words) for place in range(len(documents))]
    assert scores == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_one_worked_example() -> None:
    """Two documents, worked out by hand: idf ln 2, tf 1 and 1.6, K1 1.2."""
    documents = [{"body": ["kid", "dog"]}, {"body": ["law", "home"]}]
    assert scores_of(documents, "kid") == pytest.approx([math.log(2) * 2.2 / 2.2, 0])
    titled = [{"title": ["kid"], "body": []}, {"title": ["law"], "body": []}]
    assert scores_of(titled, "kid") == pytest.approx([math.log(2) * 4 * 2.2 / 5.2, 0])


def test_rarer_words_tell_more() -> None:
    """Rarity is the idf: larger for fewer documents, and 0 where there are none."""
    impacts = Impacts.build(bodies("kid home", "kid law", "kid dog"))
    assert impacts.rarity("home") == pytest.approx(math.log(1 + 2.5 / 1.5))
    assert impacts.rarity("kid") == pytest.approx(math.log(1 + 0.5 / 3.5))
    assert impacts.rarity("nowher") == 0.0


def test_a_word_of_a_title_outweighs_the_same_word_of_a_body() -> None:
    """Otherwise equal documents differ by the weights of the fields."""
    documents = [
        {"title": ["law", "dog"], "body": ["kid", "home"]},
        {"title": ["kid", "dog"], "body": ["law", "home"]},
    ]
    body, title = scores_of(documents, "kid")
    assert title > body > 0


def test_a_word_typed_twice_counts_twice() -> None:
    """Repeating a word of the query shifts the weight to it."""
    documents = bodies("kid", "home", "dog")
    once, twice = scores_of(documents, "kid home"), scores_of(documents, "kid kid home")
    assert twice[0] == pytest.approx(2 * once[0])
    assert twice[1:] == once[1:]


def test_unknown_words_score_nothing() -> None:
    """Neither alone nor beside known ones."""
    documents = bodies("kid", "home")
    assert scores_of(documents, "nowher") == [0, 0]
    assert scores_of(documents, "nowher kid") == scores_of(documents, "kid")
    assert scores_of(documents, "") == [0, 0]


@pytest.mark.parametrize("document", [{}, {"title": []}, {"title": ["kid"]}, {"body": ["kid"] * 3}])
def test_one_practice_is_a_corpus(document: Document) -> None:
    """A corpus of one, even without a word, is scored by the same formula."""
    assert scores_of([document], "kid") == pytest.approx([bm25f([document], "kid", 0)])


def test_a_saved_matrix_scores_the_same_once_loaded(tmp_path: Path) -> None:
    """Terms of any script, scores to the last bit."""
    documents = [{"title": ["kid", "дети"], "body": ["home"]}, {"body": ["home", "clare's", "kid", "kid"]}]
    built = Impacts.build(documents)
    built.save(tmp_path)
    loaded = Impacts.load(tmp_path)
    assert list(loaded.terms.items()) == list(built.terms.items())
    for query in (["kid"], ["дети", "home"], ["clare's", "kid"], ["nowher"]):
        concepts = concepts_of(query, NO_SYNONYMS)
        assert loaded.rank(concepts).tolist() == built.rank(concepts).tolist()
        assert [loaded.rarity(stem) for stem in query] == [built.rarity(stem) for stem in query]


# Synonyms.

KIDS_CHILDREN = Synonyms.from_lists([["kid", "child"]], [])
RUN_AWAY = Synonyms.from_lists([["run home", "miss"]], [])


def test_a_synonym_counts_for_less_than_the_word_itself() -> None:
    """Two documents alike but for the wording: the one with the typed word comes first."""
    typed, other, neither = scores_of(bodies("kid", "child", "dog"), "kid", KIDS_CHILDREN)
    assert other == pytest.approx(SYNONYM_WEIGHT * typed)
    assert 0 < other < typed
    assert neither == 0


def test_a_synonym_never_counts_beside_the_word_itself() -> None:
    """A document that uses both wordings gains nothing by the second."""
    documents = bodies("kid child", "kid dog", "law dog", "dog child")
    with_synonyms = scores_of(documents, "kid", KIDS_CHILDREN)
    without = scores_of(documents, "kid")
    assert with_synonyms[0] == without[0]
    assert with_synonyms[1] == without[1]
    assert with_synonyms[3] > without[3] == 0


def test_the_better_of_two_synonyms_counts() -> None:
    """Two other wordings in one document do not add up."""
    synonyms = Synonyms.from_lists([["kid", "child", "youth"]], [])
    documents = bodies("child youth", "child law", "dog law", "dog law")
    both, one, *_ = scores_of(documents, "kid", synonyms)
    weight = max(bm25f(documents, stem, 0) for stem in ("child", "youth"))
    assert both == pytest.approx(SYNONYM_WEIGHT * weight)
    assert one == pytest.approx(SYNONYM_WEIGHT * bm25f(documents, "child", 1))


def test_a_wording_in_part_is_discounted() -> None:
    """Where the whole wording has a synonym, one word of it says little."""
    documents = bodies("run home", "run dog", "law dog")
    whole, part, _ = scores_of(documents, "run home", RUN_AWAY)
    assert whole == pytest.approx(bm25f(documents, "run", 0) + bm25f(documents, "home", 0))
    assert part == pytest.approx(PARTIAL_WEIGHT * bm25f(documents, "run", 1))


def test_a_wording_without_synonyms_is_not_discounted() -> None:
    """Its words count each on its own."""
    documents = bodies("run home", "run dog", "law dog")
    assert scores_of(documents, "run home")[1] == pytest.approx(bm25f(documents, "run", 1))


def test_a_synonym_of_several_words_counts_only_as_a_whole() -> None:
    """One word of another wording is no synonym."""
    documents = bodies("run home", "run dog", "law dog")
    whole, part, _ = scores_of(documents, "miss", RUN_AWAY)
    assert whole == pytest.approx(SYNONYM_WEIGHT * (bm25f(documents, "run", 0) + bm25f(documents, "home", 0)))
    assert part == 0


@given(DOCUMENTS, st.lists(STEMS, min_size=1, max_size=4))
def test_synonyms_of_single_words_only_ever_add(documents: list[Document], words: list[str]) -> None:
    """Of each word the better of itself and its discounted synonym counts, in every document."""
    synonyms = Synonyms.from_lists([["kid", "home"]], [("law", ["dog"])])
    others = {"kid": "home", "home": "kid", "law": "dog"}
    scores = Impacts.build(documents).rank(concepts_of(words, synonyms))
    for place, score in enumerate(scores):
        expected = 0.0
        for stem in set(words):
            own = words.count(stem) * bm25f(documents, stem, place)
            other = bm25f(documents, others[stem], place) if stem in others else 0.0
            expected += max(own, SYNONYM_WEIGHT * other)
        assert score == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_words_are_grouped_into_the_wordings_that_have_synonyms() -> None:
    """Each word stands in one concept, with how often it was typed."""
    assert concepts_of(["run", "home", "dog", "run"], RUN_AWAY) == [
        Concept((("run", 2), ("home", 1)), (("miss",),)),
        Concept((("dog", 1),)),
    ]
    assert concepts_of(["kid", "kid"], KIDS_CHILDREN) == [Concept((("kid", 2),), (("child",),))]
    assert concepts_of([], KIDS_CHILDREN) == []


@given(st.lists(st.sampled_from(["run", "home", "miss", "kid", "child", "dog"]), max_size=8))
def test_no_word_of_a_query_is_lost_or_counted_twice(words: list[str]) -> None:
    """Over all concepts each word stands once, with its count."""
    synonyms = Synonyms.from_lists([["run home", "miss"], ["home kid", "child"]], [])
    pairs = [pair for concept in concepts_of(words, synonyms) for pair in concept.words]
    assert sorted(pairs) == sorted({(word, words.count(word)) for word in words})


# What is shown.


def test_what_scores_too_little_beside_the_best_is_not_found() -> None:
    """The floor is a share of the best score among the practices that match."""
    scores = np.array([10, 10 * RELATIVE_FLOOR, 1.9, 0, 100], dtype=np.float32)
    matched = np.array([True, True, True, True, False])
    assert above_floor(scores, matched).tolist() == [True, True, False, False, False]


def test_what_scores_nothing_is_never_found() -> None:
    """Not even where nothing scores at all."""
    nothing = np.zeros(3, dtype=np.float32)
    assert not above_floor(nothing, np.ones(3, dtype=bool)).any()
    assert not above_floor(nothing + 1, np.zeros(3, dtype=bool)).any()


def test_the_first_key_decides_then_the_next_then_the_order_built() -> None:
    """Larger comes first in every key; what ties in all of them stays as built."""
    first = np.array([1.0, 2.0, 2.0, 1.0, 2.0])
    second = np.array([5.0, 1.0, 3.0, 5.0, 1.0])
    candidates = np.arange(5)
    assert top(candidates, [first, second], 0, 5).tolist() == [2, 1, 4, 0, 3]
    assert top(candidates, [second], 0, 5).tolist() == [0, 3, 2, 1, 4]
    assert top(np.array([0, 3, 4]), [first], 0, 2).tolist() == [4, 0]
    assert top(np.array([], dtype=np.intp), [first], 0, 5).tolist() == []


@given(st.lists(st.integers(0, 3), max_size=20), st.integers(1, 6))
def test_pages_follow_one_another_without_overlap(values: list[int], per_page: int) -> None:
    """Together they are one stable sort of all candidates."""
    keys = [np.array(values, dtype=np.float64)]
    candidates = np.arange(len(values))
    pages = [top(candidates, keys, at, at + per_page).tolist() for at in range(0, len(values) + 1, per_page)]
    together = [place for page in pages for place in page]
    assert together == sorted(range(len(values)), key=lambda place: -values[place])
    assert all(len(page) == per_page for page in pages[:-1])


@given(
    st.lists(st.tuples(*[st.integers(0, 2)] * 3), max_size=40),
    st.integers(0, 12),
    st.integers(1, 12),
)
def test_the_first_found_without_sorting_all_are_those_of_a_full_sort(
    values: list[tuple[int, int, int]], start: int, wanted: int
) -> None:
    """However many tie in one key, two or all."""
    keys = list(np.array(values, dtype=np.float64).reshape(-1, 3).T)
    candidates = np.arange(len(values))
    expected = sorted(range(len(values)), key=lambda place: tuple(-value for value in values[place]))
    assert top(candidates, keys, start, start + wanted).tolist() == expected[start : start + wanted]
