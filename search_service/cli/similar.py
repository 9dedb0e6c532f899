"""similar: practices similar to a text, a file or a practice, and what a draft lacks."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from search_service import answers
from search_service.answers.draft import Draft
from search_service.answers.similar import (
    Recommendation,
    SameInitiative,
    SimilarPractice,
    SimilarToText,
)
from search_service.cli.output import labels, out, print_json, print_practice, quantity
from search_service.cli.root import main, open_library
from search_service.drafts.files import EXTENSIONS, MAX_FILE_BYTES, read_draft
from search_service.errors import Fault, InvalidRequest
from search_service.settings import Settings
from search_service.similar.filters import ListFilters
from search_service.similar.index import DEFAULT_LIMIT

STANDARD_INPUT = "-"


@main.command()
@click.option("--text", help="A description of an initiative.")
@click.option(
    "--file",
    "source",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help=f"A file ({', '.join(EXTENSIONS)}) of up to 2 MB; - reads text from standard input.",
)
@click.option("--practice", help="The id of a practice of the corpus.")
@click.option("--limit", default=DEFAULT_LIMIT, help="At most so many.")
@click.option("--promising", is_flag=True, help="Only practices whose evidence is promising or stronger.")
@click.option(
    "--not-organisation",
    multiple=True,
    help="The id of an organisation, yours for instance: leaves out what nobody else runs. May be repeated.",
)
@click.option("--region", multiple=True, help="Only practices of this region (id). May be repeated.")
@click.option("--theme", multiple=True, help="Only practices on this theme (id). May be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API would answer.")
@click.pass_obj
def similar(settings: Settings, /, practice: str | None, limit: int, **given: Any) -> None:
    """List practices similar to a text or to a practice, with reasons, and what a text lacks."""
    text, source = given["text"], given["source"]
    if sum(one is not None for one in (text, source, practice)) != 1:
        raise click.UsageError("give one of --text, --file and --practice")
    library = open_library(settings)
    filters = ListFilters(given["promising"], given["not_organisation"], given["region"], given["theme"])
    if practice is not None:
        related = answers.related_to_practice(library, practice, limit, filters)
        print_json(related) if given["as_json"] else _print_list(related)
        return
    draft = _read(source) if source else text or ""
    answer = answers.similar_to_text(library, draft, limit, filters)
    print_json(answer) if given["as_json"] else _print_similar(answer)


def _read(source: str) -> str:
    """Read a file or standard input; raises InvalidRequest naming the file."""
    try:
        if source == STANDARD_INPUT:
            return sys.stdin.buffer.read().decode()
        with Path(source).open("rb") as file:
            return read_draft(source, file.read(MAX_FILE_BYTES + 1))
    except UnicodeDecodeError:
        message = "it is not UTF-8 text; save it with that encoding."
        raise InvalidRequest([Fault("--file", message, "draft.txt")]) from None
    except InvalidRequest as error:
        raise InvalidRequest([Fault(source, f.message, f.example) for f in error.faults]) from None


def _print_similar(answer: SimilarToText) -> None:
    """Print what is similar to a text, the most important first."""
    if not answer["is_english"]:
        out.print("This does not read as English sentences; only English can be compared.")
    for one in answer["same_initiative"]:
        out.print(f"This looks like the same initiative as {_named(one)}.", style="bold")
    _print_list(answer, answer["main_words"])
    _print_draft(answer)


def _print_list(answer: SimilarPractice, main_words: Sequence[str] = ()) -> None:
    """Print a list of similar practices, or words to search for if it is empty."""
    if not answer["results"]:
        out.print("Nothing in this collection is alike enough to be worth showing.")
    out.print(answer["sentence"])
    for dropped in answer["without"]:
        out.print(f"Without {dropped['label']}: {quantity(dropped['results'], 'practice')}.")
    if not answer["results"] and main_words:
        out.print(f"Search for its main words: {' '.join(main_words)}")
    for one in answer["results"]:
        print_practice(one, "\n".join(_reasons(one)))


def _named(one: SameInitiative) -> str:
    """Return a practice's label with its organisations and first year."""
    facts = (labels(one["organisations"]), one["year"])
    return f"{one['label']} ({', '.join(str(fact) for fact in facts if fact)})"


def _reasons(one: Recommendation) -> Iterator[str]:
    """Yield the lines on why a practice is similar and how it differs."""
    yield f"{one['stage']['label']}; partners: {labels(one['partners']) or 'not stated'}"
    if one["also_run_by"]:
        yield f"{one['also_run_by']['sentence']}: {labels(one['also_run_by']['organisations'])}"
    if one["passages"]:
        yield f"Here: “{one['passages']['here']}”"
        yield f"There: “{one['passages']['there']}”"
    yield "Both speak of: " + ", ".join(term["word"] for term in one["terms"])
    for shared in one["shared"]:
        yield f"Shared {shared['label'].lower()}: {labels(shared['values'])}"
    for heading, lists in (("What differs", one["differs"]), ("Check against yours", one["to_check"])):
        if lists:
            yield f"{heading}: " + "; ".join(f"{v['label'].lower()} {labels(v['values'])}" for v in lists)


def _print_draft(answer: Draft) -> None:
    """Print the themes and missing parts of a draft."""
    if answer["themes"]:
        out.print("\nThemes it seems to be on, judged from its phrases:", style="bold")
    for theme in answer["themes"]:
        phrases = ", ".join(f"“{phrase}”" for phrase in theme["wording"])
        out.print(f"• {theme['label']}: {phrases}")
        if theme["gap"]:
            out.print(f"  {theme['gap']['status']['label']}. {theme['gap']['sentence']}")
    if answer["missing_parts"]:
        out.print("\nWhat a reader will miss, judged from the wording:", style="bold")
    for part in answer["missing_parts"]:
        out.print(f"• {part['label']}: {part['advice']}")
