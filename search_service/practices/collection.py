"""Many practices in little memory: each is kept as the line of JSON it is stored as, and read when asked for.

A record in memory takes four times what its JSON does, and reading one takes a hundredth of a millisecond.
What has to be known of every practice at once (ids, closed lists) is read in one pass, into `columns`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from search_service.errors import NotFound
from search_service.practices.families import families_of
from search_service.practices.model import CLOSED_LISTS, Practice
from search_service.practices.reuse import Reuse

LINES, BOUNDS, COLUMNS = "practices.jsonl", "bounds.npy", "columns.json"

KEPT_READ = 1_000
"""How many practices read last are kept as records: some 15 MB. Pages show the same few again and again."""

Ids = tuple[str, ...]

PLAIN = ("ids", "titles", "summaries", "version_of", "starts")
"""The columns of one text a practice, in the order of `Columns`."""


class PracticeSummary(NamedTuple):
    """What a list shows of a practice, under the names it has in a `Practice`.

    It comes from columns: reading ten practices took as long as a third of a search that finds them.
    """

    id: str
    title: str
    summary: str
    year: int | None
    organisations: Ids
    regions: Ids
    themes: Ids
    approaches: Ids
    rating: str
    stage: str


@dataclass(frozen=True, slots=True)
class Columns:
    """What is asked of every practice at once, in the order of the practices.

    `version_of` holds the id of the practice that each is declared a version of; `families` that at the
    root of its family, which may be several versions away (see `families_of`); `values` the ids of each
    closed list; `starts` the partial dates of their beginnings.
    """

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    summaries: tuple[str, ...]
    version_of: tuple[str | None, ...]
    starts: tuple[str | None, ...]
    values: Mapping[str, tuple[Ids, ...]]
    families: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "families", families_of(self.ids, self.version_of))

    @property
    def ratings(self) -> tuple[str, ...]:
        """The evidence rating of each."""
        return tuple(rating for (rating,) in self.values["evidence"])

    @classmethod
    def read(cls, practices: Iterable[Practice]) -> Columns:
        """Read columns off practices in one pass."""
        rows = [
            (p.id, p.title, p.summary, p.variant_of, p.start, *map(p.values, CLOSED_LISTS)) for p in practices
        ]
        columns = list(zip(*rows, strict=True)) or [()] * (len(PLAIN) + len(CLOSED_LISTS))
        values = dict(zip(CLOSED_LISTS, map(_kept_once, columns[len(PLAIN) :]), strict=True))
        return cls(**dict(zip(PLAIN, columns, strict=False)), values=values)

    def updated(self, practices: Practices, reuse: Reuse) -> Columns:
        """Return the columns of `practices`, of which only those that changed are read."""
        read = Columns.read(practices[row] for row in reuse.changed.tolist())
        # Numbered from the end, so that a row of -1 is the first that was read, -2 the second, and so on.
        rows = reuse.origin.copy()
        rows[reuse.changed] = -1 - np.arange(len(reuse.changed))

        def merged(old: Sequence[Any], new: Sequence[Any]) -> tuple[Any, ...]:
            both = (*old, *reversed(new))
            return tuple(both[row] for row in rows.tolist())

        values = {name: _kept_once(merged(self.values[name], read.values[name])) for name in CLOSED_LISTS}
        plain = {name: merged(getattr(self, name), getattr(read, name)) for name in PLAIN}
        return Columns(**plain, values=values)

    def as_json(self) -> str:
        """Return what `from_json` reads; each combination of ids stands there once."""
        values = {}
        for name, column in self.values.items():
            numbers = {ids: number for number, ids in enumerate(dict.fromkeys(column))}
            values[name] = {"ids": list(numbers), "rows": [numbers[ids] for ids in column]}
        plain = {name: getattr(self, name) for name in PLAIN}
        return json.dumps({**plain, "values": values}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: bytes) -> Columns:
        """Read what `as_json` wrote."""
        stored = json.loads(text)
        values = {}
        for name, column in stored["values"].items():
            combinations = list(map(tuple, column["ids"]))
            values[name] = tuple(combinations[number] for number in column["rows"])
        return cls(**{name: tuple(stored[name]) for name in PLAIN}, values=values)


def _kept_once(column: Iterable[Ids]) -> tuple[Ids, ...]:
    """Return a column in which equal values are one object."""
    known: dict[Ids, Ids] = {}
    return tuple(known.setdefault(ids, ids) for ids in column)


class Practices(Sequence[Practice]):
    """An unchanging sequence of practices, kept as JSON."""

    def __init__(self, lines: bytes, bounds: NDArray[np.int64]) -> None:
        """Take lines one after another, and where each begins and the last one ends."""
        self._lines, self._bounds = lines, bounds
        # Of a function that does not hold this object: a cycle would keep an old snapshot in memory.
        self._read = lru_cache(KEPT_READ)(partial(_read, lines, bounds))

    @classmethod
    def of_lines(cls, lines: Sequence[bytes]) -> Practices:
        """Take practices as `line_of` writes them."""
        bounds = np.cumsum([0, *map(len, lines)], dtype=np.int64)
        return cls(b"".join(lines), bounds)

    def save(self, folder: Path) -> None:
        """Write lines and columns into `folder`."""
        np.save(folder / BOUNDS, self._bounds, allow_pickle=False)
        (folder / LINES).write_bytes(self._lines)
        (folder / COLUMNS).write_text(self.columns.as_json(), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Practices:
        """Read what `save` wrote."""
        loaded = cls((folder / LINES).read_bytes(), np.load(folder / BOUNDS, allow_pickle=False))
        loaded.columns = Columns.from_json((folder / COLUMNS).read_bytes())
        return loaded

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
        return (_read(self._lines, self._bounds, row) for row in range(len(self)))

    def line(self, row: int) -> bytes:
        """Return one practice as it is kept."""
        return self._lines[self._bounds[row] : self._bounds[row + 1]]

    @cached_property
    def columns(self) -> Columns:
        """What is asked of every practice at once."""
        return Columns.read(self)

    @cached_property
    def _rows(self) -> Mapping[str, int]:
        return {key: row for row, key in enumerate(self.columns.ids)}

    @cached_property
    def _rows_by_family(self) -> Mapping[str, list[int]]:
        """The rows of each family, by the id at its root."""
        rows: dict[str, list[int]] = {}
        for row, family in enumerate(self.columns.families):
            rows.setdefault(family, []).append(row)
        return rows

    @property
    def titles(self) -> tuple[str, ...]:
        """The title of each practice."""
        return self.columns.titles

    def summary(self, row: int) -> PracticeSummary:
        """Return what a list shows of one practice."""
        columns, values = self.columns, self.columns.values
        (rating,), (stage,) = values["evidence"][row], values["stage"][row]
        start = columns.starts[row]
        return PracticeSummary(
            columns.ids[row],
            columns.titles[row],
            columns.summaries[row],
            int(start[:4]) if start else None,
            values["organisation"][row],
            values["region"][row],
            values["theme"][row],
            values["approach"][row],
            rating,
            stage,
        )

    def has(self, key: str) -> bool:
        """Return whether there is a practice with this id."""
        return key in self._rows

    def row_of(self, key: str) -> int:
        """Return the row of one practice; raises NotFound."""
        if key not in self._rows:
            raise NotFound("practice", key)
        return self._rows[key]

    def by_id(self, key: str) -> Practice:
        """Return one practice; raises NotFound."""
        return self[self.row_of(key)]

    def known(self, ids: Iterable[str]) -> list[Practice]:
        """Return the practices that exist of these, each once, in the order given."""
        return [self.by_id(key) for key in dict.fromkeys(ids) if key in self._rows]

    def family_rows(self, key: str) -> list[int]:
        """Return the rows of a practice and all its versions; raises NotFound."""
        return self._rows_by_family[self.columns.families[self.row_of(key)]]

    def versions_of(self, practice: Practice) -> list[Practice]:
        """Return the other practices of the same family, the original first."""
        root = self.columns.families[self.row_of(practice.id)]
        others = (self[row] for row in self._rows_by_family[root])
        return sorted((one for one in others if one.id != practice.id), key=lambda one: one.id != root)

    def take_over(self, previous: Practices, reuse: Reuse) -> None:
        """Read columns off changed practices only; `previous` knows those of the others."""
        self.columns = previous.columns.updated(self, reuse)


def _read(lines: bytes, bounds: NDArray[np.int64], row: int) -> Practice:
    return Practice.model_validate_json(lines[bounds[row] : bounds[row + 1]])


def line_of(practice: Practice) -> bytes:
    """Return a practice as one line of JSON, line end included."""
    return practice.__pydantic_serializer__.to_json(practice) + b"\n"


def columns_of(practices: Sequence[Practice]) -> Columns:
    """Return `Columns` of any practices."""
    return practices.columns if isinstance(practices, Practices) else Columns.read(practices)
