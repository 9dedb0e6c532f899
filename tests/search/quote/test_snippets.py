"""The rule kept here: a snippet quotes the practice, word for word, where it answers the query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from builders import make_practice, make_taxonomy
from hypothesis import example, given
from hypothesis import strategies as st

from search_service.practices.model import NOT_STATED, SECTIONS, Practice
from search_service.search.documents import HEADINGS as SHOWN_HEADINGS
from search_service.search.documents import read
from search_service.search.quote.passages import Passages
from search_service.search.quote.snippets import MAX_LENGTH, Snippet
from search_service.text.analysis import analyse, content_stems, stem
from search_service.text.markup import to_plain

HEADINGS = {section.key: section.heading for section in SECTIONS}
SUMMARY = SHOWN_HEADINGS[0]
TAXONOMY = make_taxonomy()


def terms_of(practices: Sequence[Practice]) -> dict[str, int]:
    """Return a number for every content stem of some practices."""
    texts = [text for practice in practices for text in plain_texts(practice).values()]
    return {
        word: at for at, word in enumerate(dict.fromkeys(s for text in texts for s in content_stems(text)))
    }


def plain_texts(practice: Practice) -> dict[str, str]:
    """Return what may be quoted of a practice, by heading."""
    sections = {section.heading: to_plain(text) for section, text in practice.texts()}
    return {SUMMARY: practice.summary, **sections}


def passages_of(practices: Sequence[Practice]) -> Passages:
    """Return the passages of some practices."""
    return Passages.build([read(practice, TAXONOMY) for practice in practices], terms_of(practices))


def practice_of(summary: str = "A scheme for towns.", **sections: str) -> Practice:
    """Build a practice that says nothing beyond what is given."""
    return make_practice(summary=summary, sections={**dict.fromkeys(HEADINGS, NOT_STATED), **sections})


def quote(practice: Practice, query: str | Mapping[str, float]) -> Snippet:
    """Return the snippet of one practice for words, of equal weight unless weights are given."""
    weights = {stem(word): 1.0 for word in query.split()} if isinstance(query, str) else query
    return passages_of([practice]).best(np.array([0]), weights)[0]


def marked(snippet: Snippet) -> list[str]:
    """Return the words a snippet marks."""
    return [piece.text for piece in snippet.pieces if piece.marked]


def without_ellipses(snippet: Snippet) -> str:
    """Return the quoted words alone."""
    return snippet.text.removeprefix("… ").removesuffix(" …")


def test_the_sentence_that_holds_the_word_is_quoted() -> None:
    """A whole sentence, under the heading it stands under, the word marked."""
    practice = practice_of(what_it_does="Officers visit. They tell the school. A teacher helps. Calls fell.")
    snippet = quote(practice, "school")
    assert snippet.section == "What it does"
    assert snippet.text == "They tell the school."
    assert marked(snippet) == ["school"]


def test_two_sentences_are_quoted_where_they_cover_more() -> None:
    """Neighbouring sentences of one section are joined by a space."""
    practice = practice_of(what_it_does="Officers visit.\n\nThey tell the school. A teacher helps.")
    snippet = quote(practice, "school teacher")
    assert snippet.text == "They tell the school. A teacher helps."
    assert marked(snippet) == ["school", "teacher"]


def test_sentences_of_two_sections_are_never_joined() -> None:
    """A passage stands under one heading."""
    practice = practice_of(aim="Safer homes.", what_it_does="Better schools.")
    snippet = quote(practice, "homes schools")
    assert (snippet.section, snippet.text) == ("Aim", "Safer homes.")


def test_sentences_too_long_together_are_not_joined() -> None:
    """One whole sentence is better than two halves."""
    long = "Officers visit " + "every single family " * 12 + "at home."
    practice = practice_of(what_it_does=f"{long} A teacher {long.lower()}")
    snippet = quote(practice, "officers teacher")
    assert snippet.text == f"A teacher {long.lower()}"


def test_more_words_of_the_query_win_over_one_word_repeated() -> None:
    """Covering the query counts; a repeat only breaks a tie."""
    practice = practice_of(aim="School, school, school, school.", impact="The school has a teacher.")
    assert quote(practice, "school teacher").section == "Impact"
    assert quote(practice, "school").section == "Aim"


def test_the_weightier_word_is_quoted() -> None:
    """Weights are the words' rarity."""
    practice = practice_of(aim="A school.", impact="A teacher.")
    assert quote(practice, {"school": 2.0, "teacher": 1.0}).section == "Aim"
    assert quote(practice, {"school": 1.0, "teacher": 2.0}).section == "Impact"


def test_every_form_of_a_word_is_marked_as_it_is_written() -> None:
    """Marks stand where the stems stand, case and ending as in the text."""
    practice = practice_of(aim="Stalkers stalking: STALKED, stalk’s and talk.")
    assert marked(quote(practice, "stalking")) == ["stalking", "STALKED", "stalk’s"]


def test_no_match_gives_the_beginning_of_the_summary_unmarked() -> None:
    """So does an empty query, and a word no practice holds."""
    practice = practice_of("A scheme for schools. It began in 2011.", aim="Safer homes.")
    for query in ("", "the", "nowhere"):
        snippet = quote(practice, query)
        assert (snippet.section, snippet.text) == (SUMMARY, "A scheme for schools.")
        assert marked(snippet) == []


def test_the_summary_is_quoted_where_it_answers_as_well_as_a_section() -> None:
    """The first of equal passages wins, in whatever order it holds the words; the summary stands first."""
    practice = practice_of("A scheme for schools.", aim="A scheme for schools.")
    assert quote(practice, "schools").section == SUMMARY
    practice = practice_of("Towns, cold, three.", aim="Three cold towns.")
    assert quote(practice, {"three": 0.1, "cold": 0.2, "town": 0.3}).section == SUMMARY


def test_a_section_about_which_nothing_is_stated_is_never_quoted() -> None:
    """Its words are not the practice's."""
    practice = practice_of("A scheme for schools.")
    for word in ("stated", "sources", "read"):
        snippet = quote(practice, word)
        assert (snippet.section, snippet.text) == (SUMMARY, "A scheme for schools.")


def test_markdown_is_quoted_as_plain_text() -> None:
    """List marks, emphasis and link addresses are no part of a quotation."""
    practice = practice_of(aim="- Tell **every** [school](https://example.org/a)\n- Help a _teacher_")
    snippet = quote(practice, "school teacher")
    assert snippet.text == "Tell every school Help a teacher"
    assert marked(snippet) == ["school", "teacher"]


def test_a_long_sentence_is_cut_between_words_around_the_mark() -> None:
    """Ellipses say where text was left out, at either end."""
    filler = "and every family was visited "
    practice = practice_of(aim=f"First {filler * 20}by one teacher {filler * 20}at home.")
    snippet = quote(practice, "teacher")
    assert snippet.text.startswith("… ")
    assert snippet.text.endswith(" …")
    assert marked(snippet) == ["teacher"]
    quoted = without_ellipses(snippet)
    assert len(quoted) <= MAX_LENGTH
    assert f" {quoted} " in plain_texts(practice)["Aim"]
    assert len(quoted) > MAX_LENGTH * 0.9


def test_a_long_sentence_without_a_match_is_cut_at_its_end() -> None:
    """The beginning of a long summary is shown."""
    practice = practice_of("Every family was visited " * 20 + "at home.")
    snippet = quote(practice, "nowhere")
    assert snippet.text.startswith("Every family")
    assert snippet.text.endswith(" …")
    assert len(snippet.text) <= MAX_LENGTH + len(" …")


def test_a_run_without_spaces_is_cut_at_the_limit() -> None:
    """Pasted noise cannot make a snippet longer, nor lose its mark."""
    practice = practice_of(aim="Begins " + "noise/" * 200 + "teacher" + "/noise" * 200)
    snippet = quote(practice, "teacher")
    assert len(without_ellipses(snippet)) <= MAX_LENGTH
    assert marked(snippet) == ["teacher"]


def test_each_practice_is_quoted_from_its_own_text() -> None:
    """Places of words are kept apart by practice."""
    practices = [practice_of("One school."), practice_of("Two homes."), practice_of("Three schools.")]
    found = passages_of(practices).best(np.array([2, 0, 1]), {"school": 1.0})
    assert [snippet.text for snippet in found] == ["Three schools.", "One school.", "Two homes."]
    assert [marked(snippet) for snippet in found] == [["schools"], ["school"], []]


def test_saved_passages_are_quoted_the_same_once_loaded(tmp_path: Path) -> None:
    """Text of any script, marks and all."""
    practices = [practice_of("Дети и школа. A “school” — here."), practice_of("Nothing.")]
    built = passages_of(practices)
    built.save(tmp_path)
    loaded = Passages.load(tmp_path, terms_of(practices))
    for weights in ({}, {"school": 1.0}, {"дети": 1.0, "noth": 0.5}):
        rows = np.arange(2)
        assert loaded.best(rows, weights) == built.best(rows, weights)


# Any text.

WORDS = st.sampled_from(
    ["school", "Schools", "teacher", "the", "of", "e.g.", "Dr.", "дети", "2011", "x" * 90, "a/b/school/" * 40]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=60).map(lambda words: " ".join(words) + ".")
TEXTS = st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join)
SUMMARIES = st.lists(WORDS.filter(lambda word: len(word) < 20), min_size=1, max_size=40).map(" ".join)
QUERIES = st.sets(st.sampled_from(["school", "teacher", "дети", "nowher"]))


@given(SUMMARIES, TEXTS, TEXTS, QUERIES)
@example("A summary.", "x" * 400 + "/school.", "A school.", {"school"})
def test_a_snippet_is_the_practices_own_text_rightly_marked(
    summary: str, aim: str, impact: str, query: set[str]
) -> None:
    """Quoted from the section it names, no longer than allowed, and marked where the stems stand."""
    practice = practice_of(summary, aim=aim, impact=impact)
    snippet = quote(practice, dict.fromkeys(query, 1.0))
    source = " ".join(plain_texts(practice)[snippet.section].split("\n"))
    assert without_ellipses(snippet) in source
    assert 0 < len(without_ellipses(snippet)) <= MAX_LENGTH
    assert all(piece.text for piece in snippet.pieces)
    for piece in snippet.pieces:
        stems = {token.stem for token in analyse(piece.text)}
        if piece.marked:
            assert len(stems) == 1
            assert stems <= query
        elif "…" not in snippet.text:
            assert not stems & query
    held = {token.stem for text in plain_texts(practice).values() for token in analyse(text)}
    assert bool(marked(snippet)) == bool(held & query)


@pytest.mark.parametrize("length", [MAX_LENGTH - 1, MAX_LENGTH, MAX_LENGTH + 1])
def test_a_sentence_that_fits_is_quoted_whole(length: int) -> None:
    """The limit itself still fits; one character more does not."""
    sentence = ("A school " + "of note " * 60)[: length - 2] + "s."
    snippet = quote(practice_of(aim=sentence), "school")
    assert len(sentence) == length
    assert (snippet.text == sentence) == (length <= MAX_LENGTH)
