"""The rule kept here: a corpus file is read exactly, or its fault is named with its line."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from builders import make_practice, practice_file, write_corpus
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from search_service.practices import files
from search_service.practices.model import CLOSED_LISTS, NOT_STATED, SECTIONS, Practice
from search_service.practices.personal_data import personal_data_faults
from search_service.practices.yaml_values import MAX_NESTING

NAME = "practices/operation-example.md"


def test_a_utf8_file_is_read_with_or_without_a_byte_order_mark() -> None:
    """A byte order mark, which some editors write, is no part of the text."""
    assert files.decode(NAME, "café".encode("utf-8-sig")) == ("café", [])
    assert files.decode(NAME, "café".encode()) == ("café", [])


def test_line_ends_of_every_system_are_read_alike() -> None:
    """Windows and old Mac line ends become one form, so that line numbers hold."""
    assert files.decode(NAME, b"a\r\nb\rc\nd") == ("a\nb\nc\nd", [])


def test_bytes_that_are_not_utf8_are_named_with_their_line() -> None:
    """A file saved in another encoding says which byte, on which line, and what to do."""
    text, [fault] = files.decode(NAME, b"one\ntwo\ncaf\xe9")
    assert text == ""
    assert fault.where == f"{NAME}, line 3"
    assert "0xe9" in fault.message
    assert "UTF-8" in fault.example


@pytest.mark.parametrize("mark", ["\x00", "\x07", "\x0b", "\x1b", "\x7f", "\x85", "\x9f", "\ufffe"])
def test_a_control_character_is_named_by_its_code_and_line(mark: str) -> None:
    """A character nobody can see is named so that it can be found, and the text is read on."""
    text, [fault] = files.decode(NAME, f"one\ntwo{mark}three".encode())
    assert text == "one\ntwo three"
    assert fault.where == f"{NAME}, line 2"
    assert f"U+{ord(mark):04X}" in fault.message


def test_yaml_that_does_not_parse_is_named_with_its_line() -> None:
    """A colon in unquoted text is the usual mistake, and the example shows the cure."""
    value, [fault] = files.parse_yaml("taxonomy.yaml", "a: 1\nb: one: two\n")
    assert value is None
    assert fault.where == "taxonomy.yaml, line 2"
    assert "not valid YAML" in fault.message
    assert "must stand in quotation marks" in fault.message
    assert fault.example == 'summary: "Safe: a scheme"'


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: 1\nb: 2\na: 3", 3, "“a” is given twice"),
        ("a:\n  b: 1\n  b: 2", 3, "“b” is given twice"),
        ("- {a: 1, a: 1}", 1, "“a” is given twice"),
        ("a: 1\n2011: 2", 2, "“2011” cannot be a key"),
        ("yes: 1", 1, "“True” cannot be a key"),
        ("? [a, b]\n: 1", 1, "cannot be a key"),
        ("a: &name 1\nb: *name", 1, "names for repeating a value"),
        ("a: *name", 1, "names for repeating a value"),
        ("a: 1\nb: !!int ''", 2, "tags"),
        ("a: !!timestamp x", 1, "tags"),
        ("a: 0x" + "f" * 6_000, 1, "no number"),
        ("a: 1" + ":1" * 30_000 + ".5", 1, "no number"),
        ("a: !!map [a, b]", 1, "tags"),
        ("a: !!python/object/apply:os.system [ls]", 1, "tags"),
        ("a: 1\nb: 2026-13-45", 2, "“2026-13-45”"),
        ("a: 2026-02-30", 1, "“2026-02-30”"),
        ("a: 0x_", 1, "“0x_”"),
        ("a: ]", 1, "not valid YAML"),
        ("\ta: 1", 1, "not valid YAML"),
        ("a: 1\n...\nb: 2", 3, "not valid YAML"),
        ("<<: {a: 1}", 1, "not valid YAML"),
    ],
)
def test_yaml_that_a_corpus_must_not_hold_is_refused_with_its_line(text: str, line: int, what: str) -> None:
    """What YAML itself lets pass in silence, or trips over, is refused in plain words."""
    value, [fault] = files.parse_yaml("calls.yaml", text)
    assert value is None
    assert what in fault.message
    assert fault.where == f"calls.yaml, line {line}"
    assert fault.example


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
@pytest.mark.parametrize("depth", [MAX_NESTING + 5, 100_000])
def test_yaml_nested_without_end_is_refused_before_it_is_parsed(opening: str, depth: int) -> None:
    """Deep nesting would overflow the stack of the parser and end the process."""
    value, [fault] = files.parse_yaml("calls.yaml", opening * depth)
    assert value is None
    assert "lists within lists" in fault.message


def test_an_ampersand_or_an_exclamation_mark_in_text_is_only_text() -> None:
    """Names and tags are refused by what they are in YAML, not by their characters."""
    text = "a: Devon & Cornwall\nb: Stop!\nc: 'R&D *now* !'\n"
    assert files.parse_yaml("x", text) == ({"a": "Devon & Cornwall", "b": "Stop!", "c": "R&D *now* !"}, [])


def test_an_empty_yaml_text_has_no_value_and_no_fault() -> None:
    """What must be there is for the checks to say."""
    assert files.parse_yaml("x", "# only a comment\n") == (None, [])


def test_a_practice_file_is_split_at_its_lines_of_hyphens() -> None:
    """Front matter, body and the line the body begins on are told apart."""
    text = "---\nid: a\n---\n## Aim\nText\n\n---\nA rule in the text\n"
    front, body, line, faults = files.split_front_matter(NAME, text)
    assert front.strip() == "id: a"
    assert body.strip().startswith("## Aim")
    assert "A rule in the text" in body
    assert text.split("\n")[line - 1] == "---"
    assert faults == []


@pytest.mark.parametrize("text", ["id: a\n", "---\nid: a\n", "Words\n---\nid: a\n---\n", "--- id\n---\n"])
def test_a_file_without_front_matter_at_its_top_says_so(text: str) -> None:
    """The two lines of hyphens must be there, with nothing before them."""
    _, _, _, [fault] = files.split_front_matter(NAME, text)
    assert "front matter" in fault.message
    assert "---" in fault.example


def test_empty_lines_before_the_front_matter_do_not_shift_line_numbers() -> None:
    """The front matter keeps as many lines before it as the file has."""
    text = "\n\n---\nid: a\nid: b\n---\n"
    front, *_ = files.split_front_matter(NAME, text)
    _, [fault] = files.parse_yaml(NAME, front)
    assert fault.where == f"{NAME}, line 5"


def test_sections_are_read_by_heading_whatever_its_case() -> None:
    """A heading is recognised by its words; deeper headings belong to the section's text."""
    body = "\n\n".join(
        [
            "## AIM ##\nOne.",
            "##  What it does\nTwo.\n\n### Detail\nThree.",
            "## Intended outcome\nFour.",
            "## Impact\nFive.",
            "## Learning\nSix.",
            f"## Cost and Resources\n{NOT_STATED}",
        ]
    )
    sections, faults = files.parse_sections(NAME, body)
    assert faults == []
    assert list(sections) == [section.key for section in SECTIONS]
    assert sections["aim"] == "One."
    assert sections["what_it_does"] == "Two.\n\n### Detail\nThree."


def test_a_body_without_any_heading_misses_every_section() -> None:
    """Text that stands under no heading is named, and so is each section that is not there."""
    sections, faults = files.parse_sections(NAME, "Only text.")
    assert sections == {}
    assert "before the first section" in faults[0].message
    assert len(faults) == 1 + len(SECTIONS)


def test_a_digest_depends_on_names_and_contents_and_not_on_order() -> None:
    """The same files give the same digest; a change in any name or byte gives another."""

    def digest(lists: dict[str, bytes], practices: dict[str, bytes]) -> str:
        return files.CorpusBytes(Path(), lists, practices).digest

    same = digest({"a": b"1", "b": b"2"}, {"c": b"3"})
    assert same == digest({"b": b"2", "a": b"1"}, {"c": b"3"})
    others = [
        digest({"a": b"1", "b": b"2"}, {"c": b"4"}),
        digest({"a": b"1", "b": b"2"}, {"d": b"3"}),
        digest({"a": b"12", "b": b""}, {"c": b"3"}),
        digest({"a": b"1", "b": b"2"}, {}),
    ]
    assert len({same, *others}) == len(others) + 1


def test_what_is_read_is_what_is_hashed(tmp_path: Path) -> None:
    """The digest of a folder changes when a practice in it does."""
    before, _ = files.read_corpus_bytes(write_corpus(tmp_path))
    write_corpus(tmp_path, {"operation-example": practice_file(title="Another title")})
    after, faults = files.read_corpus_bytes(tmp_path)
    assert faults == []
    assert before.digest != after.digest


@given(st.text(alphabet=st.sampled_from("-#: \n\t[]{}'\"&*!|>?%@`abAim0é\u2028")))
def test_no_text_makes_the_reading_raise(text: str) -> None:
    """Every text gives values and faults; none gives an exception."""
    front, body, line, _ = files.split_front_matter(NAME, text)
    assert line >= 1
    _, faults = files.parse_yaml(NAME, front)
    _, found = files.parse_sections(NAME, body)
    assert all(fault.where.startswith(NAME) for fault in faults + found)


@given(st.binary())
def test_no_bytes_make_the_decoding_raise(content: bytes) -> None:
    """Bytes are either clean text or have one fault."""
    _, faults = files.decode(NAME, content)
    assert len(faults) <= 1


@pytest.mark.parametrize("date", ["2011", "2011-02", "2011-02-28", 2011, dt.date(2011, 2, 28), None])
def test_a_date_may_be_as_exact_as_its_source(date: object) -> None:
    """A year, a month or a day may be given, quoted or not."""
    practice = make_practice(start=date)
    assert practice.start == (None if date is None else str(date))
    assert practice.year == (None if date is None else 2011)


@pytest.mark.parametrize(
    "date",
    [
        "2011-13",
        "2011-00",
        "2011-02-30",
        "11",
        "2011-2",
        "spring 2011",
        "2011-02-28T10:00",
        "",
        True,
        20110228,
        "٢٠١١",
    ],
)
def test_a_date_that_is_none_is_refused(date: object) -> None:
    """What is not a year, a month or a day of the calendar is no date."""
    with pytest.raises(ValidationError, match=r"is not a date|day|month"):
        make_practice(start=date)


def test_a_practice_cannot_be_changed() -> None:
    """A record that many threads share is immutable."""
    with pytest.raises(ValidationError):
        make_practice().title = "Another"  # type: ignore[misc]


def test_a_practice_gives_its_ids_in_every_closed_list() -> None:
    """Every name in the table of closed lists has an attribute, given as a tuple of ids."""
    practice = make_practice(call=None)
    for name in CLOSED_LISTS:
        assert isinstance(practice.values(name), tuple)
    assert practice.values("theme") == ("domestic-abuse",)
    assert practice.values("evidence") == ("promising",)
    assert practice.values("call") == ()


def test_a_section_that_states_nothing_is_no_text() -> None:
    """The words for “not stated” are shown and never searched."""
    practice = make_practice(sections={"aim": "Help.", "cost": NOT_STATED, "impact": ""})
    assert [section.key for section, _ in practice.texts()] == ["aim"]


def test_a_practice_is_evaluated_unless_it_is_rated_untested() -> None:
    """Whether anyone tested it does not depend on what they found."""
    assert not make_practice(rating="untested").is_evaluated
    assert make_practice(rating="did-not-work").is_evaluated


@pytest.mark.parametrize(
    "key", ["Upper", "two--hyphens", "-first", "last-", "a_b", "a b", "é", "", "a\n", "x" * 81]
)
def test_an_id_is_lower_case_words_with_hyphens(key: str) -> None:
    """An id stands in addresses and file names, so its form is narrow."""
    with pytest.raises(ValidationError):
        make_practice(key)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://a.b/c", "//a.b/c", "https://a", "https://a b.c", "a.b"]
)
def test_a_source_is_a_web_address(url: str) -> None:
    """Only http and https addresses can be shown as links."""
    with pytest.raises(ValidationError):
        make_practice(sources=[{"url": url, "title": "A page", "read": "2026-01-15"}])


def test_builders_agree_with_one_another() -> None:
    """The practice that the builder makes is the one that its file describes."""
    text, _ = files.decode(NAME, practice_file().encode())
    front, body, _, _ = files.split_front_matter(NAME, text)
    values, _ = files.parse_yaml(NAME, front)
    sections, _ = files.parse_sections(NAME, body)
    assert Practice.model_validate({**values, "sections": sections}) == make_practice()


ADVICE = re.compile(r"^(?:delete|remove|save|leave|write|give|set|quote|an? )\b|\bsays what\b")


def test_an_example_is_a_right_value_and_advice_stands_in_the_message() -> None:
    """Who copies the example has something that can stand there."""
    faults = [
        *files.decode(NAME, b"caf\xe9")[1],
        *files.decode(NAME, b"one\x07two")[1],
        *(
            fault
            for text in (
                "a: &n 1",
                "a: !!int ''",
                "a: 2026-13-45",
                "a: 1\na: 2",
                "2011: 1",
                "a: 1\n---\nb: 2",
            )
            for fault in files.parse_yaml(NAME, text)[1]
        ),
        *files.parse_sections(NAME, "")[1],
        *personal_data_faults(NAME, enumerate(["a@example.org", "01632 960123", "AB12 3CD", "PC Smith"])),
    ]
    assert not [str(fault) for fault in faults if not fault.example or ADVICE.search(fault.example)]
    assert not any(personal_data_faults(NAME, [(1, fault.example)]) for fault in faults)
