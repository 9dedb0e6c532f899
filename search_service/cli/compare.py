"""compare: two or three practices side by side, in a shell."""

from __future__ import annotations

import click
from rich.table import Table
from rich.text import Text

from search_service import answers
from search_service.cli.output import out, print_json
from search_service.cli.root import main, open_library, plainly
from search_service.errors import Fault, InvalidRequest
from search_service.library import Library
from search_service.settings import Settings
from search_service.text.markup import to_plain


@main.command()
@click.argument("ids", nargs=-1, metavar="ID ID [ID]")
@click.option("--json", "as_json", is_flag=True, help="Print what the API would answer.")
@click.pass_obj
@plainly
def compare(settings: Settings, ids: tuple[str, ...], as_json: bool) -> None:
    """Set two or three practices side by side."""
    library = open_library(settings)
    shown = _comparison(library, ids)
    if as_json:
        print_json(shown)
        return
    for one in shown["shared"]:
        out.print(f"All: {one['label'].lower()}: {_names(one['values'])}", markup=False)
    table = Table("", show_lines=True)
    for one in shown["practices"]:
        table.add_column(Text(one["title"]))
    for one in shown["differs"]:
        table.add_row(
            f"{one['label']} (not shared)", *(Text(_names(own["values"])) for own in one["practices"])
        )
    for row in shown["rows"]:
        table.add_row(row["heading"], *(Text(to_plain(cell["text"])) for cell in row["cells"]))
    out.print(table)


def _comparison(library: Library, ids: tuple[str, ...]) -> answers.Json:
    """Return the comparison; raises InvalidRequest with examples as one types them here."""
    try:
        return answers.comparison(library, ids)
    except InvalidRequest as error:
        faults = [
            Fault("ID", one.message, one.example.replace("id=", "").replace("&", " ")) for one in error.faults
        ]
        raise InvalidRequest(faults) from None


def _names(values: list[answers.Json]) -> str:
    return ", ".join(one["label"] for one in values)
