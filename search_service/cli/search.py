"""search: the query language and the filters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from search_service import answers
from search_service.cli.output import out, print_json, print_notes, print_practice, quantity
from search_service.cli.root import main, open_library
from search_service.search.index import SORTS, SearchRequest
from search_service.search.match.facets import FACETS
from search_service.search.match.filters import Filters
from search_service.settings import Settings


def _filters(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add one repeatable option for each facet."""
    for facet in reversed(FACETS):
        option = f"--{facet.name.replace('_', '-')}"
        text = f"Keep only this {facet.label.lower()} (id); repeat for several."
        command = click.option(option, facet.name, multiple=True, help=text)(command)
    return command


def _query_words(
    context: click.Context, _argument: click.Parameter, words: tuple[str, ...]
) -> tuple[str, ...]:
    """Accept `-word` in a query, but refuse an unknown `--option`."""
    for word in words:
        if word.startswith("--"):
            known = [name for option in context.command.params for name in option.opts]
            raise click.NoSuchOption(word.partition("=")[0], possibilities=known, ctx=context)
    return words


# -h is no option of search: -theft, which leaves out a word, would ask for help by its third letter.
@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("query", nargs=-1, type=click.UNPROCESSED, callback=_query_words)
@_filters
@click.option("--from", "first_year", type=int, help="Keep only what began in this year or later.")
@click.option("--to", "last_year", type=int, help="Keep only what began in this year or earlier.")
@click.option("--evaluated", is_flag=True, help="Keep only what anyone is known to have tested.")
@click.option("--sort", type=click.Choice(list(SORTS)), default=next(iter(SORTS)), help="Order.")
@click.option("--page", default=1, help="Which page.")
@click.option("--per-page", default=10, help="Results on a page.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API would answer.")
@click.pass_obj
def search(
    settings: Settings, /, query: tuple[str, ...], sort: str, page: int, per_page: int, **given: Any
) -> None:
    """Find practices by text and filters."""
    library = open_library(settings)
    facets = {facet.name: given[facet.name] for facet in FACETS if given[facet.name]}
    filters = Filters(facets, given["first_year"], given["last_year"], given["evaluated"])
    request = SearchRequest(" ".join(query), filters, sort, page, per_page)
    results = answers.search(library, request)
    if given["as_json"]:
        print_json(results)
        return
    out.print(f"{quantity(results['total'], 'practice')}; page {page} of {results['pages']}")
    if page > results["pages"]:
        out.print(f"There is no page {page:,}; the last is --page {results['pages']}.")
    print_notes(results["query"])
    nearest = results["nearest"]
    if nearest:
        given_up = " and ".join(step["label"] for step in nearest["given_up"])
        out.print(f"Without insisting on {given_up}: {quantity(nearest['total'], 'practice')}.")
    for found in results["results"] or (nearest["results"] if nearest else ()):
        print_practice(found, "".join(piece["text"] for piece in found["snippet"]["pieces"]))
