"""Rate limits: how much one address may ask per minute; beyond that the answer is 429 with Retry-After.

Counts are kept in memory, per process: they bound abuse and are no accounting. Requests without a route
(404, 405) are not counted: they cost no more than a static file.
"""

from __future__ import annotations

import ipaddress
import math
import time

from flask import Flask, current_app, request
from flask_limiter import ApplicationLimit, Limiter

from search_service.settings import Settings

POST_COST = 10
"""A posted text counts as this many requests: it costs several times what a search does."""

EXEMPT = (
    "static",
    "pages.scripts",
    "pages.favicon",
    "health.alive",
    "health.ready",
    "health.metrics",
)
"""Endpoints that are never refused: the files of a page, and health checks."""


def register(app: Flask, settings: Settings) -> None:
    """Limit the requests of each address, unless the setting is 0."""
    if not settings.rate_limit:
        return
    limiter = Limiter(
        _address,
        app=app,
        storage_uri="memory://",
        application_limits=[
            ApplicationLimit(f"{settings.rate_limit} per minute"),
            ApplicationLimit(
                f"{max(1, settings.rate_limit // POST_COST)} per minute",
                scope="posted texts",
                exempt_when=lambda: request.method != "POST",
            ),
        ],
    )
    limiter.request_filter(lambda: request.endpoint in EXEMPT)
    app.extensions["rate_limits"] = limiter


def seconds_to_wait() -> int:
    """Return how many seconds an address over its limit must wait, at least 1."""
    exceeded = current_app.extensions["rate_limits"].current_limit
    return max(1, math.ceil(exceeded.reset_at - time.time())) if exceeded else 1


def _address() -> str:
    """Return what counts as one client: for IPv6 the network half, since each client chooses the other."""
    given = request.remote_addr or "unknown"
    try:
        address = ipaddress.IPv6Address(given)
    except ValueError:
        return given
    return str(address.ipv4_mapped or int(address) >> 64)
