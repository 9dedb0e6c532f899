"""Suggestions under the search box: offered, never forced, and gone where there is no answer."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from .conftest import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

pytestmark = pytest.mark.e2e

SUGGEST = "**/api/v1/suggest?**"

BOX = {
    "/": "Describe the problem",
    "/search": "What are you looking for?",
    "/search?page=-1": "Search words",
    "/nothing/here": "Search for it instead",
    "/shortlist": "Find a practice to add",
}


def box_of(page: Page) -> Locator:
    """Return the search box."""
    return page.get_by_role("combobox").first


def options(page: Page) -> Locator:
    """Return what is suggested."""
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def typed(page: Page, text: str, path: str = "/") -> Locator:
    """Open a page, type into its box, wait for suggestions, and return the box."""
    page.goto(path)
    box = box_of(page)
    box.press_sequentially(text)
    options(page).first.wait_for()
    return box


@pytest.mark.parametrize("path", BOX)
def test_every_search_box_offers_and_says_how_many(open_page: OpenPage, path: str) -> None:
    """A combobox with its list, announced; nothing of it is chosen."""
    page = open_page()
    page.goto(path)
    box = page.get_by_label(BOX[path])
    assert box.get_attribute("aria-expanded") == "false"
    box.press_sequentially("missing")
    options(page).first.wait_for()
    number = options(page).count()
    assert page.get_by_role("status").inner_text() == f"{number} suggestions"
    assert box.get_attribute("aria-expanded") == "true"
    assert page.locator(f"#{box.get_attribute('aria-controls')}").get_attribute("role") == "listbox"
    assert box.get_attribute("aria-activedescendant") is None
    assert page.locator("[role=option][aria-selected=true]").count() == 0
    assert box.input_value() == "missing"


def test_a_title_is_gone_to_by_keyboard(open_page: OpenPage) -> None:
    """Arrows mark, round through the box; what was typed stays; Enter goes."""
    page = open_page()
    box = typed(page, "philomena proto")
    page.keyboard.press("ArrowDown")
    marked = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert marked.get_attribute("aria-selected") == "true"
    assert marked.inner_text().startswith("Philomena Protocol")
    assert box.input_value() == "philomena proto"
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    last = options(page).last.get_attribute("id")
    assert box.get_attribute("aria-activedescendant") == last
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/practices/philomena-protocol")


def test_enter_without_a_choice_searches_for_what_was_typed(open_page: OpenPage) -> None:
    """The list never gets in the way of a search."""
    page = open_page()
    typed(page, "missing")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=missing")


@pytest.mark.parametrize(
    ("text", "kind", "leads_to"),
    [
        ("missing peop", "Theme, ", "**/themes/missing-people"),
        ("west midlands pol", "Organisation, ", "**/search?organisation=west-midlands-police"),
        ("missing child", "Search, ", "**/search?q=missing+children"),
        ("philomena proto", "Practice", "**/practices/philomena-protocol"),
    ],
)
def test_each_kind_leads_where_it_says_by_mouse(
    open_page: OpenPage, text: str, kind: str, leads_to: str
) -> None:
    """A theme to its page, an organisation to its practices, a phrase to a search, a title to itself."""
    page = open_page()
    typed(page, text)
    options(page).filter(has_text=kind).first.click()
    page.wait_for_url(leads_to)


def test_a_phrase_is_searched_with_the_filters_that_are_chosen(open_page: OpenPage) -> None:
    """Choosing a phrase is like typing it and pressing Search."""
    page = open_page()
    page.goto("/search?q=x&evidence=promising")
    box_of(page).fill("")
    box_of(page).press_sequentially("missing child")
    options(page).filter(has_text="Search, ").first.click()
    page.wait_for_url("**q=missing+children**")
    assert "evidence=promising" in page.url


def test_on_a_shortlist_a_choice_looks_for_what_to_add(open_page: OpenPage) -> None:
    """The list that is in the address is not left."""
    page = open_page()
    typed(page, "philomena proto", "/shortlist?id=herbert-protocol")
    options(page).first.click()
    page.wait_for_url("**/shortlist?id=herbert-protocol&q=Philomena+Protocol**")
    adding = page.get_by_role("link", name=re.compile(r"^Add to shortlist\s*: Philomena Protocol$"))
    assert adding.first.is_visible()


def test_escape_and_leaving_close_the_list_and_keep_the_words(open_page: OpenPage) -> None:
    """Escape closes; an arrow opens again; Tab leaves; emptying the box closes."""
    page = open_page()
    box = typed(page, "missing")
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert not options(page).first.is_visible()
    assert box.input_value() == "missing"
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowRight")
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Tab")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "missing"
    box.focus()
    page.keyboard.press("ArrowDown")
    box.fill("")
    assert box.get_attribute("aria-expanded") == "false"


def test_a_late_answer_to_what_was_typed_before_is_passed_over(open_page: OpenPage) -> None:
    """Answers that come out of order never replace newer ones."""
    page = open_page()
    asked: list[str] = []

    def slowly(route: Route) -> None:
        asked.append(route.request.url)
        if route.request.url.endswith("q=philomena"):
            time.sleep(0.4)
        route.continue_()

    page.route(SUGGEST, slowly)
    page.goto("/")
    box = box_of(page)
    with page.expect_request(SUGGEST):
        box.fill("philomena")
    box.fill("herbert protocol")
    options(page).filter(has_text="Herbert Protocol").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert len(asked) == 2
    assert options(page).filter(has_text="Philomena").count() == 0


def test_quick_typing_asks_once(open_page: OpenPage) -> None:
    """A pause asks, not every key."""
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda one: "suggest?" in one.url and asked.append(one.url))
    typed(page, "stalking")
    assert [address.rpartition("q=")[2] for address in asked] == ["stalking"]


@pytest.mark.parametrize("answer", ["refused", "broken"])
def test_without_an_answer_the_box_is_a_plain_one(open_page: OpenPage, answer: str) -> None:
    """No network, or too many requests: the search works as it did."""
    page = open_page()
    page.route(
        SUGGEST,
        lambda route: (
            route.fulfill(status=429, body="{}") if answer == "refused" else route.fulfill(body="<")
        ),
    )
    page.goto("/")
    with page.expect_response(SUGGEST):
        box_of(page).press_sequentially("missing")
    assert box_of(page).get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=missing")


def test_suggestions_fit_a_telephone_and_a_finger(open_page: OpenPage) -> None:
    """At 320 px nothing is cut off sideways, and every target is at least 24 px high."""
    page = open_page(width=320)
    typed(page, "child")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for option in options(page).all():
        seen = option.bounding_box()
        assert seen
        assert seen["x"] >= 0
        assert seen["x"] + seen["width"] <= 320
        assert seen["height"] >= 24


def test_without_javascript_the_box_is_no_combobox(open_page: OpenPage) -> None:
    """Nothing is promised to a screen reader that does not work."""
    page = open_page(javascript=False)
    page.goto("/")
    assert page.get_by_role("combobox").count() == 0
    assert page.get_by_role("searchbox").count() == 1
