"""The API over HTTP: a route for each operation, the OpenAPI description, and the reference page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from search_service.library import Library
from search_service.search.match.facets import FACET_NAMES
from search_service.web.api import openapi
from search_service.web.api.openapi import Operation
from search_service.web.api.operations import OPERATIONS
from search_service.web.http import params, uploads
from search_service.web.http.current import current_library
from search_service.web.http.errors import MAX_FAULTS
from search_service.web.http.parsing import read_body, read_query

BASE = "/api/v1"


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
        """Give the OpenAPI description, with the values of the current snapshot."""
        return jsonify(openapi.with_values(description, _values(current_library())))

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


def _values(library: Library) -> dict[str, list[str]]:
    """Return the ids that query parameters accept; an empty reference is the default."""
    references = ["", *(reference.id for reference in library.taxonomy.references)]
    organisations = list(library.taxonomy.labels["organisation"])
    lists = {name: list(library.taxonomy.labels[name]) for name in FACET_NAMES}
    return {"reference": references, "not_organisation": organisations, **lists}


def _json_body() -> object:
    """Return the parsed JSON body; raises what becomes 400, 413 or 415."""
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        return request.get_json()
    except RecursionError:
        raise BadRequest from None


def _view(operation: Operation) -> Callable[..., ResponseReturnValue]:
    """Return the view of an operation: it answers, or refuses with every fault at once."""
    query, bodies, form = operation.query, operation.bodies, operation.bodies[1:]

    def view(**path: str) -> ResponseReturnValue:
        reading = read_query(query, request.args)
        arguments: dict[str, Any] = dict(path)
        if query is not params.NoParams:
            arguments["query"] = reading.params
        if not bodies:
            return jsonify(reading.answered(lambda _: operation.answer(**arguments)))
        if form and uploads.is_form():
            body = uploads.read_form(form[0])
        else:
            body = read_body(bodies[0], _json_body())
        both = replace(body, faults=(*reading.faults, *body.faults))
        return jsonify(both.answered(lambda params: operation.answer(body=params, **arguments)))

    return view
