"""The pages: read the request, ask the library, show the answer. Every module here adds its own.

A parameter that a page does not know is ignored, since links are shared with some added; a wrong value
of one that it knows is refused.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask
from markupsafe import Markup

from search_service.text.dates import in_words
from search_service.text.markup import to_html
from search_service.web.pages.blueprint import blueprint


def register(app: Flask) -> None:
    """Add the pages and what their templates need."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    app.add_template_filter(lambda text: Markup(to_html(text)), "markdown")  # nosec B704  # noqa: S704 - nh3 cleans it
    app.add_template_filter(in_words, "date")
    app.register_blueprint(blueprint)
