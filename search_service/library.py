"""One snapshot, opened to answer questions.

A `Library` never changes; `live.LiveLibrary` holds the current one. What may be asked is bounded in
`limits`; every function here that a request reaches raises InvalidRequest with all faults at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from search_service.errors import InvalidRequest
from search_service.gaps.overview import Gaps
from search_service.limits import (
    DEFAULT_SUGGESTIONS,
    MAX_EXPORTED,
    MAX_SHORTLIST,
    MAX_SUGGESTIONS,
    bound_faults,
    list_faults,
    query_faults,
    raise_if,
    search_faults,
    set_faults,
    text_faults,
)
from search_service.practices.collection import Practices
from search_service.practices.model import Practice
from search_service.practices.taxonomy import Taxonomy
from search_service.search.index import SearchIndex, SearchRequest, SearchResults
from search_service.search.match.facets import FacetCounts
from search_service.search.suggest import Suggestion
from search_service.similar.filters import NO_FILTERS, ListFilters, passing
from search_service.similar.index import DEFAULT_LIMIT, Keep, Recommendation, SimilarIndex
from search_service.similar.query import TextQuery
from search_service.snapshot.build import Snapshot
from search_service.text.dates import in_words
from search_service.themes.of_text import Draft
from search_service.themes.signals import Signals


class Library:
    """Everything a snapshot can be asked: its practices, searches, similar practice and gaps."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.manifest = snapshot.manifest
        self.taxonomy = snapshot.taxonomy
        self.practices = snapshot.practices
        self.suggestions = snapshot.suggestions
        self.search = Search(snapshot.search, self.practices, self.taxonomy)
        self.similar = Similar(snapshot.similar, self.practices, self.taxonomy)
        self.gaps = Gaps(self.practices.columns, self.taxonomy, in_words(self.manifest.created[:10]))

    def warm(self) -> None:
        """Do the work of the first requests in advance."""
        self.search.find(SearchRequest("warm"))
        self.gaps.report()
        self.gaps.map()
        _ = self.gaps.reach, self.gaps.call_effects


class Search:
    """Search within bounds."""

    def __init__(self, index: SearchIndex, practices: Practices, taxonomy: Taxonomy) -> None:
        self._index, self._practices, self._taxonomy = index, practices, taxonomy

    def find(self, request: SearchRequest) -> SearchResults:
        """Answer a search; raises InvalidRequest."""
        raise_if(search_faults(request, self._taxonomy))
        return self._index.search(request)

    def export(self, request: SearchRequest, limit: int = MAX_EXPORTED) -> list[Practice]:
        """Return the first `limit` practices of a search, whatever its page; raises InvalidRequest."""
        raise_if(search_faults(request, self._taxonomy))
        found = self._index.search(replace(request, page=1, per_page=limit))
        return [self._practices[hit.row] for hit in found.hits]

    def facets(self) -> tuple[FacetCounts, ...]:
        """Return every facet with its counts over all practices."""
        return self._index.search(SearchRequest(per_page=1)).facets

    def suggest(self, text: str, limit: int = DEFAULT_SUGGESTIONS) -> list[Suggestion]:
        """Return suggestions for the beginning of a query; raises InvalidRequest."""
        raise_if([*query_faults(text), *bound_faults("limit", limit, 1, MAX_SUGGESTIONS)])
        return self._index.suggest(text, limit)


@dataclass(frozen=True, slots=True)
class SimilarList:
    """Practices similar to a text, a practice or a set, and what was left out of them.

    Of `total` practices `compared` pass the filters; the versions of what was asked about count in neither.
    For an empty list, `without` counts what dropping filters (named) would bring.
    """

    found: tuple[Recommendation, ...]
    filters: ListFilters
    limit: int
    total: int
    compared: int
    without: Mapping[tuple[str, ...], int]


class TextMatch(NamedTuple):
    """Practices similar to a text, and remarks on it as a draft.

    `same_initiative` are the rows of practices that it seems to describe, whatever the filters: whoever
    wrote it has to know of them.
    """

    query: TextQuery
    similar: SimilarList
    same_initiative: tuple[int, ...]
    draft: Draft


class Similar:
    """Practice similar to a practice, a text or a set, within bounds."""

    def __init__(self, index: SimilarIndex, practices: Practices, taxonomy: Taxonomy) -> None:
        self._index, self._practices, self._taxonomy = index, practices, taxonomy

    @cached_property
    def _signals(self) -> Signals:
        return Signals(self._taxonomy.themes)

    def to_practice(
        self, key: str, limit: int = DEFAULT_LIMIT, filters: ListFilters = NO_FILTERS
    ) -> SimilarList:
        """List practices similar to one; raises NotFound and InvalidRequest."""
        raise_if(list_faults(limit, filters, self._taxonomy))
        row = self._practices.row_of(key)
        return self._list(lambda keep: self._index.related(row, limit, keep), limit, filters, [key])

    def to_set(
        self, ids: Iterable[str], limit: int = DEFAULT_LIMIT, filters: ListFilters = NO_FILTERS
    ) -> SimilarList:
        """List practices similar to several together; raises InvalidRequest."""
        ids = tuple(dict.fromkeys(ids))
        faults = set_faults(self._practices, ids, 1, MAX_SHORTLIST)
        raise_if([*faults, *list_faults(limit, filters, self._taxonomy)])
        rows = [self._practices.row_of(key) for key in ids]
        return self._list(lambda keep: self._index.related_to_set(rows, limit, keep), limit, filters, ids)

    def to_text(self, text: str, limit: int = DEFAULT_LIMIT, filters: ListFilters = NO_FILTERS) -> TextMatch:
        """List practices similar to a text; raises InvalidRequest."""
        faults = list_faults(limit, filters, self._taxonomy)
        try:
            raise_if(text_faults(text))
            query = self._index.read(text)
        except InvalidRequest as error:
            raise InvalidRequest([*faults, *error.faults]) from None
        raise_if(faults)
        similar = self._list(lambda keep: self._index.similar(query, limit, keep), limit, filters)
        unfiltered = self._index.similar(query, limit) if filters.used else similar.found
        same_initiative = tuple(one.row for one in unfiltered if one.same_initiative)
        return TextMatch(query, similar, same_initiative, Draft.read(text, self._signals))

    def _list(
        self,
        find: Callable[[Keep | None], tuple[Recommendation, ...]],
        limit: int,
        filters: ListFilters,
        ids: Iterable[str] = (),
    ) -> SimilarList:
        others = np.ones(len(self._practices), dtype=bool)
        for key in ids:
            others[self._practices.family_rows(key)] = False
        keep = self._keep(filters)
        found = find(keep)
        return SimilarList(
            found,
            filters,
            limit,
            total=int(others.sum()),
            compared=int((others if keep is None else others & keep).sum()),
            without={} if found else dict(self._without(find, filters)),
        )

    def _without(
        self, find: Callable[[Keep | None], tuple[Recommendation, ...]], filters: ListFilters
    ) -> Iterator[tuple[tuple[str, ...], int]]:
        """Yield each filter that can be dropped, then all of them, with what there would be then."""
        for names in dict.fromkeys([*((name,) for name in filters.used), filters.used]):
            if names and (number := len(find(self._keep(filters.without(names))))):
                yield names, number

    def _keep(self, filters: ListFilters) -> Keep | None:
        """Return which practices pass the filters, or None if all do."""
        return passing(filters, self._practices.columns, self._taxonomy) if filters.used else None
