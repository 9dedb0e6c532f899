"""Search results with their filters."""

from __future__ import annotations

from collections.abc import Set
from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue

from search_service import answers
from search_service.answers.search import Results
from search_service.errors import InvalidRequest
from search_service.limits import MAX_EXPORTED, MAX_QUERY_LENGTH
from search_service.search.index import SORTS, SearchRequest
from search_service.search.match.facets import FACET_NAMES
from search_service.web.http import health, params
from search_service.web.http.current import current_library
from search_service.web.http.errors import listed
from search_service.web.http.parsing import read_page_query
from search_service.web.pages.blueprint import blueprint


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """Show the results of a search, or its faults with the usable parameters kept."""
    library = current_library()
    reading = read_page_query(params.SearchParams)
    asked = reading.params.request
    try:
        results = reading.answered(lambda _: answers.search(library, asked))
    except InvalidRequest as error:
        shown = request.args.get("q", "")[:MAX_QUERY_LENGTH]
        kept = _Addresses(asked).params_except({"q", *(fault.where for fault in error.faults)})
        return render_template("search_problem.html", faults=listed(error.faults), q=shown, carried=kept), 422
    health.count_search(results["total"])
    status = 404 if asked.page > results["pages"] else 200
    page = render_template(
        "search.html",
        results=results,
        q=asked.q,
        sorts=SORTS,
        chosen=_chosen(results),
        address=_Addresses(asked),
        has_filters=not asked.filters.is_empty,
        most_exported=MAX_EXPORTED,
    )
    return page, status


class _Addresses:
    """The addresses on a results page: the same search with one thing changed."""

    def __init__(self, asked: SearchRequest) -> None:
        self._asked = asked

    def page(self, number: int) -> str:
        """Return the address of another page of the same results."""
        return self._address(self._pairs(), number)

    def feed(self) -> str:
        """Return the address of the same search as a feed, which ignores order and page."""
        pairs = [pair for pair in self._pairs() if pair[0] not in ("sort", "per_page")]
        return f"/search.atom?{urlencode(pairs)}" if pairs else "/search.atom"

    def spreadsheet(self) -> str:
        """Return the address of all results as CSV, in the same order."""
        pairs = [pair for pair in self._pairs() if pair[0] != "per_page"]
        return f"/search.csv?{urlencode(pairs)}" if pairs else "/search.csv"

    def without(self, name: str, value: str) -> str:
        """Return the address without one chosen filter."""
        return self._address([pair for pair in self._pairs() if pair != (name, value)])

    def unfiltered(self) -> str:
        """Return the address without any filter."""
        names = (*FACET_NAMES, *params.FILTER_FIELD_NAMES)
        return self._address([pair for pair in self._pairs() if pair[0] not in names])

    def asking(self, text: str) -> str:
        """Return the address of another query with the same filters and order."""
        return self._address([("q", text), *(pair for pair in self._pairs() if pair[0] != "q")])

    def with_value(self, name: str, value: str) -> str:
        """Return the address with one more filter chosen."""
        return self._address([*(pair for pair in self._pairs() if pair != (name, value)), (name, value)])

    def carried(self) -> list[tuple[str, str]]:
        """Return the parameters that the form has no control for, as hidden fields."""
        return [pair for pair in self._pairs() if pair[0] == "per_page"]

    def params_except(self, names: Set[str]) -> list[tuple[str, str]]:
        """Return the parameters except these, as hidden fields for a form that asks for these."""
        return [pair for pair in self._pairs() if pair[0] not in names]

    def _pairs(self) -> list[tuple[str, str]]:
        asked, filters = self._asked, self._asked.filters
        pairs = [("q", asked.q)] if asked.q else []
        pairs += [(name, v) for name in FACET_NAMES for v in filters.facets.get(name, ())]
        years = (("from", filters.first_year), ("to", filters.last_year))
        pairs += [(name, str(year)) for name, year in years if year is not None]
        pairs += [("evaluated", "yes")] if filters.evaluated else []
        pairs += [("sort", asked.sort)] if asked.sort != next(iter(SORTS)) else []
        per_page = SearchRequest().per_page
        pairs += [("per_page", str(asked.per_page))] if asked.per_page != per_page else []
        return pairs

    @staticmethod
    def _address(pairs: list[tuple[str, str]], number: int = 1) -> str:
        pairs = [*pairs, ("page", str(number))] if number > 1 else pairs
        return f"/search?{urlencode(pairs)}" if pairs else "/search"


def _chosen(results: Results) -> list[dict[str, str]]:
    """Return the chosen filters, which the page offers to remove one by one."""
    years = [
        {"name": name, "facet": label, "id": str(year), "label": f"{label} {year}"}
        for name, label, year in (
            ("from", "Began in or after", results["from"]),
            ("to", "Began in or before", results["to"]),
        )
        if year is not None
    ]
    only = {"name": "evaluated", "facet": "Evidence", "id": "yes", "label": "Evaluated only"}
    return [*years, *([only] if results["evaluated"] else [])] + [
        {"name": facet["name"], "facet": facet["label"], "id": value["id"], "label": value["label"]}
        for facet in results["facets"]
        for value in facet["values"]
        if value["selected"]
    ]
