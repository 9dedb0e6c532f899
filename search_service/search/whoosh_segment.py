"""One segment of a Whoosh index, held in memory: written once, then read.

Whoosh's own writer is made for indexes that change: it sorts single postings, spills them to scratch files
(which cannot be read back where storage is memory), pickles every position, and compresses every block.
Nothing here changes once written, and practices come in the order of their numbers, so that each term's
postings are in order as they come. They are given straight to Whoosh's codec, term by term.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from whoosh import fields, formats, query
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC
from whoosh.searching import Searcher

Places = array  # of unsigned 32-bit integers
"""Where a term stands in one text, in rising order."""

Postings = Mapping[tuple[str, str], Sequence[tuple[int, bytes]]]
"""By field and term, (number, encoded places) of each text that holds it, in rising order of number."""

NAME = "MAIN"


class PlacesFormat(formats.Positions):  # type: ignore[misc]  # whoosh has no types
    """Places as bare 32-bit integers: a fifth of the time of Whoosh's pickles to write and to read."""

    def decode_positions(self, value: bytes) -> list[int]:
        """Return the places of a term in a text."""
        return places_of(value).tolist()

    def decode_frequency(self, value: bytes) -> int:
        """Return how often a term stands in a text."""
        return len(value) // places_of(b"").itemsize


def places_of(value: bytes) -> Places[int]:
    """Return the places that a posting holds."""
    places = array("I")
    places.frombytes(value)
    return places


class _Memory(RamStorage):  # type: ignore[misc]  # whoosh has no types
    """Storage in memory, scratch files included.

    Whoosh's own puts them into one folder of a fixed name under the system's temporary folder, where
    two builds at once would meet, and anybody may write.
    """

    def temp_storage(self, name: str | None = None) -> RamStorage:  # noqa: ARG002 - Whoosh's signature
        """Return storage for scratch files."""
        return RamStorage()


class Segment:
    """Texts that were indexed together; threads may ask at once."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._storage = _Memory()
        self._storage.files = dict(files)
        self._local = threading.local()

    @classmethod
    def write(cls, size: int, with_places: Iterable[str], without: Iterable[str], postings: Postings) -> Segment:
        """Write the postings of `size` texts: fields with places, and fields of which only the texts are asked."""
        schema = fields.Schema(
            **{name: fields.FieldType(PlacesFormat(), analyzer=None) for name in with_places},
            **{name: fields.FieldType(formats.Existence(), analyzer=None) for name in without},
        )
        written = cls({})
        storage, codec = written._storage, W3Codec(compression=0)
        segment = codec.new_segment(storage, NAME)
        texts = codec.per_document_writer(storage, segment)
        for number in range(size):
            texts.start_doc(number)
            texts.finish_doc()
        texts.close()
        _write_terms(codec.field_writer(storage, segment), schema, postings)
        segment.set_doc_count(size)
        segment.create_compound_file(storage)
        TOC(schema, [segment], 1).write(storage, NAME)
        return written

    def save(self, folder: Path) -> None:
        """Write the segment's files into `folder`."""
        for name, content in self._storage.files.items():
            (folder / name).write_bytes(content)

    @classmethod
    def load(cls, folder: Path) -> Segment:
        """Read what `save` wrote; whatever a damaged file makes Whoosh raise is raised here."""
        loaded = cls({path.name: path.read_bytes() for path in sorted(folder.iterdir())})
        loaded.searcher()
        return loaded

    @property
    def files(self) -> Mapping[str, bytes]:
        """The segment's files, by name."""
        return self._storage.files  # type: ignore[no-any-return]  # whoosh has no types

    def matching(self, asked: query.Query) -> Iterator[int]:
        """Yield the numbers of the texts that `asked` matches."""
        return self.searcher().docs_for_query(asked)  # type: ignore[no-any-return]  # whoosh has no types

    def searcher(self) -> Searcher:
        """Return this thread's searcher: Whoosh's readers keep state while they read."""
        if not hasattr(self._local, "searcher"):
            self._local.searcher = self._storage.open_index(NAME).searcher()
        return self._local.searcher


def _write_terms(writer: Any, schema: fields.Schema, postings: Postings) -> None:
    """Give the codec every term in order, with its postings."""
    last = ""
    # Whoosh wants terms in the order of their bytes, which for UTF-8 is that of the characters.
    for name, term in sorted(postings):
        if name != last:
            if last:
                writer.finish_field()
            writer.start_field(name, schema[name])
            last = name
        writer.start_term(term.encode())
        for number, places in postings[name, term]:
            writer.add(number, 1.0, places, None)
        writer.finish_term()
    if last:
        writer.finish_field()
    writer.close()
