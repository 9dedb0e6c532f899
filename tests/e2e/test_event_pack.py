"""A shortlist as one document: titled in the browser, printed with each practice on a page of its own."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from .conftest import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.e2e

PAIR = "id=operation-encompass&id=philomena-protocol"


def printed(page: Page) -> list[str]:
    """Return the text of each page that the browser prints, as a line, without ligatures."""
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    return [" ".join(normalize("NFKC", sheet.extract_text()).split()) for sheet in sheets]


def test_a_pack_is_made_from_a_shortlist_and_given_a_title(open_page: OpenPage) -> None:
    """By links and a form alone; the address holds it all."""
    page = open_page(width=320, javascript=False)
    page.goto(f"/shortlist?{PAIR}")
    with page.expect_navigation():
        page.get_by_role("link", name="Make an event pack to print").click()
    page.get_by_label("Title of the pack").fill("Learning event, Leeds & York")
    with page.expect_navigation():
        page.get_by_role("button", name="Use this title").click()
    assert page.locator("h1").inner_text() == "Learning event, Leeds & York"
    assert page.get_by_label("Title of the pack").input_value() == "Learning event, Leeds & York"
    page.get_by_role("link", name="Philomena Protocol", exact=True).first.click()
    assert page.url.endswith("#philomena-protocol")
    with page.expect_navigation():
        page.get_by_role("link", name="Back to these as a shortlist").click()
    assert re.findall(r"id=([\w-]+)", page.url) == ["operation-encompass", "philomena-protocol"]


def test_each_practice_is_printed_on_pages_of_its_own(open_page: OpenPage) -> None:
    """The first page holds title and contents; no form, menu or button is printed; pages are numbered."""
    page = open_page()
    page.goto(f"/shortlist/pack?{PAIR}&title=Learning+event")
    numbers, sheets = zip(*(sheet.split(" ", 1) for sheet in printed(page)), strict=True)
    assert list(numbers) == [str(number) for number in range(1, len(sheets) + 1)]
    assert sheets[0].startswith("Learning event 2 practices, put together on ")
    assert "Philomena Protocol" in sheets[0]
    begins = [
        [number for number, text in enumerate(sheets) if text.startswith(title)]
        for title in ("Operation Encompass", "Philomena Protocol")
    ]
    assert begins[0] == [1]
    assert begins[1][0] > 1
    whole = " ".join(sheets)
    for unwanted in ("Use this title", "Browse", "Skip to", "Back to these"):
        assert unwanted not in whole
    assert "(https://" in whole


def test_a_rating_is_explained_on_paper_though_it_is_folded_on_the_screen(open_page: OpenPage) -> None:
    """Nobody can unfold paper."""
    page = open_page()
    page.goto("/practices/philomena-protocol")
    assert not page.get_by_text("not how large the effect was").is_visible()
    assert "not how large the effect was" in " ".join(printed(page))


def test_an_address_is_copied_with_a_button_that_says_so(open_page: OpenPage) -> None:
    """The button is there only with a script; without, the address is."""
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/practices/philomena-protocol")
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Link copied").wait_for()
    assert page.get_by_role("status").inner_text() == "Link copied"
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    plain = open_page(javascript=False)
    plain.goto("/practices/philomena-protocol")
    assert plain.get_by_role("button", name="Copy link").count() == 0
    assert plain.url in plain.locator(".address").inner_text()
