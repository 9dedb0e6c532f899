"""What the library can be asked, and the faults of a request that asks for more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from search_service.errors import Fault, InvalidRequest
from search_service.practices.collection import Practices
from search_service.practices.taxonomy import Taxonomy
from search_service.search.index import SORTS, SearchRequest
from search_service.search.match.facets import FACET_NAMES
from search_service.search.match.filters import Filters
from search_service.similar.filter_values import filter_faults
from search_service.similar.filters import ListFilters
from search_service.similar.index import EXAMPLE_TEXT

MAX_QUERY_LENGTH = 1_000
MAX_TEXT_LENGTH = 50_000
MAX_PER_PAGE = 100
MAX_PAGE = 10_000
MAX_RELATED = 20
MAX_SUGGESTIONS = 20
MAX_SHORTLIST = 20
"""Bounds on a request, so that none costs much more than others: a text of 50,000 characters takes 0.1 s, and
up to 0.4 s with four filters, since an empty list is tried again without each."""

MAX_TITLE_LENGTH = 120
"""The title of an event pack: two lines at the head of a printed page."""

MAX_EXPORTED = 1_000
"""Practices in one file; files are requested rarely, and may cost more than a page."""

MIN_COMPARED, MAX_COMPARED = 2, 3
"""More practices do not fit side by side."""

MAX_NUMBER_LENGTH = 20
"""Characters shown of a number; no 64-bit integer has more."""

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""The range of plausible years; others are typing mistakes."""

DEFAULT_SUGGESTIONS = 8
"""As many as fit under a search box on a phone."""


def search_faults(request: SearchRequest, taxonomy: Taxonomy) -> list[Fault]:
    """Return everything wrong with a search."""
    faults = [
        *bound_faults("page", request.page, 1, MAX_PAGE),
        *bound_faults("per_page", request.per_page, 1, MAX_PER_PAGE),
        *query_faults(request.q),
        *_year_faults(request.filters),
    ]
    if request.sort not in SORTS:
        faults.append(Fault("sort", f"“{request.sort[:80]}” is not an order.", ", ".join(SORTS)))
    for name, values in request.filters.facets.items():
        faults += _facet_faults(name, values, taxonomy)
    return faults


def _facet_faults(name: str, values: Iterable[str], taxonomy: Taxonomy) -> list[Fault]:
    if name not in FACET_NAMES:
        return [Fault(name, "this is not a filter.", ", ".join(FACET_NAMES))]
    known = taxonomy.terms(name)
    example = ", ".join(list(known)[:3])
    return [
        Fault(name, f"“{value[:80]}” is not one of its values.", example)
        for value in values
        if value not in known
    ]


def _year_faults(filters: Filters) -> list[Fault]:
    first, last = filters.first_year, filters.last_year
    years = [(name, year) for name, year in (("from", first), ("to", last)) if year is not None]
    faults = [
        Fault(name, f"{_shown(str(year))} is not a year from {FIRST_YEAR} to {LAST_YEAR}.", f"{name}=2015")
        for name, year in years
        if not FIRST_YEAR <= year <= LAST_YEAR
    ]
    if not faults and len(years) == len(("from", "to")) and years[0][1] > years[1][1]:
        faults.append(Fault("from", f"{first} is after the last year, {last}.", f"from={last}&to={first}"))
    return faults


def query_faults(text: str) -> list[Fault]:
    """Return what is wrong with the text of a query."""
    if len(text) <= MAX_QUERY_LENGTH:
        return []
    message = (
        f"it has {len(text):,} characters; at most {MAX_QUERY_LENGTH:,} are searched. To compare a whole "
        "text, paste it under Similar practice."
    )
    return [Fault("q", message, "missing from care")]


def text_faults(text: str) -> list[Fault]:
    """Return what is wrong with the length of a text to compare."""
    if len(text) <= MAX_TEXT_LENGTH:
        return []
    message = (
        f"it has {len(text):,} characters; at most {MAX_TEXT_LENGTH:,} can be compared. Paste only the part "
        "that says what is done."
    )
    return [Fault("text", message, EXAMPLE_TEXT)]


def bound_faults(name: str, value: int, low: int, high: int) -> list[Fault]:
    """Return what is wrong with a number that must be from `low` to `high`."""
    if low <= value <= high:
        return []
    return [Fault(name, f"{_shown(f'{value:,}')} is not between {low:,} and {high:,}.", f"{name}={low}")]


def _shown(number: str) -> str:
    """Cut an absurdly long number."""
    return number if len(number) <= MAX_NUMBER_LENGTH else f"{number[:MAX_NUMBER_LENGTH]}…"


def list_faults(limit: int, filters: ListFilters, taxonomy: Taxonomy) -> list[Fault]:
    """Return everything wrong with the length and the filters of a list of similar practice."""
    return [*bound_faults("limit", limit, 1, MAX_RELATED), *filter_faults(filters, taxonomy)]


def set_faults(practices: Practices, ids: Sequence[str], low: int, high: int) -> list[Fault]:
    """Return everything wrong with a set of practices: its size, and ids that do not exist."""
    example = "&".join(f"id={key}" for key in practices.columns.ids[: max(low, 1)])
    faults = [
        Fault(
            "id",
            f"there is no practice with the id “{key[:80]}”; leave it out, or search for its title.",
            example.partition("&")[0],
        )
        for key in ids
        if not practices.has(key)
    ]
    if low <= len(ids) <= high:
        return faults
    needed = f"{low} to {high} are needed" if low else f"at most {high} are kept"
    given = f"{len(ids):,} {'is' if len(ids) == 1 else 'are'} given"
    return [Fault("id", f"{given}; {needed}.", example), *faults]


def raise_if(faults: Sequence[Fault]) -> None:
    """Raise InvalidRequest with all faults, if there are any."""
    if faults:
        raise InvalidRequest(faults)
