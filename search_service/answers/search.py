"""One page of search results, and what was understood of the query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from search_service.answers.facets import Facet, facets
from search_service.answers.practice import PracticeSummary, practice_summary
from search_service.answers.shapes import Answer, Label, label, labels
from search_service.library import Library
from search_service.search import index
from search_service.search.index import SearchRequest
from search_service.search.understand.relax import STEPS


class Piece(Answer):
    """A run of text; `marked` where it is a word of the query."""

    text: str
    marked: bool


class Snippet(Answer):
    """The passage that answers best, and the heading it stands under."""

    section: str
    pieces: list[Piece]


class Hit(PracticeSummary):
    """A practice found, with its score and the passage to quote."""

    score: float
    snippet: Snippet


class Correction(Answer):
    """A word that stands in no practice, and the word that was searched for instead."""

    typed: str
    searched: str


class Query(Answer):
    """What was understood of the query."""

    text: str
    missing: Annotated[list[str], Field(description="Words that stand in no practice.")]
    corrections: Annotated[list[Correction], Field(description="Words taken for misspelt.")]
    ignored: Annotated[list[str], Field(description="Very common words that were passed over.")]
    unknown: Annotated[list[str], Field(description="field:value pairs with no such value, read as text.")]
    offer: Annotated[
        str | None, Field(description="Another query that may have been meant; it was not searched for.")
    ]
    organisations: Annotated[
        list[Label], Field(description="Organisations named; their practices are lifted.")
    ]
    asks_evidence: Annotated[
        bool, Field(description="The question was what is known to work; nothing was filtered.")
    ]


class Nearest(Answer):
    """What is found where nothing meets all that was asked: the best practices, and their themes."""

    given_up: Annotated[list[Label], Field(description="What is no longer insisted on.")]
    total: int
    results: list[Hit]
    themes: list[Label]


_Request = TypedDict(
    "_Request",
    {
        "query": Query,
        "total": int,
        "page": int,
        "pages": int,
        "per_page": int,
        "sort": str,
        "from": Annotated[int | None, Field(description="First year of beginning asked for.")],
        "to": Annotated[int | None, Field(description="Last year of beginning asked for.")],
        "evaluated": Annotated[bool, Field(description="Whether only what was evaluated was asked for.")],
    },
)
"""What was asked; a class could not name a key that is a keyword."""


class Results(_Request, Answer):
    """One page of search results."""

    results: list[Hit]
    nearest: Annotated[
        Nearest | None, Field(description="Only where nothing was found, and something near is.")
    ]
    facets: list[Facet]


def search(library: Library, request: SearchRequest) -> Results:
    """Answer a search; raises InvalidRequest."""
    found = library.search.find(request)
    return {
        "query": _query(library, found),
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "per_page": request.per_page,
        "sort": found.sort,
        "from": request.filters.first_year,
        "to": request.filters.last_year,
        "evaluated": request.filters.evaluated,
        "results": _hits(library, found.hits),
        "nearest": _nearest(library, found.nearest),
        "facets": facets(library, found.facets),
    }


def _query(library: Library, found: index.SearchResults) -> Query:
    understood = found.understood
    return {
        "text": found.query.text,
        "missing": list(understood.missing),
        "corrections": [{"typed": typed, "searched": word} for typed, word in understood.corrections],
        "ignored": list(found.query.stop_words),
        "unknown": list(found.query.unknown_values),
        "offer": understood.offer,
        "organisations": [label(library, "organisation", key) for key in understood.organisations],
        "asks_evidence": found.query.asks_evidence,
    }


def _hits(library: Library, hits: Sequence[index.Hit]) -> list[Hit]:
    return [
        {
            **practice_summary(library, library.practices.summary(hit.row)),
            "score": round(hit.score, 4),
            "snippet": {
                "section": hit.snippet.section,
                "pieces": [{"text": piece.text, "marked": piece.marked} for piece in hit.snippet.pieces],
            },
        }
        for hit in hits
    ]


def _nearest(library: Library, nearest: index.Nearest | None) -> Nearest | None:
    """Present what is found once constraints are dropped."""
    if nearest is None:
        return None
    return {
        "given_up": [{"id": step, "label": STEPS[step]} for step in nearest.dropped],
        "total": nearest.total,
        "results": _hits(library, nearest.hits),
        "themes": labels(library, "theme", nearest.themes),
    }
