"""Serving with waitress: one process, one snapshot in memory, a fixed number of threads."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from typing import Any

import waitress

from search_service import memory
from search_service.errors import InvalidSettings
from search_service.settings import Settings
from search_service.web.app import MAX_BODY_BYTES, create_app
from search_service.web.http.uploads import MAX_UPLOAD_BYTES

MAX_HEADER_BYTES = 256 * 1024
"""Far above any query that is searched, since waitress refuses longer headers in its own words and the
application can say what is wrong. Not larger, since waitress parses a header again with every packet."""

MAX_RECEIVED_BYTES = 16 * MAX_BODY_BYTES
"""The same for bodies: a whole report pasted by mistake reaches the application, which refuses it in the
format asked for. waitress keeps what exceeds an upload, and is never read, in a nameless temporary file
until it is refused; what is read stays in memory."""

MAX_CONNECTIONS = 1000
"""Connections held open at once (waitress's default is 100): a few hundred that send nothing, or a byte at a
time, still leave room for others. A waiting connection costs no thread."""

IDLE_SECONDS = 30
"""A connection without traffic for this long is closed (waitress's default is 120)."""

BROWSABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # nosec B104  # noqa: S104 - shown only
"""The address to open in a browser when listening on all addresses."""

_NOT_OURS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
"""Errors of an address that this machine does not have."""


def serve(settings: Settings) -> None:
    """Serve until interrupted; raises InvalidSettings if the address cannot be used."""
    memory.limit_malloc_arenas()
    app = create_app(settings)
    memory.freeze_gc()
    try:
        server = waitress.create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            max_request_body_size=MAX_RECEIVED_BYTES,
            max_request_header_size=MAX_HEADER_BYTES,
            inbuf_overflow=MAX_UPLOAD_BYTES,
            ident=None,
            clear_untrusted_proxy_headers=False,  # hosts.py decides which to trust
            connection_limit=MAX_CONNECTIONS,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=IDLE_SECONDS // 2,
        )
    except (OSError, ValueError) as error:
        raise InvalidSettings(_listen_error(settings, error)) from None
    for address in addresses(server):
        print(f"Practice Finder is ready at {address}", flush=True)
    server.run()


def addresses(server: Any) -> Iterator[str]:
    """Yield every address of a waitress server: a name such as localhost can resolve to several."""
    one = getattr(server, "effective_host", None), getattr(server, "effective_port", None)
    for listened, port in getattr(server, "effective_listen", [one]):
        host = BROWSABLE.get(listened, listened)
        yield f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _listen_error(settings: Settings, error: OSError | ValueError) -> str:
    """Explain what is wrong with the host or the port; waitress raises ValueError for an unknown host."""
    host_at_fault = not isinstance(error, OSError) or error.errno in _NOT_OURS
    reason = (error.strerror or str(error)) if isinstance(error, OSError) else "no such host is known here"
    remedy = (
        "--host or PRACTICE_FINDER_HOST, for example PRACTICE_FINDER_HOST=127.0.0.1."
        if host_at_fault
        else "--port or PRACTICE_FINDER_PORT, for example PRACTICE_FINDER_PORT=8001."
    )
    return f"Cannot listen on {settings.host}:{settings.port} ({reason}). Choose another with {remedy}"
