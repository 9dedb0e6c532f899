"""Read the text of an uploaded draft, or say why it cannot be read.

The content decides the file type, not the name. Sizes are limited before anything is unpacked, because a few
kilobytes can expand to gigabytes.
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
"""A description is a few pages; larger files contain pictures, which are not read."""

TOO_LARGE = (
    "it has more than the 2 MB that can be read; save it without pictures, or paste its text.",
    EXAMPLE,
)
"""Message and example of the fault."""

MAX_EXTENSION_SHOWN = 12

_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
"""Control characters except tabs, line and page ends: they occur in binary files, not in text."""

_WORD = re.compile(r"\S{1,200}")
"""The unit of Unicode normalisation, whose time is quadratic in the accents on one letter: two megabytes of
them would take an hour and block all other requests."""


@dataclass(frozen=True, slots=True)
class FileType:
    """A file type: its extension, first bytes, name and reader."""

    extension: str
    signature: bytes
    name: str
    read: Callable[[bytes], str]


FILE_TYPES = (
    FileType(".docx", b"PK\x03\x04", "Word document", word.text_of),
    FileType(".pdf", b"%PDF-", "PDF", pdf.text_of),
)
"""Types recognised by their first bytes; all else must be plain text."""

TEXT_EXTENSIONS = (".txt", ".md", ".text", ".markdown")

EXTENSIONS = tuple(kind.extension for kind in FILE_TYPES) + TEXT_EXTENSIONS[:2]
"""Extensions offered by the file picker."""

_SAVE_AS_DOCX = "open it, and save it as .docx without a password"

_UNSUPPORTED = {
    bytes.fromhex("d0cf11e0a1b11ae1"): (
        "it is protected by a password, or was saved by a Word older than 2007",
        _SAVE_AS_DOCX,
    ),
    b"{\\rtf": ("it is in the format RTF, which is not read", _SAVE_AS_DOCX),
}
"""First bytes of files often mistaken for Word documents, and the error for each. The first is the container
of password-protected documents and of Word 97."""


def read_draft(name: str, content: bytes) -> str:
    """Return the text of a file; only the extension of `name` is used. Raises InvalidRequest."""
    if len(content) > MAX_FILE_BYTES:
        raise InvalidRequest([Fault("file", *TOO_LARGE)])
    if not content.strip():
        raise refused("it is empty", "send one with the description of an initiative in it")
    for signature, why in _UNSUPPORTED.items():
        if content.startswith(signature):
            raise refused(*why)
    kind = next((one for one in FILE_TYPES if content.startswith(one.signature)), None)
    _refuse_wrong_name(PurePath(name.replace("\\", "/")).suffix.lower(), kind)
    text = _CONTROL.sub(" ", kind.read(content)) if kind else _plain_text(content)
    normal = _WORD.sub(lambda word: unicodedata.normalize("NFC", word[0]), text).strip()
    if not normal:
        raise refused("there is no text in it", "send one with text, not with pictures of text")
    return normal


def _refuse_wrong_name(extension: str, kind: FileType | None) -> None:
    """Refuse an unsupported extension, or one that does not match the content."""
    claimed = next((one for one in FILE_TYPES if one.extension == extension), None)
    if not extension or (claimed and claimed is kind):
        return
    if claimed:
        what = f"it is called {extension} but is no {claimed.name}"
        instead = f"open it in the program that made it, and save it as {extension}"
        raise refused(what, instead, f"draft{extension}")
    if extension not in TEXT_EXTENSIONS:
        shown = extension[:MAX_EXTENSION_SHOWN]
        what = f"files of the kind {shown} are not read; these are: {', '.join(EXTENSIONS)}"
        raise refused(what, "save it as .docx, or paste its text")
    if kind:
        raise refused(
            f"it is called {extension} but is no plain text",
            f"if it is a {kind.name}, let its name end in {kind.extension}",
            f"draft{kind.extension}",
        )


def _plain_text(content: bytes) -> str:
    """Decode UTF-8, UTF-16 with a byte order mark, or Windows-1252."""
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
