"""One practice, and practices similar to it or to a pasted or uploaded text."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from search_service import answers
from search_service.errors import Fault, InvalidRequest
from search_service.limits import MAX_RELATED, MAX_TEXT_LENGTH
from search_service.similar.filters import NO_FILTERS, ListFilters
from search_service.web.http import uploads
from search_service.web.http.current import current_library
from search_service.web.http.errors import listed
from search_service.web.pages import list_filters
from search_service.web.pages.blueprint import blueprint


@blueprint.get("/practices/<key>")
def practice(key: str) -> str:
    """Show one practice and the most similar ones."""
    library = current_library()
    shown = answers.practice(library, library.practices.by_id(key))
    return render_template(
        "practice.html",
        practice=shown,
        others=answers.same_organisations(library, shown),
        related=answers.recommendations(library, library.similar.to_practice(key).found),
    )


@blueprint.get("/practices/<key>/related")
def related(key: str) -> ResponseReturnValue:
    """Show the practices similar to one, narrowed by the filters in the address."""
    library = current_library()
    record = library.practices.by_id(key)
    read = list_filters.read(library, request.args)
    page = render_template(
        "related.html",
        practice=answers.practice_summary(library, record),
        answer=answers.related_to_practice(library, key, MAX_RELATED, read.filters),
        choices=answers.filter_choices(library, read.filters),
        off=list_filters.addresses_without("pages.related", read.filters, key=key),
        faults=listed(read.faults),
    )
    return page, 422 if read.faults else 200


@blueprint.route("/similar", methods=["GET", "POST"])
def similar() -> ResponseReturnValue:
    """Compare a pasted text or a file with the practices; neither is stored."""
    if request.method == "GET":
        return _page("")
    try:
        file = uploads.sent_file()
    except RequestEntityTooLarge:
        if not uploads.is_too_large():
            raise
        return _page("", faults=[uploads.TOO_LARGE_FAULT]), 413
    return _compared(file, request.form)


def _compared(file: FileStorage | None, form: MultiDict[str, str]) -> ResponseReturnValue:
    """Answer a text or file, or report every fault of it and of the filters."""
    library = current_library()
    read = list_filters.read(library, form)
    pasted = form.get("text", "")
    faults: list[Fault] = []
    try:
        with uploads.text_of_a_file() if file else nullcontext():
            text = uploads.text_of(file) if file else pasted
            answer = answers.similar_to_text(library, text, filters=read.filters)
    except InvalidRequest as error:
        faults += error.faults
    faults += read.faults
    if faults:
        return _page(pasted[:MAX_TEXT_LENGTH], read.filters, faults=listed(faults)), 422
    return _page(text, read.filters, answer=answer)


def _page(text: str, filters: ListFilters = NO_FILTERS, **shown: Any) -> str:
    return render_template(
        "similar.html",
        text=text,
        choices=answers.filter_choices(current_library(), filters),
        most=MAX_TEXT_LENGTH,
        accepted=uploads.ACCEPTED,
        **shown,
    )
