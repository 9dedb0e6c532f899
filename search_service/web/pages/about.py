"""The first page, and what the service says of itself."""

from __future__ import annotations

from flask import Response, render_template

from search_service import answers
from search_service.search.match.facets import FACETS
from search_service.web.http.current import current_library
from search_service.web.pages.blueprint import blueprint
from search_service.web.pages.gaps import GAP_RULES


@blueprint.get("/")
def home() -> str:
    """Show the search box and the themes."""
    library = current_library()
    return render_template(
        "home.html",
        themes=answers.themes(library)["themes"],
        total=len(library.practices),
        manifest=library.manifest,
    )


@blueprint.get("/about")
def about() -> str:
    """Say what this is, how ranking and gaps are computed, and what they cannot say."""
    library = current_library()
    return render_template(
        "about.html",
        manifest=library.manifest,
        evidence=library.taxonomy.vocabulary.evidence,
        references=library.taxonomy.references,
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
