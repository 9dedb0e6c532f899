"""The pages: read the request, ask the library, show the answer.

A parameter that a page does not know is ignored, since links are shared with some added; a wrong value
of one that it knows is refused.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from search_service.errors import InvalidRequest
from search_service.library import MAX_QUERY_LENGTH, MAX_TEXT_LENGTH
from search_service.search.facets import FACET_NAMES, FACETS
from search_service.search.index import SORTS, SearchRequest
from search_service.text.markup import to_html
from search_service.themes import statistics
from search_service.web import params, presenters
from search_service.web.api import library
from search_service.web.errors import listed

blueprint = Blueprint("pages", __name__)

GAP_RULES = {
    "enough": statistics.ENOUGH_EXPECTED,
    "ratio": statistics.GAP_RATIO,
    "likely": statistics.LIKELY,
    "possible": statistics.POSSIBLE,
}
"""The numbers behind the labels of gaps, for the pages that explain them."""


def register(app: Flask) -> None:
    """Add the pages and what their templates need."""
    app.add_template_filter(lambda text: Markup(to_html(text)), "markdown")  # noqa: S704 - nh3 cleans it
    app.add_template_filter(presenters.date, "date")
    app.register_blueprint(blueprint)


@blueprint.get("/")
def home() -> str:
    """Show the search box and the themes."""
    at = library()
    return render_template(
        "home.html", themes=presenters.themes(at), total=len(at.practices), manifest=at.manifest
    )


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """Show what a search found, or what was wrong with it beside what can be used."""
    at = library()
    reading = params.read_query(params.SearchParams, request.args, unknown="ignore")
    asked = params.search_request(reading.params)
    faults = (*reading.faults, *at.request_faults(asked))
    if faults:
        shown = request.args.get("q", "")[:MAX_QUERY_LENGTH]
        page = render_template("search_problem.html", faults=listed(faults), q=shown)
        return page, 422
    results = presenters.search(at, asked, at.search(asked))
    status = 404 if asked.page > results["pages"] else 200
    page = render_template(
        "search.html",
        results=results,
        q=asked.q,
        sorts=SORTS,
        chosen=_chosen(results),
        address=_Addresses(asked),
        has_filters=any(asked.selection.values()),
    )
    return page, status


@blueprint.get("/practices/<key>")
def practice(key: str) -> str:
    """Show one practice, and what is like it."""
    at = library()
    record = at.practice(key)
    return render_template(
        "practice.html",
        practice=presenters.practice(at, record),
        related=presenters.recommendations(at, at.related(key)),
    )


@blueprint.route("/similar", methods=["GET", "POST"])
def similar() -> ResponseReturnValue:
    """Compare a pasted text with what is there; the text is not kept."""
    if request.method == "GET":
        return render_template("similar.html", text="", most=MAX_TEXT_LENGTH)
    text = request.form.get("text", "")
    at = library()
    try:
        found = presenters.recommendations(at, at.similar(text))
    except InvalidRequest as error:
        page = render_template(
            "similar.html", text=text[:MAX_TEXT_LENGTH], faults=error.faults, most=MAX_TEXT_LENGTH
        )
        return page, 422
    return render_template("similar.html", text=text, results=found, most=MAX_TEXT_LENGTH)


@blueprint.get("/gaps")
def gaps() -> str:
    """Show which themes are under-represented."""
    query = params.read_query(params.GapsParams, request.args, unknown="ignore").or_raise()
    at = library()
    report = presenters.gaps(at, at.gaps(query.reference or None))
    return render_template(
        "gaps.html",
        report=report,
        scale=_interval_scale(report),
        order=[status.value for status in statistics.Status],
        rules=GAP_RULES,
    )


@blueprint.get("/gaps/map")
def gap_map() -> str:
    """Show the map of themes and approaches, or of other lists."""
    query = params.read_query(params.GapMapParams, request.args, unknown="ignore").or_raise()
    at = library()
    found = at.gap_map(query.rows, query.columns)
    return render_template(
        "gap_map.html",
        map=presenters.gap_map(found, query.rows, query.columns),
        shades=[[cell.shade for cell in line] for line in found.cells],
        evidence=at.labels("evidence"),
        axes=params.AXES,
    )


@blueprint.get("/about")
def about() -> str:
    """Say what this is, how ranking and gaps are computed, and what they cannot say."""
    at = library()
    return render_template(
        "about.html",
        manifest=at.manifest,
        evidence=at.taxonomy.vocabulary.evidence,
        references=at.references(),
        facets=FACETS,
        rules=GAP_RULES,
    )


@blueprint.get("/accessibility")
def accessibility() -> str:
    """Show the accessibility statement."""
    return render_template("accessibility.html")


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Answer browsers that ask for an icon without being told of one."""
    return Response(status=204)


class _Addresses:
    """The addresses of a results page: the same search with one thing changed."""

    def __init__(self, asked: SearchRequest) -> None:
        self._asked = asked

    def page(self, number: int) -> str:
        """Return the address of another page of the same results."""
        return self._address(self._pairs(), number)

    def without(self, name: str, value: str) -> str:
        """Return the address with one chosen filter taken away."""
        return self._address([pair for pair in self._pairs() if pair != (name, value)])

    def unfiltered(self) -> str:
        """Return the address with every filter taken away."""
        return self._address([pair for pair in self._pairs() if pair[0] not in FACET_NAMES])

    def carried(self) -> list[tuple[str, str]]:
        """Return what the form has no control for, to be sent with it."""
        return [pair for pair in self._pairs() if pair[0] == "per_page"]

    def _pairs(self) -> list[tuple[str, str]]:
        asked = self._asked
        pairs = [("q", asked.q)] if asked.q else []
        pairs += [(name, v) for name in FACET_NAMES for v in asked.selection.get(name, ())]
        pairs += [("sort", asked.sort)] if asked.sort != next(iter(SORTS)) else []
        per_page = SearchRequest().per_page
        pairs += [("per_page", str(asked.per_page))] if asked.per_page != per_page else []
        return pairs

    @staticmethod
    def _address(pairs: list[tuple[str, str]], number: int = 1) -> str:
        pairs = [*pairs, ("page", str(number))] if number > 1 else pairs
        return f"/search?{urlencode(pairs)}" if pairs else "/search"


def _chosen(results: presenters.Json) -> list[dict[str, str]]:
    """Return the chosen filters, to be shown and taken away one by one."""
    return [
        {"name": facet["name"], "facet": facet["label"], "id": value["id"], "label": value["label"]}
        for facet in results["facets"]
        for value in facet["values"]
        if value["selected"]
    ]


def _interval_scale(report: presenters.Json) -> dict[str, Any]:
    """Return the right-hand end of the axis that intervals are drawn on, a whole number."""
    highest = max((theme["high"] for theme in report["themes"]), default=2)
    return {"end": max(2, min(5, -int(-highest // 1)))}
