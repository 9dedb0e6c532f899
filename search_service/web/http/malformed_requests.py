"""Requests that Werkzeug cannot read at all are made readable first, so that they are answered as others are.

A host name that is none, or a byte in an address that is not text, would otherwise fail where there is no
page yet to say what is wrong.
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
"""What a query holds as it stands."""


class Chunks:
    """A body sent in chunks. One that is broken counts as one that was not sent to its end (status 400).

    gunicorn finds that out while the application reads, and raises errors of its own.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raises OSError where what was sent is no chunk."""
        try:
            return bytes(self._stream.read(size))
        except Exception as error:  # each server has errors of its own
            raise OSError from error


class Readable:
    """Passes requests on, with no host name where theirs is none, and every other byte of a query encoded."""

    def __init__(self, answer: WSGIApplication) -> None:
        self._answer = answer

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if not is_name(environ.get("HTTP_HOST", "")):
            environ["HTTP_HOST"] = ""
        if "HTTP_TRANSFER_ENCODING" in environ:
            environ["wsgi.input"] = Chunks(environ["wsgi.input"])
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():  # WSGI hands bytes over as Latin-1
            environ["QUERY_STRING"] = quote_from_bytes(query.encode("latin-1"), safe=ASCII)
        return self._answer(environ, start_response)


@lru_cache(64)  # nearly every request names the same few
def is_name(host: str) -> bool:
    """Tell whether a host, with or without a port, can be written in the form that DNS has for names."""
    try:
        host.partition(":")[0].encode("idna").decode("idna")
    except UnicodeError:
        return False
    return True


def register(app: Flask) -> None:
    """Read every request through `Readable`; comes before what else stands around the application."""
    app.wsgi_app = Readable(app.wsgi_app)  # type: ignore[method-assign]  # as Flask's documentation does
