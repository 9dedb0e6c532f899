"""One segment of a Whoosh index, held in memory: written once, then read.

Whoosh's own writer is made for indexes that change: it sorts single postings, and spills them to scratch
files, which cannot be read back where storage is memory. Nothing here changes once written, and texts come
in the order of their numbers, so that each term's postings are in order as they come. They are given
straight to the codec, term by term.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from whoosh import fields, formats, query
from whoosh.filedb.filestore import RamStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.index import TOC
from whoosh.searching import Searcher

from search_service.search.whoosh_codec import ArraysCodec

Postings = Mapping[tuple[str, str], Sequence[tuple[int, bytes]]]
"""By field and term, each text that holds it, in rising order: its number, and where, in rising order too, as
32-bit integers (nothing where places are not asked for)."""

NAME = "MAIN"


class _Memory(RamStorage):  # type: ignore[misc]  # whoosh has no types
    """Storage in memory: scratch files included, and without copies.

    Whoosh's own puts scratch files into one folder of a fixed name under the system's temporary folder,
    where two builds at once would meet, and anybody may write; and it copies a file for everyone who opens
    it, which is every thread.
    """

    def open_file(self, name: str, **options: Any) -> BufferFile:
        """Open a file for reading; its bytes are shared."""
        if name not in self.files:
            raise NameError(name)  # what Whoosh looks for
        return BufferFile(self.files[name], name=name, **options)

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
    def write(cls, size: int, names: Iterable[str], postings: Postings) -> Segment:
        """Write the postings of `size` texts in the fields of these names."""
        schema = fields.Schema(
            **{name: fields.FieldType(formats.Existence(), analyzer=None) for name in names}
        )
        written = cls({})
        storage, codec = written._storage, ArraysCodec()
        segment = codec.new_segment(storage, NAME)
        texts = codec.per_document_writer(storage, segment)
        for number in range(size):
            texts.start_doc(number)
            texts.finish_doc()
        texts.close()
        _write_terms(codec.field_writer(storage, segment), schema, postings)
        segment.set_doc_count(size)
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
