"""The edges of a snippet: the first word of a cut passage, passages worth the same, the greatest length."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from search_service.search.quote.snippets import (
    MAX_LENGTH,
    POINTS,
    Occurrence,
    Sentences,
    Snippet,
    best_snippet,
)

TERM, OTHER = 0, 1
POINTS_OF = {TERM: POINTS, OTHER: POINTS}


def quote(*texts: str, headings: Sequence[int] | None = None) -> Snippet:
    """Return the snippet of sentences for the words "zebra" and "yak", which weigh the same."""
    found: list[Occurrence] = []
    for number, text in enumerate(texts):
        for term, word in ((TERM, "zebra"), (OTHER, "yak")):
            starts = [at for at in range(len(text)) if text.startswith(word, at)]
            found += [(number, term, start, start + len(word)) for start in starts]
    return best_snippet(Sentences(texts, headings or [0] * len(texts)), sorted(found), POINTS_OF)


def of_length(length: int, beginning: str) -> str:
    """Return a sentence of so many characters."""
    return beginning + "x" * (length - len(beginning) - 1) + "."


@pytest.mark.parametrize(("before", "first_shown"), [(80, "first"), (81, "second")])
def test_a_cut_passage_begins_with_a_whole_word(before: int, first_shown: str) -> None:
    """A word that the cut falls right before is kept, and one that it falls into is left out."""
    words = "first second " + "a" * (before - len("first second ") - 1) + " zebra"
    text = "x " * 200 + words + " y" * 200
    assert quote(text).text.startswith(f"… {first_shown} ")


def test_a_cut_passage_ends_with_a_whole_word() -> None:
    """A word that ends at the greatest length is kept, and one that is cut by it is left out."""
    beginning = "zebra " + "a" * (MAX_LENGTH - len("zebra  last"))
    assert quote(f"{beginning} last and more").text == f"{beginning} last …"
    assert quote(f"{beginning}a last and more").text == f"{beginning}a …"


def test_of_passages_worth_the_same_the_first_is_quoted() -> None:
    """Sentences, and pairs of them."""
    assert quote("One zebra.", "None.", "Two zebra.").text == "One zebra."
    pairs = ("One zebra.", "One yak.", "None.", "Two zebra.", "Two yak.")
    assert quote(*pairs).text == "One zebra. One yak."


def test_one_sentence_with_all_words_is_worth_as_much_as_two() -> None:
    """So the first of them is quoted."""
    assert quote("A zebra.", "A yak.", "None.", "A zebra and a yak.").text == "A zebra. A yak."
    assert quote("A zebra and a yak.", "None.", "A zebra.", "A yak.").text == "A zebra and a yak."


def test_a_passage_of_exactly_the_greatest_length_is_quoted_whole() -> None:
    """One sentence, or two with the space between them; a character more is too long."""
    longest = of_length(MAX_LENGTH, "A zebra ")
    assert quote(longest).text == longest
    assert quote(longest + "x").text.endswith(" …")
    first, last = "A zebra.", of_length(MAX_LENGTH - len("A zebra. "), "A yak ")
    assert quote(first, last).text == f"{first} {last}"
    assert len(f"{first} {last}") == MAX_LENGTH
    assert quote(first, last + "x").text == first


def test_sentences_under_two_headings_are_not_one_passage() -> None:
    """A quotation stands under one heading."""
    assert quote("A zebra.", "A yak.", headings=[0, 1]).text == "A zebra."
    assert quote("A zebra.", "A yak.", headings=[1, 1]).text == "A zebra. A yak."


def test_a_repeated_word_decides_between_passages_that_hold_the_same_words() -> None:
    """It adds a tenth, within a sentence and across two, and never as much as another word."""
    assert quote("A zebra.", "None.", "A zebra, a zebra.").text == "A zebra, a zebra."
    assert quote("A zebra.", "None.", "Two zebra.", "Three zebra.").text == "Two zebra. Three zebra."
    many = "zebra " * 9
    assert quote(f"{many}.", "None.", "A zebra and a yak.").text == "A zebra and a yak."
