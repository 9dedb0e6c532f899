"""The rule kept here: vectors are scikit-learn's, wherever they are computed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from builders import make_practice
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from profiles import costly
from sklearn.feature_extraction.text import TfidfVectorizer

from search_service.practices.model import NOT_STATED, Practice
from search_service.practices.reuse import Reuse
from search_service.similar.counts import SUMMARY_WEIGHT, TITLE_WEIGHT, practice_counts, weighted_counts
from search_service.similar.lists import LATENT_SHARE, NEIGHBOURS
from search_service.similar.neighbours import Neighbours, Vector
from search_service.text.analysis import content_stems


def practice_of(at: int, title: str, summary: str, body: str) -> Practice:
    """Build a practice of three texts and nothing else."""
    return make_practice(f"practice-{at}", title=title, summary=summary, sections={"what_it_does": body})


PRACTICES = tuple(
    practice_of(at, *texts)
    for at, texts in enumerate(
        [
            ("Return talks", "Workers listen to children.", "Children who ran away are visited in 3 days."),
            ("Children’s homes", "Officers visit homes.", "A plan for every child: who listens, who visits."),
            ("Safe rooms", "Locks against a violent man.", "Locks, alarms and a plan of safety."),
            ("Night buses", "Buses take people home.", "Drivers watch and listen. Drivers are trained."),
            ("Alarm watches", "A watch with an alarm.", "Alarms call officers. Locks are checked."),
            ("Quilting", "Zebras.", "Plums."),
        ]
    )
)

BUILT = Neighbours.build(PRACTICES)


def stems_of(practice: Practice) -> list[str]:
    """Return the stems of a practice, those of title and summary as often as they are weighed."""
    body = "\n".join(text for _, text in practice.texts())
    texts = [practice.title] * TITLE_WEIGHT + [practice.summary] * SUMMARY_WEIGHT + [body]
    return [stem for text in texts for stem in content_stems(text) if not stem.isdigit()]


def reference(practices: Sequence[Practice]) -> tuple[list[str], np.ndarray]:
    """Return terms and rows of scikit-learn's own vectorizer over the same words."""
    vectorizer = TfidfVectorizer(
        analyzer=stems_of, sublinear_tf=True, min_df=2, max_df=max(2, len(practices) // 2), norm="l2"
    )
    matrix = vectorizer.fit_transform(practices)
    return list(vectorizer.get_feature_names_out()), matrix.toarray()


def dense(vector: Vector, size: int) -> np.ndarray:
    """Return a vector with its zeros."""
    full = np.zeros(size)
    full[vector[0]] = vector[1]
    return full


def cosine(one: Vector, other: Vector) -> float:
    """Return the sum of the products of two vectors' weights."""
    weights = dict(zip(one[0].tolist(), one[1].tolist(), strict=True))
    pairs = zip(other[0].tolist(), other[1].tolist(), strict=True)
    return float(sum(weights.get(term, 0) * weight for term, weight in pairs))


# Vectors.


def test_vectors_are_those_of_scikit_learns_vectorizer() -> None:
    """The same terms in the same order, and the same weights."""
    terms, rows = reference(PRACTICES)
    assert terms
    for at in range(len(PRACTICES)):
        assert dense(BUILT.vector(at), len(terms)) == pytest.approx(rows[at], abs=1e-6)


def test_a_practices_own_text_is_folded_in_as_its_vector() -> None:
    """Pasting a practice's text gives what the build gave."""
    for at, practice in enumerate(PRACTICES):
        terms, weights = BUILT.fold_in(practice_counts(practice))
        assert terms.tolist() == BUILT.vector(at)[0].tolist()
        assert weights == pytest.approx(BUILT.vector(at)[1], abs=1e-6)


def test_one_weight_worked_out_by_hand() -> None:
    """Two words of three practices, each in two: (1 + ln tf) * idf, scaled to length 1."""
    texts = [("Kids", "Kids.", "Homes."), ("Dogs", "Kids.", "Homes."), ("Dogs", "Cats.", "Dogs.")]
    built = Neighbours.build([practice_of(at, *text) for at, text in enumerate(texts)])
    idf = 1 + math.log(4 / 3)
    kid, home = (1 + math.log(TITLE_WEIGHT + SUMMARY_WEIGHT)) * idf, idf
    length = math.hypot(kid, home)
    assert built.words == ["dogs", "homes", "kids"]
    assert built.vector(0)[0].tolist() == [1, 2]
    assert built.vector(0)[1] == pytest.approx([home / length, kid / length])


def test_words_are_counted_by_the_weight_of_their_field() -> None:
    """Function words and bare numbers count nothing; every form counts for its stem."""
    counts = weighted_counts("The Stalkers’ talk", "Talks of 2011", "They talked. Talking, a 2nd time.")
    assert counts == {
        "stalker": TITLE_WEIGHT,
        "talk": TITLE_WEIGHT + SUMMARY_WEIGHT + 2,
        "2nd": 1,
        "time": 1,
    }


def test_sections_about_which_nothing_is_stated_count_nothing() -> None:
    """Otherwise practices would be alike in what is unknown of them."""
    practice = make_practice(title="Kids", summary="Kids", sections={"aim": "Homes", "cost": NOT_STATED})
    assert set(practice_counts(practice)) == {"kid", "home"}


def test_words_of_one_practice_or_of_most_are_left_out() -> None:
    """They tell nothing about likeness: "zebra" stands alone, "officer" everywhere."""
    texts = [
        ("Officer", "Kids", "Homes"),
        ("Officer", "Kids", "Dogs"),
        ("Officer", "Dogs", "Homes"),
        ("Officer", "Zebra", "It"),
    ]
    built = Neighbours.build([practice_of(at, *text) for at, text in enumerate(texts)])
    assert built.words == ["dogs", "homes", "kids"]


def test_a_stem_is_shown_in_the_form_written_most() -> None:
    """In lower case; of two written equally often, the one written first."""
    texts = [("Visits", "He visits.", "Homes"), ("Visiting", "Home", "VISITS"), ("Law", "Dog", "Cat")]
    built = Neighbours.build([practice_of(at, *text) for at, text in enumerate(texts)])
    assert built.words == ["homes", "visits"]


def test_words_of_a_text_that_are_nowhere_else_count_nothing() -> None:
    """The rest is scaled to length 1; nothing known leaves an empty vector."""
    terms, weights = BUILT.fold_in({"home": 2, "unheard": 9})
    assert len(terms) == 1
    assert weights.tolist() == [1.0]
    terms, weights = BUILT.fold_in({"unheard": 9})
    assert (len(terms), len(weights)) == (0, 0)
    assert [part.tolist() for part in BUILT.neighbours_of_vector((terms, weights))] == [[], []]


# Neighbours.


def test_neighbours_are_all_others_that_share_a_word_nearest_first() -> None:
    """Never the practice itself; scores are cosines."""
    for at in range(len(PRACTICES)):
        rows, scores = BUILT.neighbours_of(at)
        expected = {
            other: cosine(BUILT.vector(at), BUILT.vector(other))
            for other in range(len(PRACTICES))
            if other != at
        }
        assert dict(zip(rows.tolist(), scores.tolist(), strict=True)) == pytest.approx(
            {other: value for other, value in expected.items() if value > 0}, abs=1e-6
        )
        assert scores.tolist() == sorted(scores.tolist(), reverse=True)


def test_a_practice_that_shares_no_word_has_no_neighbours() -> None:
    """Nor is it anyone's."""
    rows, _ = BUILT.neighbours_of(5)
    assert rows.tolist() == []
    assert all(5 not in BUILT.neighbours_of(at)[0] for at in range(5))


def test_a_text_is_nearest_to_the_practice_it_is_of() -> None:
    """With cosine 1, and the practice's own neighbours after it."""
    for at in range(5):
        rows, scores = BUILT.neighbours_of_vector(BUILT.vector(at))
        assert rows[0] == at
        assert scores[0] == pytest.approx(1)
        others, cosines = BUILT.neighbours_of(at)
        assert sorted(rows[1:].tolist()) == sorted(others.tolist())
        assert scores[1:] == pytest.approx(cosines, abs=1e-6)


def cosines_between(neighbours: Neighbours, rows: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return the cosine of every pair of rows."""
    likeness_to = neighbours.cosines_among(rows)
    return np.array([likeness_to(place) for place in range(len(rows))]).reshape(len(rows), len(rows))


def test_cosines_between_rows_are_those_of_their_vectors() -> None:
    """A square, symmetric, with ones where a practice meets itself."""
    rows = np.array([3, 0, 1], dtype=np.int32)
    between = cosines_between(BUILT, rows)
    assert between == pytest.approx(
        np.array([[cosine(BUILT.vector(a), BUILT.vector(b)) for b in rows] for a in rows]), abs=1e-6
    )
    assert between == pytest.approx(between.T)
    assert cosines_between(BUILT, np.array([], dtype=np.int32)).shape == (0, 0)


CROWD = Neighbours.build(
    [practice_of(at, f"Kind{at % 40}", f"Group{at % 7}", f"Side{at % 3}") for at in range(300)]
)
"""More practices than a list holds, and many of them alike to the last digit."""


@given(st.integers(0, 299), st.sets(st.integers(0, 299)))
def test_the_nearest_of_all_that_may_be_found_are(row: int, left_out: set[int]) -> None:
    """With and without rows left out; of equals those come first that stand first."""
    keep = np.array([at not in left_out for at in range(300)])
    vector = CROWD.vector(row)
    latent = CROWD.latent_likeness(vector, np.arange(300, dtype=np.int32))
    scores = [(1 - LATENT_SHARE) * cosine(vector, CROWD.vector(at)) + float(latent[at]) for at in range(300)]
    for mask in (np.ones(300, dtype=bool), keep):
        found, likeness = CROWD.neighbours_of_vector(vector, mask)
        best = sorted((scores[at] for at in np.flatnonzero(mask) if scores[at] > 0.001), reverse=True)
        assert likeness.tolist() == pytest.approx(best[:NEIGHBOURS], abs=1e-5)
        assert mask[found].all()
        order = list(zip((-likeness).tolist(), found.tolist(), strict=True))
        assert order == sorted(order)
    assert CROWD.neighbours_of_vector(vector)[0].tolist() == CROWD.neighbours_of_vector(
        vector, np.ones(300, dtype=bool)
    )[0].tolist()  # fmt: skip


def test_no_more_neighbours_are_kept_than_the_pool_holds() -> None:
    """The nearest of them, in a corpus larger than the pool and than a block of the build."""
    texts = [(f"Kind{at % 40}", f"Group{at % 7}", f"Side{at % 3}") for at in range(600)]
    built = Neighbours.build([practice_of(at, *text) for at, text in enumerate(texts)])
    rows, scores = built.neighbours_of(599)
    everyone = cosines_between(built, np.arange(600, dtype=np.int32))[599]
    everyone[599] = -1
    assert len(rows) == NEIGHBOURS
    assert 599 not in rows
    assert scores == pytest.approx(np.sort(everyone)[::-1][:NEIGHBOURS], abs=1e-6)
    assert everyone[rows] == pytest.approx(scores, abs=1e-6)


# Small and odd corpora.


@pytest.mark.parametrize(
    "texts",
    [
        [("Kids", "Homes", "Dogs")],
        [("Kids", "Homes", "Dogs"), ("Cats", "Law", "Trees")],
        [("The", "of", "and"), ("It", "is", "so")],
        [("Kids", "Kids", "Kids")] * 3,
    ],
    ids=["one practice", "no shared word", "function words", "every word in all"],
)
def test_a_corpus_without_telling_words_has_no_neighbours(texts: list[tuple[str, str, str]]) -> None:
    """No error and no likeness."""
    built = Neighbours.build([practice_of(at, *text) for at, text in enumerate(texts)])
    for at in range(len(texts)):
        assert built.neighbours_of(at)[0].tolist() == []
        assert built.vector(at)[0].tolist() == []
    rows, _ = built.neighbours_of_vector(built.fold_in({"kid": 1}))
    assert rows.tolist() == []


def test_identical_practices_are_wholly_alike() -> None:
    """Cosine 1, however the many small products of a long text are rounded, and never above."""
    draw = np.random.default_rng(1)
    vocabulary = [f"word{at}x" for at in range(600)]
    bodies = [" ".join(draw.choice(vocabulary, 40)) for _ in range(30)]
    built = Neighbours.build([practice_of(at, "Aa", "Bb", body) for at, body in enumerate(bodies * 2)])
    for at in range(30):
        for rows, scores in (built.neighbours_of(at), built.neighbours_of_vector(built.vector(at + 30))):
            assert at + 30 in rows[:2]
            assert scores[0] == pytest.approx(1)
            assert scores.max() <= 1


def test_saved_neighbours_are_the_same_once_loaded(tmp_path: Path) -> None:
    """Vectors, neighbours, words and folding in."""
    BUILT.save(tmp_path)
    loaded = Neighbours.load(tmp_path)
    assert loaded.words == BUILT.words
    for at, practice in enumerate(PRACTICES):
        counts = practice_counts(practice)
        for one, other in (
            (loaded.vector(at), BUILT.vector(at)),
            (loaded.neighbours_of(at), BUILT.neighbours_of(at)),
            (loaded.fold_in(counts), BUILT.fold_in(counts)),
            (loaded.neighbours_of_vector(loaded.vector(at)), BUILT.neighbours_of_vector(BUILT.vector(at))),
        ):
            assert [part.tolist() for part in one] == [part.tolist() for part in other]


WORDS = st.sampled_from(["kids", "kid", "homes", "the", "run", "running", "dogs", "law", "2011", "café"])
TEXT = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=7))
def test_any_corpus_agrees_with_scikit_learn(texts: list[tuple[str, str, str]]) -> None:
    """Vectors, folding in, symmetry, order, and scores of 0 to 1."""
    practices = [practice_of(at, *text) for at, text in enumerate(texts)]
    built = Neighbours.build(practices)
    try:
        terms, rows = reference(practices)
    except ValueError:  # scikit-learn refuses an empty vocabulary
        terms, rows = [], np.zeros((len(practices), 0))
    assert len(built.words) == len(terms)
    between = cosines_between(built, np.arange(len(practices), dtype=np.int32))
    assert between == pytest.approx(rows @ rows.T, abs=1e-5)
    for at, practice in enumerate(practices):
        assert dense(built.vector(at), len(terms)) == pytest.approx(rows[at], abs=1e-6)
        assert dense(built.fold_in(practice_counts(practice)), len(terms)) == pytest.approx(
            rows[at], abs=1e-6
        )
        others, scores = built.neighbours_of(at)
        assert at not in others
        assert scores == pytest.approx(between[at][others], abs=1e-6)
        assert scores.tolist() == sorted(scores.tolist(), reverse=True)
        for found in (scores, built.neighbours_of_vector(built.vector(at))[1]):
            assert ((found > 0) & (found <= 1)).all()


WORDS = (
    "child", "home", "school", "visit", "plan", "officer", "lock", "alarm", "bus", "night", "risk", "carer"
)  # fmt: skip


def many(chance: np.random.Generator, number: int, first: int = 0) -> list[Practice]:
    """Return practices of words drawn by chance."""
    drawn = [" ".join(chance.choice(WORDS, 9)) for _ in range(3 * number)]
    return [practice_of(first + at, *drawn[3 * at : 3 * at + 3]) for at in range(number)]


def between(old: Sequence[Practice], new: Sequence[Practice]) -> Reuse:
    """Return which practices are still the same, word for word."""
    return Reuse.between(*([one.model_dump_json() for one in practices] for practices in (old, new)))


@costly
@given(
    st.integers(0, 2**16),
    st.sets(st.integers(0, 119), max_size=3),
    st.sets(st.integers(0, 119), max_size=3),
    st.integers(0, 3),
)
def test_a_few_changes_leave_the_lists_that_comparing_all_would_give(
    seed: int, changed: set[int], removed: set[int], added: int
) -> None:
    """A changed practice is placed like any text, stands in the others' lists, and one removed in none."""
    chance = np.random.default_rng(seed)
    old = many(chance, 120)
    rewritten = {at: practice for at, practice in enumerate(many(chance, 120)) if at in changed - removed}
    new = [rewritten.get(at, practice) for at, practice in enumerate(old) if at not in removed]
    new = many(chance, added, first=200) + new
    before = Neighbours.build(old)
    after = Neighbours.build(new, before, between(old, new))
    for row in range(len(new)):
        rows, likeness = after.neighbours_of(row)
        assert row not in rows
        assert len(set(rows.tolist())) == len(rows)
        others, scores = after.neighbours_of_vector(after.vector(row))
        expected = scores[others != row]
        sure = len(rows) - len(removed) - len(changed)
        assert likeness[:sure] == pytest.approx(expected[:sure], abs=1e-5)
        assert after.words == before.words


def test_many_changes_are_compared_in_full() -> None:
    """Words that are new in the collection are learnt as soon as they are not few."""
    chance = np.random.default_rng(1)
    old = many(chance, 100)
    new = [practice_of(300 + at, "Zebra crossing", "Zebra", "Zebra patrol") for at in range(6)] + old
    assert "zebra" in Neighbours.build(new, Neighbours.build(old), between(old, new)).words
    few = new[5:]
    assert "zebra" not in Neighbours.build(few, Neighbours.build(old), between(old, few)).words
