"""How much one address may ask in a minute; beyond it the answer is 429, with when to come back.

Counts are kept in memory, by each process for itself: they bound abuse, and are no accounting. What has no
route (404, 405) is not counted: it costs no more than a file that is free.
"""

from __future__ import annotations

import ipaddress
import math
import time

from flask import Flask, current_app, request
from flask_limiter import ApplicationLimit, Limiter

from search_service.settings import Settings

TEXTS_SHARE = 10
"""A posted text costs several times what a search does, and nobody posts one as often."""

FREE = (
    "static",
    "pages.scripts",
    "pages.favicon",
    "operations.alive",
    "operations.ready",
    "operations.metrics",
)
"""Endpoints that are never refused: what a page is made of, and what watches over the service."""


def register(app: Flask, settings: Settings) -> None:
    """Bound the requests of each address, unless the setting is 0."""
    if not settings.rate_limit:
        return
    limiter = Limiter(
        _address,
        app=app,
        storage_uri="memory://",
        application_limits=[
            ApplicationLimit(f"{settings.rate_limit} per minute"),
            ApplicationLimit(
                f"{max(1, settings.rate_limit // TEXTS_SHARE)} per minute",
                scope="posted texts",
                exempt_when=lambda: request.method != "POST",
            ),
        ],
    )
    limiter.request_filter(lambda: request.endpoint in FREE)
    app.extensions["rate_limits"] = limiter


def seconds_to_wait() -> int:
    """Return the seconds until an address that has asked too much may ask again, at least 1."""
    overrun = current_app.extensions["rate_limits"].current_limit
    return max(1, math.ceil(overrun.reset_at - time.time())) if overrun else 1


def _address() -> str:
    """Return what counts as one address: of IPv6 the first half, since each visitor chooses the second."""
    given = request.remote_addr or "unknown"
    try:
        address = ipaddress.IPv6Address(given)
    except ValueError:
        return given
    return str(address.ipv4_mapped or int(address) >> 64)
