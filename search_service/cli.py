"""The command line: check, build, serve, search, similar, gaps, eval.

Every command that answers has `--json`. Exit codes: 0 done, 1 the corpus or the request is at
fault, 2 the command was misused, 3 there is nothing to answer from.
"""

from __future__ import annotations

import dataclasses
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
from rich.text import Text

import search_service
from search_service.errors import (
    BuildInProgress,
    Fault,
    InvalidCorpus,
    InvalidRequest,
    PracticeFinderError,
    SnapshotDamaged,
    SnapshotMissing,
)
from search_service.evaluation import comparison as comparing
from search_service.evaluation import run as evaluation
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
            _print_faults(error.faults)
            if isinstance(error, InvalidCorpus):
                _say(str(error))
            sys.exit(AT_FAULT)
        except (SnapshotMissing, SnapshotDamaged) as error:
            _say(str(error))
            sys.exit(NOTHING_TO_ANSWER_FROM)
        except PracticeFinderError as error:
            _say(str(error))
            sys.exit(AT_FAULT)
        except BrokenPipeError:
            raise  # whoever reads the output has had enough; click ends quietly
        except OSError as error:
            _say(_refusal(error, click.get_current_context().find_root().obj))
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

    settings = read_settings(os.environ, corpus=settings.corpus, index=settings.index, host=host, port=port)
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


def _query_words(
    context: click.Context, _argument: click.Parameter, words: tuple[str, ...]
) -> tuple[str, ...]:
    """Let `-word` be part of a query, and refuse what looks like a misspelt option."""
    for word in words:
        if word.startswith("--"):
            known = [name for option in context.command.params for name in option.opts]
            raise click.NoSuchOption(word.partition("=")[0], possibilities=known, ctx=context)
    return words


# -h is no option of search: -theft, which leaves out a word, would ask for help by its third letter.
@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("query", nargs=-1, type=click.UNPROCESSED, callback=_query_words)
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
    _print_notes(results["query"])
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


@main.command("eval")
@click.option("--collection", type=click.Path(path_type=Path), help="A folder with a test collection.")
@click.option("--per-query", is_flag=True, help="List every query, worst first.")
@click.option("--save", "target", type=click.Path(path_type=Path), help="Write the figures to this file.")
@click.option("--compare", "saved", type=click.Path(path_type=Path), help="Compare with a saved file.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.pass_obj
@_plainly
def evaluate(
    settings: Settings,
    collection: Path | None,
    per_query: bool,
    target: Path | None,
    saved: Path | None,
    as_json: bool,
) -> None:
    """Measure search on judged queries: those of the corpus, or a test collection's."""
    before = comparing.read_saved(saved) if saved else None
    if collection:
        err.print("Indexing the collection …")
        measured = evaluation.evaluate_collection(collection)
    else:
        measured = evaluation.evaluate_library(_open(settings), settings.corpus / "judgements.csv")
    comparison = comparing.compare(before, measured) if before else None
    if target:
        comparing.save(measured, target)
    if as_json:
        shown = comparing.as_json(measured)
        _print_json(
            {name: value for name, value in shown.items() if per_query or name != "queries"}
            | ({"comparison": dataclasses.asdict(comparison)} if comparison else {})
        )
        return
    _print_evaluation(measured, per_query)
    if comparison:
        _print_comparison(comparison)


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
        if not settings.corpus.is_dir():
            raise  # a misspelt path must not serve some other corpus
        _fall_back(settings.index, error)
        _print_faults(error.faults)
        _say("The corpus has problems, so the last good snapshot is served.")
    except BuildInProgress as error:
        _fall_back(settings.index, error)
        _say(
            f"Another build into {settings.index} is under way, so the last good snapshot is served; "
            "the new one is taken up when it is ready."
        )


def _fall_back(index: Path, reason: InvalidCorpus | BuildInProgress) -> None:
    """See to it that there is a last good snapshot; raise the reason for needing it where there is none."""
    try:
        load_snapshot(index)
    except SnapshotMissing:
        raise reason from None
    except SnapshotDamaged as damaged:
        _say(str(damaged))
        raise reason from None


def _refusal(error: OSError, settings: Settings | None) -> str:
    """Say which file or folder the system refused, and which setting chooses another."""
    reason = error.strerror or str(error)
    if isinstance(error, FileExistsError | NotADirectoryError):
        reason = "a file stands where a folder is needed"
    if error.filename is None:
        return f"The system refused to read or write: {reason}."
    path = Path(os.fsdecode(error.filename))
    message = f"{path} cannot be used: {reason}."
    if settings and (path.is_relative_to(settings.index) or settings.index.is_relative_to(path)):
        return (
            f"{message} Snapshots are kept in {settings.index}; choose a folder you may write to with "
            "--index or PRACTICE_FINDER_INDEX, for example PRACTICE_FINDER_INDEX=/srv/index."
        )
    if settings and path.is_relative_to(settings.corpus):
        return (
            f"{message} The corpus is {settings.corpus}; let this user read it, or choose another with "
            "--corpus or PRACTICE_FINDER_CORPUS, for example PRACTICE_FINDER_CORPUS=/srv/corpus."
        )
    return message


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


def _print_evaluation(measured: evaluation.Evaluation, per_query: bool) -> None:
    names = [metric.name for metric in evaluation.METRICS]
    if per_query:
        _print_table(
            ["Query", "", *(metric.single for metric in evaluation.METRICS)],
            [[q.id, q.query, *(getattr(q.figures, n) for n in names)] for q in measured.worst_first()],
        )
    out.print(f"{measured.source}: {_queries(len(measured.queries))}, means", markup=False, soft_wrap=True)
    _print_table([metric.mean for metric in evaluation.METRICS], [[measured.mean(name) for name in names]])
    if measured.left_out:
        out.print(f"Left out, with nothing relevant to find: {_queries(len(measured.left_out))}.")


def _print_comparison(comparison: comparing.Comparison) -> None:
    labels = {metric.name: metric.mean for metric in evaluation.METRICS}
    out.print(f"Compared over {_queries(comparison.compared)}; p of a paired randomisation test")
    _print_table(
        ["", "before", "after", "difference", "p"],
        [
            [labels[c.name], c.before, c.after, f"{c.difference:+.3f}", f"{c.p:.4f}"]
            for c in comparison.metrics
        ],
    )
    if comparison.only_one:
        out.print(f"Not compared, being in one of the two only: {_queries(comparison.only_one)}.")
    if comparison.queries:
        out.print("Changed most, nDCG@10")
        _print_table(
            ["Query", "", "before", "after", "difference"],
            [[q.id, q.query, q.before, q.after, f"{q.after - q.before:+.3f}"] for q in comparison.queries],
        )


def _print_table(headings: list[str], rows: list[list[str | float]]) -> None:
    """Print a table: words on the left, figures on the right to three places."""
    table = Table()
    for heading in headings:
        table.add_column(heading, justify="left" if heading in ("", "Query") else "right")
    for row in rows:
        table.add_row(*(Text(cell if isinstance(cell, str) else f"{cell:.3f}") for cell in row))
    out.print(table)


def _queries(number: int) -> str:
    return "1 query" if number == 1 else f"{number:,} queries"


def _print_notes(query: presenters.Json) -> None:
    """Say what of a query was not found or not understood, as the page does."""
    if query["missing"]:
        out.print(f"No practice mentions {_either(query['missing'])}.", markup=False)
    if query["unknown"]:
        out.print(
            f"There is no value {_either(query['unknown'])}, so this was read as plain words.", markup=False
        )


def _either(words: list[str]) -> str:
    *first, last = (f"“{word}”" for word in words)
    return f"{', '.join(first)} or {last}" if first else last


def _say(message: str) -> None:
    """Print a message to a person, unbroken, so that a path in it can be copied."""
    err.print(message, markup=False, soft_wrap=True)


def _print_faults(faults: Iterable[Fault]) -> None:
    for fault in faults:
        err.print(f"• {fault}", markup=False, soft_wrap=True)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
