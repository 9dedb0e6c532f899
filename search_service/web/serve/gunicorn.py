"""How gunicorn serves Practice Finder: `gunicorn -c python:search_service.web.serve.gunicorn`.

The application is made before the workers are forked, so that they share one snapshot's memory until a new
one is published; then each worker loads it for itself. gunicorn's own settings (`--bind`, `--workers`, and
GUNICORN_CMD_ARGS) come before these.
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
"""gunicorn would take the scheme, and the folder that every link begins with (SCRIPT_NAME), from headers of
whoever asks from this machine, as all that a proxy hands on do. What counts is PRACTICE_FINDER_PROXIES."""

timeout = 30
"""Seconds after which a worker that no longer answers is replaced; nothing asked takes one."""

keepalive = 5
"""Seconds a connection is kept for the next request; the reverse proxy in front keeps its own."""

limit_request_line = 0
"""gunicorn would refuse a query of the greatest length, percent-encoded (12 kB), in words of its own; the
reverse proxy in front bounds it (docs/operations.md)."""

limit_request_field_size = 16 * 1024
"""Likewise for the address a visitor comes from, which is sent with the next request (8 kB unless told)."""

accesslog = None
"""The application logs requests itself, without addresses."""

control_socket_disable = True
"""gunicorn 25.1 and later take commands from a socket in the home folder of their user. Nobody sends any, and
a service's user has no such folder, which would be logged as an error at every start and reload."""


def on_reload(server: Any) -> None:
    """Let the master take up the current snapshot, so that the workers it is about to fork share one copy.

    gunicorn loads a preloaded application once, and not again when it is told to reload.
    """
    server.app.wsgi().extensions["library"].current()


def on_starting(server: Any) -> None:
    """Keep addresses and what was asked out of what gunicorn itself logs of a request it cannot read."""
    server.log.error_log.addFilter(_tells_of_nobody)


def _tells_of_nobody(record: logging.LogRecord) -> bool:
    """Leave of a message what happened, and drop to whom."""
    for happened in ("Invalid request", "Error handling request"):
        if str(record.msg).startswith(happened):
            record.msg, record.args = happened, ()
    return True


def post_worker_init(worker: Any) -> None:
    """Let a worker take up the current snapshot before it answers.

    One that replaces another is forked from a master that still holds the snapshot of the start, however
    long ago that was; what is asked while the first request loads the new one would be answered from it.
    """
    worker.wsgi.extensions["library"].current()


def child_exit(_server: Any, worker: Any) -> None:
    """Take the gauges of a worker that has ended out of the shared figures."""
    if os.environ.get(MULTIPROCESS):
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # no types there
