"""Printing for commands: tables and sentences for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from search_service.errors import Fault

if TYPE_CHECKING:
    from search_service.answers.practice import PracticeSummary
    from search_service.answers.search import Query
    from search_service.answers.shapes import Label

out = Console(highlight=False, markup=False)
err = Console(stderr=True, highlight=False, markup=False)


def print_practice(shown: PracticeSummary, line: str) -> None:
    """Print one practice of a list: title, facts, and a line on why it is there."""
    names = [one["label"] for one in shown["organisations"]]
    facts = (*names, shown["year"], shown["evidence"]["label"])
    out.print(f"\n{shown['title']}  [{shown['id']}]", style="bold")
    out.print(" · ".join(str(fact) for fact in facts if fact))
    out.print(line)


def print_table(headings: list[str], rows: list[list[str | float]], title: str = "") -> None:
    """Print a table, numbers to three decimals and aligned right."""
    table = Table(title=title or None)
    for heading in headings:
        table.add_column(heading, justify="left" if heading in ("", "Query", "Theme") else "right")
    for row in rows:
        table.add_row(*(Text(cell if isinstance(cell, str) else f"{cell:.3f}") for cell in row))
    out.print(table)


def print_notes(query: Query) -> None:
    """Print what was not found or was read differently from what was typed, as the page does."""
    for word in query["corrections"]:
        out.print(
            f"No practice mentions “{word['typed']}”, so this searched for “{word['searched']}” instead.",
        )
    if query["missing"]:
        out.print(f"No practice mentions {_either(query['missing'])}.")
    if query["unknown"]:
        out.print(f"There is no value {_either(query['unknown'])}, so this was read as plain words.")
    if query["offer"]:
        out.print(f"Did you mean “{query['offer']}”?")
    for organisation in query["organisations"]:
        out.print(f"Practices of {organisation['label']} come first where two fit equally well.")


def labels(values: Iterable[Label]) -> str:
    """Join the labels of several values."""
    return ", ".join(value["label"] for value in values)


def _either(words: list[str]) -> str:
    *first, last = (f"“{word}”" for word in words)
    return f"{', '.join(first)} or {last}" if first else last


def say(message: str) -> None:
    """Print a message on standard error without wrapping, so that a path in it can be copied."""
    err.print(message, soft_wrap=True)


def print_faults(faults: Iterable[Fault]) -> None:
    """Print every fault on standard error, one a line."""
    for fault in faults:
        say(f"• {fault}")


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def quantity(number: int, noun: str) -> str:
    """Return a number with its noun: “0 practices”, “1 practice”, “1,200 queries”."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"
