"""A shortlist in a real browser: by links alone, and with the script that remembers it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from .conftest import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.e2e

PAIR = "/shortlist?id=operation-encompass&id=philomena-protocol"
SENT = "/shortlist?id=herbert-protocol"


def chosen(page: Page) -> list[str]:
    """Return the ids in the address."""
    return re.findall(r"id=([\w-]+)", page.url)


def named(action: str, title: str) -> re.Pattern[str]:
    """Match the name of what acts on one practice: the words that are seen, then its title."""
    return re.compile(rf"^{action}\s*: {title}$")


def remembered(page: Page) -> int:
    """Return how many practices the menu says there are."""
    said = re.search(r"Shortlist \((\d+)\)", page.get_by_role("navigation", name="Main").inner_text())
    return int(said[1]) if said else 0


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_list_is_made_compared_and_shortened_by_links_alone(
    open_page: OpenPage, javascript: bool, width: int
) -> None:
    """Search, add, search again, add, compare, go back, remove: the address always holds the list."""
    page = open_page(width=width, javascript=javascript)
    page.goto("/practices/philomena-protocol")
    page.locator(".choose").first.click()
    if javascript:
        page.get_by_role("link", name="Shortlist (1)").click()
    assert chosen(page) == ["philomena-protocol"]

    page.get_by_label("Find a practice to add").fill("operation encompass school")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=named("Add to shortlist", "Operation Encompass")).click()
    assert chosen(page) == ["philomena-protocol", "operation-encompass"]

    page.get_by_role("button", name="Compare").click()
    assert page.locator("h1").inner_text() == "Compare practices"
    assert page.get_by_role("heading", name="What they share").is_visible()
    page.get_by_role("link", name="Back to these as a shortlist").click()

    page.get_by_role("link", name=named("Remove from shortlist", "Philomena Protocol")).click()
    assert chosen(page) == ["operation-encompass"]
    assert page.locator("h1").inner_text() == "Shortlist of 1 practice"


def test_side_by_side_is_a_table_where_there_is_room_and_else_practice_by_practice(
    open_page: OpenPage,
) -> None:
    """One of the two is shown, and read out, at each width."""
    page = open_page(javascript=False)
    page.goto(PAIR.replace("shortlist", "compare"))
    table = page.get_by_role("region", name="Practices side by side")
    alone = page.get_by_role("region", name="Philomena Protocol")
    assert table.get_by_role("columnheader", name="Philomena Protocol").is_visible()
    assert table.get_by_role("rowheader", name="Cost and resources").is_visible()
    assert alone.count() == 0
    page.set_viewport_size({"width": 320, "height": 900})
    assert table.count() == 0
    assert alone.get_by_role("heading", name="Cost and resources").is_visible()
    assert "Durham" in alone.inner_text()


def test_the_browser_remembers_what_was_added_and_forgets_what_was_removed(open_page: OpenPage) -> None:
    """On the results a button adds and removes, and says so; another page still knows."""
    page = open_page()
    page.goto("/search?q=missing")
    button = page.get_by_role("button", name=named("(Add to|Remove from) shortlist", "Philomena Protocol"))
    button.click()
    assert button.inner_text().startswith("Remove from shortlist")
    assert page.get_by_role("status").inner_text() == "Added. 1 practice in your shortlist."
    assert remembered(page) == 1

    page.goto("/practices/operation-encompass")
    assert remembered(page) == 1
    page.get_by_role("button", name=named("Add to shortlist", "Operation Encompass")).click()
    page.get_by_role("link", name="Shortlist (2)").click()
    assert chosen(page) == ["philomena-protocol", "operation-encompass"]

    page.go_back()
    page.get_by_role("button", name=named("Remove from shortlist", "Operation Encompass")).click()
    assert remembered(page) == 1


def test_a_kept_list_changes_with_the_links_of_its_page(open_page: OpenPage) -> None:
    """Removing on the page of one's own list removes it from what is kept."""
    page = open_page()
    page.goto(PAIR)
    page.get_by_role("button", name="Keep this list in this browser").click()
    assert remembered(page) == 2
    page.get_by_role("link", name=named("Remove from shortlist", "Philomena Protocol")).click()
    assert remembered(page) == 1
    page.goto("/shortlist")
    page.locator("[data-kept]").get_by_role("link", name="1 practice").click()
    assert chosen(page) == ["operation-encompass"]
    page.get_by_role("link", name=named("Remove from shortlist", "Operation Encompass")).click()
    assert remembered(page) == 0
    assert not page.locator("[data-kept]").is_visible()


def test_a_list_that_somebody_sent_replaces_ones_own_only_when_asked(open_page: OpenPage) -> None:
    """Looking at it, and going on from it, keeps what the browser keeps."""
    page = open_page()
    page.goto(PAIR)
    page.get_by_role("button", name="Keep this list in this browser").click()
    page.goto(SENT)
    assert "another list, of 2 practices" in page.locator("[data-kept]").inner_text()
    page.get_by_role("link", name=re.compile("^Add to shortlist")).first.click()
    assert len(chosen(page)) == 2
    assert remembered(page) == 2
    page.goto(SENT)
    page.get_by_role("button", name="Keep this list instead").click()
    assert remembered(page) == 1
    assert page.locator(":focus").get_attribute("id") == "main"
    page.goto("/shortlist")
    assert page.locator("[data-kept]").inner_text() == "This browser keeps a list of 1 practice."


@pytest.mark.parametrize("kept", ["not JSON", '{"a": 1}', '[1, null, "<b>", "../x"]'])
def test_whatever_the_browser_holds_breaks_no_page(open_page: OpenPage, kept: str) -> None:
    """What is not a list of ids is no shortlist, and adding begins a new one."""
    page = open_page()
    page.goto("/search?q=missing")
    page.evaluate("kept => localStorage.setItem('practice-finder.shortlist', kept)", kept)
    page.reload()
    assert remembered(page) == 0
    page.get_by_role("button", name=re.compile("^Add to shortlist")).first.click()
    assert remembered(page) == 1


def test_a_full_list_says_so(open_page: OpenPage) -> None:
    """The twenty-first is refused in words, and nothing is lost."""
    page = open_page()
    page.goto("/search?q=missing")
    page.evaluate(
        "localStorage.setItem('practice-finder.shortlist', "
        "JSON.stringify(Array.from({length: 20}, (_, at) => `p-${at}`)))"
    )
    page.reload()
    page.get_by_role("button", name=re.compile("^Add to shortlist")).first.click()
    assert page.get_by_role("status").inner_text() == "A shortlist holds 20 practices. Remove one first."
    assert remembered(page) == 20


def test_a_browser_that_keeps_nothing_says_so(open_page: OpenPage) -> None:
    """The page goes on working, and does not claim to have kept anything."""
    page = open_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })"
    )
    page.goto("/search?q=missing")
    page.get_by_role("button", name=re.compile("^Add to shortlist")).first.click()
    assert "does not let this page keep anything" in page.get_by_role("status").inner_text()
    assert remembered(page) == 0


def test_a_list_can_be_made_by_keyboard(open_page: OpenPage) -> None:
    """The focus stays on the button, which changes its words."""
    page = open_page()
    page.goto("/practices/philomena-protocol")
    page.get_by_role("button", name=named("Add to shortlist", "Philomena Protocol")).focus()
    page.keyboard.press("Enter")
    assert page.locator(":focus").inner_text().startswith("Remove from shortlist")
    assert remembered(page) == 1
