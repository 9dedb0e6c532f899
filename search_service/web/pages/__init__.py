"""The pages: read the request, ask the library, show the answer.

A parameter that a page does not know is ignored, since links are shared with some added; a wrong value
of one that it knows is refused.
"""

from __future__ import annotations

from flask import Flask
from markupsafe import Markup

from search_service.text.dates import in_words
from search_service.text.markup import to_html
from search_service.web.pages import (  # noqa: F401 - each adds its pages
    about,
    browse,
    gap_files,
    gaps,
    scripts,
    search,
    shortlist,
    similar,
    styleguide,
    take_away,
)
from search_service.web.pages.blueprint import blueprint


def register(app: Flask) -> None:
    """Add the pages and what their templates need."""
    app.add_template_filter(lambda text: Markup(to_html(text)), "markdown")  # nosec B704  # noqa: S704 - nh3 cleans it
    app.add_template_filter(in_words, "date")
    app.register_blueprint(blueprint)
