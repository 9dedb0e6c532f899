"""Ways into the collection without a question: lists, letters, and a page for each theme."""

from __future__ import annotations

from flask import abort, render_template, request

from search_service import answers
from search_service.answers import browse as browsing
from search_service.web.http.current import current_library
from search_service.web.pages.blueprint import blueprint


@blueprint.get("/browse")
def browse() -> str:
    """Show every list that practices can be browsed by."""
    library = current_library()
    return render_template(
        "browse.html",
        themes=answers.themes(library)["themes"],
        lists=browsing.lists(library),
        organisations=browsing.organisations(library),
        letters=browsing.letters(library),
        total=len(library.practices),
    )


@blueprint.get("/browse/a-z")
def a_to_z() -> str:
    """Show the practices under one letter, the first where none is asked for."""
    library = current_library()
    letters = browsing.letters(library)
    letter = request.args.get("letter", "").upper() or letters[0]
    if letter not in letters:
        abort(404)
    return render_template(
        "a_to_z.html", letters=letters, letter=letter, found=browsing.under_letter(library, letter)
    )


@blueprint.get("/themes/<key>")
def theme(key: str) -> str:
    """Show one theme: what it covers, how much there is, and where to begin."""
    return render_template("theme.html", theme=browsing.theme_page(current_library(), key))
