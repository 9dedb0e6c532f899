"""similar: practices like a text, a file or a practice."""

from __future__ import annotations

from typing import Any

import click

from search_service.cli.output import out, print_json, print_practice
from search_service.cli.root import main, open_library, plainly
from search_service.errors import Fault, InvalidRequest
from search_service.settings import Settings
from search_service.similar.index import DEFAULT_LIMIT
from search_service.web import presenters


@main.command()
@click.option("--text", help="A description of an initiative.")
@click.option(
    "--file",
    "source",
    type=click.File(encoding="utf-8"),
    help="A text file; - reads standard input.",
)
@click.option("--practice", help="The id of a practice of the corpus.")
@click.option("--limit", default=DEFAULT_LIMIT, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API would answer.")
@click.pass_obj
@plainly
def similar(
    settings: Settings,
    text: str | None,
    source: Any,
    practice: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List practices similar to a text or to a practice, with reasons."""
    if sum(given is not None for given in (text, source, practice)) != 1:
        raise click.UsageError("give one of --text, --file and --practice")
    library = open_library(settings)
    if practice is not None:
        found = library.related(practice, limit)
    else:
        found = library.similar(_read(source) if source else text or "", limit)
    shown = presenters.recommendations(library, found)
    if as_json:
        print_json({"results": shown})
        return
    if not shown:
        out.print("Nothing in this collection is alike enough to be worth showing.")
    for one in shown:
        print_practice(one, "Both speak of: " + ", ".join(term["word"] for term in one["terms"]))


def _read(source: Any) -> str:
    try:
        return str(source.read())
    except UnicodeDecodeError:
        raise InvalidRequest([Fault("--file", "it is not UTF-8 text.", "a .txt or .md file")]) from None
