"""The rule kept here: one word is one stem wherever it is read, and its offsets are true."""

from __future__ import annotations

import sys
import threading
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search_service.text.analysis import (
    MAX_WORD_LENGTH,
    STOP_WORDS,
    analyse,
    content_stems,
    fold,
    is_stop,
    stem,
)


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Stalking", "stalking"),
        ("CAFÉ", "cafe"),
        ("cafe\u0301", "cafe"),
        ("Ŵyn", "wyn"),
        ("Straße", "strasse"),
        ("Clare's", "clare"),
        ("Clare’s", "clare"),
        ("CLARE’S", "clare"),
        ("victims'", "victims"),
        ("don’t", "don't"),
        ("ﬁre", "fire"),
        ("ℌ", "h"),
        ("２０", "20"),
        ("", ""),
    ],
)
def test_a_word_is_folded_to_its_plain_letters(word: str, folded: str) -> None:
    """Case, accents, possessives, ligatures and the shape of an apostrophe make no difference."""
    assert fold(word) == folded


def test_folding_a_letter_again_changes_nothing() -> None:
    """No letter of any script folds to one that folds further, so that query and text agree."""
    letters = (chr(code) for code in range(sys.maxunicode + 1) if chr(code).isalnum())
    assert [letter for letter in letters if fold(fold(letter)) != fold(letter)] == []


@pytest.mark.parametrize(
    "words",
    [
        ("stalk", "stalks", "stalking", "stalked", "STALKING"),
        ("victim", "victims", "victim's", "victim’s", "victims'"),
        ("resume", "resumé", "résumés", "re\u0301sume\u0301"),
        ("police", "policing", "policed"),
    ],
)
def test_forms_of_one_word_share_a_stem(words: tuple[str, ...]) -> None:
    """A search for any form finds every other."""
    assert len({stem(word) for word in words}) == 1


@pytest.mark.parametrize("words", [("harm", "harmony"), ("abuse", "ability"), ("missing", "mission")])
def test_different_words_keep_different_stems(words: tuple[str, str]) -> None:
    """Stemming does not make one thing of two."""
    assert stem(words[0]) != stem(words[1])


def test_words_are_given_in_order_with_their_places() -> None:
    """Offsets are those of the text as it stands, apostrophes and accents included."""
    text = "Clare’s Law: cafés, 24/7 — multi-agency_work."
    words = [text[token.start : token.end] for token in analyse(text)]
    assert words == ["Clare’s", "Law", "cafés", "24", "7", "multi", "agency", "work"]
    assert [token.stem for token in analyse(text)][:3] == ["clare", "law", stem("cafe")]


def test_a_soft_hyphen_does_not_cut_a_word() -> None:
    """It comes along, unseen, with what is copied from a page or a document."""
    [token] = analyse("stal\u00adking")
    assert token == (stem("stalking"), 0, len("stal-king"))


def test_an_accent_written_as_a_mark_of_its_own_does_not_cut_a_word() -> None:
    """Text pasted from a PDF or a Mac often holds letter and accent apart; it is the same word."""
    for text in ("résumé", "Llŷr", "naïveté"):
        [whole] = analyse(text)
        apart = unicodedata.normalize("NFD", text)
        [token] = analyse(apart)
        assert token.stem == whole.stem
        assert apart[token.start : token.end] == apart


@pytest.mark.parametrize("text", ["полиция", "警察", "الشرطة", "αστυνομία", "policja", "משטרה"])
def test_words_of_other_scripts_are_words(text: str) -> None:
    """A name in any script can be found as it is written."""
    [token] = analyse(f"({text})!")
    assert (token.start, token.end) == (1, 1 + len(text))
    assert content_stems(text) == [token.stem]


@pytest.mark.parametrize("text", ["", " \n\t", "…—!?", "___", "''’’", "\u0301\u0301", "🚓"])
def test_text_without_letters_or_figures_has_no_words(text: str) -> None:
    """Punctuation, spaces, lone accents and pictures are no words."""
    assert list(analyse(text)) == []


def test_a_very_long_word_is_cut_and_keeps_its_place() -> None:
    """Pasted noise cannot fill an index, and its offsets are still those of the text."""
    [token] = analyse("x" * 100_000)
    assert len(token.stem) <= MAX_WORD_LENGTH
    assert (token.start, token.end) == (0, 100_000)
    assert stem("x" * MAX_WORD_LENGTH) == token.stem


@pytest.mark.parametrize("word", sorted(STOP_WORDS)[::10])
def test_a_function_word_is_stopped_in_any_case(word: str) -> None:
    """Words that only carry a question mean nothing here, however they are typed."""
    assert is_stop(stem(word))
    assert content_stems(f"{word} {word.upper()}") == []


@pytest.mark.parametrize(
    "word", ["fire", "cry", "found", "system", "call", "home", "missing", "work", "care"]
)
def test_words_that_matter_here_are_not_stopped(word: str) -> None:
    """The usual lists of stop words hold these; a search for them must find them."""
    assert not is_stop(stem(word))


def test_content_stems_keep_order_and_repeats() -> None:
    """What ranks is every meaning word of a text, as often as it stands there."""
    text = "Has anyone tried calling the caller? The caller’s calls."
    assert content_stems(text) == [stem(word) for word in ("calling", "caller", "caller", "calls")]


def test_stop_words_are_still_words_of_a_phrase() -> None:
    """A phrase needs every word in its place, so the chain yields them all."""
    assert [token.stem for token in analyse("out of court")] == ["out", "of", "court"]


def test_threads_that_stem_at_once_agree() -> None:
    """Each thread has its own stemmer; the same words give the same stems in all."""
    text = " ".join(f"policing{number} stalking{number}" for number in range(500))
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(content_stems(text))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(stems == found[0] for stems in found)


TEXT = st.one_of(st.text(), st.text(alphabet=st.sampled_from("aAé\u0301ßﬁℌİı'’ -_.\n1½سहि警𝔘")))


@given(TEXT)
@example("İstanbul’s")
@example("a'" * 50)
def test_offsets_are_true_spans_of_the_text(text: str) -> None:
    """Every token is a piece of the text that gives the same stem; pieces are in order and apart."""
    end = 0
    for token in analyse(text):
        assert end <= token.start < token.end <= len(text)
        assert not any(character.isspace() for character in text[token.start : token.end])
        assert stem(text[token.start : token.end]) == token.stem
        assert 0 < len(token.stem) <= MAX_WORD_LENGTH
        end = token.end


@given(TEXT)
def test_every_letter_and_figure_is_in_some_word(text: str) -> None:
    """Nothing that can be read is left out of the index."""
    inside = {at for token in analyse(text) for at in range(token.start, token.end)}
    letters = {at for at, character in enumerate(text) if character.isalnum()}
    assert letters <= inside


@given(TEXT)
def test_content_stems_are_the_stems_that_are_not_stopped(text: str) -> None:
    """Ranking reads the same words as matching, function words left out."""
    assert content_stems(text) == [token.stem for token in analyse(text) if not is_stop(token.stem)]


@pytest.mark.parametrize("word", ["don't", "Doesn’t", "I'm", "they've", "it's"])
def test_contractions_are_function_words(word: str) -> None:
    """The question "what doesn't work" asks about work."""
    assert content_stems(f"{word} work") == content_stems("work")
