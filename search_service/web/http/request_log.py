"""The request log, as text for people or JSON for programs, without anything about a person.

A request is logged as method, route, status and time. Addresses, queries, texts and the ids of what was
read are never logged, so nothing has to be removed from a log later.
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
"""Routes that would fill the log without saying anything."""


def configure(settings: Settings) -> None:
    """Send the log of this process, libraries included, to standard error in the configured format."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer = _json_lines() if settings.log_format == "json" else _text_lines()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)


def _json_lines() -> list[Any]:
    """Return processors that write one JSON object per line; tracebacks omit the values of variables."""
    traceback = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return [
        structlog.processors.ExceptionRenderer(traceback),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def _text_lines() -> list[Any]:
    """Return processors that write one line of text; tracebacks omit the values of variables."""
    return [
        structlog.dev.ConsoleRenderer(
            colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
        )
    ]


def register(app: Flask) -> None:
    """Log requests, except static files and health checks."""
    app.after_request(_log_request)


def _log_request(response: Response) -> Response:
    route = route_of_request()
    if route not in QUIET:
        fields = {
            "method": request.method if request.method in METHODS else "other",
            "route": route,
            "status": response.status_code,
            "ms": round(milliseconds_taken(), 1),
        }
        log.info("request", extra=fields)
    return response
