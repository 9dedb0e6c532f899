"""Matching by Whoosh: phrases, exclusions, prefixes and fields. The order comes from elsewhere.

Whoosh 2.7.4 is not maintained, so nothing outside this package knows of it. The index is held in
memory: a snapshot can be deleted from disk while it is being served.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import fields, query
from whoosh.analysis import Token as WhooshToken
from whoosh.analysis import Tokenizer
from whoosh.filedb.filestore import RamStorage
from whoosh.searching import Searcher

from search_service.errors import SnapshotDamaged
from search_service.practices.model import CLOSED_LISTS
from search_service.search.engine import Clause, IndexedDocument, Mask
from search_service.text.analysis import analyse, fold

WRITER_MEMORY_MB = 256
"""Whoosh's default (128) makes it spill and merge runs from about 10,000 practices on."""


class _Memory(RamStorage):  # type: ignore[misc]  # whoosh has no types
    """Storage in memory, scratch files included.

    Whoosh's own puts them into one folder of a fixed name under the system's temporary folder, where
    two builds at once would meet, and anybody may write.
    """

    def temp_storage(self, name: str | None = None) -> RamStorage:  # noqa: ARG002 - Whoosh's signature
        """Return storage for scratch files."""
        return RamStorage()


class ChainTokenizer(Tokenizer):  # type: ignore[misc]  # whoosh has no types
    """The project's analysis chain in the form Whoosh asks for; `stemmed` or only folded."""

    def __init__(self, stemmed: bool = True) -> None:
        self.stemmed = stemmed

    def __call__(
        self, value: str, positions: bool = False, chars: bool = False, **options: Any
    ) -> Iterator[WhooshToken]:
        """Yield Whoosh's one reused token for each word, as its tokenizers do.

        A position is left out where a line ends, so that no phrase runs from one into the next.
        """
        token = WhooshToken(positions, chars, removestops=False, mode=options.get("mode", ""))
        position, end = options.get("start_pos", 0) - 1, 0
        for found in analyse(value):
            position += 2 if "\n" in value[end : found.start] else 1
            end = found.end
            token.text = found.stem if self.stemmed else fold(value[found.start : found.end])
            token.boost = 1.0
            token.stopped = False
            if positions:
                token.pos = position
            if chars:
                token.startchar, token.endchar = found.start, found.end
            yield token


def _schema() -> fields.Schema:
    chain = ChainTokenizer()
    return fields.Schema(
        key=fields.STORED,
        text=fields.TEXT(analyzer=chain, phrase=True, stored=False),
        title=fields.TEXT(analyzer=chain, phrase=True, stored=False),
        word=fields.TEXT(analyzer=ChainTokenizer(stemmed=False), phrase=False, stored=False),
        **{name: fields.KEYWORD(commas=True) for name in CLOSED_LISTS},
    )


class WhooshEngine:
    """A `SearchEngine` on a Whoosh index in memory."""

    def __init__(self) -> None:
        self._storage = _Memory()
        self._size = 0
        self._local = threading.local()

    def build(self, documents: Sequence[IndexedDocument]) -> None:
        """Index `documents` in one segment, so that Whoosh's numbers are the caller's order."""
        self._storage = _Memory()
        writer = self._storage.create_index(_schema()).writer(limitmb=WRITER_MEMORY_MB)
        for document in documents:
            values = {name: ",".join(ids) for name, ids in document.values.items() if ids}
            writer.add_document(
                key=document.key,
                text=document.text,
                title=document.title,
                word=document.text,
                **values,
            )
        writer.commit(optimize=True)
        self._size = len(documents)

    def save(self, folder: Path) -> None:
        """Write the index's files into `folder`."""
        for name in self._storage.list():
            (folder / name).write_bytes(bytes(self._storage.files[name]))

    def load(self, folder: Path) -> None:
        """Read the index's files into memory."""
        self._storage = _Memory()
        try:
            for path in sorted(folder.iterdir()):
                self._storage.files[path.name] = path.read_bytes()
            self._size = self._searcher().doc_count_all()
        except Exception as error:  # what a damaged pickle raises has no bounds
            raise SnapshotDamaged(f"The Whoosh index in {folder} cannot be opened.") from error

    def keys(self) -> list[str]:
        """Return the documents' keys in order, to check against the practices."""
        return [stored["key"] for stored in self._searcher().reader().all_stored_fields()]

    def match(self, required: Sequence[Clause], excluded: Sequence[Clause]) -> Mask:
        """Return which documents meet every required clause and no excluded one."""
        mask = np.ones(self._size, dtype=bool)
        for clause in required:
            if mask.any():
                mask &= self._matching(clause)
        for clause in excluded:
            if mask.any():
                mask &= ~self._matching(clause)
        return mask

    def word_frequencies(self) -> dict[str, int]:
        """Return every indexed word (folded) with the number of documents that hold it."""
        reader = self._searcher().reader()
        return {
            term.decode("utf-8") if isinstance(term, bytes) else term: int(info.doc_frequency())
            for term, info in reader.iter_field("word")
        }

    def expand_prefix(self, prefix: str, limit: int) -> list[str]:
        """Return up to `limit` indexed words that begin with `prefix`, in order."""
        found: list[str] = []
        for term in self._searcher().reader().expand_prefix("word", prefix):
            if len(found) == limit:
                break
            found.append(term.decode("utf-8") if isinstance(term, bytes) else term)
        return found

    def _matching(self, clause: Clause) -> Mask:
        mask = np.zeros(self._size, dtype=bool)
        matched = list(self._searcher().docs_for_query(_whoosh_query(clause)))
        mask[matched] = True
        return mask

    def _searcher(self) -> Searcher:
        """Return this thread's searcher: Whoosh's readers keep state while they read."""
        if not hasattr(self._local, "searcher"):
            self._local.searcher = self._storage.open_index().searcher()
        return self._local.searcher


def _whoosh_query(clause: Clause) -> query.Query:
    """Translate one clause; terms are stems or ids already, so no parser is needed."""
    if clause.kind == "phrase" and len(clause.terms) > 1:
        return query.Phrase(clause.field, list(clause.terms), slop=1)
    if clause.kind == "prefix":
        return query.Prefix("word", clause.terms[0])
    return query.Term(clause.field, clause.terms[0])
