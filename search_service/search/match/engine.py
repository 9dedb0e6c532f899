"""What a matching engine is: it answers structured questions, and nothing about order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from search_service.text.analysis import Token

Mask = NDArray[np.bool_]
"""One flag for each practice, in the order in which they were built."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition: a word or phrase (stems), a prefix (of folded words), or a list's value.

    `field` is "text" (everything searched), "title", or the name of a closed list.
    """

    kind: Literal["word", "phrase", "prefix", "value"]
    terms: tuple[str, ...]
    field: str = "text"


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """What an engine is given of one practice: text by field, ids by closed list.

    No phrase runs over the end of a line: fields, paragraphs and labels are lines of their own. `tokens`
    are those of `text`, where somebody has analysed it already.
    """

    key: str
    text: str
    title: str
    values: dict[str, tuple[str, ...]]
    tokens: Sequence[Token] | None = None


class Documents(Sequence[IndexedDocument]):
    """Documents that are made when they are asked for: those that need no indexing cost nothing."""

    def __init__(self, size: int, make: Callable[[int], IndexedDocument]) -> None:
        self._rows, self._make = range(size), make

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, row: int) -> IndexedDocument: ...

    @overload
    def __getitem__(self, row: slice) -> list[IndexedDocument]: ...

    def __getitem__(self, row: int | slice) -> IndexedDocument | list[IndexedDocument]:
        chosen = self._rows[row]
        return self._make(chosen) if isinstance(chosen, int) else [self._make(one) for one in chosen]


class SearchEngine(Protocol):
    """Built once, then asked; never changed."""

    def build(self, documents: Sequence[IndexedDocument]) -> None:
        """Index `documents`; their order is the order of every mask."""

    def save(self, folder: Path) -> None:
        """Write everything needed to answer into `folder`, which exists and is empty."""

    def load(self, folder: Path) -> None:
        """Read what `save` wrote; raises SnapshotDamaged where it cannot be used."""

    def match(self, required: Sequence[Clause], excluded: Sequence[Clause]) -> Mask:
        """Return which documents meet every required clause and no excluded one."""

    def document_frequencies(self) -> dict[str, int]:
        """Return every indexed word (folded) with the number of documents that hold it."""

    def expand_prefix(self, prefix: str, limit: int) -> list[str]:
        """Return up to `limit` indexed words (folded) that begin with `prefix`, in order."""
