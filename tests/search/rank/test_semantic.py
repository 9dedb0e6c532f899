"""The rule kept here: closeness of meaning orders what words found, and finds nothing by itself."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from search_service.practices.reuse import Reuse
from search_service.search.rank.bm25f import Concept
from search_service.search.rank.semantic import (
    FEEDBACK,
    FEEDBACK_FROM,
    MIN_PRACTICES,
    MOST_FOLDED_IN,
    POOL,
    SHARE,
    Meanings,
)

TERMS = {"car": 0, "engine": 1, "wheel": 2, "cat": 3, "fur": 4, "paw": 5, "once": 6}


def texts(number: int = 60) -> list[list[str]]:
    """Return texts of two kinds, about vehicles and about animals, a few of which have a cat or a car."""
    kinds = (["engine", "wheel", "car"], ["fur", "paw", "cat"])
    return [
        [kind[(place // 2 + step) % 3] for step in range(2)]
        for place in range(number)
        for kind in [kinds[place % 2]]
    ]


def counts_of(documents: Sequence[Sequence[str]], terms: Mapping[str, int] = TERMS) -> sparse.csr_array:
    """Count terms by document."""
    counts = np.zeros((len(documents), len(terms)))
    for row, document in enumerate(documents):
        for term, times in Counter(document).items():
            counts[row, terms[term]] = times
    return sparse.csr_array(counts)


def built(documents: Sequence[Sequence[str]]) -> Meanings:
    """Analyse documents."""
    return Meanings.build(TERMS, counts_of(documents))


def scores_of(meanings: Meanings, word: str, scores: Sequence[float], found: Sequence[int]) -> list[float]:
    """Mix closeness to one word into scores."""
    concepts = [Concept(((word, 1),))]
    mixed = meanings.reordered(np.array(scores, np.float32), concepts, np.array(found, dtype=np.intp))
    return mixed.tolist()


def test_of_two_with_the_same_points_the_one_that_speaks_of_the_same_things_comes_first() -> None:
    """Neither holds the word; one holds words that stand beside it elsewhere, so it is the closer."""
    chance = random.Random(4)
    groups = [[f"{number}a", f"{number}b", f"{number}c"] for number in range(150)]
    documents = [[word for group in chance.sample(groups, 4) for word in group] for _ in range(600)]
    documents += [["7b", "8b"], ["8b", "9b"]]
    terms = {word: number for number, word in enumerate(word for group in groups for word in group)}
    meanings = Meanings.build(terms, counts_of(documents, terms))
    mixed = scores_of(meanings, "7a", [1.0] * len(documents), [600, 601])
    assert mixed[600] > mixed[601] + 0.2


def test_what_was_not_found_stays_behind_what_was() -> None:
    """Only what is given as found gains anything, however close the rest is."""
    documents = texts()
    points = [1.0, *[0.5] * (len(documents) - 1)]
    mixed = scores_of(built(documents), "car", points, [0])
    assert mixed[0] > 1 - SHARE
    assert mixed[1:] == pytest.approx([0.5 * (1 - SHARE)] * (len(documents) - 1))


def test_closeness_never_takes_more_than_its_share() -> None:
    """Twice the points beat any closeness that is mixed in by four parts in ten of half as many."""
    documents = texts()
    points = [0.1] * len(documents)
    points[1] = 1.0  # of the other kind
    mixed = scores_of(built(documents), "car", points, range(len(documents)))
    assert max(mixed) == mixed[1]


def test_filters_do_not_change_what_a_practice_scores() -> None:
    """A practice has the same score whether all that was found is shown or a part of it."""
    documents = texts()
    points = [float(1 + place % 7) for place in range(len(documents))]
    meanings = built(documents)
    whole = scores_of(meanings, "cat", points, range(len(documents)))
    part = scores_of(meanings, "cat", points, [3, 8, 21])
    assert [part[row] for row in (3, 8, 21)] == pytest.approx([whole[row] for row in (3, 8, 21)])


def long_query(words: int) -> list[Concept]:
    """Return a query of so many words, of which only the first stands in any text."""
    return [Concept((("car", 1),)), *(Concept(((f"unheard{n}", 1),)) for n in range(words - 1))]


def test_what_answers_a_long_query_tells_what_else_is_meant() -> None:
    """Of two that hold none of the words, the one like the best answers gains; in a short query neither."""
    documents = texts()
    points = [0.3] * len(documents)
    animals = [place for place in range(len(documents)) if place % 2]
    for place in animals[:FEEDBACK]:
        points[place] = 1.0
    meanings, rows = built(documents), np.arange(len(documents))
    scores = np.array(points, np.float32)
    short, long = (
        meanings.reordered(scores, long_query(words), rows) for words in (FEEDBACK_FROM - 1, FEEDBACK_FROM)
    )
    other_animal, vehicle = animals[-1], 0
    assert short[vehicle] > short[other_animal]
    assert long[other_animal] - short[other_animal] > 0.1
    assert long[vehicle] < short[vehicle]


def test_filters_do_not_change_what_a_long_query_learns_from() -> None:
    """The best answers are taken of all practices, whether they pass a filter or not."""
    documents = texts()
    scores = np.array([float(1 + place % 7) for place in range(len(documents))], np.float32)
    meanings, query = built(documents), long_query(FEEDBACK_FROM)
    whole = meanings.reordered(scores, query, np.arange(len(documents)))
    part = meanings.reordered(scores, query, np.array([3, 8, 21]))
    assert part[[3, 8, 21]] == pytest.approx(whole[[3, 8, 21]])


def test_only_the_best_are_compared() -> None:
    """The work is bounded: beyond the pool a score only loses the share of closeness."""
    documents = texts(POOL + 20)
    points = np.linspace(1, 0.5, len(documents)).tolist()
    mixed = scores_of(built(documents), "car", points, range(len(documents)))
    assert mixed[POOL:] == pytest.approx([(1 - SHARE) * point for point in points[POOL:]])
    assert all(mixed[row] > mixed[-1] for row in range(POOL))


@pytest.mark.parametrize("word", ["unheard", "once"])
def test_a_word_that_keeps_no_company_changes_nothing(word: str) -> None:
    """A word of no practice, or of one alone, has no place among meanings."""
    documents = [*texts(), ["once", "car"]]
    points = [1.0] * len(documents)
    assert scores_of(built(documents), word, points, range(len(documents))) == points


def test_a_small_collection_is_ordered_by_words_alone() -> None:
    """A handful of texts does not show which words keep company."""
    documents = texts(MIN_PRACTICES - 1)
    points = [1.0] * len(documents)
    assert scores_of(built(documents), "car", points, range(len(documents))) == points


def test_what_is_saved_answers_as_what_was_built(tmp_path: Path) -> None:
    """Writing and reading change no score."""
    meanings = built(texts())
    meanings.save(tmp_path)
    points = [1.0] * 60
    assert scores_of(Meanings.load(tmp_path), "car", points, range(60)) == scores_of(
        meanings, "car", points, range(60)
    )


def test_changed_practices_are_folded_into_the_analysis_that_there_is() -> None:
    """One changed practice is placed anew, where its new words belong; the others stay where they were."""
    before = texts()
    after = [["cat", "fur", "paw"], *before[1:]]
    reuse = Reuse(np.array([-1, *range(1, 60)], dtype=np.int32))
    previous = built(before)
    meanings = Meanings.build(TERMS, counts_of(after), previous, reuse)
    points = [1.0] * 60
    old, new = (scores_of(one, "cat", points, range(60)) for one in (previous, meanings))
    assert new[0] > old[0] + 0.2
    assert old[1:] == new[1:]


def test_after_many_changes_all_is_analysed_anew() -> None:
    """Words that came after the analysis get a place once a tenth of the practices has changed."""
    before = texts()
    previous = built(before)
    changes = int(MOST_FOLDED_IN * len(before))
    fresh = [["once", "fur"]] * (changes + 1)
    points = [1.0] * len(before)
    for many, has_place in ((changes, False), (changes + 1, True)):
        after = [*fresh[:many], *before[many:]]
        origin = [*[-1] * many, *range(many, len(before))]
        meanings = Meanings.build(TERMS, counts_of(after), previous, Reuse(np.array(origin, np.int32)))
        assert (scores_of(meanings, "once", points, range(len(before))) != points) == has_place


def test_after_many_removals_all_is_analysed_anew() -> None:
    """The order stops going by texts that are gone once a tenth of the practices was removed."""
    before = [*texts(), *[["paw", "wheel"]] * 10]
    previous = built(before)
    after = before[:60]
    reuse = Reuse(np.arange(60, dtype=np.int32))
    meanings = Meanings.build(TERMS, counts_of(after), previous, reuse)
    points = [1.0] * 60
    assert scores_of(meanings, "cat", points, range(60)) == scores_of(built(after), "cat", points, range(60))


def test_changes_add_up_over_snapshots() -> None:
    """A practice changed in each of many builds comes to a new analysis in the end."""
    before = texts()
    meanings = built(before)
    reuse = Reuse(np.array([-1, *range(1, 60)], dtype=np.int32))
    points = [1.0] * 60
    after = [["once", "fur"], ["once", "paw"], *before[2:]]
    has_place = []
    for _ in range(int(MOST_FOLDED_IN * 60) + 1):
        meanings = Meanings.build(TERMS, counts_of(after), meanings, reuse)
        has_place.append(scores_of(meanings, "once", points, range(60)) != points)
    assert has_place == [False] * int(MOST_FOLDED_IN * 60) + [True]
