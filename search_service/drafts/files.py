"""Reading a draft: what kind of file it is, and its text, or in words why it cannot be read.

A file is known by what is in it, not by its name, and every kind is bounded before it is taken apart: a few
kilobytes can unfold into gigabytes.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from search_service.drafts import pdf, word
from search_service.drafts.faults import EXAMPLE, refused
from search_service.errors import Fault, InvalidRequest

MAX_FILE_BYTES = 2 * 1024 * 1024
"""A description of an initiative is a few pages; larger files contain pictures, which are not read."""

TOO_LARGE = (
    "it has more than the 2 MB that can be read; save it without pictures, or paste its text.",
    EXAMPLE,
)
"""Message and example of the fault."""

MAX_ENDING_SHOWN = 12

_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
"""Control characters except tabs, line ends and page ends: text has none, binary files do."""

_TOGETHER = re.compile(r"\S{1,200}")
"""What is normalised at once: a word. Accents are put into order one by one past all others of their letter:
two megabytes of them on one letter would take an hour, and hold up every other request."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its ending, how it begins, what people call it, and what reads it."""

    ending: str
    begins: bytes
    name: str
    read: Callable[[bytes], str]


KINDS = (
    Kind(".docx", b"PK\x03\x04", "Word document", word.text_of),
    Kind(".pdf", b"%PDF-", "PDF", pdf.text_of),
)
"""Kinds that are known by how they begin; whatever begins otherwise is text, or is refused."""

TEXT_ENDINGS = (".txt", ".md", ".text", ".markdown")

ENDINGS = tuple(kind.ending for kind in KINDS) + TEXT_ENDINGS[:2]
"""What may be chosen in a file box."""

_AS_WORD = "open it, and save it as .docx without a password"

_REFUSED = {
    bytes.fromhex("d0cf11e0a1b11ae1"): (
        "it is protected by a password, or was saved by a Word older than 2007",
        _AS_WORD,
    ),
    b"{\\rtf": ("it is in the format RTF, which is not read", _AS_WORD),
}
"""How files begin that people take for Word documents, and what is said of them. The first is the container
that Word puts a document with a password into, and that Word 97 wrote."""


def read_draft(name: str, content: bytes) -> str:
    """Return the text of an uploaded file; raises InvalidRequest.

    `name` is the file's name as the sender gives it: only its ending is looked at.
    """
    if len(content) > MAX_FILE_BYTES:
        raise InvalidRequest([Fault("file", *TOO_LARGE)])
    if not content.strip():
        raise refused("it is empty", "send one with the description of an initiative in it")
    for begins, why in _REFUSED.items():
        if content.startswith(begins):
            raise refused(*why)
    kind = next((kind for kind in KINDS if content.startswith(kind.begins)), None)
    _refuse_wrong_name(PurePath(name.replace("\\", "/")).suffix.lower(), kind)
    text = _CONTROL.sub(" ", kind.read(content)) if kind else _plain_text(content)
    normal = _TOGETHER.sub(lambda word: unicodedata.normalize("NFC", word[0]), text).strip()
    if not normal:
        raise refused("there is no text in it", "send one with text, not with pictures of text")
    return normal


def _refuse_wrong_name(ending: str, kind: Kind | None) -> None:
    """Refuse a kind that is not read, and a file that is not what its name says; no ending says nothing."""
    claimed = next((known for known in KINDS if known.ending == ending), None)
    if not ending or (claimed and claimed is kind):
        return
    if claimed:
        what = f"it is called {ending} but is no {claimed.name}"
        raise refused(what, f"open it in the program that made it, and save it as {ending}", f"draft{ending}")
    if ending not in TEXT_ENDINGS:
        what = f"files of the kind {ending[:MAX_ENDING_SHOWN]} are not read; these are: {', '.join(ENDINGS)}"
        raise refused(what, "save it as .docx, or paste its text")
    if kind:
        raise refused(
            f"it is called {ending} but is no plain text",
            f"if it is a {kind.name}, let its name end in {kind.ending}",
            f"draft{kind.ending}",
        )


def _plain_text(content: bytes) -> str:
    """Decode text in UTF-8, in UTF-16 with its mark, or as Windows writes it."""
    mark = next((mark for mark in _BYTE_ORDER_MARKS if content.startswith(mark)), None)
    for encoding in [_BYTE_ORDER_MARKS[mark]] if mark else ["utf-8", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            break
        return text
    raise refused("it is not text that can be read", "save it with the encoding UTF-8", "draft.txt")
