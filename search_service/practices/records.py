"""Many practices in little memory: each is kept as the line of JSON it is stored as, and read when asked for.

A record in memory takes four times what its JSON does, and reading one takes a hundredth of a millisecond.
What has to be known of every practice at once (ids, closed lists) is read in one pass, into `columns`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import overload

import numpy as np

from search_service.practices.model import CLOSED_LISTS, Practice

FILE = "practices.jsonl"

KEPT_READ = 1_000
"""How many practices read last are kept as records: some 15 MB. Pages show the same few again and again."""

_LINE_END = ord("\n")


@dataclass(frozen=True, slots=True)
class Columns:
    """What is asked of every practice at once, in the order of the practices.

    `families` holds the id of the practice that each is a version of, its own where it is of none;
    `values` the ids of each closed list; `starts` the partial dates of their beginnings.
    """

    ids: tuple[str, ...]
    families: tuple[str, ...]
    starts: tuple[str | None, ...]
    values: dict[str, tuple[tuple[str, ...], ...]]


class Practices(Sequence[Practice]):
    """An unchanging sequence of practices, kept as JSON."""

    def __init__(self, lines: bytes) -> None:
        """Take one practice a line, as `line_of` writes them."""
        self._lines = lines
        ends = np.flatnonzero(np.frombuffer(lines, dtype=np.uint8) == _LINE_END)
        self._bounds = np.concatenate([[0], ends + 1])
        self._read = lru_cache(KEPT_READ)(self._read_row)

    @classmethod
    def of(cls, practices: Iterable[Practice]) -> Practices:
        """Keep records as lines."""
        return cls(b"".join(map(line_of, practices)))

    def save(self, folder: Path) -> None:
        """Write the lines into `folder`."""
        (folder / FILE).write_bytes(self._lines)

    @classmethod
    def load(cls, folder: Path) -> Practices:
        """Read what `save` wrote."""
        return cls((folder / FILE).read_bytes())

    def __len__(self) -> int:
        return len(self._bounds) - 1

    @overload
    def __getitem__(self, row: int) -> Practice: ...

    @overload
    def __getitem__(self, row: slice) -> tuple[Practice, ...]: ...

    def __getitem__(self, row: int | slice) -> Practice | tuple[Practice, ...]:
        if isinstance(row, slice):
            return tuple(self._read(one) for one in range(*row.indices(len(self))))
        return self._read(range(len(self))[row])

    def __iter__(self) -> Iterator[Practice]:
        return map(self._read_row, range(len(self)))

    def line(self, row: int) -> bytes:
        """Return one practice as it is kept."""
        return self._lines[self._bounds[row] : self._bounds[row + 1]]

    @cached_property
    def columns(self) -> Columns:
        """What is asked of every practice at once."""
        return _columns(self)

    def _read_row(self, row: int) -> Practice:
        return Practice.model_validate_json(self.line(row))


def line_of(practice: Practice) -> bytes:
    """Return a practice as one line of JSON, line end included."""
    return practice.__pydantic_serializer__.to_json(practice) + b"\n"


def columns_of(practices: Sequence[Practice]) -> Columns:
    """Return `Columns` of any practices."""
    return practices.columns if isinstance(practices, Practices) else _columns(practices)


def _columns(practices: Iterable[Practice]) -> Columns:
    """Read columns off practices in one pass, equal values kept once."""
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    heads: list[tuple[str, str, str | None]] = []
    values: dict[str, list[tuple[str, ...]]] = {name: [] for name in CLOSED_LISTS}
    for practice in practices:
        heads.append((practice.id, practice.variant_of or practice.id, practice.start))
        for name, column in values.items():
            own = practice.values(name)
            column.append(known.setdefault(own, own))
    ids, families, starts = zip(*heads, strict=True) if heads else ((), (), ())
    return Columns(ids, families, starts, {name: tuple(column) for name, column in values.items()})
