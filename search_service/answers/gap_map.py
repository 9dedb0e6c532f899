"""The gap map: practices counted on two axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from search_service.answers.shapes import Answer, Label
from search_service.library import Library


class Heading(Label):
    """A row or column of the map with its number of distinct practices."""

    total: int


class Cell(Answer):
    """Where a row meets a column."""

    row: str
    column: str
    count: int
    by_evidence: dict[str, int]


class GapMap(Answer):
    """Practices counted on two axes, empty cells included."""

    row_list: str
    column_list: str
    rows: list[Heading]
    columns: list[Heading]
    cells: list[list[Cell]]
    practices: int
    unplaced: Annotated[int, Field(description="Practices in no cell: they lack a row or a column.")]
    empty: Annotated[int, Field(description="Cells without a practice.")]


def gap_map(library: Library, rows: str, columns: str) -> GapMap:
    """Present the map of two closed lists; raises InvalidRequest."""
    found = library.gaps.map(rows, columns)
    return {
        "row_list": rows,
        "column_list": columns,
        "rows": _headings(found.rows, found.row_totals.tolist()),
        "columns": _headings(found.columns, found.column_totals.tolist()),
        "cells": [
            [
                {
                    "row": row,
                    "column": column,
                    "count": sum(cell),
                    "by_evidence": dict(zip(found.ratings, cell, strict=True)),
                }
                for column, cell in zip(found.columns, line, strict=True)
            ]
            for row, line in zip(found.rows, found.counts.tolist(), strict=True)
        ],
        "practices": found.practices,
        "unplaced": found.unplaced,
        "empty": found.empty,
    }


def _headings(labels: Mapping[str, str], totals: Sequence[int]) -> list[Heading]:
    return [
        {"id": key, "label": label, "total": total}
        for (key, label), total in zip(labels.items(), totals, strict=True)
    ]
