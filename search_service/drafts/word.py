"""The text of a Word document (.docx), which is XML in a zip archive.

Only the text part is decompressed, up to a limit, and parsed as a stream; libraries for whole documents
decompress every part first, so a zip bomb in any part works. The parser does not expand namespaces: repeating
one of a megabyte for each tag and attribute would take hours or all memory, for a file of two kilobytes.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from xml.parsers import expat

from search_service.drafts.faults import refused
from search_service.errors import InvalidRequest

MAX_TEXT_PART_BYTES = 8 * 1024 * 1024
"""The XML is about ten times the text: enough for one ten times longer than can be compared."""

MAX_PARTS = 2_000
"""A document of a few pages has about twenty parts; one with a thousand pictures is no description."""

MAX_TAGS = 300_000
"""Word writes up to about five for each word; two million fit into eight kilobytes and take seconds."""

_TEXT_PART = re.compile(r"word/document\d*\.xml")
"""Word writes document.xml; online services may add a number."""

_NAMESPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",  # saved as "Strict Open XML Document"
)
_TEXT = frozenset((space, "t") for space in _NAMESPACES)
_LINE_MARKS = {
    (space, name): mark
    for space in _NAMESPACES
    for name, mark in {"p": "\n", "br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}.items()
}
_FALLBACK = ("http://schemas.openxmlformats.org/markup-compatibility/2006", "Fallback")

_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The two that the format allows; with others a file decides how much memory decompression takes."""

_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    LookupError,
    ValueError,
    OSError,
    expat.ExpatError,
)


class _Text:
    """Parser callbacks that collect the text, one line per paragraph.

    Tracked deletions have other tags and are left out, as is the copy of a text box for older programs.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._tags = self._fallbacks = 0
        self._in_text = False
        self._namespaces: dict[str, list[str]] = {}
        self._declared: list[tuple[str, ...]] = []

    def read(self, xml: bytes) -> str:
        """Return the text; raises ExpatError for malformed XML and InvalidRequest for unsafe XML."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.Parse(xml, True)
        return "".join(self._pieces)

    def _doctype(self, *_declared: object) -> None:
        """Refuse a document type, which can declare expanding entities."""
        raise refused(
            "it holds declarations that no Word document needs", "open it in Word, and save it again"
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        declared = tuple(name for name in attributes if name == "xmlns" or name.startswith("xmlns:"))
        self._declared.append(declared)
        self._tags += 1
        if self._tags > MAX_TAGS:
            raise _too_large()
        for name in declared:
            self._namespaces.setdefault(name[6:], []).append(attributes[name])
        known = self._resolve(tag)
        self._fallbacks += known == _FALLBACK
        self._in_text = known in _TEXT and not self._fallbacks
        if known in _LINE_MARKS and not self._fallbacks:
            self._pieces.append(_LINE_MARKS[known])

    def _end(self, tag: str) -> None:
        self._fallbacks -= self._resolve(tag) == _FALLBACK
        self._in_text = False
        for name in self._declared.pop():
            self._namespaces[name[6:]].pop()

    def _data(self, text: str) -> None:
        if self._in_text:
            self._pieces.append(text)

    def _resolve(self, tag: str) -> tuple[str, str]:
        """Resolve a tag to its namespace and local name."""
        prefix, _, name = tag.rpartition(":")
        spaces = self._namespaces.get(prefix)
        return (spaces[-1] if spaces else "", name)


def text_of(content: bytes) -> str:
    """Return the text, tables included, one line per paragraph; raises InvalidRequest."""
    try:
        return _Text().read(_text_part(content))
    except _DAMAGED as error:
        raise refused(
            "it is damaged, or no Word document", "open it in Word, and save it again as .docx"
        ) from error


def _text_part(content: bytes) -> bytes:
    """Decompress the text part, checking its size before and while it is read."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        part = next((part for part in parts if _TEXT_PART.fullmatch(part.filename)), None)
        if part is None:
            raise refused("it is an archive, but no Word document", "send a .docx file as Word saves it")
        if part.flag_bits & _ENCRYPTED:
            raise refused("it is protected by a password", "save it without a password")
        if part.compress_type not in _METHODS:
            raise zipfile.BadZipFile
        if len(parts) > MAX_PARTS or part.file_size > MAX_TEXT_PART_BYTES:
            raise _too_large()
        with archive.open(part) as stream:
            text = stream.read(MAX_TEXT_PART_BYTES + 1)
    if len(text) > MAX_TEXT_PART_BYTES:
        raise _too_large()
    return text


def _too_large() -> InvalidRequest:
    return refused(
        "it unfolds into far more than a description holds", "paste the part that says what is done"
    )
