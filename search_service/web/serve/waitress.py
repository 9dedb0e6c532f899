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
"""waitress refuses what is longer in words of its own, so this is far above any query that is searched:
the application says what is wrong with one too long. No more, since waitress reads a header again from
its start with every packet."""

MAX_RECEIVED_BYTES = 16 * MAX_BODY_BYTES
"""Likewise for bodies: a whole report pasted by mistake reaches the application, which refuses it in the
form that was asked for. What is larger than an upload may be, and so is never read, waitress keeps in a
temporary file without a name until it is refused; what is read stays in memory."""

CONNECTIONS = 1000
"""Connections held open at once (waitress holds 100 unless told): enough that a few hundred that send
nothing, or a byte at a time, leave room for those that ask. A waiting connection costs no thread."""

IDLE_SECONDS = 30
"""A connection that has sent or taken nothing for so long is closed (waitress waits 120 unless told)."""

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # nosec B104  # noqa: S104 - shown only
"""What to open in a browser where every address of the machine is listened on."""

_NOT_OURS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def serve(settings: Settings) -> None:
    """Serve until interrupted; raises InvalidSettings where the address cannot be used."""
    memory.share_one_arena()
    app = create_app(settings)
    memory.set_apart()
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
            clear_untrusted_proxy_headers=False,  # the application believes them or not (hosts.py)
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=IDLE_SECONDS // 2,
        )
    except (OSError, ValueError) as error:
        raise InvalidSettings(_cannot_listen(settings, error)) from None
    for address in addresses(server):
        print(f"Practice Finder is ready at {address}", flush=True)
    server.run()


def addresses(server: Any) -> Iterator[str]:
    """Yield where a waitress server answers: a name such as localhost can stand for several addresses."""
    one = getattr(server, "effective_host", None), getattr(server, "effective_port", None)
    for listened, port in getattr(server, "effective_listen", [one]):
        host = ANYWHERE.get(listened, listened)
        yield f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _cannot_listen(settings: Settings, error: OSError | ValueError) -> str:
    """Say what is wrong with the host or the port; waitress raises ValueError for an unknown host."""
    host_at_fault = not isinstance(error, OSError) or error.errno in _NOT_OURS
    reason = (error.strerror or str(error)) if isinstance(error, OSError) else "no such host is known here"
    remedy = (
        "--host or PRACTICE_FINDER_HOST, for example PRACTICE_FINDER_HOST=127.0.0.1."
        if host_at_fault
        else "--port or PRACTICE_FINDER_PORT, for example PRACTICE_FINDER_PORT=8001."
    )
    return f"Cannot listen on {settings.host}:{settings.port} ({reason}). Choose another with {remedy}"
