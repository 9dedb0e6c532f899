"""similar: practices like a text, a file or a practice, and what a draft lacks."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from search_service.cli.output import out, print_json, print_practice
from search_service.cli.root import main, open_library, plainly
from search_service.drafts.files import ENDINGS, MAX_FILE_BYTES, read_draft
from search_service.errors import Fault, InvalidRequest
from search_service.library import Library
from search_service.settings import Settings
from search_service.similar.index import DEFAULT_LIMIT
from search_service.web import presenters

STANDARD_INPUT = "-"


@main.command()
@click.option("--text", help="A description of an initiative.")
@click.option(
    "--file",
    "source",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help=f"A file ({', '.join(ENDINGS)}) of up to 2 MB; - reads text from standard input.",
)
@click.option("--practice", help="The id of a practice of the corpus.")
@click.option("--limit", default=DEFAULT_LIMIT, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API would answer.")
@click.pass_obj
@plainly
def similar(
    settings: Settings,
    text: str | None,
    source: str | None,
    practice: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List practices similar to a text or to a practice, with reasons, and what a text lacks."""
    if sum(given is not None for given in (text, source, practice)) != 1:
        raise click.UsageError("give one of --text, --file and --practice")
    library = open_library(settings)
    if practice is not None:
        answer = _related(library, practice, limit)
    else:
        draft = _read(source) if source else text or ""
        found = presenters.recommendations(library, library.similar(draft, limit))
        answer = {"results": found, **presenters.draft(draft)}
    if as_json:
        print_json(answer)
        return
    _print(answer)


def _related(library: Library, key: str, limit: int) -> presenters.Json:
    found = presenters.recommendations(library, library.related(key, limit))
    return {"practice": {"id": key, "label": library.practice(key).title}, "results": found}


def _read(source: str) -> str:
    """Return the text of a file, or of standard input; raises InvalidRequest naming the file."""
    try:
        if source == STANDARD_INPUT:
            return sys.stdin.buffer.read().decode()
        with Path(source).open("rb") as file:
            return read_draft(source, file.read(MAX_FILE_BYTES + 1))
    except UnicodeDecodeError:
        raise InvalidRequest([Fault("--file", "it is not UTF-8 text.", "a .txt or .md file")]) from None
    except InvalidRequest as error:
        raise InvalidRequest([Fault(source, f.message, f.example) for f in error.faults]) from None


def _print(answer: presenters.Json) -> None:
    """Print to a person what a program gets as JSON."""
    if not answer.get("is_english", True):
        out.print("This does not read as English sentences; only English can be compared.")
    if not answer["results"]:
        out.print("Nothing in this collection is alike enough to be worth showing.")
    for one in answer["results"]:
        print_practice(one, "Both speak of: " + ", ".join(term["word"] for term in one["terms"]))
    if answer.get("missing_parts"):
        out.print("\nWhat a reader will miss, judged from the wording:", style="bold")
    for part in answer.get("missing_parts", ()):
        out.print(f"• {part['label']}: {part['advice']}", markup=False)
