"""One practice with what is like it, and a pasted or uploaded text with what is like that."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from search_service.errors import InvalidRequest
from search_service.limits import MAX_TEXT_LENGTH
from search_service.web import presenters, uploads
from search_service.web.api import library
from search_service.web.pages.blueprint import blueprint


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
    """Compare a pasted text, or the file chosen instead, with what is there; neither is kept."""
    if request.method == "GET":
        return _page("")
    try:
        file = uploads.sent_file()
    except RequestEntityTooLarge:
        if not uploads.is_too_large():
            raise
        return _page("", faults=[uploads.TOO_LARGE_FAULT]), 413
    pasted = request.form.get("text", "")
    at = library()
    try:
        text = uploads.text_of(file) if file else pasted
        found = presenters.recommendations(at, at.similar(text))
    except InvalidRequest as error:
        faults = uploads.of_the_file(error) if file else error.faults
        return _page(pasted[:MAX_TEXT_LENGTH], faults=faults), 422
    return _page(text, results=found, **presenters.draft(text))


def _page(text: str, **shown: Any) -> str:
    return render_template(
        "similar.html", text=text, most=MAX_TEXT_LENGTH, accepted=uploads.ACCEPTED, **shown
    )
