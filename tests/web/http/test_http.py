"""The service over a real socket: what waitress lets through, and that the application answers it."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from clients import serving

from search_service.limits import MAX_QUERY_LENGTH, MAX_TEXT_LENGTH
from search_service.web.app import MAX_BODY_BYTES
from search_service.web.http.headers import SECURITY_HEADERS

DRAFT = "Carers fill in a form about a child who may go missing, so that police can search at once. "

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Answer:
    """What came back over the socket."""

    status: int
    headers: http.client.HTTPMessage
    text: str


@pytest.fixture(scope="module")
def port(shipped_index: Path) -> Iterator[int]:
    """Give the port of a service that most tests share."""
    with serving(shipped_index) as served:
        yield served


def ask(
    port: int, method: str, address: str, body: str | None = None, headers: dict[str, str] | None = None
) -> Answer:
    """Send one request over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, address, body, headers or {})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read().decode())
    finally:
        connection.close()


def assert_answered_by_the_application(answer: Answer, status: int, content_type: str) -> None:
    """Hold an answer to its status, its form, and every security header."""
    assert answer.status == status, answer.text[:300]
    assert answer.headers["Content-Type"].startswith(content_type)
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value


@pytest.mark.parametrize(
    ("address", "headers", "content_type"),
    [("/api/v1/similar", JSON, "application/problem+json"), ("/similar", FORM, "text/html")],
)
@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, 3 * MAX_BODY_BYTES])
def test_a_body_over_the_limit_is_refused_by_the_application(
    port: int, address: str, headers: dict[str, str], content_type: str, size: int
) -> None:
    """413 comes as problem+json or as a page, and not in the server's own words."""
    answer = ask(port, "POST", address, "text=" + "x" * (size - 5), headers)
    assert_answered_by_the_application(answer, 413, content_type)
    assert "Shorten it" in answer.text


@pytest.mark.parametrize(
    ("address", "content_type"),
    [("/api/v1/search", "application/problem+json"), ("/search", "text/html")],
)
def test_a_query_of_forty_thousand_characters_is_refused_by_the_application(
    port: int, address: str, content_type: str
) -> None:
    """What is wrong with a query far too long is said, with what to do instead."""
    answer = ask(port, "GET", f"{address}?q={'x' * 40_000}")
    assert_answered_by_the_application(answer, 422, content_type)
    assert "40,000" in answer.text


def test_a_query_of_the_greatest_length_is_searched_however_it_is_encoded(port: int) -> None:
    """Twelve bytes a character still fit into the header."""
    answer = ask(port, "GET", f"/search?{urlencode({'q': '🙂' * MAX_QUERY_LENGTH})}")
    assert_answered_by_the_application(answer, 200, "text/html")


@pytest.mark.parametrize("name", [b"a..b", b"xn--zzzzz--"])
def test_a_host_that_is_no_name_is_refused_by_the_application(port: int, name: bytes) -> None:
    """What Flask cannot even route is refused in words too."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(b"GET /api/v1/search HTTP/1.1\r\nConnection: close\r\nHost: " + name + b"\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in answer
    assert b"PRACTICE_FINDER_TRUSTED_HOSTS" in answer


@pytest.mark.parametrize("character", ["x", "ক", "🙂"])
@pytest.mark.parametrize(
    ("address", "headers", "content_type"),
    [("/api/v1/similar", JSON, "application/json"), ("/similar", FORM, "text/html")],
)
def test_a_text_of_the_greatest_length_is_compared_however_it_is_encoded(
    port: int, address: str, headers: dict[str, str], content_type: str, character: str
) -> None:
    """50,000 characters are never too large, though each take twelve bytes in a form or in JSON."""
    text = DRAFT.ljust(MAX_TEXT_LENGTH, character)
    body = json.dumps({"text": text, "limit": 20}) if headers is JSON else f"text={quote(text)}"
    answer = ask(port, "POST", address, body, headers)
    assert_answered_by_the_application(answer, 200, content_type)
    assert "philomena" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_server_does_not_say_what_it_is(port: int) -> None:
    """Not when it answers for the application, nor when it answers in its stead."""
    for path in ("/", "/nothing", "/api/v1/search?page=x"):
        assert "Server" not in ask(port, "GET", path).headers


def test_figures_are_not_handed_on_by_a_proxy_nobody_configured(port: int) -> None:
    """What a proxy on this machine passes on is not asked from this machine, and waitress lets it be seen."""
    assert ask(port, "GET", "/metrics").status == 200
    assert ask(port, "GET", "/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status == 404


def test_behind_a_configured_proxy_each_visitor_has_a_limit_and_https_is_known(shipped_index: Path) -> None:
    """Were all visitors the proxy, they would share one limit, and no answer would ask for HTTPS."""
    with serving(shipped_index, proxies=1, rate_limit=1) as served:
        answers = [
            ask(served, "GET", "/about", headers={"X-Forwarded-For": visitor, "X-Forwarded-Proto": "https"})
            for visitor in ("203.0.113.1", "203.0.113.2", "203.0.113.1")
        ]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert "Strict-Transport-Security" in answers[0].headers
