"""The one object that the web and the command line talk to.

A `Library` answers questions about one snapshot and never changes. `LiveLibrary` holds the
current one and takes up a new snapshot as soon as it is published, between requests.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from search_service.errors import Fault, InvalidRequest, NotFound
from search_service.practices.model import Practice
from search_service.practices.taxonomy import Concept, ReferenceList, Taxonomy
from search_service.search.facets import FACET_NAMES, FacetCounts
from search_service.search.index import SORTS, SearchRequest, SearchResults
from search_service.similar.index import DEFAULT_LIMIT, Recommendation
from search_service.snapshot import store
from search_service.snapshot.build import Snapshot, load
from search_service.themes import brief
from search_service.themes.calls import CallEffect, call_effects
from search_service.themes.coverage import GapReport, Reference, compare
from search_service.themes.gap_map import GapMap, gap_map
from search_service.themes.reach import LISTS, Reach, reach_of
from search_service.themes.suggestions import Suggestions
from search_service.themes.tally import Tally, tally_of

log = logging.getLogger(__name__)

CHECK_SECONDS = 1.0
"""How often a running service looks whether there is a new snapshot (one small read)."""

RETRY_SECONDS = 30.0
"""How long a snapshot that could not be loaded is left alone before it is tried again."""

MAX_QUERY_LENGTH = 1_000
MAX_TEXT_LENGTH = 50_000
MAX_PER_PAGE = 100
MAX_PAGE = 10_000
MAX_RELATED = 20
"""Bounds on what is asked, so that no request can cost more than a few milliseconds."""

MAP_LISTS = ("theme", "approach", "region", "target_group", "evidence", "stage", "organisation")
"""Closed lists that can be an axis of the gap map."""


FORCE_KIND, ABROAD = "police-force", "outside-the-uk"
"""Reach is counted in organisations of this kind, and neither they nor regions count where they are
abroad: nobody is asked there (ids of vocabulary.yaml)."""


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
        self._rows = {practice.id: row for row, practice in enumerate(snapshot.practices)}
        self._gap_maps: dict[tuple[str, str], GapMap] = {}

    @property
    def taxonomy(self) -> Taxonomy:
        """The closed lists."""
        return self._snapshot.taxonomy

    @property
    def practices(self) -> tuple[Practice, ...]:
        """Every practice, in order of id; `Hit.row` and `Recommendation.row` count in it."""
        return self._snapshot.practices

    @property
    def manifest(self) -> store.Manifest:
        """What the snapshot is and was made from."""
        return self._snapshot.manifest

    def practice(self, key: str) -> Practice:
        """Return one practice; raises NotFound."""
        return self.practices[self._row(key)]

    def has(self, key: str) -> bool:
        """Tell whether there is a practice with this id."""
        return key in self._rows

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer a search; raises InvalidRequest with every fault of the request."""
        _raise_if(self.request_faults(request))
        return self._snapshot.search.search(request)

    def request_faults(self, request: SearchRequest) -> list[Fault]:
        """Return everything wrong with a search."""
        return [*_search_faults(request), *self._selection_faults(request.selection)]

    def facets(self) -> tuple[FacetCounts, ...]:
        """Return every facet with its counts over all practices."""
        return self._snapshot.search.search(SearchRequest(per_page=1)).facets

    def related(self, key: str, limit: int = DEFAULT_LIMIT) -> tuple[Recommendation, ...]:
        """Recommend practices similar to one; raises NotFound and InvalidRequest."""
        row = self._row(key)
        _raise_if(_bound_faults("limit", limit, 1, MAX_RELATED))
        return self._snapshot.similar.related(row, limit)

    def similar(self, text: str, limit: int = DEFAULT_LIMIT) -> tuple[Recommendation, ...]:
        """Recommend practices similar to a text; raises InvalidRequest with every fault."""
        faults = _bound_faults("limit", limit, 1, MAX_RELATED)
        if len(text) > MAX_TEXT_LENGTH:
            message = f"it has {len(text):,} characters; at most {MAX_TEXT_LENGTH:,} can be compared."
            faults.append(Fault("text", message, "paste only the part that says what is done"))
        _raise_if(faults)
        return self._snapshot.similar.similar(text, limit)

    def variants_of(self, practice: Practice) -> tuple[Practice, ...]:
        """Return the other practices of the same family, the original first."""
        family = practice.variant_of or practice.id
        members = [p for p in self.practices if family in (p.id, p.variant_of)]
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
        if key not in self._gap_reports:
            raise NotFound("reference", key)
        return self._gap_reports[key]

    def gaps_against(self, own: Reference) -> GapReport:
        """Return the gap report against a reference that is not of the corpus.

        The shipped ones are asked whether they agree. Raises InvalidRequest with every fault.
        """
        return compare(self._tally, self.labels("theme"), [own, *self._references])[own.id]

    def reach(self) -> Reach:
        """Return which organisations, regions and target groups the practices are from, and which not."""
        return self._reach

    def call_effects(self) -> tuple[CallEffect, ...]:
        """Return what came through each call beside what came before, labelled against the default."""
        return self._call_effects

    def suggestions(self) -> Suggestions:
        """Return the themes suggested for practices, and topics that no theme covers; none is counted."""
        return self._snapshot.suggestions

    def brief(self, report: GapReport) -> tuple[brief.Block, ...]:
        """Return the draft of a call for practice from a gap report."""
        return brief.draft(
            report,
            self.reach(),
            {theme.id: theme.definition for theme in self.taxonomy.themes},
            self.labels("reference"),
            self.manifest.created[:10],
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
        _raise_if(faults)
        if (rows, columns) not in self._gap_maps:
            self._gap_maps[rows, columns] = self._counted_map(rows, columns)
        return self._gap_maps[rows, columns]

    def _counted_map(self, rows: str, columns: str) -> GapMap:
        return gap_map(
            [practice.values(rows) for practice in self.practices],
            [practice.values(columns) for practice in self.practices],
            [practice.rating for practice in self.practices],
            self.labels(rows),
            self.labels(columns),
            list(self.taxonomy.terms("evidence")),
        )

    def labels(self, list_name: str) -> dict[str, str]:
        """Return id to label of one closed list, in its own order."""
        return {key: term.label for key, term in self.taxonomy.terms(list_name).items()}

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
    def _references(self) -> list[Reference]:
        return [
            Reference(
                reference.id,
                reference.label,
                reference.shares(),
                reference.caveat,
                tuple(dict.fromkeys(w.source for w in reference.weights if w.source)),
            )
            for reference in self.taxonomy.references
        ]

    @cached_property
    def _tally(self) -> Tally:
        return tally_of(
            [practice.themes for practice in self.practices],
            [practice.is_evaluated for practice in self.practices],
            list(self.labels("theme")),
        )

    @cached_property
    def _gap_reports(self) -> dict[str, GapReport]:
        return compare(self._tally, self.labels("theme"), self._references)

    @cached_property
    def _reach(self) -> Reach:
        organisations = self.taxonomy.vocabulary.organisation
        forces = [one.id for one in organisations if one.kind == FORCE_KIND and one.region != ABROAD]
        labels = {name: self.labels(name) for name in LISTS}
        labels["region"].pop(ABROAD, None)
        values = {name: [practice.values(name) for practice in self.practices] for name in LISTS}
        return reach_of(values, labels, forces)

    @cached_property
    def _call_effects(self) -> tuple[CallEffect, ...]:
        default = self._references[0].weights
        calls_of = [practice.values("call") for practice in self.practices]
        themes_of = [practice.themes for practice in self.practices]
        return call_effects(calls_of, themes_of, self.taxonomy.calls, self.labels("theme"), default)

    @cached_property
    def _themes(self) -> tuple[ThemeSummary, ...]:
        counts = {theme.id: Counter[str]() for theme in self.taxonomy.themes}
        for practice in self.practices:
            for theme in practice.themes:
                counts[theme][practice.rating] += 1
        return tuple(
            ThemeSummary(theme, counts[theme.id].total(), dict(counts[theme.id]))
            for theme in self.taxonomy.themes
        )

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


class LiveLibrary:
    """The current snapshot's library, replaced whole when a new snapshot is published.

    A snapshot that cannot be loaded is logged and left alone: the last good one stays, and `refusal`
    says why (None where the newest is the one that is served).
    """

    def __init__(self, index: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._index = index
        self._clock = clock
        self._lock = threading.Lock()
        self._pointer = store.read_pointer(index)
        self._library = Library(load(index))
        self._library.warm()
        self._next_check = clock() + CHECK_SECONDS
        self._failed: store.Pointer | None = None
        self.refusal: str | None = None
        self._retry_at = 0.0

    def current(self) -> Library:
        """Return the library to answer with, having looked for a new snapshot now and then.

        The one request that finds a new snapshot loads it; the others go on with the old one.
        """
        if self._clock() >= self._next_check and self._lock.acquire(blocking=False):
            try:
                self._next_check = self._clock() + CHECK_SECONDS
                self._take_up_new()
            finally:
                self._lock.release()
        return self._library

    def _take_up_new(self) -> None:
        pointer = store.read_pointer(self._index)
        if pointer is None or pointer == self._pointer:
            return
        if pointer == self._failed and self._clock() < self._retry_at:
            return
        try:
            library = Library(load(self._index))
            library.warm()
        except Exception as error:  # noqa: BLE001 - whatever it is, the old snapshot goes on being served
            self._failed, self._retry_at = pointer, self._clock() + RETRY_SECONDS
            self.refusal = str(error)
            log.error("The new snapshot is not used: %s", error)  # noqa: TRY400 - the message says it all
            return
        self._library, self._pointer, self.refusal = library, pointer, None
        log.info("Now serving snapshot %s", library.manifest.build)


def _search_faults(request: SearchRequest) -> list[Fault]:
    faults = [
        *_bound_faults("page", request.page, 1, MAX_PAGE),
        *_bound_faults("per_page", request.per_page, 1, MAX_PER_PAGE),
    ]
    if len(request.q) > MAX_QUERY_LENGTH:
        message = f"it has {len(request.q):,} characters; at most {MAX_QUERY_LENGTH:,} are searched."
        faults.append(Fault("q", message, "to compare a whole text, paste it under Similar practice"))
    if request.sort not in SORTS:
        faults.append(Fault("sort", f"“{request.sort[:80]}” is not an order.", ", ".join(SORTS)))
    return faults


def _bound_faults(name: str, value: int, low: int, high: int) -> list[Fault]:
    if low <= value <= high:
        return []
    return [Fault(name, f"{value:,} is not between {low:,} and {high:,}.", f"{name}={low}")]


def _raise_if(faults: Sequence[Fault]) -> None:
    if faults:
        raise InvalidRequest(faults)
