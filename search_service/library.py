"""The one object that the web and the command line talk to.

A `Library` answers questions about one snapshot and never changes; `live.LiveLibrary` holds the current
one. What may be asked is bounded in `limits`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search_service.errors import Fault, InvalidRequest, NotFound
from search_service.gaps import call_draft
from search_service.gaps.calls import CallEffect
from search_service.gaps.gap_map import GapMap
from search_service.gaps.overview import Overview
from search_service.gaps.reach import Reach
from search_service.gaps.report import GapReport, Reference, ThemeGap
from search_service.limits import (
    DEFAULT_SUGGESTIONS,
    FEWEST_COMPARED,
    MAX_EXPORTED,
    MAX_RELATED,
    MAX_SHORTLIST,
    MAX_SUGGESTIONS,
    MAX_TEXT_LENGTH,
    MOST_COMPARED,
    bound_faults,
    raise_if,
    search_faults,
    text_faults,
)
from search_service.practices.collection import Brief
from search_service.practices.model import Practice
from search_service.practices.taxonomy import Concept, ReferenceList, Taxonomy
from search_service.search.index import SearchRequest, SearchResults
from search_service.search.match.facets import FACET_NAMES, FacetCounts
from search_service.search.suggest import Suggestion
from search_service.similar.filter_values import filter_faults, known_filters
from search_service.similar.filters import ListFilters, passing
from search_service.similar.index import DEFAULT_LIMIT, EXAMPLE_TEXT, Recommendation
from search_service.snapshot import store
from search_service.snapshot.build import Snapshot
from search_service.text.dates import in_words
from search_service.themes.of_text import TextTheme, themes_of_text
from search_service.themes.signals import Signals
from search_service.themes.suggestions import Suggestions

MAP_LISTS = ("theme", "approach", "region", "target_group", "evidence", "stage", "organisation")
"""Closed lists that can be an axis of the gap map."""

NO_FILTERS = ListFilters()


@dataclass(frozen=True, slots=True)
class ThemeSummary:
    """A theme with how many practices it has and how many of each evidence rating."""

    concept: Concept
    practices: int
    by_evidence: Mapping[str, int]


class Library:
    """All answers about one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._columns = snapshot.practices.columns
        self._rows = {key: row for row, key in enumerate(self._columns.ids)}
        self._overview = Overview(self._columns, snapshot.taxonomy)

    @property
    def taxonomy(self) -> Taxonomy:
        """The closed lists."""
        return self._snapshot.taxonomy

    @property
    def practices(self) -> Sequence[Practice]:
        """Every practice, in order of id; `Hit.row` and `Recommendation.row` count in it."""
        return self._snapshot.practices

    @property
    def manifest(self) -> store.Manifest:
        """What the snapshot is and was made from."""
        return self._snapshot.manifest

    def practice(self, key: str) -> Practice:
        """Return one practice; raises NotFound."""
        return self.practices[self._row(key)]

    def brief_of(self, row: int) -> Brief:
        """Return what a list shows of the practice in one row."""
        return self._columns.brief(row)

    def has(self, key: str) -> bool:
        """Tell whether there is a practice with this id."""
        return key in self._rows

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer a search; raises InvalidRequest with every fault of the request."""
        raise_if(self.request_faults(request))
        return self._snapshot.search.search(request)

    def all_found(self, request: SearchRequest) -> list[Practice]:
        """Return what a search finds, best first and at most `MAX_EXPORTED`; raises InvalidRequest."""
        raise_if(self.request_faults(request))
        found = self._snapshot.search.search(replace(request, page=1, per_page=MAX_EXPORTED))
        return [self.practices[hit.row] for hit in found.hits]

    def request_faults(self, request: SearchRequest) -> list[Fault]:
        """Return everything wrong with a search."""
        return [*search_faults(request), *self._selection_faults(request.selection)]

    def facets(self) -> tuple[FacetCounts, ...]:
        """Return every facet with its counts over all practices."""
        return self._snapshot.search.search(SearchRequest(per_page=1)).facets

    def suggest(self, text: str, limit: int = DEFAULT_SUGGESTIONS) -> list[Suggestion]:
        """Return what can be suggested for the beginning of a query; raises InvalidRequest."""
        raise_if([*text_faults(text), *bound_faults("limit", limit, 1, MAX_SUGGESTIONS)])
        return self._snapshot.search.suggest(text, limit)

    def related(
        self, key: str, limit: int = DEFAULT_LIMIT, filters: ListFilters = NO_FILTERS
    ) -> tuple[Recommendation, ...]:
        """Recommend practices similar to one; raises NotFound, and InvalidRequest with every fault."""
        row = self._row(key)
        raise_if([*bound_faults("limit", limit, 1, MAX_RELATED), *self.filter_faults(filters)])
        return self._snapshot.similar.related(row, limit, keep=self._keep(filters))

    def similar(
        self, text: str, limit: int = DEFAULT_LIMIT, filters: ListFilters = NO_FILTERS
    ) -> tuple[Recommendation, ...]:
        """Recommend practices similar to a text; raises InvalidRequest with every fault."""
        faults = [*bound_faults("limit", limit, 1, MAX_RELATED), *self.filter_faults(filters)]
        if len(text) > MAX_TEXT_LENGTH:
            message = (
                f"it has {len(text):,} characters; at most {MAX_TEXT_LENGTH:,} can be compared. Paste only "
                "the part that says what is done."
            )
            faults.append(Fault("text", message, EXAMPLE_TEXT))
            raise InvalidRequest(faults)
        try:
            found = self._snapshot.similar.similar(text, limit, keep=None if faults else self._keep(filters))
        except InvalidRequest as error:
            faults += error.faults
        raise_if(faults)
        return found

    def related_to_set(
        self, ids: Iterable[str], limit: int = DEFAULT_LIMIT, filters: ListFilters = NO_FILTERS
    ) -> tuple[Recommendation, ...]:
        """Recommend practices similar to several together; raises InvalidRequest with every fault."""
        ids = tuple(dict.fromkeys(ids))
        faults = [*self.set_faults(ids, 1, MAX_SHORTLIST), *bound_faults("limit", limit, 1, MAX_RELATED)]
        raise_if([*faults, *self.filter_faults(filters)])
        rows = [self._rows[key] for key in ids]
        return self._snapshot.similar.related_to_set(rows, limit, keep=self._keep(filters))

    def compared(self, filters: ListFilters = NO_FILTERS, ids: Iterable[str] = ()) -> int:
        """Return with how many practices a text, or the practices of `ids`, are compared under `filters`.

        A practice is not compared with its own versions.
        """
        others = np.ones(len(self.practices), dtype=bool)
        for key in ids:
            others[self._rows_by_family[self._columns.families[self._row(key)]]] = False
        keep = self._keep(filters)
        return int((others if keep is None else others & keep).sum())

    def filter_faults(self, filters: ListFilters) -> list[Fault]:
        """Return everything wrong with the filters of a list of similar practice."""
        return filter_faults(filters, self.taxonomy)

    def known_filters(self, filters: ListFilters) -> ListFilters:
        """Return filters without the values that are in no list."""
        return known_filters(filters, self.taxonomy)

    def main_words(self, text: str) -> tuple[str, ...]:
        """Return the words of a text that tell it apart and that practices use, the most telling first."""
        return self._snapshot.similar.main_words(text)

    def words_known(self, text: str) -> tuple[int, int]:
        """Return how many different words of a text are compared at all, and how many carry meaning."""
        return self._snapshot.similar.words_known(text)

    def _keep(self, filters: ListFilters) -> NDArray[np.bool_] | None:
        """Return which practices pass, None where all do."""
        return None if filters.is_empty else passing(filters, self._columns, self.taxonomy)

    def to_compare(self, ids: Iterable[str]) -> list[Practice]:
        """Return the two or three practices to set side by side; raises InvalidRequest with every fault."""
        ids = tuple(dict.fromkeys(ids))
        raise_if(self.set_faults(ids, FEWEST_COMPARED, MOST_COMPARED))
        return self.known(ids)

    def known(self, ids: Iterable[str]) -> list[Practice]:
        """Return the practices that there are of these, each once, in the order given."""
        return [self.practice(key) for key in dict.fromkeys(ids) if self.has(key)]

    def set_faults(self, ids: Sequence[str], fewest: int, most: int) -> list[Fault]:
        """Return everything wrong with a set of practices: how many they are, and who is unknown."""
        known = "&".join(f"id={key}" for key in self._columns.ids[: max(fewest, 1)])
        faults = [
            Fault(
                "id",
                f"there is no practice with the id “{key[:80]}”; leave it out, or search for its title.",
                known.partition("&")[0],
            )
            for key in ids
            if not self.has(key)
        ]
        if fewest <= len(ids) <= most:
            return faults
        needed = f"{fewest} to {most} are needed" if fewest else f"at most {most} are kept"
        given = f"{len(ids):,} {'is' if len(ids) == 1 else 'are'} given"
        return [Fault("id", f"{given}; {needed}.", known), *faults]

    def variants_of(self, practice: Practice) -> tuple[Practice, ...]:
        """Return the other practices of the same family, the original first."""
        family = self._columns.families[self._row(practice.id)]
        members = [self.practices[row] for row in self._rows_by_family[family]]
        return tuple(sorted((p for p in members if p.id != practice.id), key=lambda p: p.id != family))

    def themes(self) -> tuple[ThemeSummary, ...]:
        """Return every theme, in the order of the taxonomy, with what there is on it."""
        return self._themes

    def references(self) -> tuple[ReferenceList, ...]:
        """Return the reference distributions gaps can be measured against; the first is default."""
        return self.taxonomy.references

    def gaps(self, reference: str | None = None) -> GapReport:
        """Return the gap report against one reference; raises NotFound."""
        key = reference or self.taxonomy.references[0].id
        if key not in self._overview.gap_reports:
            raise NotFound("reference", key)
        return self._overview.gap_reports[key]

    def gaps_against(self, own: Reference) -> GapReport:
        """Return the gap report against a reference that is not of the corpus.

        The shipped ones are asked whether they agree. Raises InvalidRequest with every fault.
        """
        return self._overview.gaps_against(own)

    def reach(self) -> Reach:
        """Return which organisations, regions and target groups the practices are from, and which not."""
        return self._overview.reach

    def call_effects(self) -> tuple[CallEffect, ...]:
        """Return what came through each call beside what came before, labelled against the default."""
        return self._overview.call_effects

    def suggestions(self) -> Suggestions:
        """Return the themes suggested for practices, and topics that no theme covers; none is counted."""
        return self._snapshot.suggestions

    def themes_of_text(self, text: str) -> tuple[TextTheme, ...]:
        """Return the themes that a text seems to be on, the clearest first; none is counted anywhere."""
        return themes_of_text(text, self._signals)

    def theme_gap(self, theme: str) -> ThemeGap | None:
        """Return what the default report says of one theme, None where it leaves the theme out."""
        return next((gap for gap in self.gaps().themes if gap.theme == theme), None)

    def brief(self, report: GapReport) -> tuple[call_draft.Block, ...]:
        """Return the draft of a call for practice from a gap report."""
        return call_draft.draft(
            report,
            self.reach(),
            {theme.id: theme.definition for theme in self.taxonomy.themes},
            self.labels("reference"),
            in_words(self.manifest.created[:10]),
        )

    def gap_map(self, rows: str = "theme", columns: str = "approach") -> GapMap:
        """Count practices in every cell of two closed lists; raises InvalidRequest."""
        faults = [
            Fault(name, f"“{value}” is not a list the map can be drawn for.", ", ".join(MAP_LISTS))
            for name, value in (("rows", rows), ("columns", columns))
            if value not in MAP_LISTS
        ]
        if not faults and rows == columns:
            faults.append(Fault("columns", "rows and columns must differ.", "columns=region"))
        raise_if(faults)
        return self._overview.gap_map(rows, columns)

    def labels(self, list_name: str) -> Mapping[str, str]:
        """Return id to label of one closed list, in its own order."""
        return self.taxonomy.labels[list_name]

    def label(self, list_name: str, key: str) -> str:
        """Return how one value is shown."""
        return self.taxonomy.label(list_name, key)

    def warm(self) -> None:
        """Do the work of the first requests before there is one."""
        self.search(SearchRequest("warm"))
        self.gaps()
        self.gap_map()
        self.reach()
        self.call_effects()

    @cached_property
    def _signals(self) -> Signals:
        return Signals(self.taxonomy.themes)

    @cached_property
    def _themes(self) -> tuple[ThemeSummary, ...]:
        counts = {theme.id: Counter[str]() for theme in self.taxonomy.themes}
        for themes, rating in zip(self._columns.values["theme"], self._columns.ratings, strict=True):
            for theme in themes:
                counts[theme][rating] += 1
        return tuple(
            ThemeSummary(theme, counts[theme.id].total(), dict(counts[theme.id]))
            for theme in self.taxonomy.themes
        )

    @cached_property
    def _rows_by_family(self) -> Mapping[str, list[int]]:
        """The rows of each family, by the id at its root."""
        rows: dict[str, list[int]] = {}
        for row, family in enumerate(self._columns.families):
            rows.setdefault(family, []).append(row)
        return rows

    def _row(self, key: str) -> int:
        if key not in self._rows:
            raise NotFound("practice", key)
        return self._rows[key]

    def _selection_faults(self, selection: Mapping[str, Iterable[str]]) -> list[Fault]:
        faults = []
        for name, values in selection.items():
            if name not in FACET_NAMES:
                faults.append(Fault(name, "this is not a filter.", ", ".join(FACET_NAMES)))
                continue
            known = self.taxonomy.terms(name)
            faults += [
                Fault(name, f"“{value[:80]}” is not one of its values.", ", ".join(list(known)[:3]))
                for value in values
                if value not in known
            ]
        return faults
