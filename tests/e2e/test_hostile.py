"""Pages over a corpus of what nobody should write: nothing runs, nothing is fetched, no layout breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hostile import ARABIC, HARM, IDS, LONG_WORD, MARK, SHARED, write_hostile_corpus
from page_addresses import page_addresses

from search_service.settings import Settings
from search_service.snapshot.build import build
from search_service.web.app import create_app

from .conftest import OpenPage, served, watched_windows

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e

ALL = "&".join(f"id={key}" for key in IDS)

PAGES = (
    *page_addresses(("harm", "right-to-left", "forty-themes"), "theme-0"),
    "/search?q=missing+child&per_page=100",
    '/search?q=<script>alert(1)</script>"onmouseover=alert(1)+javascript:alert(1)',
    f"/search?q={LONG_WORD * 4}",
    "/search?theme=domestic-abuse&theme=theme-0&theme=theme-1",
    *(f"/practices/{key}" for key in IDS if key != "harm"),
    f"/shortlist?{ALL}&q=missing",
    f"/compare?id={'w' * 80}&id=long-title&id=no-facts",
    "/browse/a-z?letter=F",
    "/themes/domestic-abuse",
)
"""Every page, and states of pages that these texts could break."""

WIDTHS = (1280, 320)

FOUND_HARMFUL = """() => {
    const ours = new Set(['/scripts.js']);
    const bad = [];
    for (const it of document.querySelectorAll('*')) {
        const name = it.localName;
        const link = it.getAttribute('href') ?? it.getAttribute('src') ?? it.getAttribute('action') ?? '';
        if (['img', 'iframe', 'object', 'embed', 'base'].includes(name)) bad.push(it.outerHTML);
        if (name === 'script' && !ours.has(new URL(it.src || 'x:y').pathname)) bad.push(it.outerHTML);
        if (name === 'style' || it.hasAttribute('style')) bad.push(it.outerHTML);
        if (it.getAttributeNames().some(key => key.startsWith('on'))) bad.push(it.outerHTML);
        if (/^\\s*(javascript|data|vbscript):/i.test(link)) bad.push(it.outerHTML);
    }
    return bad.map(text => text.slice(0, 200));
}"""


@pytest.fixture(scope="module")
def hostile_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the hostile corpus and give the address."""
    folder = tmp_path_factory.mktemp("hostile")
    build(write_hostile_corpus(folder / "corpus"), folder / "index")
    with served(create_app(Settings(index=folder / "index", rate_limit=0))) as address:
        yield address


@pytest.fixture
def open_hostile(browser: Browser, hostile_address: str) -> Iterator[OpenPage]:
    """Give a function that opens windows on the hostile corpus."""
    with watched_windows(browser, hostile_address) as open_window:
        yield open_window


def hold(page: Page) -> None:
    """Hold a page to it: no part of it is anybody's markup, and it fits the window."""
    assert page.evaluate(FOUND_HARMFUL) == []
    assert page.title() != MARK
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        needed = page.evaluate("document.documentElement.scrollWidth")
        assert needed <= width, f"{needed} px are needed at {width} px"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path[:50])
def test_nothing_runs_and_nothing_breaks_the_layout(open_hostile: OpenPage, path: str) -> None:
    """No dialogue, no script, no foreign address, no sideways scrolling."""
    page = open_hostile()
    page.on("dialog", lambda dialog: pytest.fail(f"a script asks: {dialog.message}"))
    page.goto(path)
    hold(page)


def test_a_hostile_draft_is_compared_and_shown_as_typed(open_hostile: OpenPage) -> None:
    """What was pasted stands in the box as it was, and what is like it is shown."""
    page = open_hostile()
    draft = f"{SHARED} </textarea>{HARM} {LONG_WORD}"
    page.goto("/similar")
    page.get_by_label("Your text").fill(draft)
    with page.expect_navigation():
        page.get_by_role("button", name="Find similar practice").click()
    assert page.get_by_label("Your text").input_value() == draft
    assert page.locator("article .reasons").count() > 0
    hold(page)


def test_harmful_text_is_shown_as_the_text_it_is(open_hostile: OpenPage) -> None:
    """Nothing is left out: the reader sees what was written."""
    page = open_hostile()
    page.goto("/practices/harm")
    assert page.locator("h1").inner_text() == f"Harm {HARM}"
    assert "<div onclick=" in page.locator(".practice-text").inner_text()
    page.goto("/themes/domestic-abuse")
    assert page.locator("h1").inner_text().startswith("<b>Abuse</b> <script>")


def test_text_from_right_to_left_runs_from_right_to_left(open_hostile: OpenPage) -> None:
    """Its own direction, without turning the page around it."""
    page = open_hostile()
    page.goto("/practices/right-to-left")
    assert page.locator("h1").evaluate("it => getComputedStyle(it).direction") == "rtl"
    assert page.locator("body").evaluate("it => getComputedStyle(it).direction") == "ltr"
    page.goto("/search?q=missing+child&per_page=100")
    link = page.locator("article h3 a", has_text=ARABIC)
    assert link.evaluate("it => getComputedStyle(it).direction") == "rtl"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_name_leaves_room_for_the_numbers_of_the_map(open_hostile: OpenPage, width: int) -> None:
    """The column of names does not push the first number off the screen."""
    page = open_hostile(width=width)
    page.goto("/gaps/map")
    box = page.locator(".map tbody td").first.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= width


def test_all_forty_themes_are_there(open_hostile: OpenPage) -> None:
    """Each is a link on the page of the practice."""
    page = open_hostile(width=320)
    page.goto("/practices/forty-themes")
    assert page.locator(".facts a[href^='/themes/']").count() == 40
