"""One segment of a Whoosh index, held in memory: written once, then read.

Whoosh's own writer is made for indexes that change: it sorts single postings, and spills them to scratch
files, which cannot be read back where storage is memory. Nothing here changes once written, so each term's
whole list is given straight to the codec.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from whoosh import fields, formats, query
from whoosh.filedb.filestore import RamStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.index import TOC
from whoosh.searching import Searcher

from search_service.search.match.postings import Collector
from search_service.search.match.whoosh_codec import ArraysCodec, ListsWriter

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
    def write(cls, size: int, collected: Mapping[str, Collector]) -> Segment:
        """Write what was collected of `size` texts, by field."""
        schema = fields.Schema(
            **{name: fields.FieldType(formats.Existence(), analyzer=None) for name in collected}
        )
        written = cls({})
        storage, codec = written._storage, ArraysCodec()
        segment = codec.new_segment(storage, NAME)
        texts = codec.per_document_writer(storage, segment)
        for number in range(size):
            texts.start_doc(number)
            texts.finish_doc()
        texts.close()
        _write_terms(codec.field_writer(storage, segment), schema, collected)
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


def _write_terms(writer: ListsWriter, schema: fields.Schema, collected: Mapping[str, Collector]) -> None:
    """Write every term of every field, in the order that Whoosh wants: that of their bytes."""
    for name in sorted(collected):
        writer.start_field(name, schema[name])
        for term, postings in collected[name].postings():
            writer.start_term(term.encode())  # in UTF-8 bytes are in the order of the characters
            writer.add_list(postings)
            writer.finish_term()
        writer.finish_field()
    writer.close()
