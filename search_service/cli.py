"""The command line: check, build, serve, search, similar, gaps.

Every command that answers has `--json`. Exit codes: 0 done, 1 the corpus or the request is at
fault, 2 the command was misused, 3 there is nothing to answer from.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table

import search_service
from search_service.errors import (
    Fault,
    InvalidCorpus,
    InvalidRequest,
    PracticeFinderError,
    SnapshotDamaged,
    SnapshotMissing,
)
from search_service.library import Library
from search_service.practices.addresses import online_faults
from search_service.practices.checks import check_corpus
from search_service.practices.files import read_corpus_bytes
from search_service.search.facets import FACETS
from search_service.search.index import SORTS, SearchRequest
from search_service.settings import Settings, read_settings
from search_service.similar.index import DEFAULT_LIMIT
from search_service.snapshot.build import BuildOutcome, is_current
from search_service.snapshot.build import build as build_snapshot
from search_service.snapshot.build import load as load_snapshot
from search_service.web import presenters

AT_FAULT, NOTHING_TO_ANSWER_FROM = 1, 3

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Command = TypeVar("Command", bound=Callable[..., Any])


def _plainly(command: Command) -> Command:
    """Turn the project's own errors into a message and an exit code, never a traceback."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (InvalidCorpus, InvalidRequest) as error:
            if isinstance(error, InvalidCorpus):
                _print_faults(error.faults)
                err.print(str(error), markup=False)
            else:
                _print_faults(error.faults)
            sys.exit(AT_FAULT)
        except (SnapshotMissing, SnapshotDamaged) as error:
            err.print(str(error), markup=False)
            sys.exit(NOTHING_TO_ANSWER_FROM)
        except PracticeFinderError as error:
            err.print(str(error), markup=False)
            sys.exit(AT_FAULT)

    return guarded  # type: ignore[return-value]  # wraps keeps the signature


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(search_service.__version__, prog_name="practice-finder")
@click.option("--corpus", type=click.Path(path_type=Path), help="The folder that holds the corpus.")
@click.option("--index", type=click.Path(path_type=Path), help="The folder for snapshots.")
@click.pass_context
@_plainly
def main(context: click.Context, corpus: Path | None, index: Path | None) -> None:
    """Search practice, find similar practice, and see thematic gaps."""
    context.obj = read_settings(os.environ, corpus=corpus, index=index)


@main.command()
@click.option("--online", is_flag=True, help="Also ask whether the addresses of sources answer.")
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.pass_obj
@_plainly
def check(settings: Settings, online: bool, as_json: bool) -> None:
    """List every problem in the corpus."""
    checked = check_corpus(settings.corpus)
    faults = list(checked.faults)
    if online and checked.corpus:
        faults += online_faults(checked.corpus.practices)
    if as_json:
        problems = [{"where": f.where, "message": f.message, "example": f.example} for f in faults]
        _print_json({"problems": problems})
    else:
        _print_faults(faults)
        practices = len(checked.corpus.practices) if checked.corpus else 0
        message = f"{_counted(practices, 'practice')} can be used; {_counted(len(faults), 'problem')}."
        (err if faults else out).print(message, markup=False)
    if faults:
        sys.exit(AT_FAULT)


@main.command()
@click.option("--skip-invalid", is_flag=True, help="Leave out practices with problems, and say so.")
@click.option("--force", is_flag=True, help="Build even where nothing has changed.")
@click.pass_obj
@_plainly
def build(settings: Settings, skip_invalid: bool, force: bool) -> None:
    """Build a snapshot of the corpus and make it current."""
    _report(_build(settings, skip_invalid=skip_invalid, force=force))


@main.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on; 0 takes a free one.")
@click.pass_obj
@_plainly
def serve(settings: Settings, host: str | None, port: int | None) -> None:
    """Serve the pages and the API, building a snapshot first where that is needed."""
    from search_service.web.server import serve as run  # noqa: PLC0415 - only this command needs it

    given = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    settings = Settings.model_validate(settings.model_dump() | given)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    _make_ready(settings)
    run(settings)


def _filters(command: Command) -> Command:
    """Add one repeatable option for each facet."""
    for facet in reversed(FACETS):
        option = f"--{facet.name.replace('_', '-')}"
        text = f"Keep only this {facet.label.lower()} (id); repeat for several."
        command = click.option(option, facet.name, multiple=True, help=text)(command)
    return command


@main.command()
@click.argument("query", nargs=-1)
@_filters
@click.option("--sort", type=click.Choice(list(SORTS)), default=next(iter(SORTS)), help="Order.")
@click.option("--page", default=1, help="Which page.")
@click.option("--per-page", default=10, help="Results on a page.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API would answer.")
@click.pass_obj
@_plainly
def search(
    settings: Settings,
    /,
    query: tuple[str, ...],
    sort: str,
    page: int,
    per_page: int,
    as_json: bool,
    **selection: tuple[str, ...],
) -> None:
    """Find practices by text and filters."""
    library = _open(settings)
    chosen = {name: values for name, values in selection.items() if values}
    request = SearchRequest(" ".join(query), chosen, sort, page, per_page)
    results = presenters.search(library, request, library.search(request))
    if as_json:
        _print_json(results)
        return
    out.print(f"{_counted(results['total'], 'practice')}; page {page} of {results['pages']}", markup=False)
    for found in results["results"]:
        _print_practice(found, "".join(piece["text"] for piece in found["snippet"]["pieces"]))


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
@_plainly
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
    library = _open(settings)
    if practice is not None:
        found = library.related(practice, limit)
    else:
        found = library.similar(_read(source) if source else text or "", limit)
    shown = presenters.recommendations(library, found)
    if as_json:
        _print_json({"results": shown})
        return
    if not shown:
        out.print("Nothing in this collection is alike enough to be worth showing.")
    for one in shown:
        _print_practice(one, "Both speak of: " + ", ".join(term["word"] for term in one["terms"]))


@main.command()
@click.option("--reference", help="Id of the reference to compare with; the first is the default.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API would answer.")
@click.pass_obj
@_plainly
def gaps(settings: Settings, reference: str | None, as_json: bool) -> None:
    """Report which themes are under-represented, and how sure that is."""
    library = _open(settings)
    report = presenters.gaps(library, library.gaps(reference))
    if as_json:
        _print_json(report)
        return
    table = Table(title=f"Compared with: {report['reference']['label']}")
    for heading, side in (
        ("Theme", "left"), ("Practices", "right"), ("Expected", "right"),
        ("Ratio", "right"), ("90 % interval", "right"), ("", "left"),
    ):  # fmt: skip
        table.add_column(heading, justify=side)  # type: ignore[arg-type]  # rich's literal
    for theme in sorted(report["themes"], key=lambda theme: theme["ratio"]):
        table.add_row(
            theme["label"], str(theme["observed"]), f"{theme['expected']:.1f}", f"{theme['ratio']:.2f}",
            f"{theme['low']:.2f} to {theme['high']:.2f}", theme["status"]["label"],
        )  # fmt: skip
    out.print(report["summary"], markup=False)
    out.print(table)


def _open(settings: Settings) -> Library:
    return Library(load_snapshot(settings.index))


def _build(settings: Settings, **options: bool) -> BuildOutcome:
    return build_snapshot(
        settings.corpus,
        settings.index,
        progress=lambda step: err.print(f"{step} …", markup=False),
        **options,
    )


def _report(outcome: BuildOutcome) -> None:
    counts, name = outcome.manifest.counts, outcome.manifest.build
    if outcome.left_out:
        _print_faults(outcome.left_out)
        err.print(f"Left out: {', '.join(outcome.manifest.left_out)}", markup=False)
    for one, other in outcome.manifest.near_duplicates:
        err.print(
            f"{one} and {other} look like one initiative: if one is a version of the other, say so with "
            f"variant_of: {one}, and if they are the same, merge them.",
            markup=False,
        )
    done = "Built" if outcome.built else "Nothing has changed; kept"
    out.print(f"{done} snapshot {name} with {_counted(counts['practices'], 'practice')}.", markup=False)


def _make_ready(settings: Settings) -> None:
    """See to it that there is a snapshot to serve, and that it is of this corpus if it can be."""
    content, faults = read_corpus_bytes(settings.corpus)
    if not faults and is_current(content.digest, settings.index):
        return
    try:
        _report(_build(settings))
    except InvalidCorpus as error:
        load_snapshot(settings.index)
        _print_faults(error.faults)
        err.print("The corpus has problems, so the last good snapshot is served.", markup=False)


def _read(source: Any) -> str:
    try:
        return str(source.read())
    except UnicodeDecodeError:
        raise InvalidRequest([Fault("--file", "it is not UTF-8 text.", "a .txt or .md file")]) from None


def _print_practice(shown: presenters.Json, line: str) -> None:
    facts = [
        *(o["label"] for o in shown["organisations"]),
        shown["year"],
        shown["evidence"]["label"],
    ]
    out.print()
    out.print(f"{shown['title']}  [{shown['id']}]", style="bold", markup=False)
    out.print(" · ".join(str(fact) for fact in facts if fact), markup=False)
    out.print(line, markup=False)


def _print_faults(faults: Iterable[Fault]) -> None:
    for fault in faults:
        err.print(f"• {fault}", markup=False, soft_wrap=True)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
