"""Filters that change the results in place, and lead to the same address as without a script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from .conftest import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.e2e

MISSING = re.compile("^Missing people")
LOADED = "() => { window.loadedOnce = true; }"


def opened(open_page: OpenPage, path: str = "/search?q=missing", width: int = 1280) -> Page:
    """Open results, and leave a mark that a new page would not have."""
    page = open_page(width=width)
    page.goto(path)
    page.evaluate(LOADED)
    return page


def is_same_page(page: Page) -> bool:
    """Return whether the page was changed rather than loaded."""
    return bool(page.evaluate("window.loadedOnce === true"))


def parts(page: Page) -> list[str]:
    """Return everything that filters change, as it is read."""
    shown = [page.title(), page.locator("#results").inner_text(), page.locator(".filters").inner_text()]
    checked = page.locator(":checked").evaluate_all("those => those.map(one => one.value)")
    feed = page.locator("link[rel=alternate]").get_attribute("href") or ""
    return [*(re.sub(r"\s+", " ", text) for text in shown), *checked, re.sub("^https?://[^/]+", "", feed)]


def test_a_filter_changes_the_page_into_what_its_address_shows(open_page: OpenPage) -> None:
    """Results, counts, title, chips and feed are those of a page loaded from the new address."""
    page = opened(open_page)
    page.get_by_label(MISSING).check()
    page.wait_for_url("**/search?q=missing&theme=missing-people")
    page.locator(".chips").wait_for()
    page.locator(".facet > summary", has_text="Evidence").click()
    page.get_by_label(re.compile("^Promising")).check()
    page.wait_for_url("**/search?q=missing&theme=missing-people&evidence=promising")
    page.get_by_role("link", name="Remove evidence: Promising").wait_for()
    assert is_same_page(page)
    in_place = parts(page)
    page.reload()
    assert not is_same_page(page)
    assert parts(page) == in_place


def test_the_focus_stays_and_the_number_is_said(open_page: OpenPage) -> None:
    """The control in use is the same element still, and the status tells how many there are."""
    page = opened(open_page)
    box = page.get_by_label(MISSING)
    box.focus()
    page.evaluate("document.activeElement.wasHere = true")
    page.keyboard.press("Space")
    page.locator(".chips").wait_for()
    assert page.evaluate("document.activeElement.wasHere")
    assert box.is_checked()
    number = re.search(r"of (\d+ practices)", page.locator("#results-title").inner_text())
    assert number
    assert page.get_by_role("status").inner_text() == number[1]

    page.keyboard.press("Space")
    page.wait_for_url("**/search?q=missing")
    page.locator(".chips").wait_for(state="detached")
    assert page.evaluate("document.activeElement.wasHere")


def test_the_order_changes_in_place_and_leaves_the_usual_one_out_of_the_address(open_page: OpenPage) -> None:
    """The select keeps the focus, and needs no button."""
    page = opened(open_page, "/search?q=police&evidence=promising&page=2")
    assert not page.get_by_role("button", name="Sort", exact=True).is_visible()
    order = page.get_by_label("Sort by")
    order.focus()
    order.select_option("Newest first")
    page.wait_for_url("**/search?q=police&evidence=promising&sort=newest")
    page.locator("#results-title", has_text="Showing 1 to 10").wait_for()
    assert page.evaluate("document.activeElement.id") == "sort"
    order.select_option("Relevance")
    page.wait_for_url("**/search?q=police&evidence=promising")
    assert is_same_page(page)


def test_back_and_forward_show_what_was_shown(open_page: OpenPage) -> None:
    """Each change is a step of the browser's history, with its ticks."""
    page = opened(open_page)
    before = parts(page)
    page.get_by_label(MISSING).check()
    page.locator(".chips").wait_for()
    after = parts(page)
    page.go_back()
    page.locator(".chips").wait_for(state="detached")
    assert parts(page) == before
    assert not page.get_by_label(MISSING).is_checked()
    page.go_forward()
    page.locator(".chips").wait_for()
    assert parts(page) == after
    assert is_same_page(page)


def test_coming_back_from_a_practice_shows_the_filtered_results(open_page: OpenPage) -> None:
    """The address is that of the filters, so nothing is lost by following a result."""
    page = opened(open_page)
    page.get_by_label(MISSING).check()
    page.locator(".chips").wait_for()
    expected = parts(page)
    with page.expect_navigation():
        page.locator(".results article h3 a").first.click()
    page.go_back()
    page.locator(".chips").wait_for()
    assert parts(page) == expected


def test_what_is_unfolded_stays_unfolded(open_page: OpenPage) -> None:
    """A list does not fold under the finger."""
    page = opened(open_page, "/search?q=police")
    page.locator(".facet > summary", has_text="Stage").click()
    page.locator(".more > summary").first.click()
    page.locator(".more input").first.check()
    page.locator(".chips").wait_for()
    assert page.locator("#facet-stage").get_attribute("open") is not None
    assert page.locator("details.more").first.get_attribute("open") is not None
    assert page.evaluate("document.activeElement.type") == "checkbox"


def test_new_results_can_be_added_to_the_shortlist(open_page: OpenPage) -> None:
    """Their links become buttons like those of a page that was loaded."""
    page = opened(open_page)
    page.get_by_label(MISSING).check()
    page.locator(".chips").wait_for()
    page.get_by_role("button", name=re.compile("^Add to shortlist")).first.click()
    assert page.get_by_role("status").inner_text() == "Added. 1 practice in your shortlist."


@pytest.mark.parametrize("answer", ["no network", "an error", "another page"])
def test_whatever_goes_wrong_the_browser_goes_there(open_page: OpenPage, answer: str) -> None:
    """The filter works as it does without a script."""
    page = opened(open_page)
    status, body = (429, "no") if answer == "an error" else (200, "<p>Sign in</p>")

    def fail(route: Route) -> None:
        if route.request.is_navigation_request():
            route.continue_()
        else:
            route.fulfill(status=status, body=body)

    page.route("**/search?**", fail)
    if answer == "no network":
        page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no network')); }")
    with page.expect_navigation():
        page.get_by_label(MISSING).check()
    assert "theme=missing-people" in page.url
    assert page.get_by_label(MISSING).is_checked()
    assert not is_same_page(page)


def test_of_two_changes_the_last_is_shown(open_page: OpenPage) -> None:
    """An answer to the first that comes late changes nothing."""
    page = opened(open_page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held or "evidence" in route.request.url:
            route.continue_()
        else:
            held.append(route)

    page.route("**/search?**", hold)
    page.locator(".facet > summary", has_text="Evidence").click()
    page.get_by_label(MISSING).check()
    page.get_by_label(re.compile("^Promising")).check()
    page.get_by_role("link", name="Remove evidence: Promising").wait_for()
    assert page.url.endswith("/search?q=missing&theme=missing-people&evidence=promising")
    assert len(held) == 1
    page.go_back()
    page.locator(".chips").wait_for(state="detached")
    assert page.url.endswith("/search?q=missing")


def test_only_a_long_wait_is_shown(open_page: OpenPage) -> None:
    """The page says that it works on it, and stops saying so."""
    page = opened(open_page)
    held: list[Route] = []
    page.route("**/search?**", lambda route: held.append(route))  # noqa: PLW0108 - it takes functions only
    page.get_by_label(MISSING).check()
    page.locator("#found.slow").wait_for()
    assert page.get_by_role("status").inner_text() == "Updating the results"
    held[0].continue_()
    page.locator(".chips").wait_for()
    assert page.locator(".slow").count() == 0


def test_on_a_telephone_a_button_leads_from_the_filters_to_what_they_found(open_page: OpenPage) -> None:
    """It says how many there are, folds the filters and goes to the results."""
    page = opened(open_page, width=320)
    page.locator(".filter-panel > summary").click()
    page.get_by_label(MISSING).check()
    page.locator(".chips").wait_for()
    button = page.get_by_role("button", name=re.compile(r"^Show \d+ practices$"))
    said = page.get_by_role("status").inner_text()
    assert button.inner_text() == f"Show {said}"
    button.click()
    assert page.locator("#filter-panel").get_attribute("open") is None
    assert page.evaluate("document.activeElement.id") == "results"


def test_years_wait_until_they_are_applied(open_page: OpenPage) -> None:
    """Half a year is no year: nothing happens while it is typed, and another filter does without it."""
    page = opened(open_page)
    page.locator(".facet > summary", has_text="Year and evaluation").click()
    page.get_by_label("First year").fill("20")
    page.keyboard.press("Tab")
    assert page.url.endswith("/search?q=missing")
    page.locator("#theme-domestic-abuse").check()
    page.wait_for_url("**/search?q=missing&theme=domestic-abuse")
    page.get_by_label("First year").fill("2018")
    with page.expect_navigation():
        page.get_by_role("button", name="Apply years").click()
    assert "from=2018" in page.url


def test_a_way_within_the_page_asks_for_nothing(open_page: OpenPage) -> None:
    """The link past the filters, and back, load no results."""
    page = opened(open_page)
    asked: list[str] = []
    page.on("request", lambda one: "/search" in one.url and asked.append(one.url))
    page.locator(".skip", has_text="results").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#results")
    page.go_back()
    page.wait_for_url("**/search?q=missing")
    assert asked == []


def test_words_typed_while_results_are_on_their_way_are_kept(open_page: OpenPage) -> None:
    """Whoever ticks a filter and goes on to the search box is not written over."""
    page = opened(open_page)
    held: list[Route] = []
    page.route("**/search?**", lambda route: held.append(route))  # noqa: PLW0108 - it takes functions only
    with page.expect_request("**/search?**"):
        page.get_by_label(MISSING).check()
    page.get_by_label("What are you looking for?").fill("stalking")
    held[0].continue_()
    page.locator(".chips").wait_for()
    assert page.get_by_label("What are you looking for?").input_value() == "stalking"
