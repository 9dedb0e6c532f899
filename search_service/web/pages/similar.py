"""One practice with what is like it, and a pasted text with what is like that."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from search_service.errors import InvalidRequest
from search_service.library import MAX_TEXT_LENGTH
from search_service.web import presenters
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
