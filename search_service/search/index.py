"""Search as a whole: match, rank, count, quote. Built once, then asked.

The steps of a search stand in `SearchIndex.search`, in order, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_service.errors import SnapshotDamaged
from search_service.practices.model import CLOSED_LISTS, Practice
from search_service.practices.taxonomy import Taxonomy
from search_service.search.documents import names_by_field, searched_text
from search_service.search.engine import Clause, IndexedDocument
from search_service.search.facets import FACET_NAMES, FacetCounts, FacetIndex, Selection
from search_service.search.query import Query, QueryReader
from search_service.search.ranking import (
    SYNONYM_WEIGHT,
    Concept,
    Impacts,
    Scores,
    above_floor,
    concepts_of,
    top,
)
from search_service.search.snippets import Passages, Snippet
from search_service.search.whoosh_engine import WhooshEngine
from search_service.text.analysis import content_stems, stem
from search_service.text.synonyms import Synonyms

SORTS = {"relevance": "Relevance", "newest": "Newest first", "evidence": "Strongest evidence"}
"""The orders a person may choose; the first is the default."""

MAX_PREFIX_WORDS = 50
"""How many words a prefix may stand for when ranking: bounds the work of `a*`."""

WHOOSH_FOLDER = "whoosh"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search: text, chosen facet values, order, and which page of how many."""

    q: str = ""
    selection: Selection = field(default_factory=dict)
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
class SearchResults:
    """What a search found.

    `query` says what was understood, and `missing` names words of it, as typed, that stand in no
    practice, nor does anything that means the same.
    """

    query: Query
    total: int
    hits: tuple[Hit, ...]
    facets: tuple[FacetCounts, ...]
    sort: str
    page: int
    pages: int
    missing: tuple[str, ...]


class SearchIndex:
    """Everything needed to search one snapshot's practices."""

    def __init__(
        self,
        practices: Sequence[Practice],
        taxonomy: Taxonomy,
        engine: WhooshEngine,
        impacts: Impacts,
        passages: Passages,
    ) -> None:
        self._engine, self._impacts, self._passages = engine, impacts, passages
        self._facets = FacetIndex(practices, taxonomy)
        self._size = len(practices)
        fields = {name: name for name in FACET_NAMES}
        self._reader = QueryReader(names_by_field(taxonomy, fields))
        self._synonyms = Synonyms.from_lists(
            [group.terms for group in taxonomy.synonyms.groups],
            [(pair.from_, pair.to) for pair in taxonomy.synonyms.one_way],
        )
        self._orders = _orders(practices, taxonomy)

    @classmethod
    def build(cls, practices: Sequence[Practice], taxonomy: Taxonomy) -> SearchIndex:
        """Index `practices`, in their order."""
        texts = [searched_text(practice, taxonomy) for practice in practices]
        engine = WhooshEngine()
        engine.build([_indexed(p, text) for p, text in zip(practices, texts, strict=True)])
        impacts = Impacts.build([{name: content_stems(t) for name, t in text.items()} for text in texts])
        passages = Passages.build(practices, impacts.terms)
        return cls(practices, taxonomy, engine, impacts, passages)

    def save(self, folder: Path) -> None:
        """Write everything into `folder`, which exists and is empty."""
        (folder / WHOOSH_FOLDER).mkdir()
        self._engine.save(folder / WHOOSH_FOLDER)
        self._impacts.save(folder)
        self._passages.save(folder)

    @classmethod
    def load(cls, folder: Path, practices: Sequence[Practice], taxonomy: Taxonomy) -> SearchIndex:
        """Read what `save` wrote; raises SnapshotDamaged where it is not of these practices."""
        engine = WhooshEngine()
        engine.load(folder / WHOOSH_FOLDER)
        if engine.keys() != [practice.id for practice in practices]:
            raise SnapshotDamaged(f"The index in {folder} is not of the practices beside it.")
        impacts = Impacts.load(folder)
        return cls(practices, taxonomy, engine, impacts, Passages.load(folder, impacts.terms))

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer one search."""
        query = self._reader.read(request.q)
        concepts = concepts_of(query.ranked, self._synonyms)
        scores = self._scores(query, concepts)
        matched = self._engine.match(query.required, query.excluded)
        if query.words:
            matched = above_floor(scores, matched)
        narrowed, facets = self._facets.apply(matched, request.selection)
        found = np.flatnonzero(narrowed)
        start = (request.page - 1) * request.per_page
        keys = self._sort_keys(request.sort, scores, query)
        rows = top(found, keys, start, start + request.per_page)
        weights = self._mark_weights(query, concepts)
        hits = tuple(
            Hit(int(row), float(scores[row]), self._passages.best(int(row), weights)) for row in rows
        )
        pages = max(1, -(-len(found) // request.per_page))
        return SearchResults(
            query, len(found), hits, facets, request.sort, request.page, pages, self._missing(query, concepts)
        )

    def facet_values(self, name: str) -> set[str]:
        """Return the ids that may be chosen in one facet."""
        return set(self._facets.known(name))

    def _scores(self, query: Query, concepts: Sequence[Concept]) -> Scores:
        """Return the score of every practice, whether it matches or not."""
        scores = self._impacts.rank(concepts)
        for clause in query.required:
            if clause.kind == "prefix":
                scores = scores + self._prefix_scores(clause)
        return scores

    def _missing(self, query: Query, concepts: Sequence[Concept]) -> tuple[str, ...]:
        """Return the typed words that nothing in the snapshot answers to."""
        held = {
            stem
            for concept in concepts
            for stem, _ in concept.words
            if self._impacts.rarity(stem)
            or any(all(map(self._impacts.rarity, other)) for other in concept.alternatives)
        }
        return tuple(word for stem, word in query.typed.items() if stem not in held)

    def _prefix_scores(self, clause: Clause) -> Scores:
        words = self._engine.expand_prefix(clause.terms[0], MAX_PREFIX_WORDS)
        stems = dict.fromkeys(stem(word) for word in words)
        return self._impacts.rank([Concept(tuple((s, 1) for s in stems))])

    def _sort_keys(self, sort: str, scores: Scores, query: Query) -> list[NDArray[np.floating]]:
        newest = self._orders["newest"]
        if sort == "relevance":
            return [newest] if query.is_empty else [scores, newest]
        return [self._orders[sort], scores, newest]

    def _mark_weights(self, query: Query, concepts: Sequence[Concept]) -> Mapping[str, float]:
        """Return how much covering each stem is worth to a snippet."""
        weights: dict[str, float] = {}
        for concept in concepts:
            for alternative in concept.alternatives:
                for word in alternative:
                    weights[word] = SYNONYM_WEIGHT * self._impacts.rarity(word)
        for clause in query.required:
            if clause.kind == "prefix":
                words = self._engine.expand_prefix(clause.terms[0], MAX_PREFIX_WORDS)
                weights |= {stem(word): self._impacts.rarity(stem(word)) for word in words}
        return weights | {word: self._impacts.rarity(word) for word in query.ranked}


def _indexed(practice: Practice, text: Mapping[str, str]) -> IndexedDocument:
    return IndexedDocument(
        key=practice.id,
        text="\n".join(text.values()),
        title=text["title"],
        values={name: practice.values(name) for name in CLOSED_LISTS},
    )


def _orders(practices: Sequence[Practice], taxonomy: Taxonomy) -> dict[str, NDArray[np.floating]]:
    """Return the sort keys that do not depend on the query; larger comes first."""
    strength = {key: -place for place, key in enumerate(taxonomy.terms("evidence"))}
    return {
        "newest": np.array([_when(practice) for practice in practices], dtype=np.float64),
        "evidence": np.array([strength.get(p.rating, -99) for p in practices], dtype=np.float64),
    }


def _when(practice: Practice) -> float:
    """Return a start date as a number that sorts; 0 where no source states one."""
    parts = [int(part) for part in (practice.start or "0").split("-")]
    return sum(part / scale for part, scale in zip(parts, (1, 100, 10_000), strict=False))
