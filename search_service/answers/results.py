"""Search results and filters."""

from __future__ import annotations

from collections.abc import Sequence

from search_service.answers.practices import Json, practice_summary
from search_service.answers.shapes import label, labels
from search_service.library import Library
from search_service.search.index import Hit, Nearest, SearchRequest
from search_service.search.match.facets import FacetCounts, FacetValue
from search_service.search.quote.snippets import Snippet
from search_service.search.suggest import Suggestion
from search_service.search.understand.relax import STEPS

LEADS_TO = {"practice": "/practices/", "theme": "/themes/", "organisation": "/search?organisation="}
"""What stands before the id in the address that a suggestion leads to; a phrase is searched for."""


def snippet(found: Snippet) -> Json:
    """Present a quoted passage."""
    pieces = [{"text": piece.text, "marked": piece.marked} for piece in found.pieces]
    return {"section": found.section, "pieces": pieces}


def facets(library: Library, found: Sequence[FacetCounts]) -> list[Json]:
    """Present every facet; an organisation with its region."""
    return [
        {
            "name": facet.name,
            "label": facet.label,
            "values": [
                {"id": key, "label": name, "count": count, "selected": selected, "region": None}
                for key, name, count, selected in facet.values
            ]
            if facet.name != "organisation"
            else _organisations(library, facet.values),
        }
        for facet in found
    ]


def _organisations(library: Library, found: Sequence[FacetValue]) -> list[Json]:
    run_from = {one.id: one.region for one in library.taxonomy.vocabulary.organisation}
    regions = {key: {"id": key, "label": name} for key, name in library.taxonomy.labels["region"].items()}
    return [
        {
            "id": key,
            "label": name,
            "count": count,
            "selected": selected,
            "region": regions[run_from[key]],
        }
        for key, name, count, selected in found
    ]


def search(library: Library, request: SearchRequest) -> Json:
    """Present one page of search results; raises InvalidRequest."""
    results = library.search.find(request)
    return {
        "query": {
            "text": results.query.text,
            "missing": list(results.understood.missing),
            "corrections": [{"typed": old, "searched": new} for old, new in results.understood.corrections],
            "ignored": list(results.query.common),
            "unknown": list(results.query.unknown),
            "offer": results.understood.offer,
            "organisations": [
                label(library, "organisation", key) for key in results.understood.organisations
            ],
            "asks_evidence": results.query.asks_evidence,
        },
        "total": results.total,
        "page": results.page,
        "pages": results.pages,
        "per_page": request.per_page,
        "sort": results.sort,
        "from": request.narrowing.first_year,
        "to": request.narrowing.last_year,
        "evaluated": request.narrowing.evaluated,
        "results": _hits(library, results.hits),
        "nearest": _nearest(library, results.nearest),
        "facets": facets(library, results.facets),
    }


def completions(found: Sequence[Suggestion]) -> list[Json]:
    """Present what can be searched for or gone to, with the address it leads to."""
    return [
        {
            "kind": one.kind,
            "text": one.text,
            "id": one.id or None,
            "practices": one.practices,
            "url": LEADS_TO[one.kind] + one.id if one.kind in LEADS_TO else None,
        }
        for one in found
    ]


def _hits(library: Library, hits: Sequence[Hit]) -> list[Json]:
    return [
        practice_summary(library, library.practices.columns.summary(hit.row))
        | {"score": round(hit.score, 4), "snippet": snippet(hit.snippet)}
        for hit in hits
    ]


def _nearest(library: Library, nearest: Nearest | None) -> Json | None:
    """Present what is found where less is insisted on."""
    if nearest is None:
        return None
    return {
        "given_up": [{"id": step, "label": STEPS[step]} for step in nearest.given_up],
        "total": nearest.total,
        "results": _hits(library, nearest.hits),
        "themes": labels(library, "theme", nearest.themes),
    }
