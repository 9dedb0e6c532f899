"""Repairs requests that Werkzeug cannot parse, so that they get an ordinary error page.

An invalid Host header, or raw bytes in the query string, would otherwise fail before any page can say what
is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_from_bytes

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ASCII = "".join(map(chr, range(128)))
"""What the query string may hold unquoted."""


class ChunkedBody:
    """A body sent in chunks; a broken one counts as cut short (status 400).

    gunicorn notices only while the application reads, and raises errors of its own.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raises OSError if the chunk is malformed."""
        try:
            return bytes(self._stream.read(size))
        except Exception as error:  # each server has errors of its own
            raise OSError from error


class RepairMalformedRequests:
    """Drops an invalid Host header and percent-encodes raw bytes in the query string."""

    def __init__(self, answer: WSGIApplication) -> None:
        self._answer = answer

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one WSGI request."""
        if not is_host_name(environ.get("HTTP_HOST", "")):
            environ["HTTP_HOST"] = ""
        if "HTTP_TRANSFER_ENCODING" in environ:
            environ["wsgi.input"] = ChunkedBody(environ["wsgi.input"])
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():  # WSGI hands bytes over as Latin-1
            environ["QUERY_STRING"] = quote_from_bytes(query.encode("latin-1"), safe=ASCII)
        return self._answer(environ, start_response)


@lru_cache(64)  # nearly every request names the same few
def is_host_name(host: str) -> bool:
    """Return whether a host, with or without a port, can be encoded as a DNS name."""
    try:
        host.partition(":")[0].encode("idna").decode("idna")
    except UnicodeError:
        return False
    return True


def register(app: Flask) -> None:
    """Repair every request; register this before any other middleware."""
    app.wsgi_app = RepairMalformedRequests(app.wsgi_app)  # type: ignore[method-assign]  # as Flask's documentation does
