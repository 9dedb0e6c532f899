"""Settings for gunicorn: `gunicorn -c python:search_service.web.serve.gunicorn`.

The application is created before the workers are forked, so that they share one snapshot's memory until a
new one is published; then each worker loads its own. gunicorn's command line (`--bind`, `--workers`) and
GUNICORN_CMD_ARGS override these.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from prometheus_client import multiprocess

from search_service.web.http.health import MULTIPROCESS

wsgi_app = "search_service.web.serve.wsgi:application()"
bind = "127.0.0.1:8000"
worker_class = "gthread"
workers = 2
threads = 4
preload_app = True

forwarded_allow_ips = ""
"""gunicorn would otherwise believe the scheme and SCRIPT_NAME in headers from anyone on this machine, and a
proxy on it passes on everyone's. PRACTICE_FINDER_PROXIES decides instead."""

timeout = 30
"""Seconds after which a worker that no longer answers is replaced; no request takes one."""

keepalive = 5
"""Seconds a connection is kept for the next request; the reverse proxy in front keeps its own."""

limit_request_line = 0
"""gunicorn would refuse the longest allowed query, percent-encoded (12 kB), in its own words; the reverse
proxy in front bounds the line (docs/operations.md)."""

limit_request_field_size = 16 * 1024
"""The same for the Referer, which holds the address of the page before (8 kB by default)."""

accesslog = None
"""The application logs requests itself, without addresses."""

control_socket_disable = True
"""gunicorn 25.1 and later listen for commands on a socket in their user's home folder. Nobody sends any, and
a service user has no such folder, which would be logged as an error at every start and reload."""


def on_reload(server: Any) -> None:
    """Load the current snapshot in the master, so that the workers it is about to fork share one copy.

    gunicorn loads a preloaded application once, and not again on reload.
    """
    server.app.wsgi().extensions["library"].current()


def on_starting(server: Any) -> None:
    """Keep addresses and requests out of gunicorn's own log of requests it cannot parse."""
    server.log.error_log.addFilter(_anonymise)


def _anonymise(record: logging.LogRecord) -> bool:
    """Reduce a message about a request to what happened."""
    for happened in ("Invalid request", "Error handling request"):
        if str(record.msg).startswith(happened):
            record.msg, record.args = happened, ()
    return True


def post_worker_init(worker: Any) -> None:
    """Load the current snapshot before the worker answers.

    A replacement is forked from a master that still holds the snapshot it started with, however old, and
    would answer from that while its first request loads the new one.
    """
    worker.wsgi.extensions["library"].current()


def child_exit(_server: Any, worker: Any) -> None:
    """Remove the gauges of a worker that has ended from the shared metrics."""
    if os.environ.get(MULTIPROCESS):
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # no types there
