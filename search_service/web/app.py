"""Assembling the web application: settings, then the library, then routes, then headers."""

from __future__ import annotations

from flask import Flask

import search_service
from search_service.limits import MAX_SHORTLIST, MAX_TEXT_LENGTH
from search_service.live import LiveLibrary
from search_service.settings import Settings
from search_service.web import pages
from search_service.web.api import views
from search_service.web.http import (
    compression,
    errors,
    headers,
    health,
    hosts,
    malformed_requests,
    parsing,
    rate_limits,
    request_log,
    uploads,
)
from search_service.web.http.json_provider import JsonAnswers

BYTES_PER_CHARACTER = 12
"""The most one character takes: an emoji is four bytes of %F0 in a form, two of \\ud83d in JSON."""

MAX_BODY_BYTES = MAX_TEXT_LENGTH * BYTES_PER_CHARACTER + 16 * 1024
"""A pasted text of the greatest length, however it is encoded, fits, with room for what is around it."""


def create_app(settings: Settings, live: LiveLibrary | None = None) -> Flask:
    """Make the application over the current snapshot of `settings.index`.

    Raises SnapshotMissing or SnapshotDamaged where there is none to serve.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY_BYTES
    app.config["DEVELOPMENT"] = settings.development
    app.url_map.merge_slashes = False  # it would redirect, and nothing here does
    app.json = JsonAnswers(app)
    app.extensions["library"] = live or LiveLibrary(settings.index)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        corrections=settings.corrections,
        version=search_service.__version__,
        most_shortlisted=MAX_SHORTLIST,
    )
    malformed_requests.register(app)
    hosts.register(app, settings)
    rate_limits.register(app, settings)
    health.register(app, settings)
    request_log.register(app)
    uploads.register(app)
    compression.register(app)
    pages.register(app)
    views.register(app)
    errors.register(app)
    parsing.register(app)
    headers.register(app)
    return app
