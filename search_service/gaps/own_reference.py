"""A programme's own reference, from a CSV file or from rows of values: read whole, or refused whole.

Whatever is wrong is said at once, each fault with its line and a right example; nothing is guessed.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search_service.errors import Fault, InvalidRequest
from search_service.gaps.reference import Reference
from search_service.practices.taxonomy import OWN_REFERENCE

OWN_LABEL = "Your own reference"

COLUMNS = ("theme", "weight", "source", "year")
REQUIRED = COLUMNS[:2]

MAX_CHARACTERS = 100_000
"""A line for each of a thousand themes, with its source; bounds what one request can cost."""

MAX_ROWS = 1_000

EXAMPLE = "theme,weight,source,year"
"""The first line of a file, as the messages quote it."""

_DIGITS = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")

CAVEAT = (
    "This reference was brought by whoever asked; it is not part of the collection, and nothing is known "
    "here of how it was made."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a reference as it was given: nothing in it has been checked."""

    where: str
    theme: object
    weight: object
    source: object = ""
    year: object = ""


@dataclass(frozen=True, slots=True)
class OwnReference:
    """A checked reference, and for each theme where its figure is said to be from."""

    reference: Reference
    sources: Mapping[str, str]
    years: Mapping[str, str]


def from_csv(text: str, themes: Mapping[str, str]) -> OwnReference:
    """Read a reference from CSV with the columns theme and weight, and if wanted source and year.

    A theme is given by id or label; `themes` maps one to the other. Commas, semicolons or tabs divide
    the columns. Raises InvalidRequest with every fault, by line.
    """
    if len(text) > MAX_CHARACTERS:
        message = (
            f"it has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read. Give each theme one line."
        )
        raise InvalidRequest([Fault("reference", message, f"{_any_of(themes)},2")])
    text = text.lstrip("\ufeff")
    heading = text.lstrip().partition("\n")[0]
    divider = next((mark for mark in (",", ";", "\t") if mark in heading), ",")
    lines = _lines(text, divider)
    if not lines:
        message = "it is empty; a heading and a line for each theme are needed."
        raise InvalidRequest([Fault("reference", message, EXAMPLE)])
    number, names = lines[0]
    columns = [name.strip().casefold() for name in names]
    if faults := _heading_faults(number, columns):
        raise InvalidRequest(faults)
    rows, faults = _rows(lines[1:], columns)
    return _checked(rows, themes, faults, ("reference", f"{_any_of(themes)},2"))


def from_rows(rows: Sequence[Row], themes: Mapping[str, str]) -> OwnReference:
    """Check rows that came as values; raises InvalidRequest with every fault."""
    example = f'"weights": [{{"theme": "{_any_of(themes)}", "weight": 2}}]'
    return _checked(rows, themes, [], ("weights", example))


def _lines(text: str, divider: str) -> list[tuple[int, list[str]]]:
    """Return the lines that hold anything, each with its number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider, strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        lines.extend((reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells))
    except csv.Error as error:
        where = f"line {reader.line_num}"
        raise InvalidRequest([Fault(where, f"this is not CSV: {error}.", "domestic-abuse,2")]) from None
    return lines


def _heading_faults(number: int, columns: Sequence[str]) -> list[Fault]:
    """Say what is wrong with the first line; without it no other can be understood."""
    where = f"line {number}"
    faults = [
        Fault(where, f"there is no column “{name}”.", EXAMPLE) for name in REQUIRED if name not in columns
    ]
    faults += [
        Fault(where, f"the column “{name[:80]}” is not known; known are {', '.join(COLUMNS)}.", EXAMPLE)
        for name in dict.fromkeys(columns)
        if name not in COLUMNS
    ]
    repeated = {name for name in columns if name in COLUMNS and columns.count(name) > 1}
    return faults + [
        Fault(where, f"the column “{name}” is there twice.", EXAMPLE) for name in sorted(repeated)
    ]


def _rows(lines: Sequence[tuple[int, list[str]]], columns: Sequence[str]) -> tuple[list[Row], list[Fault]]:
    """Return the lines by column, and a fault for each that does not fit the heading."""
    rows, faults = [], []
    for number, cells in lines[: MAX_ROWS + 1]:
        where = f"line {number}"
        if len(cells) > len(columns):
            message = (
                f"it has {len(cells)} cells where the heading has {len(columns)}; a cell that holds a comma "
                "must stand in quotation marks."
            )
            faults.append(Fault(where, message, 'domestic-abuse,2,"Crimes, all"'))
            continue
        values = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        rows.append(
            Row(
                where,
                values.get("theme", ""),
                values.get("weight", ""),
                values.get("source", ""),
                values.get("year", ""),
            )
        )
    return rows, faults


def _checked(
    rows: Sequence[Row], themes: Mapping[str, str], faults: list[Fault], whole: tuple[str, str]
) -> OwnReference:
    """Return the reference that the rows make; raises InvalidRequest with every fault.

    `whole` names the place of all rows together, and a right example of one.
    """
    where, example = whole
    if len(rows) > MAX_ROWS:
        message = f"it has more than {MAX_ROWS:,} lines; give each theme one."
        raise InvalidRequest([Fault(where, message, example)])
    ids = {key.casefold(): key for key in themes} | {label.casefold(): key for key, label in themes.items()}
    weights: dict[str, float] = {}
    seen: dict[str, str] = {}
    for row in rows:
        theme, weight = ids.get(str(row.theme).strip().casefold()), _number(row.weight)
        faults += _row_faults(row, theme, weight, seen, themes)
        if theme is not None:
            seen.setdefault(theme, row.where)
            weights[theme] = weight or 0.0
    if not faults and not any(weights.values()):
        faults.append(Fault(where, "at least one theme needs a weight above 0.", example))
    if faults:
        raise InvalidRequest(sorted(faults, key=lambda fault: _place(fault.where)))
    by_theme = {theme: row for row in rows if (theme := ids.get(str(row.theme).strip().casefold()))}
    sources = {theme: str(row.source).strip() for theme, row in by_theme.items() if row.source}
    years = {theme: str(row.year).strip() for theme, row in by_theme.items() if row.year}
    reference = Reference(OWN_REFERENCE, OWN_LABEL, weights, CAVEAT, tuple(dict.fromkeys(sources.values())))
    return OwnReference(reference, sources, years)


def _row_faults(
    row: Row, theme: str | None, weight: float | None, seen: Mapping[str, str], themes: Mapping[str, str]
) -> list[Fault]:
    """Say what is wrong with one row: its theme, its weight, or both."""
    faults = []
    if theme is None:
        given = str(row.theme)[:80]
        message = f"“{given}” is not one of the themes." if given.strip() else "the theme is missing."
        faults.append(Fault(row.where, message, _any_of(themes)))
    elif theme in seen:
        message = f"the theme “{themes[theme]}” is given twice, first on {seen[theme]}; give it one line."
        other = next((key for key in themes if key not in seen), theme)
        faults.append(Fault(row.where, message, f"{other},2"))
    if weight is None:
        given = str(row.weight)[:80]
        what = (
            f"the weight “{given}” is not a number of 0 or more" if given.strip() else "the weight is missing"
        )
        faults.append(Fault(row.where, f"{what}; write digits only, without commas or units.", "851062"))
    return faults


def _number(value: object) -> float | None:
    """Return a finite number of 0 or more, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and not _DIGITS.fullmatch(value.strip()):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _place(where: str) -> int:
    """Return the number of the line or row a fault is on, so that faults read from top to bottom."""
    number = where.rpartition(" ")[2]
    return int(number) if number.isdecimal() else 0


def _any_of(themes: Mapping[str, str]) -> str:
    return next(iter(themes), "domestic-abuse")
