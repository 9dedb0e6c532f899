"""All scripts as one file, so that a page loads them with one request."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Response, current_app, request

from search_service.web.pages.blueprint import blueprint


@blueprint.get("/scripts.js")
def scripts() -> Response:
    """Give all scripts, concatenated; each does nothing on a page without the part it serves."""
    response = Response(_joined(Path(current_app.static_folder or "")), mimetype="text/javascript")
    response.add_etag()
    response.make_conditional(request)
    return response


@cache
def _joined(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js")))
