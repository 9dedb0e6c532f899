"""The rule kept here: the quick look at a whole text overlooks nothing that the patterns proper find."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from search_service.practices.personal_data import PERSONAL_DATA, personal_data_faults

DIGITS = ("0", "7", "12", "44", "+44", "0044", "(0", ")", "0800", "1111", "01632", "960", ".", "-", "/")
LETTERS = ("@", "a", "AB", "SW1A", "1AA", "qq", "C", "PC", "Dr.", "J.", "Smith", "O’Neil", "x_")
PIECES = st.sampled_from((*DIGITS, *LETTERS, " ", "\u00a0", "\n", "https://example.org/"))
TEXTS = st.lists(PIECES, max_size=14).map("".join)


@given(TEXTS)
@example("+44 1632 960123")
@example("0800 1111")
@example("01632.960.123")
@example("write to a@example.org\nor PC Smith, AB 12 34 56 C, SW1A 1AA")
@example("0121 https://example.org/1 4567 890")
def test_every_line_is_judged_as_if_it_stood_alone(text: str) -> None:
    """The kinds found in each line are those whose pattern matches the line."""
    lines = list(enumerate(text.split("\n"), start=1))
    without = {number: re.sub(r"https?://\S+", " ", line) for number, line in lines}
    with_digits = {"a telephone number", "a postcode", "a national insurance number"}
    expected = [
        (f"file, line {number}", f"this looks like {kind}; remove it, for the corpus holds no personal data.")
        for number, line in lines
        for kind, pattern in PERSONAL_DATA.items()
        if pattern.search(without[number] if kind in with_digits else line)
    ]
    assert [(fault.where, fault.message) for fault in personal_data_faults("file", lines)] == expected
