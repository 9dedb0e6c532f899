"""Serving with waitress: one process, one snapshot in memory, a fixed number of threads."""

from __future__ import annotations

import waitress

from search_service.errors import InvalidSettings
from search_service.settings import Settings
from search_service.web.app import MAX_BODY_BYTES, create_app

MAX_HEADER_BYTES = 32 * 1024
"""A query of the greatest length with every character escaped, and room for the rest."""


def serve(settings: Settings) -> None:
    """Serve until interrupted; raises InvalidSettings where the address cannot be used."""
    app = create_app(settings)
    try:
        server = waitress.create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            max_request_body_size=MAX_BODY_BYTES,
            max_request_header_size=MAX_HEADER_BYTES,
            ident=None,
        )
    except OSError as error:
        address = f"{settings.host}:{settings.port}"
        message = (
            f"Cannot listen on {address} ({error.strerror or error}). "
            "Choose another with PRACTICE_FINDER_PORT, for example PRACTICE_FINDER_PORT=8001."
        )
        raise InvalidSettings(message) from None
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "") else settings.host  # noqa: S104 - shown only
    print(f"Practice Finder is ready at http://{host}:{server.effective_port}/", flush=True)
    server.run()
