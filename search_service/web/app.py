"""Assembling the web application: settings, then the library, then routes, then headers."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, request

import search_service
from search_service.library import LiveLibrary
from search_service.settings import Settings
from search_service.web import api, errors, pages

MAX_BODY_BYTES = 256 * 1024
"""A pasted text of the greatest length, however it is encoded, fits; nothing larger is read."""

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def create_app(settings: Settings, live: LiveLibrary | None = None) -> Flask:
    """Make the application over the current snapshot of `settings.index`.

    Raises SnapshotMissing or SnapshotDamaged where there is none to serve.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY_BYTES
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.extensions["library"] = live or LiveLibrary(settings.index)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        corrections=settings.corrections,
        version=search_service.__version__,
        asset_version=_asset_version(Path(app.static_folder or "")),
    )
    pages.register(app)
    api.register(app)
    errors.register(app)
    app.after_request(_add_headers)
    return app


def _add_headers(response: Response) -> Response:
    """Add the security headers; only versioned assets may be kept by a browser."""
    response.headers.update(SECURITY_HEADERS)
    kept = request.endpoint == "static" and "v" in request.args and response.status_code == 200
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
    return response


def _asset_version(folder: Path) -> str:
    """Return a checksum of the static files, so that a browser never mixes two versions."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(path.read_bytes())
    return total.hexdigest()[:10]
