"""The API: one table of operations, from which both the routes and their description come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from search_service.errors import Fault, InvalidRequest
from search_service.library import Library
from search_service.limits import FEWEST_COMPARED, MAX_SHORTLIST, MOST_COMPARED
from search_service.search.facets import FACET_NAMES
from search_service.web import openapi, operations, params, presenters, schemas, uploads
from search_service.web.errors import MAX_FAULTS
from search_service.web.openapi import Operation
from search_service.web.reading import read_body, read_query

BASE = "/api/v1"


def library() -> Library:
    """Return the library to answer this request with: the same one from its start to its end."""
    if "library" not in g:
        g.library = current_app.extensions["library"].current()
    found: Library = g.library
    return found


def search(query: BaseModel) -> presenters.Json:
    """Find practices by text and filters."""
    asked = params.search_request(query)
    at = library()
    results = presenters.search(at, asked, at.search(asked))
    operations.note_search(results["total"])
    return results


def suggest(query: params.SuggestParams) -> presenters.Json:
    """Suggest titles, themes, organisations and phrases for what was typed so far."""
    return {"suggestions": presenters.completions(library().suggest(query.q, query.limit))}


def read_practice(key: str) -> presenters.Json:
    """Return one practice whole."""
    at = library()
    return presenters.practice(at, at.practice(key))


def related(query: params.RelatedParams, key: str) -> presenters.Json:
    """List practices similar to one, with reasons."""
    return presenters.related_to_practice(library(), key, query.limit, query.filters)


def similar(body: params.SimilarBody | params.SimilarFile) -> presenters.Json:
    """List practices similar to a text or the text of a file, with reasons; its themes, and what it lacks."""
    return presenters.similar_to_text(library(), body.text, body.limit, body.filters)


def related_to_set(query: params.SetParams) -> presenters.Json:
    """List practices similar to several together, with reasons."""
    return presenters.related_to_set(library(), query.id, query.limit, query.filters)


def compare(query: params.CompareParams) -> presenters.Json:
    """Set two or three practices side by side: what they share, how they differ, and what each says."""
    at = library()
    return presenters.comparison(at, at.to_compare(query.id))


def themes() -> presenters.Json:
    """List the themes with what there is on each."""
    return {"themes": presenters.themes(library())}


def gaps(query: params.GapsParams) -> presenters.Json:
    """Report which themes are under-represented, and how sure that is."""
    at = library()
    return presenters.gaps(at, at.gaps(query.reference or None))


def gaps_against(body: params.OwnReferenceBody) -> presenters.Json:
    """Compare with a reference of your own; it is not kept."""
    at = library()
    own = body.checked(at.labels("theme"))
    return presenters.gaps(at, at.gaps_against(own.reference), own)


def brief(query: params.GapsParams) -> presenters.Json:
    """Draft the text of a call for practice from the gaps, for editing."""
    at = library()
    return presenters.brief(at, at.gaps(query.reference or None))


def reach() -> presenters.Json:
    """Say where the practices are from, and whom they do not reach."""
    return presenters.reach(library())


def calls() -> presenters.Json:
    """Compare what came through each call with what came before it."""
    return presenters.calls(library())


def suggestions() -> presenters.Json:
    """List themes that practices may lack, and topics that no theme covers."""
    return presenters.suggestions(library())


def gap_map(query: params.GapMapParams) -> presenters.Json:
    """Count practices in every cell of two closed lists."""
    found = library().gap_map(query.rows, query.columns)
    return presenters.gap_map(found, query.rows, query.columns)


def facets() -> presenters.Json:
    """List every filter with its values and counts."""
    at = library()
    return {"facets": presenters.facets(at, at.facets())}


CHECKS: dict[type[BaseModel], Callable[[Any], list[Fault]]] = {
    params.SearchParams: lambda query: library().request_faults(params.search_request(query)),
    params.RelatedParams: lambda query: library().filter_faults(query.filters),
    params.SetParams: lambda query: [
        *library().set_faults(query.id, 1, MAX_SHORTLIST),
        *library().filter_faults(query.filters),
    ],
    params.CompareParams: lambda query: library().set_faults(query.id, FEWEST_COMPARED, MOST_COMPARED),
}
"""What only the library can tell to be wrong, so that it is said together with all other faults."""

KEY = {"key": "Id of a practice, such as operation-encompass."}

OPERATIONS = (
    Operation("GET", "/search", "search", "Search", search, schemas.SearchOut, params.SearchParams),
    Operation("GET", "/suggest", "suggest", "Suggestions", suggest, schemas.SuggestOut, params.SuggestParams),
    Operation(
        "GET",
        "/practices/<key>",
        "practice",
        "One practice",
        read_practice,
        schemas.PracticeOut,
        path_params=KEY,
        statuses=(404, 422),
    ),
    Operation(
        "GET",
        "/practices/<key>/related",
        "related",
        "Related practice",
        related,
        schemas.RelatedOut,
        params.RelatedParams,
        path_params=KEY,
        statuses=(404, 422),
    ),
    Operation(
        "POST",
        "/similar",
        "similar",
        "Practice similar to a text",
        similar,
        schemas.SimilarOut,
        body=params.SimilarBody,
        form=params.SimilarFile,
        statuses=(400, 413, 415, 422),
    ),
    Operation(
        "GET",
        "/related",
        "related_to_set",
        "Practice related to several",
        related_to_set,
        schemas.RelatedToSetOut,
        params.SetParams,
    ),
    Operation(
        "GET",
        "/compare",
        "compare",
        "Practices side by side",
        compare,
        schemas.ComparisonOut,
        params.CompareParams,
    ),
    Operation("GET", "/themes", "themes", "Themes", themes, schemas.ThemesOut),
    Operation(
        "GET",
        "/gaps",
        "gaps",
        "Thematic gaps",
        gaps,
        schemas.GapsOut,
        params.GapsParams,
        statuses=(404, 422),
    ),
    Operation(
        "POST",
        "/gaps",
        "gaps_against",
        "Gaps against a reference of your own",
        gaps_against,
        schemas.GapsOut,
        body=params.OwnReferenceBody,
        statuses=(400, 413, 415, 422),
    ),
    Operation(
        "GET",
        "/gaps/brief",
        "brief",
        "Draft of the next call",
        brief,
        schemas.BriefOut,
        params.GapsParams,
        statuses=(404, 422),
    ),
    Operation("GET", "/gaps/reach", "reach", "Reach", reach, schemas.ReachOut),
    Operation("GET", "/gaps/calls", "calls", "Change from call to call", calls, schemas.CallsOut),
    Operation(
        "GET", "/gaps/suggestions", "suggestions", "Suggested themes", suggestions, schemas.SuggestionsOut
    ),
    Operation("GET", "/gap-map", "gap_map", "Gap map", gap_map, schemas.GapMapOut, params.GapMapParams),
    Operation("GET", "/facets", "facets", "Filters and their values", facets, schemas.FacetsOut),
)


def register(app: Flask) -> None:
    """Add every operation, the description of the API, and its reference page."""
    blueprint = Blueprint("api", __name__)
    for operation in OPERATIONS:
        blueprint.add_url_rule(
            BASE + operation.path,
            endpoint=operation.name,
            view_func=_view(operation),
            methods=[operation.method],
        )
    description = openapi.describe(BASE, OPERATIONS)

    @blueprint.get(f"{BASE}/openapi.json")
    def specification() -> Response:
        """Give the description of the API (OpenAPI 3.1), with the values of the snapshot that is served."""
        return jsonify(openapi.with_values(description, _values(library())))

    @blueprint.get("/api/docs")
    def reference() -> str:
        """Show the reference of the API."""
        return render_template(
            "api_docs.html",
            operations=openapi.readable(description),
            base=BASE,
            most_faults=MAX_FAULTS,
        )

    app.register_blueprint(blueprint)


def _values(at: Library) -> dict[str, list[str]]:
    """Return the ids that query parameters can have; an empty reference is the default."""
    references = ["", *(reference.id for reference in at.references())]
    organisations = list(at.labels("organisation"))
    lists = {name: list(at.labels(name)) for name in FACET_NAMES}
    return {"reference": references, "not_organisation": organisations, **lists}


def _json_body() -> object:
    """Return the JSON that was sent; raises what becomes 400, 413 or 415."""
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        return request.get_json()
    except RecursionError:
        raise BadRequest from None


def _body(operation: Operation) -> BaseModel | None:
    """Return what was sent in the body, None where nothing is taken; raises every fault."""
    if operation.form and uploads.is_form():
        return uploads.read_form(operation.form)
    return read_body(operation.body, _json_body()) if operation.body else None


def _filter_faults(body: type[BaseModel]) -> list[Fault]:
    """Return what is wrong with the filters in a body that has other faults."""
    sent = request.form if uploads.is_form() else request.get_json(silent=True)
    if not issubclass(body, params.ListFilterParams) or not isinstance(sent, dict):
        return []
    return library().filter_faults(params.readable_filters(sent))


def _answer(operation: Operation, arguments: dict[str, Any]) -> presenters.Json:
    """Answer; what is wrong with the text of a file is said of the file."""
    try:
        return operation.answer(**arguments)
    except InvalidRequest as error:
        if operation.form and uploads.is_form():
            raise InvalidRequest(uploads.of_the_file(error)) from None
        raise


def _view(operation: Operation) -> Callable[..., ResponseReturnValue]:
    """Return the view of one operation: read everything, collect every fault, answer."""

    def view(**path: str) -> ResponseReturnValue:
        reading = read_query(operation.query, request.args)
        arguments: dict[str, Any] = dict(path)
        if operation.query is not params.NoParams:
            arguments["query"] = reading.params
        faults = list(reading.faults)
        if operation.body:
            try:
                arguments["body"] = _body(operation)
            except InvalidRequest as error:
                faults += [*error.faults, *_filter_faults(operation.body)]
        if operation.query in CHECKS:
            faults += CHECKS[operation.query](reading.params)
        if faults:
            raise InvalidRequest(faults)
        return jsonify(_answer(operation, arguments))

    return view
