"""Search as a whole: match, rank, count, quote. Built once, then asked.

The steps of a search stand in `SearchIndex.search`, in order, and nowhere else.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_service.errors import SnapshotDamaged
from search_service.practices.model import CLOSED_LISTS, Practice
from search_service.practices.reuse import Reuse
from search_service.practices.taxonomy import Taxonomy
from search_service.search.documents import names_by_field, read, searched_text
from search_service.search.engine import IndexedDocument, Mask
from search_service.search.facets import FACET_NAMES, FacetCounts, FacetIndex, Selection
from search_service.search.passages import Passages
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
from search_service.search.semantic import Meanings
from search_service.search.snippets import Snippet
from search_service.search.whoosh_engine import WhooshEngine
from search_service.text.analysis import analyse, fold, stem
from search_service.text.spelling import Speller
from search_service.text.synonyms import Synonyms

SORTS = {"relevance": "Relevance", "newest": "Newest first", "evidence": "Strongest evidence"}
"""The orders a person may choose; the first is the default."""

MAX_PREFIX_WORDS = 500
"""How many words a prefix may stand for when ranking: bounds the work of `co*` in a large corpus."""

CLOSE_MATCH = 0.5
"""From this share of the best score on a practice comes before the rest in every order: sorting by date or
evidence must not put what merely shares a word with a question before what answers it."""

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

    `query` says what was understood. Words that stand in no practice, nor anything that means the same,
    are in `corrections` (typed, searched for instead) or, where nothing is like them, in `missing`.
    """

    query: Query
    total: int
    hits: tuple[Hit, ...]
    facets: tuple[FacetCounts, ...]
    sort: str
    page: int
    pages: int
    missing: tuple[str, ...]
    corrections: tuple[tuple[str, str], ...]


class SearchIndex:
    """Everything needed to search one snapshot's practices."""

    def __init__(
        self,
        practices: Sequence[Practice],
        taxonomy: Taxonomy,
        engine: WhooshEngine,
        impacts: Impacts,
        meanings: Meanings,
        passages: Passages,
    ) -> None:
        self._engine, self._impacts, self._meanings, self._passages = engine, impacts, meanings, passages
        self._facets = FacetIndex(practices, taxonomy)
        self._size = len(practices)
        fields = {name: name for name in FACET_NAMES}
        self._reader = QueryReader(names_by_field(taxonomy, fields))
        self._synonyms = Synonyms.from_lists(
            [group.terms for group in taxonomy.synonyms.groups],
            [(pair.from_, pair.to) for pair in taxonomy.synonyms.one_way],
        )
        self._orders = _orders(practices, taxonomy)
        self._protected = _protected_words(taxonomy)

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
        is_read = np.ones(len(practices), dtype=bool) if reuse is None else reuse.origin < 0
        readings = [read(practice, taxonomy) for practice in itertools.compress(practices, is_read)]
        texts = iter([reading.texts for reading in readings])
        engine = WhooshEngine()
        engine.build(
            [
                _indexed(practice, next(texts) if is_new else searched_text(practice, taxonomy))
                for practice, is_new in zip(practices, is_read.tolist(), strict=True)
            ]
        )
        impacts = Impacts.build(
            [reading.stems for reading in readings], previous._impacts if previous else None, reuse
        )
        passages = Passages.build(readings, impacts.terms, previous._passages if previous else None, reuse)
        meanings = Meanings.build(
            impacts.terms, impacts.counts(), previous._meanings if previous else None, reuse
        )
        return cls(practices, taxonomy, engine, impacts, meanings, passages)

    def save(self, folder: Path) -> None:
        """Write everything into `folder`, which exists and is empty."""
        (folder / WHOOSH_FOLDER).mkdir()
        self._engine.save(folder / WHOOSH_FOLDER)
        self._impacts.save(folder)
        self._meanings.save(folder)
        self._passages.save(folder)

    @classmethod
    def load(cls, folder: Path, practices: Sequence[Practice], taxonomy: Taxonomy) -> SearchIndex:
        """Read what `save` wrote; raises SnapshotDamaged where it is not of these practices."""
        engine = WhooshEngine()
        engine.load(folder / WHOOSH_FOLDER)
        if engine.keys() != [practice.id for practice in practices]:
            raise SnapshotDamaged(f"The index in {folder} is not of the practices beside it.")
        impacts = Impacts.load(folder)
        passages = Passages.load(folder, impacts.terms)
        return cls(practices, taxonomy, engine, impacts, Meanings.load(folder), passages)

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer one search."""
        query, corrections = self._corrected(self._reader.read(request.q))
        concepts = concepts_of(query.ranked, self._synonyms)
        prefixed = self._prefixed(query)
        scores = self._impacts.rank([*concepts, *map(_any_of, prefixed)])
        matched = self._engine.match(query.required, query.excluded)
        if query.words:
            matched = above_floor(scores, matched)
        narrowed, facets = self._facets.apply(matched, request.selection)
        found = np.flatnonzero(narrowed)
        scores = self._meanings.reordered(scores, concepts, found)
        start = (request.page - 1) * request.per_page
        keys = self._sort_keys(request.sort, scores, query, narrowed)
        rows = top(found, keys, start, start + request.per_page)
        weights = self._mark_weights(query, concepts, prefixed)
        snippets = self._passages.best(rows, weights)
        hits = tuple(map(Hit, rows.tolist(), scores[rows].tolist(), snippets))
        return SearchResults(
            query=query,
            total=len(found),
            hits=hits,
            facets=facets,
            sort=request.sort,
            page=request.page,
            pages=max(1, -(-len(found) // request.per_page)),
            missing=tuple(query.typed[word] for word in self._unheld(query, concepts)),
            corrections=corrections,
        )

    def _corrected(self, query: Query) -> tuple[Query, tuple[tuple[str, str], ...]]:
        """Replace words that nothing answers to by the most likely word that was meant."""
        unheld = self._unheld(query, concepts_of(query.words, self._synonyms))
        found = {word: self._speller.correct(query.typed[word]) for word in unheld}
        meant = {old: new for old, new in found.items() if new}
        if not meant:
            return query, ()
        typed = {stem(meant.get(old, old)): meant.get(old, word) for old, word in query.typed.items()}
        words = tuple(stem(meant[old]) if old in meant else old for old in query.words)
        pairs = tuple((query.typed[old], new) for old, new in meant.items())
        return replace(query, words=words, typed=typed), pairs

    @cached_property
    def _speller(self) -> Speller:
        """What corrects words; made when the first word is typed that no practice holds."""
        return Speller(self._engine.word_frequencies(), self._protected)

    def _prefixed(self, query: Query) -> list[list[str]]:
        """Return, for each prefix of the query, the stems of the words it stands for."""
        return [
            list(dict.fromkeys(map(stem, self._engine.expand_prefix(clause.terms[0], MAX_PREFIX_WORDS))))
            for clause in query.required
            if clause.kind == "prefix"
        ]

    def _unheld(self, query: Query, concepts: Sequence[Concept]) -> list[str]:
        """Return the stems of bare words that nothing in the snapshot answers to."""
        rarity = self._impacts.rarity
        held = {
            word
            for concept in concepts
            for word, _ in concept.words
            if rarity(word) or any(all(map(rarity, other)) for other in concept.alternatives)
        }
        return [word for word in query.typed if word not in held]

    def _sort_keys(self, sort: str, scores: Scores, query: Query, found: Mask) -> list[NDArray[np.floating]]:
        """Return what to order by, the first first; larger comes first."""
        newest = self._orders["newest"]
        if sort == "relevance":
            return [newest] if query.is_empty else [scores, newest]
        close = (scores >= CLOSE_MATCH * scores[found].max(initial=0)).astype(np.float64)
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


def _protected_words(taxonomy: Taxonomy) -> set[str]:
    """Return the words that are right although no practice may hold them: acronyms, names, synonyms."""
    synonyms = taxonomy.synonyms
    texts = [term for group in synonyms.groups for term in group.terms]
    texts += [pair.from_ for pair in synonyms.one_way]
    for organisation in taxonomy.vocabulary.organisation:
        texts += [organisation.label, *organisation.also]
    texts += [wording for theme in taxonomy.themes for wording in (theme.label, *theme.everyday)]
    return {fold(text[token.start : token.end]) for text in texts for token in analyse(text)}


def _any_of(stems: Sequence[str]) -> Concept:
    return Concept(tuple((word, 1) for word in stems))


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
