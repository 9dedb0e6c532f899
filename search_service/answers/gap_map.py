"""The gap map: practices counted on two axes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from search_service.answers.shapes import Answer, Label
from search_service.gaps import gap_map as counted
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
        "rows": [_heading(one) for one in found.rows],
        "columns": [_heading(one) for one in found.columns],
        "cells": [
            [
                {
                    "row": cell.row,
                    "column": cell.column,
                    "count": cell.count,
                    "by_evidence": dict(cell.by_evidence),
                }
                for cell in line
            ]
            for line in found.cells
        ],
        "practices": found.practices,
        "unplaced": found.unplaced,
        "empty": found.empty,
    }


def _heading(one: counted.Heading) -> Heading:
    return {"id": one.id, "label": one.label, "total": one.total}
