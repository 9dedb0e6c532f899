"""One segment of a Whoosh index, held in memory: written once, then only read.

A Whoosh index is a table of contents (.toc) and segments. A segment is an inverted index in two files:

    .trm   the term dictionary: where the postings of each term of each field begin
    .pst   the postings: the documents that contain a term, and its positions in each

What is in these files is decided by a codec, which is the extension point that Whoosh offers: whoever opens
an index gets readers from the codec of its segments. `ArrayCodec` is Whoosh's own codec, term dictionary
included, with other postings. Whoosh writes them in blocks of 128, each value pickled by itself and the block
compressed; here they are arrays, half the size, and a phrase is an intersection of arrays (1.3 ms against 29
at 10,000 practices: docs/decisions/010-whole-posting-lists.md).

Whoosh's index writer is not used either. It is made for indexes that change: it sorts posting by posting, and
spills them to scratch files, which cannot be read back where storage is memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import fields, formats
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Codec, W3TermInfo
from whoosh.filedb.filestore import RamStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.index import TOC
from whoosh.matching import ListMatcher
from whoosh.reading import TermNotFound

from search_service.search.match.postings import FieldInverter, Postings

NAME = "MAIN"


class ArrayCodec(W3Codec):  # type: ignore[misc]  # whoosh has no types
    """Whoosh's W3 codec, with the postings of a term as one run of 32-bit integers.

    number of documents | documents | frequencies | positions
    """

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> _PostingsWriter:  # noqa: ARG002 - its signature
        """Return the writer of one field's postings."""
        return _PostingsWriter(dbfile)

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Any, **_: Any) -> PostingsMatcher:
        """Return the postings of one term."""
        offset, (length,) = terminfo.extent()  # Whoosh gives the length as a tuple of one
        numbers = np.frombuffer(dbfile.get(offset, length), dtype=np.uint32)
        size = int(numbers[0])
        return PostingsMatcher(Postings(*np.split(numbers[1:], [size, 2 * size])), format_)


class _PostingsWriter(base.PostingsWriter):  # type: ignore[misc]  # whoosh has no types
    """Writes the postings of one field, term by term."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def start_postings(self, format_: formats.Format, terminfo: W3TermInfo) -> None:
        """Begin a term: there is nothing to prepare."""

    def add_posting(self, postings: Postings, *_: Any) -> None:
        """Write all postings of the term at once."""
        documents, offset = postings.documents, self._file.tell()
        for array in (np.array([len(documents)], dtype=np.uint32), *postings):
            self._file.write(array.tobytes())
        first, last = documents[[0, -1]].tolist()
        self._term = W3TermInfo(weight=len(documents), df=len(documents), minid=first, maxid=last)
        self._term.set_extent(offset, self._file.tell() - offset)

    def finish_postings(self) -> W3TermInfo:
        """Return what the term dictionary stores of the term."""
        return self._term


class PostingsMatcher(ListMatcher):  # type: ignore[misc]  # whoosh has no types
    """The postings of a term in the form that Whoosh's readers return."""

    def __init__(self, postings: Postings, format_: formats.Format) -> None:
        super().__init__(postings.documents.tolist(), format=format_)
        self.postings = postings


class _SharedMemory(RamStorage):  # type: ignore[misc]  # whoosh has no types
    """Storage in memory that lends its bytes to a reader, where Whoosh's own gives it a copy."""

    def open_file(self, name: str, **options: Any) -> BufferFile:
        """Open a file for reading."""
        if name not in self.files:
            raise NameError(name)  # the error that Whoosh expects
        return BufferFile(self.files[name], name=name, **options)


class Segment:
    """Documents that were indexed together, numbered from 0; safe to share between threads."""

    def __init__(self, files: dict[str, bytes]) -> None:
        """Open the files of a segment; whatever a damaged one makes Whoosh raise is raised here."""
        storage = _SharedMemory()
        storage.files = self._files = files
        self._reader = storage.open_index(NAME).reader()

    @classmethod
    def write(cls, size: int, inverted: Mapping[str, FieldInverter]) -> Segment:
        """Write the inverted fields of `size` documents."""
        schema = fields.Schema(
            **{name: fields.FieldType(formats.Existence(), analyzer=None) for name in inverted}
        )
        storage, codec = RamStorage(), ArrayCodec()
        segment = codec.new_segment(storage, NAME)
        segment.set_doc_count(size)
        writer = codec.field_writer(storage, segment)
        for name in sorted(inverted):
            writer.start_field(name, schema[name])
            for term, postings in inverted[name].postings():
                writer.start_term(term.encode())  # sorted, as Whoosh wants it: UTF-8 sorts as characters do
                writer.add(postings, None, None, None)  # passed on to `_PostingsWriter` as it is
                writer.finish_term()
            writer.finish_field()
        writer.close()
        TOC(schema, [segment], 1).write(storage, NAME)
        return cls(storage.files)

    def save(self, folder: Path) -> None:
        """Write the segment's files into `folder`."""
        for name, content in self._files.items():
            (folder / name).write_bytes(content)

    @classmethod
    def load(cls, folder: Path) -> Segment:
        """Read what `save` wrote."""
        return cls({path.name: path.read_bytes() for path in sorted(folder.iterdir())})

    def documents_with(self, field: str, terms: Sequence[str]) -> NDArray[np.integer]:
        """Return the numbers of the documents in which `terms` follow one another in `field`, ascending."""
        try:
            found: list[Postings] = [self._reader.postings(field, term.encode()).postings for term in terms]
        except TermNotFound:
            return np.zeros(0, dtype=np.int64)
        if len(found) == 1:
            return found[0].documents
        starts = found[0].occurrences()
        for offset, postings in enumerate(found[1:], start=1):
            starts = np.intersect1d(starts, postings.occurrences() - offset, assume_unique=True)
        return np.unique(starts >> 32)
