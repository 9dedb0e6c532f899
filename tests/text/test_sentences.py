"""The rule kept here: text is cut where a reader would cut it, and nothing is lost between cuts."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search_service.text.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("It fell by 16%. 12 forces use it.", ["It fell by 16%.", "12 forces use it."]),
        ("It fell by 3.5 per cent in 2.5 years.", ["It fell by 3.5 per cent in 2.5 years."]),
        ("See www.example.org for it. Then go.", ["See www.example.org for it.", "Then go."]),
        ("He said “Stop.” Then he left.", ["He said “Stop.”", "Then he left."]),
        ("It works (mostly.) “Yes” she said.", ["It works (mostly.)", "“Yes” she said."]),
        ("Partners, e.g. Health and Education, meet.", ["Partners, e.g. Health and Education, meet."]),
        ("The rest, i.e. Most of it.", ["The rest, i.e. Most of it."]),
        ("In St. Helens, No. 5 ran approx. 20 times.", ["In St. Helens, No. 5 ran approx. 20 times."]),
        ("Work by J. R. Sample helped. Much.", ["Work by J. R. Sample helped.", "Much."]),
        ("lower case. follows here", ["lower case. follows here"]),
        ("Line one\nLine two\n\nLine three", ["Line one", "Line two", "Line three"]),
        ("Locks, alarms, etc.\nTraining", ["Locks, alarms, etc.", "Training"]),
        ("This was plan B.\nThen plan C.", ["This was plan B.", "Then plan C."]),
        ("  Spaces.   Around  ", ["Spaces.", "Around"]),
        ("", []),
        (" \n\t ", []),
        ("...", ["..."]),
    ],
)
def test_a_text_is_cut_into_its_sentences(text: str, expected: list[str]) -> None:
    """Full stops end a sentence, abbreviations and figures do not, and a new line always does."""
    assert sentences(text) == expected


TEXT = st.one_of(
    st.text(),
    st.text(alphabet=st.sampled_from("aB1.!?”')( \n\t\u2028\x1c\u00a0")),
    st.lists(st.sampled_from(["e.g.", "etc.", "No.", "One.", "two", "3.", "\n", " ", "“A”", "!)"])).map(
        " ".join
    ),
)


@given(TEXT)
@example("etc.\n\n")
@example("A. B. C. \nD")
def test_sentences_are_in_order_and_apart_and_lose_nothing(text: str) -> None:
    """Every character that can be seen is in exactly one sentence, and none begins with a space."""
    end = 0
    covered = set()
    for start, stop in sentence_spans(text):
        assert end <= start < stop <= len(text)
        assert text[start:stop] == text[start:stop].strip()
        assert "\n" not in text[start:stop]
        covered.update(range(start, stop))
        end = stop
    assert {at for at, character in enumerate(text) if not character.isspace()} <= covered


@pytest.mark.parametrize("text", ["A. ", "e.g. A ", "A.) ", ".' ", "! ", "\n \n", "a"])
def test_a_page_that_never_ends_a_sentence_costs_no_more_than_its_length(text: str) -> None:
    """A hundred thousand characters of initials, say, which anybody may paste."""
    page = text * (100_000 // len(text))
    begun = time.process_time()
    sentence_spans(page)
    assert time.process_time() - begun < 2
