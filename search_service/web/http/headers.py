"""Security headers on every response, and how long a browser may keep it."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, current_app, request

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

ASSETS = ("static", "pages.scripts")
"""Endpoints that a browser may cache for good, at an address that names the version."""


def register(app: Flask) -> None:
    """Add the headers to every response, and the version of the assets to the templates."""
    version = _asset_version(Path(app.static_folder or ""))
    app.config["ASSET_VERSION"] = app.jinja_env.globals["asset_version"] = version
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    response.headers.update(SECURITY_HEADERS)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    response.headers["Cache-Control"] = _cache_control(response)
    return response


def _cache_control(response: Response) -> str:
    """Let a browser keep assets of this version for good, and never keep what a posted text led to."""
    if request.method == "POST":
        return "no-store"
    is_asset = request.endpoint in ASSETS and response.status_code < HTTPStatus.BAD_REQUEST
    if is_asset and request.args.get("v") == current_app.config["ASSET_VERSION"]:
        return "public, max-age=31536000, immutable"
    return "no-cache"


def _asset_version(folder: Path) -> str:
    """Return a checksum of the static files, so that a browser never mixes two versions."""
    checksum = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            checksum.update(path.read_bytes())
    return checksum.hexdigest()[:10]
