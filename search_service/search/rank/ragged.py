"""Rows of different lengths, kept flat: two arrays and no list for each practice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Flat = NDArray[np.integer]
Rows = NDArray[np.integer] | slice
EVERY = slice(None)


def smallest(values: ArrayLike) -> Flat:
    """Return whole numbers, none below 0, in the smallest type that holds them all."""
    array = np.asarray(values)
    return array.astype(np.min_scalar_type(int(array.max(initial=0))), copy=False)


@dataclass(frozen=True, slots=True)
class Ragged:
    """Columns of equal length in rows: row i of each is what stands from `first[i]` to `first[i + 1]`."""

    first: NDArray[np.int64]
    columns: Mapping[str, Flat]

    @classmethod
    def of(cls, lengths: ArrayLike, **columns: ArrayLike) -> Ragged:
        """Return rows of these lengths; columns hold whole numbers, none below 0."""
        first = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        return cls(first, {name: smallest(values) for name, values in columns.items()})

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.first) - 1

    def row(self, column: str, row: int) -> Flat:
        """Return one row of one column."""
        return self.columns[column][self.first[row] : self.first[row + 1]]

    def lengths(self, rows: Rows = EVERY) -> NDArray[np.int64]:
        """Return the length of each of these rows."""
        ends: NDArray[np.int64] = self.first[1:][rows] - self.first[:-1][rows]
        return ends

    def places(self, rows: Rows) -> NDArray[np.int64]:
        """Return where all that stands in these rows is to be found in the columns, row after row."""
        lengths = self.lengths(rows)
        begins = np.cumsum(lengths) - lengths
        return np.repeat(self.first[:-1][rows] - begins, lengths) + np.arange(lengths.sum())

    def take(self, rows: NDArray[np.integer]) -> Ragged:
        """Return these rows, in this order; neighbours are copied together."""
        apart = np.flatnonzero(np.diff(rows) != 1) + 1
        runs = [(run[0], run[-1] + 1) for run in np.split(rows, apart) if len(run)]
        spans = [slice(self.first[start], self.first[end]) for start, end in runs]
        columns = {
            name: np.concatenate([held[:0], *(held[span] for span in spans)])
            for name, held in self.columns.items()
        }
        return Ragged.of(self.lengths(rows), **columns)

    def mapped(self, column: str, to: NDArray[np.integer]) -> Ragged:
        """Return the same rows with each number of one column replaced by what `to` has in its place."""
        return Ragged(self.first, {**self.columns, column: smallest(to[self.columns[column]])})

    def woven(self, fresh: Ragged, is_kept: NDArray[np.bool_]) -> Ragged:
        """Return own rows where `is_kept`, and those of `fresh` where not, each in their order."""
        rows = np.where(is_kept, np.cumsum(is_kept), len(self) + np.cumsum(~is_kept)) - 1
        columns = {name: np.concatenate([held, fresh.columns[name]]) for name, held in self.columns.items()}
        return Ragged.of(np.concatenate([self.lengths(), fresh.lengths()]), **columns).take(rows)

    def arrays(self, name: str) -> dict[str, Flat]:
        """Return all that must be saved, under names that begin with `name`."""
        named = {f"{name}.{column}": held for column, held in self.columns.items()}
        return {f"{name}.first": self.first, **named}

    @classmethod
    def from_arrays(cls, name: str, stored: Mapping[str, Flat]) -> Ragged:
        """Return what `arrays` gave under this name."""
        columns = {
            key.removeprefix(f"{name}."): stored[key]
            for key in stored
            if key.startswith(f"{name}.") and key != f"{name}.first"
        }
        return cls(stored[f"{name}.first"].astype(np.int64), columns)
