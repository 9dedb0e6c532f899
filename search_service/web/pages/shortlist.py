"""Practices that someone has chosen: kept in the address, compared, and what is like them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from search_service import answers
from search_service.downloads import tables
from search_service.errors import Fault, InvalidRequest
from search_service.limits import MAX_SHORTLIST, MAX_TITLE_LENGTH, set_faults
from search_service.practices.model import Practice
from search_service.search.index import SearchRequest
from search_service.similar.filters import ListFilters
from search_service.web.http import params
from search_service.web.http.current import current_library
from search_service.web.http.errors import listed
from search_service.web.http.parsing import read_page_query
from search_service.web.pages import list_filters
from search_service.web.pages.blueprint import blueprint
from search_service.web.pages.gap_files import csv_file

MAX_FOUND = 5
"""Practices offered to add for a search: beyond them, the search page is the better place."""

DEFAULT_TITLE = "Practice to learn from"
"""What a pack is called until somebody gives it a title."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an address holds: the practices there are, a search for more, filters, and all that was wrong."""

    practices: list[Practice]
    q: str
    filters: ListFilters
    faults: list[Fault]

    @property
    def ids(self) -> list[str]:
        """The ids of the practices."""
        return [one.id for one in self.practices]


def _chosen() -> Chosen:
    """Read a shortlist off the address; what is wrong takes nothing from the rest."""
    reading = read_page_query(params.ShortlistParams)
    filters = list_filters.read(current_library(), request.args)
    practices, faults = _read_ids(reading.params.id, 0)
    return Chosen(practices, reading.params.q, filters.filters, [*reading.faults, *faults, *filters.faults])


def _read_ids(ids: list[str], fewest: int) -> tuple[list[Practice], list[Fault]]:
    """Return the practices that there are of these, as many as are kept, and what is wrong with the ids."""
    library = current_library()
    return library.practices.known(ids)[:MAX_SHORTLIST], set_faults(
        library.practices, ids, fewest, MAX_SHORTLIST
    )


@blueprint.get("/shortlist")
def shortlist() -> ResponseReturnValue:
    """Show the practices of a shortlist, what is like them, and what can be done with them."""
    library = current_library()
    chosen = _chosen()
    page = render_template(
        "shortlist.html",
        shown=[answers.practice_summary(library, one) for one in chosen.practices],
        ids=chosen.ids,
        q=chosen.q,
        found=answers.search(library, SearchRequest(chosen.q, per_page=MAX_FOUND)) if chosen.q else None,
        answer=answers.related_to_set(library, chosen.ids, filters=chosen.filters) if chosen.ids else None,
        choices=answers.filter_choices(library, chosen.filters),
        off=list_filters.addresses_without("pages.shortlist", chosen.filters, id=chosen.ids),
        faults=listed(chosen.faults),
        address=f"{request.url_root.rstrip('/')}{url_for('pages.shortlist', id=chosen.ids)}",
    )
    return page, 422 if chosen.faults else 200


@blueprint.get("/shortlist.csv")
def shortlist_csv() -> Response:
    """Give the practices of a shortlist as CSV."""
    chosen = _chosen()
    if chosen.faults:
        raise InvalidRequest(chosen.faults)
    return csv_file(
        tables.SHORTLIST, answers.practice_rows(current_library(), chosen.practices, request.url_root)
    )


@blueprint.get("/shortlist/pack")
def pack() -> ResponseReturnValue:
    """Show the practices of a shortlist whole, as one document to print for an event."""
    library = current_library()
    reading = read_page_query(params.PackParams)
    practices, found = _read_ids(reading.params.id, 1)
    faults = [*reading.faults, *found]
    typed = " ".join(reading.params.title.split())
    page = render_template(
        "pack.html",
        shown=[answers.practice(library, one) for one in practices],
        ids=[one.id for one in practices],
        title=typed or DEFAULT_TITLE,
        typed=typed,
        longest_title=MAX_TITLE_LENGTH,
        ratings=library.taxonomy.vocabulary.evidence,
        today=datetime.now(UTC).date().isoformat(),
        faults=listed(faults),
        base=request.url_root.rstrip("/"),
    )
    return page, 422 if faults else 200


@blueprint.get("/compare")
def compare() -> ResponseReturnValue:
    """Show two or three practices side by side, or which to choose from."""
    library = current_library()
    ids = read_page_query(params.CompareParams).params.id
    try:
        return render_template("compare.html", comparison=answers.comparison(library, ids))
    except InvalidRequest as error:
        some = library.practices.known(ids)[:MAX_SHORTLIST]
        known = [answers.practice_summary(library, one) for one in some]
        return render_template("compare_problem.html", faults=listed(error.faults), practices=known), 422
