"""Run judged queries through the search of a library, or through the same steps on a test collection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field

from search_service.evaluation import metrics
from search_service.evaluation.judgements import (
    Document,
    JudgedQuery,
    Judgements,
    read_collection,
    read_judgements,
)
from search_service.library import Library
from search_service.limits import MAX_PER_PAGE
from search_service.search.index import SearchRequest
from search_service.search.match.engine import IndexedDocument
from search_service.search.match.whoosh_engine import WhooshEngine
from search_service.search.rank.bm25f import Impacts, above_floor, concepts_of, top
from search_service.search.rank.semantic import Meanings
from search_service.search.understand.query import QueryReader
from search_service.text.analysis import content_stems
from search_service.text.synonyms import Synonyms

NDCG_CUTOFF, RECALL_CUTOFF = 10, 100
"""One page of results, and more than anyone reads; both customary."""

DEPTH = 1_000
"""Results used for average precision and reciprocal rank, as at TREC."""

Search = Callable[[str], Sequence[str]]
"""Takes a query as typed and returns ids, best first."""

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Metric(NamedTuple):
    """A measure: its name in `Figures` and JSON, and the headings of its mean and of one query."""

    name: str
    mean: str
    single: str


METRICS = (
    Metric("ndcg_10", "nDCG@10", "nDCG@10"),
    Metric("average_precision", "MAP", "AP"),
    Metric("recall_100", "recall@100", "recall@100"),
    Metric("reciprocal_rank", "reciprocal rank", "RR"),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """One query's score on each of `METRICS`."""

    ndcg_10: Share
    average_precision: Share
    recall_100: Share
    reciprocal_rank: Share


@dataclass(frozen=True, slots=True)
class Measured:
    """One query and its figures."""

    id: str
    query: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of each query with a relevant item; `left_out` are the ids of the others."""

    source: str
    relevant: int
    queries: tuple[Measured, ...]
    left_out: tuple[str, ...] = ()

    def figures(self, metric: str) -> list[float]:
        """Return one metric for each query, in order."""
        return [float(getattr(measured.figures, metric)) for measured in self.queries]

    def mean(self, metric: str) -> float:
        """Return the mean of one metric over the queries."""
        return float(np.mean(self.figures(metric)))

    def worst_first(self) -> list[Measured]:
        """Return the queries by rising nDCG@10, then average precision, then id."""
        return sorted(
            self.queries, key=lambda one: (one.figures.ndcg_10, one.figures.average_precision, one.id)
        )


def evaluate(judgements: Judgements, search: Search) -> Evaluation:
    """Measure `search` on each query with a relevant item."""
    answerable = [q for q in judgements.queries if max(q.grades.values()) >= judgements.relevant]
    measured = tuple(
        Measured(query.id, query.text, figures_of(query, search(query.text), judgements.relevant))
        for query in answerable
    )
    done = {query.id for query in measured}
    left_out = tuple(query.id for query in judgements.queries if query.id not in done)
    return Evaluation(judgements.source, judgements.relevant, measured, left_out)


def evaluate_library(library: Library, path: Path) -> Evaluation:
    """Measure a library's search on the judgements in `path`; raises InvalidRequest."""
    judgements = read_judgements(path, {practice.id: None for practice in library.practices})
    return evaluate(judgements, library_search(library))


def evaluate_collection(folder: Path) -> Evaluation:
    """Measure the ranking on the test collection in `folder`; raises InvalidRequest."""
    judgements, documents = read_collection(folder)
    return evaluate(judgements, collection_search(documents))


def figures_of(query: JudgedQuery, found: Sequence[str], relevant: int) -> Figures:
    """Measure a ranking of ids; those not judged have grade 0."""
    grades = [query.grades.get(key, 0) for key in found[:DEPTH]]
    judged = list(query.grades.values())
    return Figures(
        ndcg_10=metrics.ndcg(grades, judged, NDCG_CUTOFF),
        average_precision=metrics.average_precision(grades, judged, relevant),
        recall_100=metrics.recall(grades, judged, RECALL_CUTOFF, relevant),
        reciprocal_rank=metrics.reciprocal_rank(grades, relevant),
    )


def library_search(library: Library) -> Search:
    """Return a library's search as rankings of ids."""

    def search(text: str) -> list[str]:
        found: list[str] = []
        page = pages = 1
        while page <= pages and len(found) < DEPTH:
            results = library.search.find(SearchRequest(text, page=page, per_page=MAX_PER_PAGE))
            found += [library.practices.summary(hit.row).id for hit in results.hits]
            page, pages = page + 1, results.pages
        return found

    return search


def collection_search(documents: Sequence[Document]) -> Search:
    """Return search over documents, with the steps of `SearchIndex.search`.

    It has no facets or synonyms, prefixes match but do not score, and ties keep the given order.
    """
    impacts = Impacts.build(
        [{"title": content_stems(d.title), "body": content_stems(d.text)} for d in documents]
    )
    meanings = Meanings.build(impacts.terms, impacts.counts())
    engine = WhooshEngine()
    engine.build([IndexedDocument(d.id, f"{d.title}\n{d.text}", d.title, {}) for d in documents])
    reader, synonyms = QueryReader({}), Synonyms({})

    def search(text: str) -> list[str]:
        query = reader.read(text)
        concepts = concepts_of(query.ranked, synonyms)
        scores = impacts.rank(concepts)
        matched = engine.match(query.required, query.excluded)
        if query.words:
            matched = above_floor(scores, matched)
        found = np.flatnonzero(matched)
        scores = meanings.reordered(scores, concepts, found)
        return [documents[row].id for row in top(found, [scores], 0, DEPTH)]

    return search
