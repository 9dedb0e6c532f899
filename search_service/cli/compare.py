"""compare: two or three practices side by side."""

from __future__ import annotations

import click
from rich.table import Table
from rich.text import Text

from search_service import answers
from search_service.answers.compare import Comparison
from search_service.cli.output import labels, out, print_json
from search_service.cli.root import main, open_library
from search_service.errors import Fault, InvalidRequest
from search_service.library import Library
from search_service.settings import Settings
from search_service.text.markup import to_plain


@main.command()
@click.argument("ids", nargs=-1, metavar="ID ID [ID]")
@click.option("--json", "as_json", is_flag=True, help="Print what the API would answer.")
@click.pass_obj
def compare(settings: Settings, ids: tuple[str, ...], as_json: bool) -> None:
    """Set two or three practices side by side."""
    library = open_library(settings)
    shown = _comparison(library, ids)
    if as_json:
        print_json(shown)
        return
    for shared in shown["shared"]:
        out.print(f"All: {shared['label'].lower()}: {labels(shared['values'])}")
    table = Table("", show_lines=True)
    for practice in shown["practices"]:
        table.add_column(Text(practice["title"]))
    for differing in shown["differs"]:
        own = (Text(labels(one["values"])) for one in differing["practices"])
        table.add_row(f"{differing['label']} (not shared)", *own)
    for row in shown["rows"]:
        table.add_row(row["heading"], *(Text(to_plain(cell["text"])) for cell in row["cells"]))
    out.print(table)


def _comparison(library: Library, ids: tuple[str, ...]) -> Comparison:
    """Return the comparison; raises InvalidRequest with examples written for the command line."""
    try:
        return answers.comparison(library, ids)
    except InvalidRequest as error:
        faults = [
            Fault("ID", one.message, one.example.replace("id=", "").replace("&", " ")) for one in error.faults
        ]
        raise InvalidRequest(faults) from None
