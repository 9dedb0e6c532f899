"""What the commands print: to people, as tables and sentences; to programs, as JSON."""

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

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def print_practice(shown: PracticeSummary, line: str) -> None:
    """Print one practice of a list: title, facts, and a line on why it is there."""
    facts = [
        *(o["label"] for o in shown["organisations"]),
        shown["year"],
        shown["evidence"]["label"],
    ]
    out.print()
    out.print(f"{shown['title']}  [{shown['id']}]", style="bold", markup=False)
    out.print(" · ".join(str(fact) for fact in facts if fact), markup=False)
    out.print(line, markup=False)


def print_table(headings: list[str], rows: list[list[str | float]]) -> None:
    """Print a table: words on the left, figures on the right to three places."""
    table = Table()
    for heading in headings:
        table.add_column(heading, justify="left" if heading in ("", "Query") else "right")
    for row in rows:
        table.add_row(*(Text(cell if isinstance(cell, str) else f"{cell:.3f}") for cell in row))
    out.print(table)


def print_notes(query: Query) -> None:
    """Say what of a query was not found, or was read otherwise than typed, as the page does."""
    for word in query["corrections"]:
        out.print(
            f"No practice mentions “{word['typed']}”, so this searched for “{word['searched']}” instead.",
            markup=False,
        )
    if query["missing"]:
        out.print(f"No practice mentions {_either(query['missing'])}.", markup=False)
    if query["unknown"]:
        out.print(
            f"There is no value {_either(query['unknown'])}, so this was read as plain words.", markup=False
        )
    if query["offer"]:
        out.print(f"Did you mean “{query['offer']}”?", markup=False)
    for organisation in query["organisations"]:
        out.print(
            f"Practices of {organisation['label']} come first where two fit equally well.", markup=False
        )


def _either(words: list[str]) -> str:
    *first, last = (f"“{word}”" for word in words)
    return f"{', '.join(first)} or {last}" if first else last


def say(message: str) -> None:
    """Print a message to a person, unbroken, so that a path in it can be copied."""
    err.print(message, markup=False, soft_wrap=True)


def print_faults(faults: Iterable[Fault]) -> None:
    """Print every fault, one a line, on standard error."""
    for fault in faults:
        err.print(f"• {fault}", markup=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def counted(number: int, noun: str) -> str:
    """Say how many there are: “1 practice”, “1,200 practices”."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
