"""A reader's own reference, from a CSV file or from rows of values: read whole, or refused whole.

All faults are reported at once, each with its line and a right example; nothing is guessed.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from search_service.errors import Fault, InvalidRequest
from search_service.practices.taxonomy import OWN_REFERENCE, ReferenceList, ReferenceWeight

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


class Row(NamedTuple):
    """One line of a reference as it was given: nothing in it has been checked."""

    where: str
    theme: object = ""
    weight: object = ""
    source: object = ""
    year: object = ""


def from_csv(text: str, themes: Mapping[str, str]) -> ReferenceList:
    """Read a reference from CSV with the columns theme and weight, and optionally source and year.

    A theme is given by id or label; `themes` maps one to the other. Columns are divided by commas,
    semicolons or tabs. Raises InvalidRequest with every fault, by line.
    """
    example = f"{_any_of(themes)},2"
    if len(text) > MAX_CHARACTERS:
        message = (
            f"it has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read. Give each theme one line."
        )
        raise InvalidRequest([Fault("reference", message, example)])
    (heading, names), *lines = _lines(text.lstrip("\ufeff"))
    columns = [name.strip().casefold() for name in names]
    if faults := _heading_faults(heading, columns):
        raise InvalidRequest(faults)
    rows: list[Row] = []
    for where, cells in lines[: MAX_ROWS + 1]:
        if len(cells) > len(columns):
            message = (
                f"it has {len(cells)} cells where the heading has {len(columns)}; a cell that holds a comma "
                "must stand in quotation marks."
            )
            faults.append(Fault(where, message, 'domestic-abuse,2,"Crimes, all"'))
        else:
            rows.append(Row(where, **dict(zip(columns, map(str.strip, cells), strict=False))))
    return _checked(rows, themes, faults, ("reference", example))


def from_rows(rows: Sequence[Row], themes: Mapping[str, str]) -> ReferenceList:
    """Check rows that came as values; raises InvalidRequest with every fault."""
    example = f'"weights": [{{"theme": "{_any_of(themes)}", "weight": 2}}]'
    return _checked(rows, themes, [], ("weights", example))


def _lines(text: str) -> list[tuple[str, list[str]]]:
    """Return the lines that are not blank, of which there is at least one, each with its place."""
    heading = text.lstrip().partition("\n")[0]
    divider = next((mark for mark in (",", ";", "\t") if mark in heading), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider, strict=True)
    try:
        lines = [(f"line {reader.line_num}", cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        fault = Fault(f"line {reader.line_num}", f"this is not CSV: {error}.", "domestic-abuse,2")
        raise InvalidRequest([fault]) from None
    if not lines:
        message = "it is empty; a heading and a line for each theme are needed."
        raise InvalidRequest([Fault("reference", message, EXAMPLE)])
    return lines


def _heading_faults(where: str, columns: Sequence[str]) -> list[Fault]:
    """Return what is wrong with the first line; without it no other can be understood."""
    repeated = sorted({name for name in columns if name in COLUMNS and columns.count(name) > 1})
    messages = [
        *(f"there is no column “{name}”." for name in REQUIRED if name not in columns),
        *(
            f"the column “{name[:80]}” is not known; known are {', '.join(COLUMNS)}."
            for name in dict.fromkeys(columns)
            if name not in COLUMNS
        ),
        *(f"the column “{name}” is there twice." for name in repeated),
    ]
    return [Fault(where, message, EXAMPLE) for message in messages]


def _checked(
    rows: Sequence[Row], themes: Mapping[str, str], faults: list[Fault], whole: tuple[str, str]
) -> ReferenceList:
    """Return the reference that the rows make; raises InvalidRequest with these and all other faults.

    `whole` names the place of all rows together, and a right example of one.
    """
    where, example = whole
    if len(rows) > MAX_ROWS:
        message = f"it has more than {MAX_ROWS:,} lines; give each theme one."
        raise InvalidRequest([Fault(where, message, example)])
    ids = {key.casefold(): key for key in themes} | {label.casefold(): key for key, label in themes.items()}
    given: dict[str, tuple[Row, float]] = {}
    for row in rows:
        theme, weight = ids.get(str(row.theme).strip().casefold()), _number(row.weight)
        faults += _row_faults(row, theme, weight, given, themes)
        if theme is not None:
            given.setdefault(theme, (row, weight or 0.0))
    if not faults and not any(weight for _, weight in given.values()):
        faults.append(Fault(where, "at least one theme needs a weight above 0.", example))
    if faults:
        raise InvalidRequest(sorted(faults, key=lambda fault: _place(fault.where)))
    return _reference(given)


def _reference(given: Mapping[str, tuple[Row, float]]) -> ReferenceList:
    """Return checked rows in the form of the references of a corpus; a source may be any text."""
    return ReferenceList.model_construct(
        id=OWN_REFERENCE,
        label="Your own reference",
        kind="weights",
        description="The weights you gave; they are used for this answer and then forgotten.",
        caveat=CAVEAT,
        weights=tuple(
            ReferenceWeight.model_construct(
                theme=theme,
                weight=weight,
                source=str(row.source or "").strip(),
                year=str(row.year or "").strip(),
            )
            for theme, (row, weight) in given.items()
        ),
    )


def _row_faults(
    row: Row,
    theme: str | None,
    weight: float | None,
    given: Mapping[str, tuple[Row, float]],
    themes: Mapping[str, str],
) -> list[Fault]:
    """Return what is wrong with one row: its theme, its weight, or both."""
    faults = []
    if theme is None:
        named = str(row.theme)[:80]
        message = f"“{named}” is not one of the themes." if named.strip() else "the theme is missing."
        faults.append(Fault(row.where, message, _any_of(themes)))
    elif theme in given:
        first, other = given[theme][0].where, next((key for key in themes if key not in given), theme)
        message = f"the theme “{themes[theme]}” is given twice, first on {first}; give it one line."
        faults.append(Fault(row.where, message, f"{other},2"))
    if weight is None:
        named = str(row.weight)[:80]
        wrong = f"weight “{named}” is not a number of 0 or more" if named.strip() else "weight is missing"
        faults.append(Fault(row.where, f"the {wrong}; write digits only, without commas or units.", "851062"))
    return faults


def _number(value: object) -> float | None:
    """Return a finite number of 0 or more, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and not _DIGITS.fullmatch(value.strip()):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _place(where: str) -> int:
    """Return the number of the line or row that a fault is on, so that faults read from top to bottom."""
    number = where.rpartition(" ")[2]
    return int(number) if number.isdecimal() else 0


def _any_of(themes: Iterable[str]) -> str:
    return next(iter(themes), "domestic-abuse")
