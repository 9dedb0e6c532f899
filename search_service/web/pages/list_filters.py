"""The filters of a list of similar practice, in a page's form or address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import url_for
from werkzeug.datastructures import MultiDict

from search_service.errors import Fault
from search_service.library import Library
from search_service.similar.filter_values import filter_faults, ids_by_filter, known_filters
from search_service.similar.filters import ListFilters
from search_service.web.http import params
from search_service.web.http.parsing import read_query

WITHOUT = "without"
"""The filters that a form's button removes: names separated by blanks."""

Addresses = Callable[[Iterable[str]], str]


@dataclass(frozen=True, slots=True)
class Read:
    """The usable filters, and the faults of the others."""

    filters: ListFilters
    faults: tuple[Fault, ...]


def read(library: Library, given: MultiDict[str, str]) -> Read:
    """Read the filters of a form or address; wrong ones leave the rest usable."""
    off = {name for names in given.getlist(WITHOUT) for name in names.split()}
    kept = MultiDict((name, value) for name, value in given.items(multi=True) if name not in off)
    reading = read_query(params.ListFilterParams, kept, unknown="ignore")
    filters = reading.params.filters
    faults = (*reading.faults, *filter_faults(filters, library.taxonomy))
    return Read(known_filters(filters, library.taxonomy), faults)


def addresses_without(endpoint: str, filters: ListFilters, **others: object) -> Addresses:
    """Return a function that gives the address of a page without some of the filters in use."""
    values = {"promising": ["yes"] * filters.promising, **ids_by_filter(filters)}

    def address(off: Iterable[str]) -> str:
        left = {name: list(ids) for name, ids in values.items() if name not in off}
        return url_for(endpoint, **others, **left)  # type: ignore[arg-type]  # any value is written

    return address
