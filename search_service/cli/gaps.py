"""gaps: which themes are under-represented."""

from __future__ import annotations

import sys
from typing import Any

import click

from search_service import answers
from search_service.answers.gaps import Gaps
from search_service.cli.output import out, print_json, print_table
from search_service.cli.root import main, open_library
from search_service.downloads import csv_files, tables
from search_service.errors import Fault, InvalidRequest
from search_service.gaps.own_reference import MAX_CHARACTERS, from_csv
from search_service.gaps.report import GapReport
from search_service.library import Library
from search_service.settings import Settings


@main.command()
@click.option("--reference", help="Id of the reference to compare with; the first is the default.")
@click.option(
    "--reference-file",
    type=click.File("rb"),
    help="A reference of your own, CSV with the columns theme and weight; - reads standard input.",
)
@click.option("--brief", is_flag=True, help="Print the draft of a call for practice, as Markdown.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the figures as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API would answer.")
@click.pass_obj
def gaps(settings: Settings, /, **given: Any) -> None:
    """Report which themes are under-represented, and how sure that is."""
    if sum(bool(given[name]) for name in ("brief", "as_csv", "as_json")) > 1:
        raise click.UsageError("give one of --brief, --csv and --json")
    if given["reference"] and given["reference_file"]:
        raise click.UsageError("give one of --reference and --reference-file")
    library = open_library(settings)
    report = _report(library, given["reference"], given["reference_file"])
    shown = answers.gaps(library, report)
    if given["brief"]:
        click.echo(answers.brief(library, report)["markdown"], nl=False)
    elif given["as_csv"]:
        sys.stdout.buffer.write(csv_files.write(tables.GAPS, shown))
    elif given["as_json"]:
        print_json(shown)
    else:
        _print(shown)


def _report(library: Library, key: str | None, file: Any) -> GapReport:
    """Compare with a reference of the collection, or with one from a file."""
    if file is None:
        return library.gaps.report(key or "")
    content = file.read(MAX_CHARACTERS * 4 + 1)
    try:
        own = from_csv(content.decode("utf-8-sig"), library.taxonomy.labels["theme"])
    except UnicodeDecodeError:
        message = "it is not UTF-8 text; save it as CSV UTF-8."
        fault = Fault("--reference-file", message, "reference.csv")
        raise InvalidRequest([fault]) from None
    return library.gaps.report_against(own)


def _print(report: Gaps) -> None:
    """Print the summary, the table, its sources and its caveats."""
    rows: list[list[str | float]] = [
        [
            theme["label"], str(theme["observed"]), f"{theme['expected']:.1f}", f"{theme['ratio']:.2f}",
            f"{theme['low']:.2f} to {theme['high']:.2f}", theme["status"]["label"],
        ]
        for theme in sorted(report["themes"], key=lambda theme: theme["ratio"])
    ]  # fmt: skip
    out.print(report["summary"])
    headings = ["Theme", "Practices", "Expected", "Ratio", "90% interval", ""]
    print_table(headings, rows, title=f"Compared with: {report['reference']['label']}")
    for source in report["reference"]["sources"]:
        out.print(f"Source: {source}")
    years = dict.fromkeys(figure["year"] for figure in report["figures"] if figure["year"])
    if years:
        out.print(f"Years: {'; '.join(years)}")
    for caveat in report["caveats"]:
        out.print(f"• {caveat}")
