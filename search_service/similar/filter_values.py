"""The values that filters of a list of similar practice may have: those of the closed lists."""

from __future__ import annotations

from collections.abc import Iterable

from search_service.errors import Fault
from search_service.practices.taxonomy import Taxonomy
from search_service.similar.filters import ListFilters

FILTERED_LISTS = {"not_organisation": "organisation", "region": "region", "theme": "theme"}
"""The filters that take ids, by the names they have in requests, and the closed list the ids are of."""

IDS_NAMED = 3
"""Right ids named beside a wrong one: enough to see their form."""


def ids_by_filter(filters: ListFilters) -> dict[str, tuple[str, ...]]:
    """Return the ids of each filter of `FILTERED_LISTS`, in their order."""
    return {name: getattr(filters, name) for name in FILTERED_LISTS}


def filter_faults(filters: ListFilters, taxonomy: Taxonomy) -> list[Fault]:
    """Return a fault for each id that is in no list."""
    faults = []
    for name, keys in ids_by_filter(filters).items():
        list_name = FILTERED_LISTS[name]
        known = taxonomy.terms(list_name)
        faults += [
            Fault(name, f"there is no {list_name} with the id “{key[:80]}”.", _like(key, known))
            for key in keys
            if key not in known
        ]
    return faults


def known_filters(filters: ListFilters, taxonomy: Taxonomy) -> ListFilters:
    """Return filters without the ids that are in no list."""
    known = {
        name: tuple(key for key in keys if key in taxonomy.terms(FILTERED_LISTS[name]))
        for name, keys in ids_by_filter(filters).items()
    }
    return ListFilters(filters.promising, **known)


def _like(key: str, known: Iterable[str]) -> str:
    """Name ids that begin with the same word, or else the first there are."""
    words = key[:80].casefold().replace("-", " ").split()
    near = [one for one in known if words and one.startswith(words[0])]
    return ", ".join((near or list(known))[:IDS_NAMED])
