"""Whether sources answer is asked of a server, here one of our own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from builders import make_practice

from search_service.practices.addresses import online_faults
from search_service.practices.model import Practice


class _Pages(BaseHTTPRequestHandler):
    """Answers with the status that the path names."""

    def do_GET(self) -> None:
        """Answer one request."""
        self.send_response(int(self.path.strip("/").split("?")[0] or 200))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""


@pytest.fixture
def site() -> Iterator[str]:
    """Serve pages of every status on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def _practice(*addresses: str) -> Practice:
    sources = [{"url": address, "title": "A page", "read": "2026-11-23"} for address in addresses]
    return make_practice(sources=sources)


def test_a_page_that_is_gone_is_named_with_its_place(site: str) -> None:
    """The second source of two is the one that is gone."""
    (fault,) = online_faults([_practice(f"{site}/200", f"{site}/404")])
    assert fault.where == "practices/operation-example.md, sources 2, url"
    assert f"{site}/404 is gone (status 404)" in fault.message


@pytest.mark.parametrize("status", [200, 401, 403, 429, 500, 503])
def test_a_server_that_only_refuses_or_struggles_is_not_called_gone(site: str, status: int) -> None:
    """Many sites refuse anything but a browser; that says nothing of the page."""
    assert online_faults([_practice(f"{site}/{status}")]) == []


def test_a_server_that_is_not_there_is_named() -> None:
    """A refused connection is told with its reason."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        (fault,) = online_faults([_practice(address)])
    assert "does not answer" in fault.message


def test_an_address_of_an_evaluation_is_asked_too_and_each_address_once(site: str) -> None:
    """One address in two places is one request and two faults."""
    evaluation = {"by": "A university", "method": "m", "finding": "f", "url": f"{site}/410"}
    practice = make_practice(
        sources=[{"url": f"{site}/410", "title": "t", "read": "2026-11-23"}], evaluations=[evaluation]
    )
    assert [fault.where.split(", ")[1] for fault in online_faults([practice])] == [
        "sources 1",
        "evaluations 1",
    ]


def test_an_address_with_characters_that_must_be_escaped_is_asked_for_as_a_browser_would(site: str) -> None:
    """An umlaut in an address is no fault of the page."""
    assert online_faults([_practice(f"{site}/200?q=münchen")]) == []
