"""check and build: validate a corpus and make a snapshot of it."""

from __future__ import annotations

import sys

import click

from search_service.cli.output import err, out, print_faults, print_json, quantity
from search_service.cli.root import INVALID, main
from search_service.practices.addresses import online_faults
from search_service.practices.checks import check_corpus
from search_service.settings import Settings
from search_service.snapshot.build import BuildOutcome
from search_service.snapshot.build import build as build_snapshot

MAX_NAMED = 10
"""Near-duplicate pairs that a build names; a longer list would hide the other messages."""


@main.command()
@click.option("--online", is_flag=True, help="Also ask whether the addresses of sources answer.")
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.pass_obj
def check(settings: Settings, online: bool, as_json: bool) -> None:
    """List every problem in the corpus."""
    checked = check_corpus(settings.corpus)
    faults = list(checked.faults)
    if online and checked.corpus:
        faults += online_faults(checked.corpus.practices)
    if as_json:
        problems = [{"where": f.where, "message": f.message, "example": f.example} for f in faults]
        print_json({"problems": problems})
    else:
        print_faults(faults)
        practices = len(checked.corpus.practices) if checked.corpus else 0
        message = f"{quantity(practices, 'practice')} can be used; {quantity(len(faults), 'problem')}."
        (err if faults else out).print(message)
    if faults:
        sys.exit(INVALID)


@main.command()
@click.option("--skip-invalid", is_flag=True, help="Leave out practices with problems, and say so.")
@click.option("--force", is_flag=True, help="Build even where nothing has changed.")
@click.pass_obj
def build(settings: Settings, skip_invalid: bool, force: bool) -> None:
    """Build a snapshot of the corpus and make it current."""
    report(build_with_progress(settings, skip_invalid=skip_invalid, force=force))


def build_with_progress(settings: Settings, **options: bool) -> BuildOutcome:
    """Build a snapshot, printing its steps on standard error."""
    return build_snapshot(
        settings.corpus,
        settings.index,
        progress=lambda step: err.print(f"{step} …"),
        **options,
    )


def report(outcome: BuildOutcome) -> None:
    """Print what a build did, what it left out, and which practices look like duplicates."""
    counts, name = outcome.manifest.counts, outcome.manifest.build
    if outcome.left_out:
        print_faults(outcome.left_out)
        err.print(f"Left out: {', '.join(outcome.manifest.left_out)}")
    pairs = outcome.manifest.near_duplicates
    for one, other in pairs[:MAX_NAMED]:
        err.print(
            f"{one} and {other} look like one initiative: if one is a version of the other, say so with "
            f"variant_of: {one}, and if they are the same, merge them.",
        )
    if len(pairs) > MAX_NAMED:
        err.print(f"… and {quantity(len(pairs) - MAX_NAMED, 'more pair')} that look like one.")
    done = "Built" if outcome.built else "Nothing has changed; kept"
    out.print(f"{done} snapshot {name} with {quantity(counts['practices'], 'practice')}.")
