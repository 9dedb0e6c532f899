"""A map of what there is and is not: practices counted on two axes, empty cells drawn too.

Made for themes x approaches, but any two lists of ids will do (theme x region, theme x evidence).
A practice counts once in every cell it belongs to, and once in every total: totals are distinct
practices, so they are not the sums of their cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

DARKEST = 4
"""Shades above empty: as many as readers tell apart at a glance in a table of one colour."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A row or column: its id, its label, and how many distinct practices carry it."""

    id: str
    label: str
    total: int


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a row meets a column: how many practices, of which evidence, and how dark.

    `by_evidence` holds (rating, count) in the order of the map, zeros included; the counts sum to
    `count`.
    """

    row: str
    column: str
    count: int
    by_evidence: tuple[tuple[str, int], ...]
    shade: int


@dataclass(frozen=True, slots=True)
class GapMap:
    """The whole map; `cells` holds one tuple for each row, in the order of `columns`.

    `practices` were given, and `unplaced` of them are in no cell: they lack a row or a column.
    """

    rows: tuple[Heading, ...]
    columns: tuple[Heading, ...]
    cells: tuple[tuple[Cell, ...], ...]
    evidence: tuple[str, ...]
    largest: int
    practices: int
    unplaced: int

    @property
    def empty(self) -> int:
        """How many cells have no practice."""
        return sum(not cell.count for line in self.cells for cell in line)


def gap_map(
    rows_of: Sequence[Collection[str]],
    columns_of: Sequence[Collection[str]],
    evidence: Sequence[str],
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    evidence_order: Sequence[str],
) -> GapMap:
    """Count practices in every cell of rows x columns.

    The first three say what each practice carries, one element per practice; `rows` and `columns`
    map id to label in the order to draw. Ids that are in neither are passed over, so that a map
    may show a part. Raises ValueError when the three differ in length or when a rating is not in
    `evidence_order`, since segments would then not add up.
    """
    if unknown := set(evidence) - set(evidence_order):
        raise ValueError(f"Not an evidence rating: {', '.join(sorted(unknown))}.")
    known_rows, known_columns = frozenset(rows), frozenset(columns)
    placed = [
        (known_rows.intersection(across), known_columns.intersection(down))
        for across, down in zip(rows_of, columns_of, strict=True)
    ]
    cells, largest = _cells(_counts(placed, evidence), rows, columns, evidence_order)
    return GapMap(
        rows=_headings(rows, [across for across, _ in placed]),
        columns=_headings(columns, [down for _, down in placed]),
        cells=cells,
        evidence=tuple(evidence_order),
        largest=largest,
        practices=len(placed),
        unplaced=sum(not (across and down) for across, down in placed),
    )


def _headings(labels: Mapping[str, str], carried: Sequence[Collection[str]]) -> tuple[Heading, ...]:
    """Count the distinct practices that carry each id."""
    totals = Counter(key for keys in carried for key in keys)
    return tuple(Heading(key, label, totals[key]) for key, label in labels.items())


def shade(count: int, largest: int) -> int:
    """Return how dark a cell is: 0 when empty, else 1 to 4 by its quarter of the largest cell.

    A share of up to a quarter of the largest is 1, up to a half 2, up to three quarters 3, above
    4; but never more than the count itself, so that one practice is never dark. Going by the
    largest cell and not by quantiles, the same shade means like numbers all over a map.
    """
    quarter = -(-DARKEST * count // largest) if largest else 0
    return min(count, quarter)


def _counts(
    placed: Sequence[tuple[Collection[str], Collection[str]]], evidence: Sequence[str]
) -> Counter[tuple[str, str, str]]:
    """Count practices by row, column and evidence rating."""
    return Counter(
        (row, column, rating)
        for (across, down), rating in zip(placed, evidence, strict=True)
        for row in across
        for column in down
    )


def _cells(
    counts: Mapping[tuple[str, str, str], int],
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    ratings: Sequence[str],
) -> tuple[tuple[tuple[Cell, ...], ...], int]:
    """Lay the counts out as rows of cells, and return them with the largest count."""
    segments = {
        (row, column): tuple((rating, counts.get((row, column, rating), 0)) for rating in ratings)
        for row in rows
        for column in columns
    }
    sizes = {at: sum(count for _, count in parts) for at, parts in segments.items()}
    largest = max(sizes.values(), default=0)
    cells = tuple(
        tuple(
            Cell(
                row=row,
                column=column,
                count=sizes[row, column],
                by_evidence=segments[row, column],
                shade=shade(sizes[row, column], largest),
            )
            for column in columns
        )
        for row in rows
    )
    return cells, largest
