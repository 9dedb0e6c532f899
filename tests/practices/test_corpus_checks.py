"""The rule kept here: every problem of a corpus is named at once, and none stops the checking."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from builders import as_yaml, make_lists, practice_file, write_corpus
from hypothesis import example, given
from hypothesis import strategies as st

from search_service.errors import Fault
from search_service.library import Library
from search_service.practices.checks import EXAMPLES, CheckedCorpus, check_corpus
from search_service.practices.files import LISTS, MAX_FILE_BYTES
from search_service.practices.model import Practice
from search_service.practices.personal_data import personal_data_faults
from search_service.snapshot.build import build, load

FILE = "practices/operation-example.md"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sound corpus; `check` rewrites its first practice each time, and nothing else."""
    return write_corpus(tmp_path_factory.mktemp("corpus"))


def check(corpus: Path, text: str | bytes) -> CheckedCorpus:
    """Check a corpus of three practices, the first of which now holds `text`."""
    (corpus / FILE).write_bytes(text if isinstance(text, bytes) else text.encode())
    return check_corpus(corpus)


def only_fault(corpus: Path, text: str | bytes) -> Fault:
    """Return the one fault of a corpus whose first practice holds `text`, the others being sound."""
    checked = check(corpus, text)
    assert checked.corpus is not None
    assert [practice.id for practice in checked.corpus.practices] == ["return-talks", "safe-home-scheme"]
    assert checked.broken == (FILE,)
    [fault] = checked.faults
    assert fault.where.startswith(FILE)
    return fault


def test_a_sound_corpus_has_no_faults_and_its_practices_are_in_order(tmp_path: Path) -> None:
    """What the builders write passes, and is read in order of id."""
    checked = check_corpus(write_corpus(tmp_path))
    assert checked.faults == checked.broken == ()
    assert checked.corpus is not None
    assert [p.id for p in checked.corpus.practices] == [
        "operation-example",
        "return-talks",
        "safe-home-scheme",
    ]
    assert len(checked.corpus.digest) == 64


@pytest.mark.parametrize(
    ("overrides", "field", "message", "right"),
    [
        ({"theme": ["x"]}, "theme", "this key is not known", "themes"),
        ({"organization": "x"}, "organization", "this key is not known", "organisations"),
        (
            {"sources": [{"url": "https://a.b/c", "title": "A", "read": "2026-01-01", "page": 3}]},
            "sources 1, page",
            "not known",
            "url:",
        ),
        ({"title": None}, "title", "required and is missing", "Operation Encompass"),
        ({"title": "  "}, "title", "this is empty", "Operation Encompass"),
        ({"title": 2020}, "title", "“2020” cannot be used", "Operation Encompass"),
        ({"summary": "x" * 601}, "summary", "601 characters; at most 600", "Police tell"),
        ({"themes": "domestic-abuse"}, "themes", "cannot be used", "[domestic-abuse]"),
        ({"themes": ["Domestic abuse"]}, "themes 1", "does not have the right form", "[domestic-abuse]"),
        (
            {"themes": ["domestic-abus"]},
            "themes",
            "“domestic-abus” is not in taxonomy.yaml",
            "domestic-abuse",
        ),
        ({"approaches": ["trainings"]}, "approaches", "“trainings” is not in taxonomy.yaml", "training"),
        ({"regions": ["north-est"]}, "regions", "“north-est” is not in vocabulary.yaml", "north-east"),
        ({"partners": ["polices"]}, "partners", "not in vocabulary.yaml", "police"),
        ({"target_groups": ["child"]}, "target_groups", "not in vocabulary.yaml", "children"),
        ({"focus": ["prevent"]}, "focus", "not in vocabulary.yaml", "prevention"),
        ({"stage": "implement"}, "stage", "not in vocabulary.yaml", "implemented"),
        ({"scale": "locl"}, "scale", "not in vocabulary.yaml", "local"),
        ({"recognition": "award"}, "recognition", "cannot be used", "[tilley-award]"),
        ({"recognition": ["awards"]}, "recognition", "not in vocabulary.yaml", "award"),
        ({"call": "example-call-2021"}, "call", "not in calls.yaml", "example-call-2020"),
        (
            {"organisations": ["durham-police"]},
            "organisations",
            "not in vocabulary.yaml",
            "durham-constabulary",
        ),
        (
            {"evidence": {"rating": "work", "basis": "B."}},
            "evidence, rating",
            "not in vocabulary.yaml",
            "works",
        ),
        ({"evidence": {"rating": "works"}}, "evidence, basis", "required and is missing", "rating: untested"),
        ({"themes": ["domestic-abuse"] * 2}, "themes", "“domestic-abuse” is there twice", ""),
        ({"organisations": []}, "organisations", "at least one is needed", "[durham-constabulary]"),
        ({"sources": []}, "sources", "at least one source is needed", "url:"),
        ({"start": "2011-13"}, "start", "“2011-13” is not a date", "2011-02"),
        ({"start": "autumn 2011"}, "start", "“autumn 2011” is not a date", "2011-02"),
        ({"start": "2015", "end": "2014"}, "end", "ends (2014) before it starts (2015)", "2015"),
        ({"start": "2015-06", "end": "2015-02"}, "end", "ends (2015-02) before it starts (2015-06)", "2015"),
        (
            {"variant_of": "no-such-practice"},
            "variant_of",
            "no other practice “no-such-practice”",
            "return-talks",
        ),
        ({"variant_of": "safe-home-schema"}, "variant_of", "no other practice", "safe-home-scheme"),
        ({"variant_of": "operation-example"}, "variant_of", "no other practice “operation-example”", ""),
        ({"id": "operation-exampel"}, "id", "must be the same as the file name", "id: operation-example"),
        (
            {"sections": {"aim": None}},
            "section Aim",
            "“## Aim” is missing",
            "Not stated in the sources read.",
        ),
        (
            {"sections": {"impact": " "}},
            "section Impact",
            "“## Impact” is empty",
            "Not stated in the sources read.",
        ),
        ({"body": "See [this](practice:gone)."}, "section What it does", "no other practice “gone”", ""),
    ],
)
def test_a_fault_names_file_field_what_is_wrong_and_a_right_example(
    corpus: Path, overrides: dict[str, Any], field: str, message: str, right: str
) -> None:
    """Each mistake is found once, leaves the other practices usable, and shows what is right."""
    fault = only_fault(corpus, practice_file(**overrides))
    assert fault.where == f"{FILE}, {field}"
    assert message in fault.message
    assert right in fault.example


def test_an_end_in_the_year_or_month_of_the_start_is_no_fault(corpus: Path) -> None:
    """Dates are compared only as far as both are exact."""
    for start, end in (("2015-06", "2015"), ("2015", "2015-01"), ("2015-06-20", "2015-06"), ("2015", "2015")):
        assert check(corpus, practice_file(start=start, end=end)).faults == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("## Aim\n", "## Aims\n"), "“## Aims” is not one of the sections"),
        (("## Impact\n", "## Aim\n"), "“## Aim” is there twice"),
        (("## Aim\n", "Words first.\n\n## Aim\n"), "text before the first section"),
        (("## Aim\n", "##\n"), "“## Aim” is missing"),
    ],
)
def test_a_heading_that_is_unknown_repeated_or_misplaced_is_named(
    corpus: Path, change: tuple[str, str], message: str
) -> None:
    """A misspelt heading is shown the sections there are."""
    faults = check(corpus, practice_file().replace(*change)).faults
    [found] = [fault for fault in faults if message in fault.message]
    assert found.where.startswith(FILE)
    if "not one of" in message:
        assert "## What it does" in found.example


def test_every_problem_of_every_file_is_named_at_once(tmp_path: Path) -> None:
    """Faults of form, of lists, of text and of links do not hide one another."""
    broken = practice_file(
        title=None,
        themes=["domestic-abus"],
        stage="implement",
        start="2011-13",
        colour="red",
        sections={"aim": None, "learning": "Ring 01632 960 123."},
    )
    linked = practice_file(
        "safe-home-scheme", themes=["stalking"], variant_of="gone", body="[A](practice:lost)"
    )
    checked = check_corpus(write_corpus(tmp_path, {"operation-example": broken, "safe-home-scheme": linked}))
    assert checked.broken == (FILE, "practices/safe-home-scheme.md")
    assert checked.corpus is not None
    assert not checked.corpus.practices
    places = [fault.where.split(", ", 1)[1] for fault in checked.faults if fault.where.startswith(FILE)]
    assert {"title", "themes", "stage", "start", "colour", "section Aim"} < set(places)
    assert any(place.startswith("line ") for place in places)
    others = [fault.where.split(", ", 1)[1] for fault in checked.faults if "safe-home" in fault.where]
    assert others == ["themes", "variant_of", "section What it does"]


def test_faults_in_lists_and_in_practices_are_named_together(tmp_path: Path) -> None:
    """A list that cannot be used does not hide what is wrong with a practice."""
    practices = {"operation-example": practice_file(title=None)}
    checked = check_corpus(write_corpus(tmp_path, practices, stage=[{"id": "pilot"}], calls="calls: ["))
    assert checked.corpus is None
    wheres = [fault.where for fault in checked.faults]
    assert "vocabulary.yaml, stage 1, label" in wheres
    assert any(where.startswith("calls.yaml, line") for where in wheres)
    assert f"{FILE}, title" in wheres


@pytest.mark.parametrize("name", LISTS)
def test_a_missing_list_is_named(tmp_path: Path, name: str) -> None:
    """Without one of its lists a corpus cannot be used, and the fault says which is missing."""
    checked = check_corpus(write_corpus(tmp_path, **{name.removesuffix(".yaml"): None}))
    assert checked.corpus is None
    assert [(fault.where, fault.message) for fault in checked.faults] == [
        (name, "this file is missing from the corpus.")
    ]


def test_a_missing_folder_is_one_fault_with_the_setting_that_names_it(tmp_path: Path) -> None:
    """Nothing else is said when there is nothing to read."""
    checked = check_corpus(tmp_path / "gone")
    assert checked.corpus is None
    [fault] = checked.faults
    assert fault.where == str(tmp_path / "gone")
    assert "PRACTICE_FINDER_CORPUS" in fault.example


def test_an_empty_folder_lacks_every_list_and_every_practice(tmp_path: Path) -> None:
    """Both are said at once."""
    wheres = [fault.where for fault in check_corpus(tmp_path).faults]
    assert wheres == [*LISTS, "practices/"]


def test_a_corpus_without_practices_says_so(tmp_path: Path) -> None:
    """An empty corpus is a fault, though its lists are sound."""
    [fault] = check_corpus(write_corpus(tmp_path, {})).faults
    assert fault.where == "practices/"
    assert "no practice" in fault.message
    assert fault.example == "practices/my-practice.md"


def test_a_file_that_is_too_large_is_named_and_left_out(corpus: Path) -> None:
    """The bound on a file is told with the file."""
    fault = only_fault(corpus, practice_file() + "x" * MAX_FILE_BYTES)
    assert "1,000,000 bytes" in fault.message


def test_a_list_that_is_too_large_is_named_and_not_read(tmp_path: Path) -> None:
    """A list is thirty kilobytes; what is larger is a mistake and not taken apart."""
    corpus = write_corpus(tmp_path)
    with (corpus / "taxonomy.yaml").open("ab") as file:
        file.write(b"#" * MAX_FILE_BYTES)
    faults = check_corpus(corpus).faults
    assert [(fault.where, "1,000,000 bytes" in fault.message) for fault in faults] == [
        ("taxonomy.yaml", True)
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"Only words.", "front matter must stand"),
        (b"---\nid: operation-example\n", "front matter must stand"),
        (practice_file().encode("utf-16"), "is not UTF-8"),
        (practice_file(title="Caf\xe9").encode("latin-1"), "is not UTF-8"),
        (practice_file(body="A bell\x07rings.").encode(), "U+0007"),
        (practice_file().encode().replace(b"scale: local", b"scale: local: national"), "not valid YAML"),
        (practice_file().encode().replace(b"scale: local", b"stage: pilot"), "“stage” is given twice"),
        (practice_file().encode().replace(b"scale: local", b"2011: local"), "cannot be a key"),
        (practice_file().encode().replace(b"scale: local", b"scale: &a local"), "names for repeating"),
        (practice_file().encode().replace(b"scale: local", b"scale: !!int ''"), "tags"),
        (practice_file().encode().replace(b"2026-01-15", b"2026-13-45"), "“2026-13-45”"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_left_out(corpus: Path, content: bytes, message: str) -> None:
    """Encoding, control characters and YAML are faults of that file alone."""
    assert message in only_fault(corpus, content).message


def test_a_fault_of_yaml_gives_the_line_in_the_file(corpus: Path) -> None:
    """The line counts from the top of the file, so that an editor can go to it."""
    text = practice_file(stage="pilot").replace("scale: local", "stage: pilot")
    fault = only_fault(corpus, text)
    line = int(fault.where.rsplit(" ", 1)[1])
    assert text.split("\n")[line - 1] == "stage: pilot"
    assert text.split("\n").index("stage: pilot") < line - 1


@pytest.mark.parametrize("front", ["- a\n- b", "words", "3", "", "null"])
def test_front_matter_that_is_no_list_of_keys_says_so(corpus: Path, front: str) -> None:
    """Front matter is keys and values, whatever else YAML allows."""
    body = practice_file().split("---\n", 2)[2]
    assert "keys and values" in only_fault(corpus, f"---\n{front}\n---\n{body}").message


def test_sections_cannot_be_given_in_the_front_matter(corpus: Path) -> None:
    """Text has one place: under its heading."""
    fault = only_fault(corpus, practice_file().replace("---\n", "---\nsections: {aim: Mine}\n", 1))
    assert fault.where == f"{FILE}, sections"
    assert fault.example == "## Aim"


def test_a_folder_or_a_dead_link_with_the_name_of_a_practice_is_a_fault(tmp_path: Path) -> None:
    """Only files are read; anything else is named, not tripped over."""
    write_corpus(tmp_path)
    (tmp_path / "practices" / "folder.md").mkdir()
    (tmp_path / "practices" / "link.md").symlink_to(tmp_path / "nowhere")
    checked = check_corpus(tmp_path)
    assert checked.broken == ("practices/folder.md", "practices/link.md")
    assert checked.corpus is not None
    assert len(checked.corpus.practices) == 3


def test_a_file_name_that_is_not_utf8_is_a_fault_that_can_be_printed(tmp_path: Path) -> None:
    """A name from another system neither stops the reading nor the report of it."""
    write_corpus(tmp_path)
    path = tmp_path / "practices" / b"caf\xe9.md".decode(errors="surrogateescape")
    try:
        path.write_text(practice_file())
    except OSError:
        pytest.skip("this file system holds only names in UTF-8")
    checked = check_corpus(tmp_path)
    [fault] = checked.faults
    assert str(fault).encode()
    assert "same as the file name" in fault.message


def test_links_between_practices_that_are_there_are_no_fault(corpus: Path) -> None:
    """A variant and a link in the text may name any other practice."""
    text = practice_file(variant_of="return-talks", body="As in [the scheme](practice:safe-home-scheme).")
    assert check(corpus, text).faults == ()


# Invented throughout: telephone numbers are Ofcom's for drama, addresses are example domains.
PERSONAL = {
    "an e-mail address": ["first.last@example.org", "mailto:a@example.org.uk", "<a+b@example.org>"],
    "a telephone number": [
        "01632 960 123",
        "01632960123",
        "(01632) 960123",
        "01632-960-123",
        "020 7946 0958",
        "07700 900123",
        "07700.900.123",
        "07700\u00a0900123",
        "+44 1632 960123",
        "+44 (0)1632 960123",
        "+44(0)7700 900 123",
        "0044 7700 900123",
        "tel:01632960123",
        "01632 960123.",
    ],
    "a postcode": ["ZZ99 9ZZ", "EX4 1AA", "EX41AA", "W1A 1AA"],
    "a national insurance number": ["AB 12 34 56 C", "AB123456C", "ab123456c"],
    "a person's name": [
        "Mr Sample",
        "Mrs. Sample",
        "Dr Jane Sample",
        "PC J. Sample",
        "DCI J Sample",
        "Sgt O'Sample",
        "Ms McSample",
        "Prof\u00a0Sample",
        "Supt  Sample",
    ],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind in PERSONAL for text in PERSONAL[kind]])
def test_personal_data_is_named_by_kind_and_line_and_not_repeated(corpus: Path, kind: str, text: str) -> None:
    """Whoever reads the report learns where to look, and not what was there."""
    content = practice_file(body=f"First line.\n\nAsk {text} for help.")
    fault = only_fault(corpus, content)
    line = int(fault.where.rsplit(" ", 1)[1])
    assert f"Ask {text}" in content.split("\n")[line - 1]
    assert kind in fault.message
    assert text not in str(fault)


def test_personal_data_in_the_front_matter_is_found_with_its_line(corpus: Path) -> None:
    """Titles, summaries and evaluations are searched like the text."""
    content = practice_file(summary="Ring 01632 960 123 for help.")
    fault = only_fault(corpus, content)
    line = int(fault.where.rsplit(" ", 1)[1])
    assert content.split("\n")[line - 1].startswith("summary: ")


def test_personal_data_is_found_in_a_file_whose_yaml_does_not_parse(corpus: Path) -> None:
    """One fault does not hide another, and the worse one least of all."""
    text = practice_file(body="Ring 01632 960 123.").replace("scale: local", "scale: local: national")
    messages = [fault.message for fault in check(corpus, text).faults]
    assert any("not valid YAML" in message for message in messages)
    assert any("telephone number" in message for message in messages)


@pytest.mark.parametrize("value", ["first.last@example.org", "01632 960 123", "AB123456C", "Mrs Sample"])
@pytest.mark.parametrize("key", ["themes", "start", "stage", "variant_of", "heading"])
def test_no_other_fault_repeats_personal_data_either(corpus: Path, key: str, value: str) -> None:
    """A value in the wrong place is quoted in its fault, except for what must not be passed on."""
    if key == "heading":
        text = practice_file().replace("## Aim", f"## {value}")
    else:
        text = practice_file(**{key: [value] if key == "themes" else value})
    checked = check(corpus, text)
    assert len(checked.faults) >= 2
    assert all(value not in fault.message for fault in checked.faults)


@pytest.mark.parametrize(
    "text",
    [
        "in 2011",
        "from 2010-2011 and 2010–2011",
        "2019-2020 and 2020-2021",
        "2010/11",
        "2009 2010 2011 2012",
        "12,345 calls and 1,234,567 crimes",
        "£1,234,567",
        "0.012345678",
        "p = 0.0123456",
        "0.05 and 0.03",
        "section 136",
        "NHS 111",
        "call 999 or 101",
        "01/02/2020",
        "10.1080/14999013.2020.1234567",
        "https://doi.org/10.1080/07448481.2011.567893",
        "https://www.example.org/isbn/0140449136?projectid=01632960123",
        "ISBN 978-0-14-044913-6",
        "2026-11-23",
        "1234567890",
        "B1 2026",
        "Mr and Mrs",
        "a PC and a DC",
        "MS Office",
        "the @handle",
    ],
)
def test_figures_years_and_short_numbers_are_not_personal_data(text: str) -> None:
    """What practice texts are full of is let through."""
    assert personal_data_faults(FILE, [(1, text)]) == []


@pytest.mark.parametrize("name", LISTS)
def test_personal_data_in_a_list_is_named_by_kind_and_line_and_not_repeated(
    tmp_path: Path, name: str
) -> None:
    """The lists are as public as the practices; comments, which nobody sees built, are in them too."""
    path = write_corpus(tmp_path) / name
    lines = path.read_text().split("\n")
    path.write_text("\n".join([*lines[:2], "# Ask Mrs Sample, 01632 960 123", *lines[2:]]))
    checked = check_corpus(tmp_path)
    assert checked.corpus is None
    assert [fault.where for fault in checked.faults] == [f"{name}, line 3"] * 2
    assert {"telephone number" in fault.message for fault in checked.faults} == {True, False}
    assert not any("Sample" in str(fault) or "01632" in str(fault) for fault in checked.faults)


def test_web_addresses_in_lists_are_no_telephone_numbers(tmp_path: Path) -> None:
    """As in practices, the digits of an address are let through."""
    call = {**make_lists()["calls"]["calls"][0], "source": "https://www.example.org/?id=01632960123"}
    assert check_corpus(write_corpus(tmp_path, calls={"calls": [call]})).faults == ()


def test_no_fault_of_a_list_repeats_personal_data(tmp_path: Path) -> None:
    """A value in the wrong place is quoted in its fault, except for what must not be passed on."""
    call = {**make_lists()["calls"]["calls"][0], "opened": "01632 960 123", "kind": "first.last@example.org"}
    faults = check_corpus(write_corpus(tmp_path, calls={"calls": [call]})).faults
    assert len(faults) == 4
    assert not any("01632" in str(fault) or "first.last" in str(fault) for fault in faults)


def test_every_key_of_the_front_matter_has_an_example() -> None:
    """A fault shows what is right, whichever key it is of; sections have headings and no key."""
    assert set(EXAMPLES) == set(Practice.model_fields) - {"sections"}


def test_a_corpus_that_passes_gives_a_library_that_answers(tmp_path: Path) -> None:
    """What `check` lets through is what the service can start with: it weighs no reference in vain."""
    reference = {"id": "none", "label": "None", "kind": "volumes"}
    references = [*make_lists()["references"]["references"], reference]
    corpus = write_corpus(tmp_path / "corpus", references={"references": references})
    assert [fault.where for fault in check_corpus(corpus).faults] == ["references.yaml, none, weights"]
    reference["weights"] = [{"theme": "missing-people", "weight": 1}]  # type: ignore[assignment]
    write_corpus(corpus, references={"references": references})
    build(corpus, tmp_path / "index")
    assert Library(load(tmp_path / "index")).gaps.report("none").themes


NASTY = st.text(
    alphabet=st.sampled_from("-#: \n\r\t[]{}()'\"&*!|>?%@`~<=,.\\abidn0129é\x00\x85\u2028\ufeff\ufffe𝔘")
)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode), NASTY.map(str.encode)))
@example(b"---\n---\n")
@example(b"---\nid: operation-example\n---\n")
@example(b"---\n" + b"[" * 100_000 + b"\n---\n")
@example(b"---\nid: !!set [a]\n---\n## Aim\n")
@example(b"---\n? {a: b}\n: c\n---\n")
@example(b"---\nsources: {a: b}\nevidence: [a]\nstart: {}\n---\n")
def test_no_practice_file_makes_the_checks_raise(corpus: Path, content: bytes) -> None:
    """Whatever a file holds, it is a fault of that file and the others stay usable."""
    checked = check(corpus, content)
    assert checked.broken == (FILE,)
    assert checked.corpus is not None
    assert len(checked.corpus.practices) == 2
    assert all(fault.where.startswith(FILE) for fault in checked.faults)


@pytest.fixture(scope="module")
def lists_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a corpus of one practice, whose lists `check_with_lists` changes for a moment."""
    return write_corpus(tmp_path_factory.mktemp("lists"), {"operation-example": practice_file()})


def check_with_lists(corpus: Path, lists: Mapping[str, bytes]) -> CheckedCorpus:
    """Check a corpus with some of its lists replaced, and put them back."""
    before = {name: (corpus / f"{name}.yaml").read_bytes() for name in lists}
    changed = [name for name in lists if lists[name] != before[name]]
    try:
        for name in changed:
            (corpus / f"{name}.yaml").write_bytes(lists[name])
        return check_corpus(corpus)
    finally:
        for name in changed:
            (corpus / f"{name}.yaml").write_bytes(before[name])


@given(
    name=st.sampled_from([name.removesuffix(".yaml") for name in LISTS]),
    content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode), NASTY.map(str.encode)),
)
def test_no_list_makes_the_checks_raise(lists_corpus: Path, name: str, content: bytes) -> None:
    """Whatever a list holds, either it can be used or a fault names it."""
    checked = check_with_lists(lists_corpus, {name: content})
    if checked.corpus is None:
        assert any(fault.where.startswith(f"{name}.yaml") for fault in checked.faults)


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.datetimes(), st.text(max_size=20)
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(key=st.sampled_from([*Practice.model_fields, "other"]), value=VALUES)
def test_no_value_of_any_key_makes_the_checks_raise(corpus: Path, key: str, value: object) -> None:
    """Any YAML value in any place is valid or a fault, never an exception."""
    text = practice_file() if key in ("other", "sections") else practice_file(**{key: None})
    checked = check(corpus, text.replace("---\n", f"---\n{as_yaml({key: value})}", 1))
    assert checked.corpus is not None
    assert bool(checked.faults) == bool(checked.broken)


@given(
    part=st.sampled_from(
        ["themes", "approaches", "stage", "organisation", "calls", "references", "synonyms"]
    ),
    value=VALUES,
)
def test_no_value_in_a_list_makes_the_checks_raise(lists_corpus: Path, part: str, value: object) -> None:
    """Any YAML value in place of a list is valid or a fault, never an exception."""
    lists = make_lists(**{part: value})
    checked = check_with_lists(lists_corpus, {name: as_yaml(inner).encode() for name, inner in lists.items()})
    assert (checked.corpus is None) <= bool(checked.faults)


def test_a_file_that_is_no_practice_by_its_name_is_named(tmp_path: Path) -> None:
    """A practice saved as .MD or .docx is not passed over in silence; hidden files are."""
    corpus = write_corpus(tmp_path / "corpus")
    for name in ("upper.MD", "draft.docx", ".hidden", ".DS_Store"):
        (corpus / "practices" / name).write_bytes(b"x")
    assert [fault.where for fault in check_corpus(corpus).faults] == [
        "practices/draft.docx",
        "practices/upper.MD",
    ]
