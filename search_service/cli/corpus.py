"""check and build: what people do with a corpus."""

from __future__ import annotations

import sys

import click

from search_service.cli.output import counted, err, out, print_faults, print_json
from search_service.cli.root import AT_FAULT, main, plainly
from search_service.practices.addresses import online_faults
from search_service.practices.checks import check_corpus
from search_service.settings import Settings
from search_service.snapshot.build import BuildOutcome
from search_service.snapshot.build import build as build_snapshot

MAX_NAMED = 10
"""Near duplicates that a build names: nobody acts on more at once, and thousands would hide the rest."""


@main.command()
@click.option("--online", is_flag=True, help="Also ask whether the addresses of sources answer.")
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.pass_obj
@plainly
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
        message = f"{counted(practices, 'practice')} can be used; {counted(len(faults), 'problem')}."
        (err if faults else out).print(message, markup=False)
    if faults:
        sys.exit(AT_FAULT)


@main.command()
@click.option("--skip-invalid", is_flag=True, help="Leave out practices with problems, and say so.")
@click.option("--force", is_flag=True, help="Build even where nothing has changed.")
@click.pass_obj
@plainly
def build(settings: Settings, skip_invalid: bool, force: bool) -> None:
    """Build a snapshot of the corpus and make it current."""
    report(build_with_progress(settings, skip_invalid=skip_invalid, force=force))


def build_with_progress(settings: Settings, **options: bool) -> BuildOutcome:
    """Build a snapshot, with progress on standard error."""
    return build_snapshot(
        settings.corpus,
        settings.index,
        progress=lambda step: err.print(f"{step} …", markup=False),
        **options,
    )


def report(outcome: BuildOutcome) -> None:
    """Say what a build did, what it left out, and which practices look like one."""
    counts, name = outcome.manifest.counts, outcome.manifest.build
    if outcome.left_out:
        print_faults(outcome.left_out)
        err.print(f"Left out: {', '.join(outcome.manifest.left_out)}", markup=False)
    alike = outcome.manifest.near_duplicates
    for one, other in alike[:MAX_NAMED]:
        err.print(
            f"{one} and {other} look like one initiative: if one is a version of the other, say so with "
            f"variant_of: {one}, and if they are the same, merge them.",
            markup=False,
        )
    if len(alike) > MAX_NAMED:
        err.print(f"… and {counted(len(alike) - MAX_NAMED, 'more pair')} that look like one.", markup=False)
    done = "Built" if outcome.built else "Nothing has changed; kept"
    out.print(f"{done} snapshot {name} with {counted(counts['practices'], 'practice')}.", markup=False)
