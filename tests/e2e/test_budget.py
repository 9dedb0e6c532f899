"""What a page costs whoever opens it first on a telephone with a poor signal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .conftest import OpenPage, watched_windows

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

pytestmark = pytest.mark.e2e

MOST_REQUESTS = 5
MOST_BYTES = 60_000
"""The page and all it loads, packed, with headers: about a second at 0.5 Mbit/s."""

ELSEWHERE = "http://127.0.0.1:9"
"""Another host than the service: the port that discards, which nothing listens on."""

FIRST_PAGES = {
    "home": "/",
    "results": "/search?q=missing",
    "practice": "/practices/philomena-protocol",
    "gaps": "/gaps",
}


def asked_for(page: Page, path: str) -> list[Request]:
    """Open a page in a browser that has kept nothing, and return all it asked for."""
    requests: list[Request] = []
    page.on("request", lambda asked: requests.append(asked))  # noqa: PLW0108 - a built-in cannot be marked
    page.goto(path, wait_until="networkidle")
    return requests


def over_the_wire(request: Request) -> int:
    """Return how many bytes of an answer came over the wire, none where the browser kept it."""
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


@pytest.mark.parametrize("path", FIRST_PAGES.values(), ids=FIRST_PAGES.keys())
def test_a_first_page_costs_little(open_page: OpenPage, path: str) -> None:
    """Five requests and 60 kB at most, counted as they come over the wire."""
    requests = asked_for(open_page(), path)
    sizes = {one.url: over_the_wire(one) for one in requests}
    assert len(requests) <= MOST_REQUESTS, sizes
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_a_second_page_loads_itself_alone(open_page: OpenPage) -> None:
    """What all pages share is kept by the browser, and not even asked for again."""
    page = open_page()
    asked_for(page, "/")
    assert [one.url for one in asked_for(page, "/gaps") if over_the_wire(one)] == [page.url]


def test_a_page_that_asks_another_host_would_be_noticed(browser: Browser, address: str) -> None:
    """Every window of these tests listens to every request, so that no page can ask elsewhere unseen."""
    with (
        pytest.raises(AssertionError, match=ELSEWHERE),
        watched_windows(browser, address) as open_window,
    ):
        open_window().set_content(f'<img src="{ELSEWHERE}/font.woff2">')
