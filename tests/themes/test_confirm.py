"""The rule kept here: confirming a theme changes the themes of one file, and no other byte of anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import practice_file, write_corpus
from hypothesis import given
from hypothesis import strategies as st

from search_service.errors import InvalidRequest
from search_service.practices.checks import check_corpus
from search_service.themes.confirm import confirm, decline, declined, with_theme

HEAD = b'---\nid: one\ntitle: "themes: [not these]"\n'
TAIL = b"regions: [wales]\n---\n## Aim\nthemes: [nor these]\n\n---\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"themes: [fraud]\n", b"themes: [fraud, stalking]\n"),
        (b"themes: []\n", b"themes: [stalking]\n"),
        (b"themes:   [ fraud , missing, ]   # two\n", b"themes:   [fraud , missing, stalking]   # two\n"),
        (b"themes:\n  - fraud\n", b"themes:\n  - fraud\n  - stalking\n"),
        (b"themes:\n- fraud\n- missing # old\n", b"themes:\n- fraud\n- missing # old\n- stalking\n"),
        (b"themes: [stalking]\n", b"themes: [stalking]\n"),
    ],
)
def test_a_theme_is_added_in_the_form_the_file_has(before: bytes, after: bytes) -> None:
    """Lists on a line, lists below, comments; and a theme that is there stays as it is."""
    assert with_theme("one.md", HEAD + before + TAIL, "stalking") == HEAD + after + TAIL


def test_a_file_without_themes_gets_a_line_of_them() -> None:
    """The line comes last, with the line ending the file has."""
    content = b"---\r\nid: one\r\n---\r\n## Aim\r\ntext"
    assert with_theme("one.md", content, "fraud") == (
        b"---\r\nid: one\r\nthemes: [fraud]\r\n---\r\n## Aim\r\ntext"
    )


@given(
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=200),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
)
def test_every_other_byte_stays(body: str, ending: bytes, mark: bool) -> None:
    """Whatever the text, the line endings and the mark at the start."""
    start = (b"\xef\xbb\xbf" if mark else b"") + HEAD.replace(b"\n", ending)
    rest = TAIL.replace(b"\n", ending) + body.encode()
    changed = with_theme("one.md", start + b"themes: [fraud]" + ending + rest, "stalking")
    assert changed == start + b"themes: [fraud, stalking]" + ending + rest


@pytest.mark.parametrize(
    "front",
    [
        b"themes: fraud\n",
        b"themes: [fraud,\n  missing]\n",
        b'themes: ["a]b"]\n',
        b"themes: {a: b}\n",
        b"themes: [\n",
    ],
)
def test_a_form_that_cannot_be_added_to_is_refused(front: bytes) -> None:
    """Rather than change more than was asked, nothing is changed and the right form is shown."""
    with pytest.raises(InvalidRequest) as caught:
        with_theme("practices/one.md", HEAD + front + TAIL, "stalking")
    assert "practices/one.md" in caught.value.faults[0].where


def test_a_confirmed_theme_is_in_the_corpus_and_nothing_else_changed(tmp_path: Path) -> None:
    """The file is still sound, keeps its permissions, and no other file is touched or left behind."""
    corpus = write_corpus(tmp_path / "corpus", {"one": practice_file("one"), "two": practice_file("two")})
    theme = check_corpus(corpus).corpus.taxonomy.themes[-1].id  # type: ignore[union-attr]
    path = corpus / "practices" / "one.md"
    path.chmod(0o640)
    before = {file: file.read_bytes() for file in corpus.rglob("*") if file.is_file()}
    assert confirm(corpus, "one", theme)
    assert not confirm(corpus, "one", theme)
    after = {file: file.read_bytes() for file in corpus.rglob("*") if file.is_file()}
    assert {file for file in after if after[file] != before.get(file)} == {path}
    assert path.stat().st_mode & 0o777 == 0o640
    checked = check_corpus(corpus)
    assert checked.faults == ()
    assert theme in next(one for one in checked.corpus.practices if one.id == "one").themes  # type: ignore[union-attr]


def test_a_practice_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The index may be older than the corpus."""
    with pytest.raises(InvalidRequest, match="the file is not there"):
        confirm(tmp_path, "gone", "fraud")


def test_what_was_declined_is_remembered_and_may_be_lost(tmp_path: Path) -> None:
    """A list that cannot be read costs only that it is asked again."""
    assert declined(tmp_path) == set()
    decline(tmp_path, [("one", "fraud")])
    decline(tmp_path, [("two", "fraud"), ("one", "fraud")])
    assert declined(tmp_path) == {("one", "fraud"), ("two", "fraud")}
    for damaged in ("{", "[1, 2]", "[[1]]"):
        (tmp_path / "declined-themes.json").write_text(damaged, encoding="utf-8")
        assert declined(tmp_path) == set()


def test_a_file_whose_lines_end_as_nowhere_else_is_refused() -> None:
    """Lines ended by a carriage return alone can be read, but not added to."""
    content = (HEAD + b"themes: [fraud]\n" + TAIL).replace(b"\n", b"\r")
    with pytest.raises(InvalidRequest, match="cannot be added to"):
        with_theme("one.md", content, "stalking")
