"""The rule kept here: of two texts the sentences that say the same are found, and quoted as they stand."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from builders import make_practice, similar_to_text
from hypothesis import given
from hypothesis import strategies as st

from search_service.library import Library
from search_service.practices.model import Practice
from search_service.practices.reuse import Reuse
from search_service.similar.index import SimilarIndex
from search_service.similar.sentences import (
    MAX_SENTENCE,
    Sentences,
    SentenceTable,
    parts_of,
    unwrapped,
)
from search_service.similar.twins import CONTAINED, FEWEST_TWINS, containment, most_alike, one_initiative
from search_service.text.analysis import analyse

WORDS = ("locks", "alarms", "cameras", "schools", "nurses", "boats")
NUMBER = {token.stem: place for place, token in enumerate(analyse(" ".join(WORDS)))}
IDF = np.array([1, 2, 3, 1.5, 2.5, 4], dtype=np.float32)

SENTENCES = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), max_size=6)


def cut(sentences: list[list[str]]) -> Sentences:
    """Write sentences and cut them again."""
    return Sentences.of([". ".join(" ".join(words).capitalize() for words in sentences)], NUMBER)


@given(SENTENCES, SENTENCES)
def test_shared_weight_is_that_of_the_words_in_both(one: list[list[str]], other: list[list[str]]) -> None:
    """Counted word by word for every pair, each word once."""
    texts = cut(one).aligned(cut(other), IDF)
    weigh = {word: float(IDF[place]) for word, place in zip(WORDS, range(len(WORDS)), strict=True)}
    expected = [[sum(weigh[word] for word in set(a) & set(b)) for b in other] for a in one]
    assert texts.shared.shape == (len(one), len(other))
    assert np.allclose(texts.shared, np.array(expected).reshape(len(one), len(other)))
    assert np.allclose(texts.here, [sum(weigh[word] for word in set(a)) for a in one])
    assert ((texts.overlap >= 0) & (texts.overlap <= 1 + 1e-6)).all()


def test_many_sentences_are_compared_block_by_block() -> None:
    """As few are, in a fraction of the memory that laying out all at once would take."""
    chance = np.random.default_rng(2)
    drawn = [list(chance.choice(WORDS, chance.integers(1, 5))) for _ in range(20_300)]
    here, there = cut(drawn[:300]), cut(drawn[300:])
    tracemalloc.start()
    (shared,) = here.shared(there, IDF)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2.5 * shared.nbytes
    alone = [here.take(np.array([row])).shared(there, IDF)[0][0] for row in range(0, 300, 50)]
    assert np.array_equal(shared[::50], alone)


def contained(one: Sentences, other: Sentences) -> tuple[float, int]:
    """Return the containment of two texts and the number of twins."""
    share, twins = containment(one.aligned(other, IDF), np.array([0, len(other)]))
    return float(share[0]), int(twins[0])


@given(SENTENCES, SENTENCES)
def test_containment_has_no_direction(one: list[list[str]], other: list[list[str]]) -> None:
    """It is 0 to 1, and a text that says something is wholly contained in itself."""
    forth, back = contained(cut(one), cut(other)), contained(cut(other), cut(one))
    assert forth == pytest.approx(back)
    assert 0 <= forth[0] <= 1 + 1e-6
    assert contained(cut(one), cut(one)) == pytest.approx((float(bool(one)), len(one)))


@given(SENTENCES, st.lists(SENTENCES, max_size=4))
def test_several_texts_are_compared_as_each_alone(
    one: list[list[str]], others: list[list[list[str]]]
) -> None:
    """A text without a sentence among them is no exception."""
    apart = [cut(one).aligned(cut(other), IDF) for other in others]
    bounds = np.cumsum([0, *map(len, others)])
    together = cut(one).aligned(cut([sentence for other in others for sentence in other]), IDF)
    expected = [bool(one_initiative(texts, np.array([0, len(texts.there)]))[0]) for texts in apart]
    assert one_initiative(together, bounds).tolist() == expected


def test_a_half_is_of_the_initiative_and_one_sentence_is_not() -> None:
    """Two sentences of four say the same, and are a half; of two texts the one contained more counts."""
    whole = [["locks", "alarms"], ["cameras", "schools"], ["nurses", "boats"], ["boats", "locks"]]
    half = cut([["locks", "alarms"], ["schools", "cameras"], ["boats"]])
    share, twins = contained(half, cut(whole))
    assert share >= CONTAINED
    assert twins >= FEWEST_TWINS
    bounds = np.array([0, 1])
    one = cut([["locks", "alarms"]])
    assert contained(cut(whole), one) == (1, 1)
    assert not one_initiative(cut(whole).aligned(one, IDF), bounds).any()


@given(st.text(alphabet="ab .\n", max_size=1500))
def test_no_part_is_too_long_and_no_word_is_lost(text: str) -> None:
    """Whatever is pasted."""
    parts = parts_of(text)
    assert all(0 < end - start <= MAX_SENTENCE for start, end in parts)
    assert "".join("".join(text[start:end].split()) for start, end in parts) == "".join(text.split())


@given(SENTENCES, st.integers(0, 7))
def test_of_too_many_sentences_the_fullest_are_compared(sentences: list[list[str]], most: int) -> None:
    """In the order they stand in; of equally full ones the first."""
    kept = sorted(sorted(range(len(sentences)), key=lambda at: -len(set(sentences[at])))[:most])
    whole, fullest = cut(sentences), cut(sentences).fullest(most)
    assert fullest.start.tolist() == whole.start[kept].tolist()
    assert fullest.terms.tolist() == [term for at in kept for term in whole.take(np.array([at])).terms]


def test_thousands_of_lines_of_a_word_cost_no_more_than_a_long_text(library: Library) -> None:
    """Each would be compared with every sentence of every practice found; no text of prose has so many."""
    tracemalloc.start()
    found = library.similar.to_text("Child\n" * 8000, 20).similar.found
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found
    assert peak < 50_000_000


def test_a_long_sentence_is_cut_between_words() -> None:
    """A quotation does not begin in the middle of a word."""
    text = "Nurses visit schools " * 30
    begun = {text[start:end].split(maxsplit=1)[0] for start, end in parts_of(text)}
    assert begun <= {"Nurses", "visit", "schools"}


def alike(here: Sentences, there: Sentences, weights: np.ndarray = IDF) -> tuple[int, int] | None:
    """Return which two sentences are most alike where the text asked about gives terms these weights."""
    return most_alike(here.aligned(there, weights).shared, here.aligned(there, IDF))


def test_the_sentences_most_alike_are_those_that_share_most() -> None:
    """Not the longest, and not two words that are the same."""
    here = cut([["boats"], ["locks", "alarms", "cameras"], ["schools", "nurses", "locks", "alarms"]])
    there = cut([["boats", "schools"], ["locks", "alarms", "cameras", "nurses"]])
    assert alike(here, there) == (1, 1)
    assert alike(cut([["boats"]]), cut([["locks"]])) is None
    assert alike(cut([]), there) is None


def test_what_a_text_speaks_of_throughout_counts_more_than_what_it_says_once() -> None:
    """Two sentences that are word for word the same give way to two about the text's subject."""
    here = cut([["boats", "nurses"], ["schools", "locks"]])
    there = cut([["boats", "nurses"], ["schools", "alarms"]])
    assert alike(here, there) == (0, 0)
    subject = np.where(np.arange(len(WORDS)) == WORDS.index("schools"), 1, 0.1).astype(np.float32)
    assert alike(here, there, subject) == (1, 1)


@pytest.mark.parametrize(
    ("pasted", "sentences"),
    [
        (
            "Officers visit\nthe home. They\r\n  agree a plan.",
            ["Officers visit the home.", "They agree a plan."],
        ),
        ("We need:\nlocks\n\nAlarms and\ndoors", ["We need:", "locks", "Alarms and doors"]),
        ("A heading\nThe text begins.\nmore", ["A heading", "The text begins.", "more"]),
    ],
)
def test_lines_broken_within_a_sentence_are_joined(pasted: str, sentences: list[str]) -> None:
    """Text pasted from an e-mail is cut into sentences, not into lines."""
    text = unwrapped(pasted)
    assert [text[start:end] for start, end in parts_of(text)] == sentences


ONE = make_practice(
    "one", title="One", summary="Locks and alarms.", body="Nurses visit **schools** by\nboat. X."
)
TWO = make_practice("two", title="Two", summary="Boats.", body="Cameras and locks. Nurses row boats.")
THREE = make_practice("three", title="Three", summary="Schools have nurses.", body="Locks.")


def quoted(table: SentenceTable, practices: tuple[Practice, ...]) -> list[list[str]]:
    """Return the sentences that a table holds of each practice."""
    found = []
    for row, practice in enumerate(practices):
        sentences, _ = table.of([row])
        found.append([sentences.quoted(place, practice) for place in range(len(sentences))])
    return found


def test_sentences_are_quoted_as_plain_text_on_one_line() -> None:
    """Without Markdown and line breaks; what holds no telling word is not among them."""
    first, second, _ = quoted(SentenceTable.build((ONE, TWO, THREE), NUMBER), (ONE, TWO, THREE))
    assert first[0] == "Locks and alarms."
    assert "Nurses visit schools by boat." in first
    assert "X." not in first
    assert second[0] == "Boats."


def test_a_table_taken_over_is_as_one_made_in_full() -> None:
    """Practices that are new, gone, changed and moved."""
    before = SentenceTable.build((ONE, TWO), NUMBER)
    now = (THREE, TWO)
    reuse = Reuse(np.array([-1, 1], dtype=np.int32))
    assert quoted(SentenceTable.build(now, NUMBER, before, reuse), now) == quoted(
        SentenceTable.build(now, NUMBER), now
    )


def test_a_saved_table_is_the_same_once_loaded(tmp_path: Path) -> None:
    """Terms and places."""
    table = SentenceTable.build((ONE, TWO, THREE), NUMBER)
    table.save(tmp_path)
    loaded = SentenceTable.load(tmp_path)
    assert quoted(loaded, (ONE, TWO, THREE)) == quoted(table, (ONE, TWO, THREE))
    assert loaded.of([1])[0].terms.tolist() == table.of([1])[0].terms.tolist()


VISITS = (
    "Officers visit children at home after a missing episode. Carers agree a plan for the next return talk. "
    "A youth worker writes down what the child says about dangers."
)
LOCKS = (
    "A locksmith fits stronger doors for victims of stalking. Cameras watch the street at night. "
    "A named detective rings every week."
)
TALKS = "Youth workers hold return talks with children who went missing, and carers agree a plan."
KNOWN = tuple(
    make_practice(key, title=f"T{key}", summary=f"S{key}", sections={"aim": text})
    for key, text in (
        ("visits", VISITS),
        ("locks", LOCKS),
        ("talks", TALKS),
        ("doors", "Doors and street talks."),
    )
)


def test_a_recommendation_shows_the_two_sentences_most_alike() -> None:
    """One of the pasted text and one of the practice, each as it stands."""
    pasted = "We are a small team. After a missing episode an officer visits the child at home. We have vans."
    first = similar_to_text(SimilarIndex.build(KNOWN), pasted)[0]
    assert KNOWN[first.row].id == "visits"
    assert first.passages == (
        "After a missing episode an officer visits the child at home.",
        "Officers visit children at home after a missing episode.",
    )


def test_a_set_of_practices_has_no_sentence_of_its_own() -> None:
    """Several texts are not quoted as one."""
    found = SimilarIndex.build(KNOWN).related_to_set([0])
    assert found
    assert all(one.passages is None and not one.same_initiative for one in found)


def test_a_practices_own_text_is_the_same_initiative() -> None:
    """And of the others none."""
    index = SimilarIndex.build(KNOWN)
    assert [KNOWN[one.row].id for one in similar_to_text(index, VISITS) if one.same_initiative] == ["visits"]


def test_a_copy_of_a_version_is_of_the_initiative_that_it_is_shown_under() -> None:
    """The version nearest by its words stands for the family, and the text may be of another one."""
    title = "Missing episodes and return talks at home: carers agree a plan with officers and a youth worker."
    versions = (
        make_practice("first", title=title, summary="Sfirst", sections={"aim": "Children, dangers, visits."}),
        make_practice(
            "second", title="Tsecond", summary="Ssecond", sections={"aim": VISITS}, variant_of="first"
        ),
    )
    practices = (*KNOWN[1:], *versions)
    text = f"{title} {title} {VISITS}"
    (family,) = (one for one in similar_to_text(SimilarIndex.build(practices), text) if one.variants)
    assert practices[family.row].id == "first"
    assert [practices[row].id for row in family.variants] == ["second"]
    assert family.same_initiative
