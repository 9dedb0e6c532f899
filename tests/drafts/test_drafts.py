"""Reading an uploaded draft: text out of every kind that is read, and words for every kind that is not."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from draft_files import IDEA, docx, paragraph, pdf
from hypothesis import given
from hypothesis import strategies as st
from profiles import costly

from search_service.drafts import pdf as pdf_module
from search_service.drafts import word
from search_service.drafts.files import EXTENSIONS, MAX_FILE_BYTES, read_draft
from search_service.drafts.parts import PARTS, missing_parts
from search_service.errors import InvalidRequest
from search_service.library import Library

WHOLE = (
    "The problem: victims of domestic abuse rarely came back to us after the first call. With Women's Aid "
    "and the council, an adviser now sits with the response team and phones each victim within the hour. We "
    "hope that more of them accept help. Two posts cost £80,000 a year. A study by the university found "
    "fewer repeat calls. "
    "We learned that calls before noon go unanswered."
)


def refusal(name: str, content: bytes) -> str:
    """Return in words why a file is refused, having checked that the example is the name of a right file."""
    with pytest.raises(InvalidRequest) as refused:
        read_draft(name, content)
    [fault] = refused.value.faults
    assert fault.where == "file"
    assert fault.example in ("draft.docx", "draft.pdf", "draft.txt")
    return fault.message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("draft.docx", docx()),
        ("DRAFT.DOCX", docx()),
        ("draft.docx", docx(part="word/document2.xml")),
        ("draft.docx", docx(namespace="http://purl.oclc.org/ooxml/wordprocessingml/main")),
        ("draft", docx()),
        ("draft.pdf", pdf(IDEA)),
        ("draft.pdf", pdf(IDEA, key="", owner="somebody")),
        ("draft.txt", IDEA.encode()),
        ("draft.md", IDEA.encode()),
        ("", IDEA.encode()),
        ("draft.txt", IDEA.encode("utf-8-sig")),
        ("draft.txt", IDEA.encode("utf-16")),
    ],
)
def test_every_kind_gives_its_text(name: str, content: bytes) -> None:
    """Word, PDF and text; also a PDF that anyone may open but not change."""
    assert read_draft(name, content) == IDEA


def test_text_as_older_windows_programs_write_it_keeps_its_quotes_and_pounds() -> None:
    """Neither is lost when the file is not UTF-8."""
    text = "Each carer’s visit costs £40 – or less."
    assert read_draft("draft.txt", text.encode("cp1252")) == text


def test_a_word_document_is_read_a_line_a_paragraph_with_its_tables() -> None:
    """Words of two paragraphs or cells never run together."""
    cell = f"<w:tc>{paragraph('Cost')}</w:tc><w:tc>{paragraph('£40')}</w:tc>"
    body = (
        paragraph("Aim")
        + f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>"
        + "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t></w:r></w:p>"
    )
    assert read_draft("draft.docx", docx(body)).split("\n") == ["Aim", "Cost", "£40", "a", "b"]


def test_what_was_deleted_and_the_second_copy_of_a_text_box_are_left_out() -> None:
    """A deleted sentence is not what the writer means to send."""
    deleted = "<w:p><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del></w:p>"
    box = (
        f"<w:p><mc:AlternateContent><mc:Choice>{paragraph('in a box')}</mc:Choice>"
        f"<mc:Fallback>{paragraph('in a box')}</mc:Fallback></mc:AlternateContent></w:p>"
    )
    assert read_draft("draft.docx", docx(deleted + box)) == "in a box"


BROKEN = docx()[:-30]
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1_000)
ENTITIES = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(at + 1)} "{f"&{chr(at)};" * 10}">' for at in range(ord("a"), ord("j"))
)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("draft.txt", b"", "empty"),
        ("draft.docx", b" \n", "empty"),
        ("draft.txt", b"x" * (MAX_FILE_BYTES + 1), "2 MB"),
        ("draft.txt", bytes(range(256)), "not text"),
        ("draft.txt", IDEA.encode("utf-16-le"), "not text"),
        ("draft.txt", b"\xff\xfe\x00", "not text"),
        ("draft.txt", b"\xff\xfe \x00", "no text in it"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(50), ".jpg are not read"),
        ("table.xlsx", docx(), ".xlsx are not read"),
        ("draft.odt", docx(), ".odt are not read"),
        ("draft." + "x" * 500, b"text", "are not read"),
        ("draft.docx", IDEA.encode(), "called .docx but is no Word document"),
        ("draft.docx", pdf(IDEA), "called .docx but is no Word document"),
        ("draft.pdf", docx(), "called .pdf but is no PDF"),
        ("draft.txt", docx(), "called .txt but is no plain text"),
        ("draft.docx", OLE, "protected by a password"),
        ("draft.doc", OLE, "older than 2007"),
        ("draft.rtf", b"{\\rtf1 text}", "RTF"),
        ("draft.docx", BROKEN, "damaged"),
        ("draft.docx", b"PK\x03\x04" + bytes(100), "damaged"),
        ("draft.docx", docx("<w:p>"), "damaged"),
        ("draft.docx", docx(prolog='<?xml version="1.0" encoding="no-such"?>'), "damaged"),
        ("draft.docx", docx(method=zipfile.ZIP_LZMA), "damaged"),
        ("draft.docx", docx(part="xl/workbook.xml"), "no Word document"),
        ("draft.docx", docx(""), "no text in it"),
        ("draft.docx", docx("&j;", prolog=ENTITIES + "]>"), "declarations"),
        (
            "draft.docx",
            docx("&f;", prolog='<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
            "declarations",
        ),
        ("draft.pdf", b"%PDF-1.7 and nothing more", "damaged"),
        ("draft.pdf", pdf(IDEA)[:300], "damaged"),
        ("draft.pdf", pdf(IDEA, key="only we know"), "protected by a password"),
        ("draft.pdf", pdf(""), "pictures of pages"),
        ("draft.pdf", pdf(*["page"] * 61), "more than 60 pages"),
    ],
)
def test_a_wrong_file_is_refused_in_words(name: str, content: bytes, said: str) -> None:
    """Each says what was wrong and what would be right."""
    assert said in refusal(name, content)


def test_a_word_document_with_a_password_in_its_archive_is_refused() -> None:
    """The flag of encryption is looked at before anything is inflated."""
    content = bytearray(docx())
    for at in _places(content, b"PK\x01\x02"):
        content[at + 8] |= 1
    assert "password" in refusal("draft.docx", bytes(content))


@pytest.mark.parametrize("honest", [True, False], ids=["says how large it is", "lies about it"])
def test_a_zip_bomb_takes_no_more_memory_than_is_allowed(honest: bool) -> None:
    """A hundred megabytes in a hundred kilobytes are refused, whatever the archive says of itself."""
    content = bytearray(docx(paragraph("a" * 100_000_000)))
    if not honest:
        for at in _places(content, b"PK\x01\x02"):
            content[at + 24 : at + 28] = (1_000).to_bytes(4, "little")
    tracemalloc.start()
    try:
        assert refusal("draft.docx", bytes(content))
        assert tracemalloc.get_traced_memory()[1] < 4 * word.MAX_TEXT_PART_BYTES
    finally:
        tracemalloc.stop()


def test_very_many_parts_and_very_deep_nesting_are_survived() -> None:
    """Neither is a description; the first is refused, the second read."""
    buffer = io.BytesIO(docx())
    with zipfile.ZipFile(buffer, "a") as archive:
        for at in range(word.MAX_PARTS):
            archive.writestr(f"word/media/{at}.png", b"")
    assert "unfolds" in refusal("draft.docx", buffer.getvalue())
    deep = "<w:p>" * 200_000 + "<w:r><w:t>deep</w:t></w:r>" + "</w:p>" * 200_000
    assert read_draft("draft.docx", docx(deep)) == "deep"


LONG_NAME = "u" * 1_000_000


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (f'<d xmlns="{LONG_NAME}">' + "<a/>" * 100_000 + "</d>", "no text in it"),
        (
            f'<d xmlns:x="{LONG_NAME}" ' + " ".join(f'x:a{at}=""' for at in range(5_000)) + "/>",
            "no text in it",
        ),
        ("<d>" + "<a/>" * 1_500_000 + "</d>", "unfolds"),
    ],
    ids=["tags of a long namespace", "attributes of a long namespace", "very many tags"],
)
def test_xml_that_multiplies_in_the_parser_takes_neither_time_nor_memory(xml: str, said: str) -> None:
    """A few kilobytes would keep a parser that names every tag in full for minutes, or take gigabytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", xml)
    code = (
        "import sys, resource; from search_service.drafts.files import read_draft\n"
        "resource.setrlimit(resource.RLIMIT_AS, (400_000_000, 400_000_000))\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (5, 5))\n"
        "read_draft('draft.docx', sys.stdin.buffer.read())"
    )
    pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, "-c", code], input=buffer.getvalue(), capture_output=True, check=False
    )
    assert said in done.stderr.decode()


@pytest.mark.parametrize("accents", ["\u0301\u0316", "\u0f73"], ids=["two orders", "two in one"])
def test_a_letter_with_a_hundred_thousand_accents_is_read_at_once(accents: str) -> None:
    """Putting them into order takes the square of their number; each is a second and more."""
    began = time.process_time()
    assert read_draft("draft.txt", ("e\u0301 x" + accents * 50_000).encode()).startswith("é x")
    assert time.process_time() - began < 1


def test_a_namespace_holds_where_it_is_declared_and_no_further() -> None:
    """Whatever prefix a program gives it, or none; what it says within one tag does not last."""
    other = '<math xmlns="http://www.w3.org/1998/Math/MathML"><t>x</t></math>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f'<document xmlns="{word._NAMESPACES[0]}"><p>{other}<t>read</t></p>'
            f'<q:p xmlns:q="{word._NAMESPACES[1]}"><q:t>too</q:t></q:p></document>',
        )
    assert read_draft("draft.docx", buffer.getvalue()) == "read\ntoo"


def test_pdfs_are_read_one_at_a_time_and_the_next_does_not_wait_for_long() -> None:
    """A few that take all their time must not hold every thread of the service."""
    with pdf_module._LOCK:
        assert "another PDF" in refusal("draft.pdf", pdf(IDEA))
    with pytest.raises(InvalidRequest):
        read_draft("draft.pdf", pdf(IDEA)[:300])
    assert read_draft("draft.pdf", pdf(IDEA)) == IDEA


def test_a_pdf_that_is_not_read_in_time_is_given_up() -> None:
    """The process that reads it is stopped, and the file is refused."""
    with pytest.raises(InvalidRequest, match="too intricate"):
        pdf_module.text_of(pdf(IDEA), seconds=0.001)


@pytest.mark.parametrize(
    "content",
    [
        pdf("x", stream=b"BT " + b"0" * 200_000_000),
        pdf("x").replace(b"/Kids [ 4 0 R ]", b"/Kids [ 1 0 R ]"),
    ],
    ids=["unfolds", "pages that hold themselves"],
)
def test_a_pdf_made_to_take_all_there_is_is_refused(content: bytes) -> None:
    """Whatever becomes of the process that reads it, the one that asked goes on."""
    assert refusal("draft.pdf", content)


def test_the_process_that_reads_a_pdf_may_write_no_file_and_take_little_memory() -> None:
    """A fault in the library that reads PDFs finds a process that can do little."""
    pytest.importorskip("resource")
    code = (
        "import sys, resource; from search_service.drafts import pdf_process as p; p._limit_resources();"
        "print(resource.getrlimit(resource.RLIMIT_FSIZE)[0], resource.getrlimit(resource.RLIMIT_AS)[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    files, memory = map(int, done.stdout.split())
    assert files == 0
    assert 0 < memory <= 600_000_000  # -1 is no bound


def test_a_pdf_is_read_wherever_the_service_was_started(tmp_path: Path) -> None:
    """The process of its own finds our code from any folder, and takes none from the folder it is in."""
    (tmp_path / "pypdf.py").write_text("raise SystemExit(9)")
    code = (
        "import sys; from search_service.drafts.files import read_draft;"
        "print(read_draft('a.pdf', sys.stdin.buffer.read()))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], input=pdf(IDEA), capture_output=True, check=True, cwd=tmp_path
    )
    assert done.stdout.decode().strip() == IDEA


NAMES = st.sampled_from([f"draft{ending}" for ending in (*EXTENSIONS, "", ".doc", ".jpg")]) | st.text(
    max_size=20
)


@given(NAMES, st.binary(max_size=400) | st.binary(max_size=200).map(lambda rest: b"PK\x03\x04" + rest))
def test_no_bytes_give_anything_but_text_or_a_refusal(name: str, content: bytes) -> None:
    """Whatever is sent is read or refused in words."""
    assert _text_or_refusal(name, content)


@given(st.integers(0, 2**32), st.integers(1, 8))
def test_no_damage_to_a_word_document_gives_anything_but_text_or_a_refusal(seed: int, wounds: int) -> None:
    """A byte changed anywhere in the archive, its directory included."""
    assert _text_or_refusal("draft.docx", _damaged(docx(), seed, wounds))


@given(st.integers(0, 2**32), st.integers(1, 20))
@costly
def test_no_damage_to_a_pdf_gives_anything_but_text_or_a_refusal(seed: int, wounds: int) -> None:
    """Likewise for a PDF, in the process that reads it."""
    assert _text_or_refusal("draft.pdf", b"%PDF-" + _damaged(pdf(IDEA), seed, wounds)[5:])


def _places(content: bytes | bytearray, signature: bytes) -> list[int]:
    return [at for at in range(len(content)) if content.startswith(signature, at)]


def _damaged(content: bytes, seed: int, wounds: int) -> bytes:
    chance, damaged = random.Random(seed), bytearray(content)
    for _ in range(wounds):
        damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def _text_or_refusal(name: str, content: bytes) -> str:
    try:
        text = read_draft(name, content)
    except InvalidRequest as error:
        return str(error)
    assert "\x00" not in text
    return text


def test_a_whole_description_misses_nothing() -> None:
    """Each part is there, and none is asked for."""
    assert missing_parts(WHOLE) == ()


def test_a_few_sentences_on_what_is_done_miss_the_rest() -> None:
    """The parts come in the order in which a description is read, each with advice."""
    found = missing_parts("Officers visit every child who has been missing.")
    assert [part.label for part in found] == [
        "Aim or problem",
        "Partners",
        "Outcome",
        "Evaluation",
        "Cost",
        "Learning",
    ]
    assert all(part.advice.endswith(".") for part in found)


@pytest.mark.parametrize("part", [part.id for part in PARTS])
def test_a_text_without_words_misses_every_part(part: str) -> None:
    """Nothing is taken to be there by default."""
    assert part in {missing.id for missing in missing_parts("Gluon propagators.")}


def test_practices_that_state_their_cost_are_mostly_seen_to(library: Library) -> None:
    """The figures of docs/similar-drafts.md hold, with room for a changed corpus."""
    stated = [p for p in library.practices if "cost" in {section.key for section, _ in p.texts()}]
    silent = [p for p in library.practices if p not in stated]
    assert sum(_says("cost", p) for p in stated) > 0.85 * len(stated)
    assert sum(_says("cost", p) for p in silent) < 0.25 * len(silent)


def _says(part: str, practice: object) -> bool:
    text = "\n".join([practice.summary, *(text for _, text in practice.texts())])  # type: ignore[attr-defined]
    return part not in {missing.id for missing in missing_parts(text)}
