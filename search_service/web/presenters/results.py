"""Search results and filters."""

from __future__ import annotations

from collections.abc import Sequence

from search_service.library import Library
from search_service.search.facets import FacetCounts
from search_service.search.index import SearchRequest, SearchResults
from search_service.search.snippets import Snippet
from search_service.web.presenters.practices import Json, practice_summary


def snippet(found: Snippet) -> Json:
    """Present a quoted passage."""
    pieces = [{"text": piece.text, "marked": piece.marked} for piece in found.pieces]
    return {"section": found.section, "pieces": pieces}


def facets(found: Sequence[FacetCounts]) -> list[Json]:
    """Present every facet."""
    return [
        {
            "name": facet.name,
            "label": facet.label,
            "values": [
                {"id": v.id, "label": v.label, "count": v.count, "selected": v.selected} for v in facet.values
            ],
        }
        for facet in found
    ]


def search(library: Library, request: SearchRequest, results: SearchResults) -> Json:
    """Present one page of search results."""
    return {
        "query": {
            "text": results.query.text,
            "missing": list(results.missing),
            "corrections": [{"typed": old, "searched": new} for old, new in results.corrections],
            "ignored": list(results.query.common),
            "unknown": list(results.query.unknown),
        },
        "total": results.total,
        "page": results.page,
        "pages": results.pages,
        "per_page": request.per_page,
        "sort": results.sort,
        "results": [
            practice_summary(library, library.practices[hit.row])
            | {"score": round(hit.score, 4), "snippet": snippet(hit.snippet)}
            for hit in results.hits
        ],
        "facets": facets(results.facets),
    }
