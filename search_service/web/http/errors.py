"""Error responses: the right status, as a page or problem+json, with every fault."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Literal

from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, SecurityError

from search_service.answers.shapes import Answer
from search_service.errors import Fault, InvalidRequest, NotFound
from search_service.web.http import health, rate_limits

log = logging.getLogger(__name__)

API_PREFIX = "/api/"

MAX_FAULTS = 50
"""Faults listed in one response: more than a person makes, fewer than a program can."""

MAX_KEY_SHOWN = 80
"""Characters shown of an unknown id; no id is longer."""

DETAILS = {
    400: "The body is not JSON that can be read. Check its commas, quotes and brackets.",
    404: "There is nothing at this address. Check it for typing mistakes.",
    405: "This address does not answer that kind of request.",
    413: "What was sent is too large to be read. Shorten it, then try again; a file may have 2 MB.",
    415: "The body must be JSON, with the content type application/json, or where a file is taken, a "
    "multipart/form-data form that holds it.",
    429: "Too much was asked from this address within a minute. Wait a little, then try again.",
    500: "Something went wrong on our side. Nothing you sent was kept. Try again in a minute.",
}


UNTRUSTED = (
    "This service does not answer to the name it was asked by. Whoever runs it sets its names with "
    "PRACTICE_FINDER_TRUSTED_HOSTS, for example PRACTICE_FINDER_TRUSTED_HOSTS=practice.example.police.uk"
)


def register(app: Flask) -> None:
    """Register a handler for every kind of error."""
    app.register_error_handler(InvalidRequest, _invalid)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(SecurityError, _untrusted_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


class ProblemFault(Answer):
    """One thing wrong with a request."""

    where: str
    message: str
    example: str


class Problem(Answer):
    """An error, after RFC 9457, with everything wrong at once."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
    errors: list[ProblemFault]


def problem(status: int, detail: str, faults: Sequence[Fault] = ()) -> ResponseReturnValue:
    """Respond with problem+json under the API, and with a page everywhere else."""
    title = HTTPStatus(status).phrase
    faults = listed(faults)
    if request.path.startswith(API_PREFIX):
        body: Problem = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": detail,
            "errors": [
                {"where": one.where, "message": one.message, "example": one.example} for one in faults
            ],
        }
        response: Response = jsonify(body)
        response.content_type = "application/problem+json"
        return response, status
    template = "not_found.html" if status == HTTPStatus.NOT_FOUND else "problem.html"
    return render_template(template, status=status, detail=detail, faults=faults), status


def listed(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return the faults to list: the first `MAX_FAULTS`, and how many more there are."""
    more = len(faults) - MAX_FAULTS
    return (*faults[:MAX_FAULTS], Fault("", f"and {more:,} more.")) if more > 0 else tuple(faults)


def _invalid(error: InvalidRequest) -> ResponseReturnValue:
    return problem(422, "Part of what was asked for cannot be used.", error.faults)


def _not_found(error: NotFound) -> ResponseReturnValue:
    return problem(404, str(NotFound(error.kind, error.key[:MAX_KEY_SHOWN])))


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    answer = problem(status, DETAILS.get(status, error.description or ""))
    return (*answer, _headers(error, status)) if isinstance(answer, tuple) else answer


def _headers(error: HTTPException, status: int) -> dict[str, str]:
    """Return the headers that a status requires."""
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return {"Allow": ", ".join(sorted(getattr(error, "valid_methods", None) or ()))}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return {"Retry-After": str(rate_limits.seconds_to_wait())}
    return {}


def _untrusted_host(_error: SecurityError) -> ResponseReturnValue:
    return problem(400, UNTRUSTED)


def _unexpected(error: Exception) -> ResponseReturnValue:
    """Respond to an unexpected error; route and traceback go to the log only."""
    log.error("Unexpected error answering %s", health.route_of_request(), exc_info=error)
    return problem(500, DETAILS[500])
