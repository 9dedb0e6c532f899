"""Search as a whole: match, rank, count, quote. Built once, then asked.

The steps of a search stand in `SearchIndex.search`, in order, and nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_service.errors import SnapshotDamaged
from search_service.practices.collection import columns_of
from search_service.practices.model import CLOSED_LISTS, Practice
from search_service.practices.reuse import Reuse
from search_service.practices.taxonomy import Taxonomy
from search_service.search.documents import read, searched_text, values_column
from search_service.search.match.engine import Documents, IndexedDocument
from search_service.search.match.facets import FacetCounts
from search_service.search.match.filters import FilterIndex, Filters
from search_service.search.match.whoosh_engine import WhooshEngine
from search_service.search.quote.passages import Passages
from search_service.search.quote.snippets import Snippet
from search_service.search.rank.bm25f import (
    SYNONYM_WEIGHT,
    Concept,
    Impacts,
    Scores,
    above_floor,
    top,
)
from search_service.search.rank.boosts import Names
from search_service.search.rank.semantic import Meanings
from search_service.search.suggest import Suggester, Suggestion
from search_service.search.understand.query import Query
from search_service.search.understand.relax import relaxations
from search_service.search.understand.understanding import QueryUnderstanding, UnderstoodQuery
from search_service.text.analysis import stem

SORTS = {"relevance": "Relevance", "newest": "Newest first", "evidence": "Strongest evidence"}
"""The orders a person may choose; the first is the default."""

MAX_PREFIX_WORDS = 500
"""How many words a prefix may stand for when ranking: bounds the work of `co*` in a large corpus."""

CLOSE_MATCH = 0.5
"""From this share of the best score on a practice comes before the rest in every order: sorting by date or
evidence must not put what merely shares a word with a question before what answers it."""

MAX_NEAREST = 5
"""Practices offered where nothing meets all that was asked."""

WHOOSH_FOLDER = "whoosh"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search: text, filters, order, and which page of how many results."""

    q: str = ""
    filters: Filters = field(default_factory=Filters)
    sort: str = "relevance"
    page: int = 1
    per_page: int = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """One practice found: its place in the snapshot, its score, and the passage to quote."""

    row: int
    score: float
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Nearest:
    """What is found where nothing meets all that was asked.

    `dropped` names steps of `relax.STEPS`; `themes` are those of the hits, the most frequent first.
    """

    dropped: tuple[str, ...]
    total: int
    hits: tuple[Hit, ...]
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What a search found, and what was understood of it (`UnderstoodQuery`).

    `nearest` is there only where nothing was found, and something would be if less were insisted on.
    """

    understood: UnderstoodQuery
    total: int
    hits: tuple[Hit, ...]
    facets: tuple[FacetCounts, ...]
    sort: str
    page: int
    pages: int
    nearest: Nearest | None

    @property
    def query(self) -> Query:
        """The query as read."""
        return self.understood.query


@dataclass(frozen=True, slots=True)
class _Found:
    """What meets a query: rows, the score of every practice, facets, and what marking each stem is worth."""

    rows: NDArray[np.intp]
    scores: Scores
    facets: tuple[FacetCounts, ...]
    weights: Mapping[str, float]


class Parts(NamedTuple):
    """What is made of the practices' words besides the engine's index, in the order in which it is made."""

    impacts: Impacts
    meanings: Meanings
    passages: Passages
    suggester: Suggester


class SearchIndex:
    """Everything needed to search one snapshot's practices."""

    def __init__(
        self,
        practices: Sequence[Practice],
        taxonomy: Taxonomy,
        engine: WhooshEngine,
        parts: Parts,
    ) -> None:
        self._practices, self._taxonomy = practices, taxonomy
        self._engine, self._parts = engine, parts
        self._impacts, self._meanings, self._passages = parts.impacts, parts.meanings, parts.passages
        self._themes = columns_of(practices).values["theme"]

    # What only a search needs is made for the first one: a build that takes over an index never searches it.

    @cached_property
    def _understanding(self) -> QueryUnderstanding:
        return QueryUnderstanding(self._taxonomy, self._engine, self._impacts, self._parts.suggester)

    @cached_property
    def _names(self) -> Names:
        columns = columns_of(self._practices)
        return Names(columns.titles, columns.values["organisation"])

    @cached_property
    def _filters(self) -> FilterIndex:
        return FilterIndex(self._practices, self._taxonomy)

    @cached_property
    def _orders(self) -> dict[str, NDArray[np.floating]]:
        return _orders(self._practices, self._taxonomy)

    @classmethod
    def build(
        cls,
        practices: Sequence[Practice],
        taxonomy: Taxonomy,
        previous: SearchIndex | None = None,
        reuse: Reuse | None = None,
    ) -> SearchIndex:
        """Index `practices`, in their order.

        With the index of an earlier snapshot and what of it is still true, only the rest is read; the
        outcome is the same.
        """
        changed = range(len(practices)) if reuse is None else reuse.changed.tolist()
        read_anew = {row: read(practices[row], taxonomy) for row in changed}
        columns = {name: values_column(practices, name, taxonomy) for name in CLOSED_LISTS}

        def document(row: int) -> IndexedDocument:
            """Make what the engine indexes of one practice, when it asks for it."""
            practice = practices[row]
            texts = read_anew[row].texts if row in read_anew else searched_text(practice, taxonomy)
            return _indexed(practice, texts, {name: column[row] for name, column in columns.items()})

        engine = WhooshEngine()
        engine.build(Documents(len(practices), document), previous._engine if previous else None, reuse)
        readings = list(read_anew.values())
        impacts = Impacts.build(
            [reading.stems for reading in readings], previous._impacts if previous else None, reuse
        )
        passages = Passages.build(readings, impacts.terms, previous._passages if previous else None, reuse)
        meanings = Meanings.build(
            impacts.terms, impacts.counts(), previous._meanings if previous else None, reuse
        )
        suggester = Suggester.build(
            practices, taxonomy, previous._parts.suggester if previous else None, reuse
        )
        return cls(practices, taxonomy, engine, Parts(impacts, meanings, passages, suggester))

    def save(self, folder: Path) -> None:
        """Write everything into `folder`, which exists and is empty."""
        (folder / WHOOSH_FOLDER).mkdir()
        self._engine.save(folder / WHOOSH_FOLDER)
        for part in self._parts:
            part.save(folder)

    @classmethod
    def load(cls, folder: Path, practices: Sequence[Practice], taxonomy: Taxonomy) -> SearchIndex:
        """Read what `save` wrote; raises SnapshotDamaged where it is not of these practices."""
        engine = WhooshEngine()
        engine.load(folder / WHOOSH_FOLDER)
        if engine.keys() != list(columns_of(practices).ids):
            raise SnapshotDamaged(f"The index in {folder} is not of the practices beside it.")
        impacts = Impacts.load(folder)
        passages = Passages.load(folder, impacts.terms)
        parts = Parts(impacts, Meanings.load(folder), passages, Suggester.load(folder))
        return cls(practices, taxonomy, engine, parts)

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer one search."""
        understood = self._understanding.read(request.q)
        found = self._find(understood, request)
        total, start = len(found.rows), (request.page - 1) * request.per_page
        keys = self._sort_keys(request.sort, found, understood.query)
        return SearchResults(
            understood=understood,
            total=total,
            hits=self._hits(found, top(found.rows, keys, start, start + request.per_page)),
            facets=found.facets,
            sort=request.sort,
            page=request.page,
            pages=max(1, -(-total // request.per_page)),
            nearest=None if total else self._nearest(understood, request),
        )

    def suggest(self, text: str, limit: int) -> list[Suggestion]:
        """Return up to `limit` suggestions for what was typed so far."""
        return self._parts.suggester.suggest(text, limit)

    def _find(self, understood: UnderstoodQuery, request: SearchRequest) -> _Found:
        """Match, score and count."""
        query, concepts = understood.query, understood.concepts
        prefixed = self._prefixed(query)
        scores = self._impacts.rank([*concepts, *map(_any_of, prefixed)])
        matched = self._engine.match(query.required, query.excluded)
        if query.words:
            matched = above_floor(scores, matched)
        matched, facets = self._filters.apply(matched, request.filters)
        rows = np.flatnonzero(matched)
        scores = self._meanings.reordered(scores, concepts, rows)
        scores = self._names.lifted(scores, query.text, understood.organisations)
        return _Found(rows, scores, facets, self._mark_weights(query, concepts, prefixed))

    def _hits(self, found: _Found, rows: NDArray[np.intp]) -> tuple[Hit, ...]:
        snippets = self._passages.best(rows, found.weights)
        return tuple(map(Hit, rows.tolist(), found.scores[rows].tolist(), snippets))

    def _nearest(self, understood: UnderstoodQuery, request: SearchRequest) -> Nearest | None:
        """Return what is found by the first relaxation that finds anything."""
        for relaxed in relaxations(understood.query, not request.filters.is_empty, self._taxonomy.label):
            concepts = self._understanding.concepts_of(relaxed.query)
            found = self._find(
                replace(understood, query=relaxed.query, concepts=concepts),
                SearchRequest() if "filters" in relaxed.dropped else request,
            )
            if len(found.rows):
                keys = self._sort_keys(next(iter(SORTS)), found, relaxed.query)
                hits = self._hits(found, top(found.rows, keys, 0, MAX_NEAREST))
                themes = Counter(theme for hit in hits for theme in self._themes[hit.row])
                return Nearest(relaxed.dropped, len(found.rows), hits, tuple(dict(themes.most_common())))
        return None

    def _prefixed(self, query: Query) -> list[list[str]]:
        """Return, for each prefix of the query, the stems of the words it stands for."""
        return [
            list(dict.fromkeys(map(stem, self._engine.expand_prefix(clause.terms[0], MAX_PREFIX_WORDS))))
            for clause in query.required
            if clause.kind == "prefix"
        ]

    def _sort_keys(self, sort: str, found: _Found, query: Query) -> list[NDArray[np.floating]]:
        """Return what to order by, the first first; larger comes first."""
        scores, newest = found.scores, self._orders["newest"]
        if sort == "relevance":
            return [newest] if query.is_empty else [scores, newest]
        close = (scores >= CLOSE_MATCH * scores[found.rows].max(initial=0)).astype(np.float64)
        return [close, self._orders[sort], scores, newest]

    def _mark_weights(
        self, query: Query, concepts: Sequence[Concept], prefixed: Sequence[Sequence[str]]
    ) -> Mapping[str, float]:
        """Return how much covering each stem is worth to a snippet."""
        rarity = self._impacts.rarity
        others = {word for concept in concepts for other in concept.alternatives for word in other}
        weights = {word: SYNONYM_WEIGHT * rarity(word) for word in others}
        weights |= {word: rarity(word) for words in prefixed for word in words}
        return weights | {word: rarity(word) for word in query.ranked}


def _any_of(stems: Sequence[str]) -> Concept:
    return Concept(tuple((word, 1) for word in stems))


def _indexed(
    practice: Practice, text: Mapping[str, str], values: Mapping[str, tuple[str, ...]]
) -> IndexedDocument:
    return IndexedDocument(
        key=practice.id,
        text="\n".join(text.values()),
        title=text["title"],
        values=dict(values),
    )


def _orders(practices: Sequence[Practice], taxonomy: Taxonomy) -> dict[str, NDArray[np.floating]]:
    """Return the sort keys that do not depend on the query; larger comes first."""
    strength = {key: -place for place, key in enumerate(taxonomy.terms("evidence"))}
    columns = columns_of(practices)
    return {
        "newest": np.array(list(map(_when, columns.starts)), dtype=np.float64),
        "evidence": np.array([strength.get(key, -99) for (key,) in columns.values["evidence"]], dtype=float),
    }


def _when(start: str | None) -> float:
    """Return a start date as a number that sorts; 0 where no source states one."""
    parts = [int(part) for part in (start or "0").split("-")]
    return sum(part / scale for part, scale in zip(parts, (1, 100, 10_000), strict=False))
