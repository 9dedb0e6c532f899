"""gaps: which themes are under-represented."""

from __future__ import annotations

import click
from rich.table import Table

from search_service.cli.output import out, print_json
from search_service.cli.root import main, open_library, plainly
from search_service.settings import Settings
from search_service.web import presenters


@main.command()
@click.option("--reference", help="Id of the reference to compare with; the first is the default.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API would answer.")
@click.pass_obj
@plainly
def gaps(settings: Settings, reference: str | None, as_json: bool) -> None:
    """Report which themes are under-represented, and how sure that is."""
    library = open_library(settings)
    report = presenters.gaps(library, library.gaps(reference))
    if as_json:
        print_json(report)
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
