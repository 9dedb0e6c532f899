"""Matching by Whoosh: words, phrases and fields. The order comes from elsewhere.

Whoosh 2.7.4 is not maintained, so nothing outside this package knows of it. The index is held in
memory: a snapshot can be deleted from disk while it is being served.

An index is one segment, or two. A build that takes over the last snapshot keeps its first segment as it is,
notes which of its texts are still current, and indexes all that changed since into a second one. What a
number of Whoosh's stands for is told by `_Part.rows`, so that nothing is ever deleted or merged.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_service.errors import SnapshotDamaged
from search_service.practices.model import CLOSED_LISTS
from search_service.practices.reuse import Reuse
from search_service.search.match.engine import Clause, IndexedDocument, Mask
from search_service.search.match.postings import FieldInverter, Numbering
from search_service.search.match.whoosh_segment import Segment
from search_service.search.match.words import Words
from search_service.text.analysis import MAX_TYPED_LENGTH, Token, analyse, fold

MAX_SINCE = 0.1
"""When more than this share of the practices has changed since all were indexed together, they are again:
by then the second segment takes a tenth of the time of the first to write, at every publication."""

MIN_SINCE = 50
"""… but so many may always have changed: they are indexed in a few hundredths of a second."""

FIRST, SINCE = "first", "since"
TEXT, TITLE = "text", "title"


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment, and the row of each of its texts; -1 for what was changed or removed since."""

    segment: Segment
    rows: NDArray[np.int32]

    def matching(self, clause: Clause) -> NDArray[np.int32]:
        """Return the rows that meet a clause; its terms are stems or ids already, so no parser is needed."""
        rows: NDArray[np.int32] = self.rows[self.segment.documents_with(clause.field, clause.terms)]
        return rows[rows >= 0]


class WhooshEngine:
    """A `SearchEngine` on a Whoosh index in memory."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._parts: tuple[_Part, ...] = ()
        self._words = Words.none()

    def build(
        self,
        documents: Sequence[IndexedDocument],
        previous: WhooshEngine | None = None,
        reuse: Reuse | None = None,
    ) -> None:
        """Index `documents`; with `previous` and `reuse` only those that `previous` cannot answer for.

        Documents that need no indexing are not touched: the sequence may make each when it is asked for.
        """
        rows = np.arange(len(documents), dtype=np.int32)
        if previous is None or reuse is None or not previous._parts:
            indexing = _Indexing(documents, rows, set(rows.tolist()))
            self._parts = (_Part(indexing.segment(), rows),)
            self._words, self._keys = indexing.words(), list(indexing.keys.values())
            return
        first = previous._parts[0]
        moved = reuse.moved(first.rows, len(previous._keys))
        since = np.setdiff1d(rows, moved)
        if len(since) > max(MIN_SINCE, MAX_SINCE * len(rows)):
            self.build(documents)
            return
        indexing = _Indexing(documents, since, set(reuse.changed.tolist()))
        self._parts = (_Part(first.segment, moved), _Part(indexing.segment(), since))
        self._words = previous._words.updated(indexing.words(), reuse)
        self._keys = [
            previous._keys[row] if row >= 0 else indexing.keys[now]
            for now, row in enumerate(reuse.origin.tolist())
        ]

    def save(self, folder: Path) -> None:
        """Write everything needed to answer into `folder`."""
        for name, part in zip((FIRST, SINCE), self._parts, strict=False):
            (folder / name).mkdir()
            part.segment.save(folder / name)
            np.save(folder / f"{name}.npy", part.rows, allow_pickle=False)
        self._words.save(folder)
        (folder / "keys.json").write_text(json.dumps(self._keys), encoding="utf-8")

    def load(self, folder: Path) -> None:
        """Read what `save` wrote into memory."""
        try:
            self._parts = tuple(
                _Part(Segment.load(folder / name), np.load(folder / f"{name}.npy", allow_pickle=False))
                for name in (FIRST, SINCE)
                if name == FIRST or (folder / name).exists()
            )
            self._words = Words.load(folder)
            self._keys = json.loads((folder / "keys.json").read_text(encoding="utf-8"))
        except Exception as error:  # what a damaged pickle raises has no bounds
            raise SnapshotDamaged(f"The Whoosh index in {folder} cannot be opened.") from error

    def keys(self) -> list[str]:
        """Return the documents' keys in order, to check against the practices."""
        return self._keys

    def match(self, required: Sequence[Clause], excluded: Sequence[Clause]) -> Mask:
        """Return which documents meet every required clause and no excluded one."""
        mask = np.ones(len(self._keys), dtype=bool)
        for clause in required:
            if mask.any():
                mask &= self._matching(clause)
        for clause in excluded:
            if mask.any():
                mask &= ~self._matching(clause)
        return mask

    def document_frequencies(self) -> dict[str, int]:
        """Return every indexed word (folded) with the number of documents that hold it."""
        return self._words.frequencies()

    def expand_prefix(self, prefix: str, limit: int) -> list[str]:
        """Return up to `limit` indexed words that begin with `prefix`, in order."""
        return list(self._words.beginning_with(prefix)[:limit])

    def _matching(self, clause: Clause) -> Mask:
        if clause.kind == "prefix":
            return self._words.holding(clause.terms[0])
        mask = np.zeros(len(self._keys), dtype=bool)
        for part in self._parts:
            mask[part.matching(clause)] = True
        return mask


class _Indexing:
    """What is to be written of the documents in some rows; words only of those that are new."""

    def __init__(
        self, documents: Sequence[IndexedDocument], rows: NDArray[np.int32], new: Container[int]
    ) -> None:
        self._total, self._indexed = len(documents), len(rows)
        self._fields = {name: FieldInverter() for name in (TEXT, TITLE, *CLOSED_LISTS)}
        self._forms, self._words, self._rows = _Forms(), array("I"), array("I")
        self.keys: dict[int, str] = {}
        for row in rows.tolist():
            document = documents[row]
            tokens = tuple(analyse(document.text)) if document.tokens is None else document.tokens
            self._add(document, tokens)
            self.keys[row] = document.key
            if row in new:
                forms, text = self._forms, document.text
                words = {forms[text[token.start : token.end]] for token in tokens}
                self._words.extend(words)
                self._rows.extend([row] * len(words))

    def segment(self) -> Segment:
        """Return all of it as one segment."""
        return Segment.write(self._indexed, self._fields)

    def words(self) -> Words:
        """Return which of the new documents hold which words."""
        numbers = np.asarray(self._words)
        rows = np.asarray(self._rows)
        return Words.build(list(self._forms.words), numbers, rows, self._total)

    def _add(self, document: IndexedDocument, tokens: Sequence[Token]) -> None:
        for name, text, found in (
            (TEXT, document.text, tokens),
            (TITLE, document.title, tuple(analyse(document.title))),
        ):
            self._fields[name].add([token.stem for token in found], _positions(text, found))
        for name in CLOSED_LISTS:
            ids = document.values.get(name, ())
            self._fields[name].add(ids, range(len(ids)))


class _Forms(dict[str, int]):
    """Numbers words by what they are folded to, under each form in which they were written."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Numbering()

    def __missing__(self, written: str) -> int:
        number = self[written] = self.words[fold(written[:MAX_TYPED_LENGTH])]
        return number


def _positions(text: str, tokens: Iterable[Token]) -> list[int]:
    """Return the position of each word, counted in words.

    A position is skipped at the end of each line, so that no phrase runs over it.
    """
    positions: list[int] = []
    position, line_end = -1, text.find("\n")
    for _, start, _ in tokens:
        position += 1
        if 0 <= line_end < start:
            position += 1
            line_end = text.find("\n", start)
        positions.append(position)
    return positions
