"""The log: what happened, for people or for programs, and nothing that tells of a person.

A request is logged by its route, status and time. Addresses, queries, texts and the ids of what was read
are not logged at all, so that nothing has to be taken out of a log later.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from flask import Flask, Response, request

from search_service.settings import Settings
from search_service.web.http.health import METHODS, milliseconds_taken, route_of_request

log = logging.getLogger(__name__)

QUIET = ("/static/<path:filename>", "/scripts.js", "/favicon.ico", "/healthz", "/readyz", "/metrics")
"""Routes that would fill a log and tell nothing."""


def configure(settings: Settings) -> None:
    """Send the log of this process, libraries included, to standard error in the form that is set."""
    first: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = _for_programs() if settings.log_format == "json" else _for_people()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=first,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)


def _for_programs() -> list[Any]:
    """Return what writes one JSON object a line; tracebacks without the values of variables."""
    traceback = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return [
        structlog.processors.ExceptionRenderer(traceback),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def _for_people() -> list[Any]:
    """Return what writes a line of text; tracebacks without the values of variables."""
    return [
        structlog.dev.ConsoleRenderer(
            colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
        )
    ]


def register(app: Flask) -> None:
    """Log every request that tells something."""
    app.after_request(_log_request)


def _log_request(response: Response) -> Response:
    route = route_of_request()
    if route not in QUIET:
        told = {
            "method": request.method if request.method in METHODS else "other",
            "route": route,
            "status": response.status_code,
            "ms": round(milliseconds_taken(), 1),
        }
        log.info("request", extra=told)
    return response
