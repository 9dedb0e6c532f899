"""CSV for spreadsheets: RFC 4180, UTF-8 with the mark Excel looks for, and no cell that acts as a formula.

A spreadsheet runs a cell that begins with = + - @; such text gets an apostrophe in front, which shows it as
text. The columns of a file are one list, from which the file and its description are both made.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

ACTS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
"""What a cell must not begin with; the last four hide one of the others from a check."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its name, what it means, and how to read its cell (by default, by its name)."""

    name: str
    description: str
    cell: Callable[[Any], object] | None = None

    def of(self, row: Any) -> object:
        """Return its cell in a row."""
        return self.cell(row) if self.cell else row[self.name]


def neutral(cell: object) -> object:
    """Return a cell that no spreadsheet runs; a list is written with semicolons, None as nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        return cell
    text = "; ".join(map(str, cell)) if isinstance(cell, list | tuple) else str(cell)
    return f"'{text}" if text.startswith(ACTS_AS_FORMULA) else text


def write(columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    """Return rows as CSV with a heading."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # the default dialect is that of RFC 4180
    writer.writerow([column.name for column in columns])
    writer.writerows([neutral(column.of(row)) for column in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def described(address: str, title: str, columns: Sequence[Column]) -> dict[str, Any]:
    """Describe a file to programs, after "Metadata Vocabulary for Tabular Data" (W3C 2015)."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": address,
        "dc:title": title,
        "tableSchema": {
            "columns": [
                {"name": column.name, "titles": column.name, "dc:description": column.description}
                for column in columns
            ]
        },
    }
