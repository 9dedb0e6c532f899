"""The library that a request is answered with."""

from __future__ import annotations

from flask import current_app, g

from search_service.library import Library


def current_library() -> Library:
    """Return the library to answer this request with: the same one from its start to its end."""
    if "library" not in g:
        g.library = current_app.extensions["library"].current()
    found: Library = g.library
    return found
