"""All scripts in one file: each stays small and can be read by itself, and a page asks for them once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Response, current_app, request

from search_service.web.pages.blueprint import blueprint


@blueprint.get("/scripts.js")
def scripts() -> Response:
    """Give every script of ours, one after another; none does anything on a page that has no part for it."""
    response = Response(_joined(Path(current_app.static_folder or "")), mimetype="text/javascript")
    response.add_etag()
    response.make_conditional(request)
    return response


@cache
def _joined(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js")))
