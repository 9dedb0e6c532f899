"""The rule kept here: whatever is sent to whatever address, the answer is in order and no fault of ours.

A run of the tests sends a few hundred requests. After a change to the web part send more:

    FUZZ_REQUESTS=100000 python -m pytest tests/web/http/test_fuzz_http.py
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hostile_requests import Maker
from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app

from search_service.library import Library
from search_service.settings import Settings
from search_service.web.app import create_app
from search_service.web.http.headers import SECURITY_HEADERS

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "400"))
"""How many requests are sent, a tenth of them to a service behind a proxy."""

FIRST = int(os.environ.get("FUZZ_FIRST", "0"))
"""The number of the first: `FUZZ_FIRST=4711 FUZZ_REQUESTS=1` sends that one again."""

INSIDE = ("Traceback (most recent", 'File "/', "site-packages", "werkzeug.", "search_service/")
"""What a traceback or an error page of a library would show."""

BY_ENDING = {
    ".csv": "text/csv",
    "/scripts.js": "text/javascript",
    ".svg": "image/svg+xml",
    ".atom": "application/atom+xml",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".md": "text/markdown",
    ".csv-metadata.json": "application/json",
    "/healthz": "application/json",
    "/readyz": "application/json",
    "/metrics": "text/plain",
}


@pytest.fixture(scope="module")
def apps(shipped_index: Path) -> list[Flask]:
    """Give the application ten times: nine as it stands, and once behind a proxy."""
    plain = create_app(Settings(index=shipped_index, rate_limit=0))
    proxied = create_app(Settings(index=shipped_index, rate_limit=0, proxies=1))
    return [plain] * 9 + [proxied]


def right_type(path: str, status: int) -> str | None:
    """Return the content type that an answer must have; None where none is laid down."""
    if path.startswith("/api/"):
        if path == "/api/docs" and status < 400:
            return "text/html"
        return "application/problem+json" if status >= 400 else "application/json"
    if status >= 400:
        return "text/html"
    if path.startswith("/static/") or status == 304:
        return None
    return next((kind for ending, kind in BY_ENDING.items() if path.endswith(ending)), "text/html")


def faults(environ: dict[str, Any], status: int, headers: Headers, body: bytes) -> Iterable[str]:
    """Yield all that is wrong with an answer."""
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    if not 200 <= status < 500:
        yield f"status {status}"
    text = body.decode("utf-8", "replace")
    yield from (f"it shows {sign!r}" for sign in INSIDE if sign in text and not path.startswith("/static/"))
    kind = right_type(path, status)
    if kind and method != "OPTIONS" and not headers.get("Content-Type", "").startswith(kind):
        yield f"{headers.get('Content-Type')} instead of {kind}"
    if method == "HEAD" and body:
        yield "a body to HEAD"
    yield from (f"no {name}" for name, value in SECURITY_HEADERS.items() if headers.get(name) != value)
    if "Set-Cookie" in headers or any("evil.example" in value for value in headers.values()):
        yield f"a header that was sent: {headers}"
    if any(mark in value for value in headers.values() for mark in "\r\n"):
        yield "a header of several lines"


def test_no_request_gets_an_answer_of_our_failing(
    apps: list[Flask], library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    """No 500 and no traceback, the right format, and every security header, whatever was sent."""
    ids = [*[practice.id for practice in library.practices][:5], *list(library.taxonomy.labels["theme"])[:5]]
    ids += ["gaps", "reach", "style.css", "shortlist.js", "equal", "theme", "evidence", "newest", "yes"]
    maker = Maker(apps[0], ids)
    wrong: list[str] = []
    for number in range(FIRST, FIRST + REQUESTS):
        request = maker.make(number)
        caplog.clear()
        content, status, headers = run_wsgi_app(apps[number % 10], request.environ, buffered=True)
        found = list(faults(request.environ, int(status.split(" ")[0]), headers, b"".join(content)))
        if found:
            wrong.append(f"{request.told}: {'; '.join(found)}\n{caplog.text[-1500:]}")
        if len(wrong) >= 10:
            break
    assert not wrong, "\n".join(wrong)
