"""Every component in its states, on one page, for those who change the pages; in development mode only."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, render_template

from search_service import answers
from search_service.answers.practice import PracticeSummary
from search_service.answers.search import Hit, Piece, Snippet
from search_service.errors import Fault
from search_service.gaps.statistics import Status
from search_service.library import Library
from search_service.search.index import SORTS, SearchRequest
from search_service.web.http.current import current_library
from search_service.web.pages.blueprint import blueprint

UNQUOTED: Snippet = {"section": "", "pieces": []}
"""What a search without words quotes."""

LONG = "A title that goes on for as long as any title in a collection such as this one has ever gone on, and "
"""Begins a text that has to wrap."""

FAULTS = (
    Fault("q", "it has 1,200 characters; at most 1,000 are searched.", "kids running away"),
    Fault("theme", "“nonsense” is not one of its values.", "missing-people"),
    Fault("", "and 3 more."),
)


class Pages:
    """The addresses that pagination asks for."""

    @staticmethod
    def page(number: int) -> str:
        """Return the address of a page of results."""
        return f"/search?page={number}"


@blueprint.get("/styleguide")
def styleguide() -> str:
    """Show the components, filled from the collection."""
    if not current_app.config["DEVELOPMENT"]:
        abort(404)
    library = current_library()
    return render_template(
        "styleguide.html",
        **_practices(library),
        **_lists(library),
        **_gaps(library),
        faults=FAULTS,
        pages=Pages(),
    )


def _practices(library: Library) -> dict[str, Any]:
    """Return practices as cards show them: found, recommended, and whole."""
    first = library.practices[0]
    theme = library.taxonomy.label("theme", first.themes[0]) if first.themes else first.title
    results = answers.search(library, SearchRequest(theme, per_page=3))
    hits = results["results"] or [_as_hit(answers.practice_summary(library, first))]
    pieces: list[Piece] = [{"text": "The passage with ", "marked": False}, {"text": "words", "marked": True}]
    hit: Hit = {**hits[0], "snippet": {"section": "Aim", "pieces": pieces}}
    long: Hit = {
        **hit,
        "title": LONG + hit["title"],
        "organisations": hit["organisations"] * 5,
        "snippet": {"section": "Summary", "pieces": pieces},
    }
    return {
        "practice": answers.practice(library, first),
        "hit": hit,
        "long": long,
        "bare": {**hit, "organisations": [], "year": None, "themes": [], "snippet": UNQUOTED},
        "compared": [{**hit, "id": f"one-{number}"} for number, hit in enumerate(hits)],
        "recommendations": answers.recommendations(library, library.similar.to_practice(first.id, 2).found),
        "results": {**results, "from": 2015, "to": None, "evaluated": True},
    }


def _as_hit(summary: PracticeSummary) -> Hit:
    """Return a practice as a search without words finds it."""
    return {**summary, "score": 0.0, "snippet": UNQUOTED}


def _lists(library: Library) -> dict[str, Any]:
    """Return filters, with a value of the first chosen, and closed lists."""
    facets = [facet for facet in answers.facets(library, library.search.facets()) if facet["values"]]
    first, *others = facets
    chosen, *rest = first["values"]
    return {
        "facets": facets,
        "chosen": {**first, "values": [{**chosen, "selected": True}, *rest]},
        "longest": max(others or facets, key=lambda facet: len(facet["values"])),
        "evidence": library.taxonomy.vocabulary.evidence,
        "ratings": {rating.id: 1 for rating in library.taxonomy.vocabulary.evidence},
        "sorts": SORTS,
    }


def _gaps(library: Library) -> dict[str, Any]:
    """Return a gap report, and every label there is."""
    report = answers.gaps(library, library.gaps.report())
    statuses = [{"id": status.value, "label": status.label} for status in Status]
    return {"report": report | {"themes": report["themes"][:4]}, "statuses": statuses, "scale_end": 3}
