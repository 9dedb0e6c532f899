"""The gap map: practices counted on two axes, so that empty cells are seen.

Made for themes x approaches, but any two lists of ids will do (theme x region, theme x evidence).
A practice counts once in every cell it belongs to, and once in every total: totals are distinct
practices, so they are not the sums of their cells.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_SHADE = 4
"""Shades above empty: as many as readers tell apart at a glance in a table of one colour."""


@dataclass(frozen=True, slots=True)
class GapMap:
    """Practices by row, column and evidence rating: `counts` is rows x columns x ratings.

    `rows` and `columns` map id to label; their totals are of distinct practices. Of `practices`,
    `unplaced` are in no cell: they lack a row or a column.
    """

    rows: Mapping[str, str]
    columns: Mapping[str, str]
    ratings: tuple[str, ...]
    counts: NDArray[np.int64]
    row_totals: NDArray[np.int64]
    column_totals: NDArray[np.int64]
    practices: int
    unplaced: int

    @property
    def empty(self) -> int:
        """How many cells have no practice."""
        return int((self.counts.sum(axis=2) == 0).sum())


def gap_map(
    rows_of: Sequence[Collection[str]],
    columns_of: Sequence[Collection[str]],
    ratings_of: Sequence[str],
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    ratings: Sequence[str],
) -> GapMap:
    """Count practices in every cell of rows x columns.

    The first three hold what each practice carries; `rows` and `columns` map id to label in the order
    of the map. Ids that are in neither are ignored, so that a map may show a part.
    """
    row_places = {key: at for at, key in enumerate(rows)}
    column_places = {key: at for at, key in enumerate(columns)}
    counts = np.zeros((len(rows), len(columns), len(ratings)), dtype=np.int64)
    row_totals, column_totals = np.zeros(len(rows), dtype=np.int64), np.zeros(len(columns), dtype=np.int64)
    unplaced = 0
    for row_ids, column_ids, rating in zip(rows_of, columns_of, ratings_of, strict=True):
        across = sorted({row_places[key] for key in row_ids if key in row_places})
        down = sorted({column_places[key] for key in column_ids if key in column_places})
        row_totals[across] += 1
        column_totals[down] += 1
        counts[np.ix_(across, down, [ratings.index(rating)])] += 1
        unplaced += not (across and down)
    return GapMap(
        rows=rows,
        columns=columns,
        ratings=tuple(ratings),
        counts=counts,
        row_totals=row_totals,
        column_totals=column_totals,
        practices=len(rows_of),
        unplaced=unplaced,
    )


def shade(count: int, largest: int) -> int:
    """Return how dark a cell is: 0 if empty, else 1 to 4 by its quarter of the largest cell.

    A share of up to a quarter of the largest is 1, up to a half 2, up to three quarters 3, above
    4; but never more than the count itself, so that one practice is never dark. Going by the
    largest cell and not by quantiles, the same shade means similar numbers all over a map.
    """
    quarter = -(-MAX_SHADE * count // largest) if largest else 0
    return min(count, quarter)
