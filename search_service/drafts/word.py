"""The text of a Word document (.docx), which is XML in a zip archive.

Only the part with the text is inflated, no more of it than is allowed, and read as a stream of tags:
libraries that read whole documents inflate every part first, so that a bomb in any of them goes off. The
parser leaves the names of tags as they are written: one that puts namespaces into them writes the name of a
namespace, which may have a megabyte, once for each tag and attribute, and a file of two kilobytes takes hours
or all memory.
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
"""The XML of a text is about ten times as long: enough for ten times the text that can be compared."""

MAX_PARTS = 2_000
"""A document of a few pages has some twenty parts; one with a thousand pictures is no description."""

MAX_TAGS = 300_000
"""Word writes some five for each word of a text much corrected, and few for most; two million fit into eight
kilobytes, and take seconds."""

_TEXT_PART = re.compile(r"word/document\d*\.xml")
"""Word calls it document.xml; what online services save may have a number in it."""

_NAMESPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",  # saved as "Strict Open XML Document"
)
_TEXT = frozenset((space, "t") for space in _NAMESPACES)
_MARKS = {
    (space, name): mark
    for space in _NAMESPACES
    for name, mark in {"p": "\n", "br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}.items()
}
_FALLBACK = ("http://schemas.openxmlformats.org/markup-compatibility/2006", "Fallback")

_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The two that the format allows; others let a file say how much memory is taken to inflate it."""

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
    """Takes the tags of a document as they come, and keeps its text, a line for each paragraph.

    What was deleted with changes tracked stands in other tags, and is left out; so is the second copy of
    a text box that Word keeps for older programs.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._tags = self._fallbacks = 0
        self._inside = False
        self._spaces: dict[str, list[str]] = {}
        self._declared: list[tuple[str, ...]] = []

    def read(self, xml: bytes) -> str:
        """Return the text; raises ExpatError, and InvalidRequest for what no text needs."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.Parse(xml, True)
        return "".join(self._pieces)

    def _doctype(self, *_declared: object) -> None:
        """Refuse a document type, which could declare entities that expand without end."""
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
            self._spaces.setdefault(name[6:], []).append(attributes[name])
        known = self._known(tag)
        self._fallbacks += known == _FALLBACK
        self._inside = known in _TEXT and not self._fallbacks
        if known in _MARKS and not self._fallbacks:
            self._pieces.append(_MARKS[known])

    def _end(self, tag: str) -> None:
        self._fallbacks -= self._known(tag) == _FALLBACK
        self._inside = False
        for name in self._declared.pop():
            self._spaces[name[6:]].pop()

    def _data(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)

    def _known(self, tag: str) -> tuple[str, str]:
        """Return the namespace of a tag's prefix here, and the rest of the tag."""
        prefix, _, name = tag.rpartition(":")
        spaces = self._spaces.get(prefix)
        return (spaces[-1] if spaces else "", name)


def text_of(content: bytes) -> str:
    """Return the paragraphs of a document, tables included, a line each; raises InvalidRequest."""
    try:
        return _Text().read(_text_part(content))
    except _DAMAGED as error:
        raise refused(
            "it is damaged, or no Word document", "open it in Word, and save it again as .docx"
        ) from error


def _text_part(content: bytes) -> bytes:
    """Return the part with the text, with its size limited before and during decompression."""
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
