"""CSV for spreadsheets: RFC 4180, UTF-8 with the mark Excel looks for, and no cell that acts as a formula.

A spreadsheet runs a cell that begins with = + - @; such text gets an apostrophe in front, which shows it as
text. The columns of a file are one table, from which the file and its description are both made.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

ACTS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
"""What a cell must not begin with; the last four hide one of the others from a check."""

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Export(Generic[A]):
    """A CSV file made from an answer: its name without ending, its title, its columns and its rows.

    `columns` says what each holds; a row has a value for each, and may have others.
    """

    name: str
    title: str
    columns: Mapping[str, str]
    rows: Callable[[A], Iterable[Mapping[str, object]]]


def write(export: Export[A], answer: A) -> bytes:
    """Return the file, with a heading."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # the default dialect is that of RFC 4180
    writer.writerow(export.columns)
    writer.writerows([neutral(row[name]) for name in export.columns] for row in export.rows(answer))
    return text.getvalue().encode("utf-8-sig")


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


def described(address: str, export: Export[Any]) -> dict[str, object]:
    """Describe a file to programs, after "Metadata Vocabulary for Tabular Data" (W3C 2015)."""
    columns = [
        {"name": name, "titles": name, "dc:description": text} for name, text in export.columns.items()
    ]
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": address,
        "dc:title": export.title,
        "tableSchema": {"columns": columns},
    }
