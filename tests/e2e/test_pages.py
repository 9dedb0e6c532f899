"""The ways of a newcomer through the pages, in a real browser without JavaScript.

What the scripts add is tried in test_shortlist.py, test_suggestions.py and test_filters.py; the longest
way is gone with them and without.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from draft_files import IDEA as DRAFT
from draft_files import docx

from .conftest import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.e2e

QUESTION = "kids running away from care homes"
IDEA = (
    "Carers fill in a form about each child who may go missing, with a photograph and the places "
    "they go to, so that police can start to search at once."
)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Give a wide window without JavaScript."""
    return open_page(javascript=False)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_newcomer_searches_filters_opens_and_goes_on_to_related_practice(
    open_page: OpenPage, javascript: bool
) -> None:
    """From the first page to a second practice by links and buttons alone."""
    page = open_page(javascript=javascript)
    page.goto("/")
    page.get_by_label("Describe the problem").fill(QUESTION)
    _follow(page.get_by_role("button", name="Search"))
    assert re.match(rf"{QUESTION} – \d+ practices – Practice Finder", page.title())
    before = _total(page)

    page.get_by_label(re.compile("^Missing people")).check()
    if javascript:
        page.wait_for_url("**theme=missing-people**")
        page.locator(".chips").wait_for()
    else:
        _follow(page.get_by_role("button", name="Apply filters"))
    assert _total(page) < before
    assert page.get_by_label("What are you looking for?").input_value() == QUESTION
    for card in page.locator(".results article").all():
        assert "Missing people" in card.inner_text()

    first = page.locator(".results article h3 a").first
    title = first.inner_text()
    _follow(first)
    assert page.locator("h1").inner_text() == title
    assert page.get_by_role("heading", name="Does it work?").is_visible()

    related = page.get_by_role("region", name="Related practice").locator("article").first
    assert "Both speak of:" in related.inner_text()
    assert "Shared themes:" in related.inner_text()
    _follow(related.locator("h3 a"))
    assert page.locator("h1").inner_text() != title


def test_a_chosen_filter_can_be_taken_away(page: Page) -> None:
    """Each chip leads to the same search without that filter."""
    page.goto("/search?q=missing&theme=missing-people&evidence=promising")
    narrow = _total(page)
    _follow(page.get_by_role("link", name="Remove evidence: Promising"))
    assert "evidence" not in page.url
    assert "theme=missing-people" in page.url
    assert _total(page) > narrow
    _follow(page.get_by_role("link", name="Clear all filters"))
    assert page.url.endswith("/search?q=missing")


def test_filters_sort_and_page_stay_in_the_address(page: Page) -> None:
    """A second page keeps words, filters and order, and can be shared."""
    page.goto("/search?q=police&evidence=promising")
    page.get_by_label("Sort by").select_option("Newest first")
    _follow(page.get_by_role("button", name="Sort", exact=True))
    _follow(page.get_by_role("link", name="Next page"))
    for part in ("q=police", "evidence=promising", "sort=newest", "page=2"):
        assert part in page.url
    assert "Showing 11 to" in page.locator("#results-title").inner_text()


def test_a_pasted_idea_finds_practice_with_reasons(page: Page) -> None:
    """The words in common are named, and the text is there to be changed."""
    page.goto("/")
    _follow(page.get_by_role("link", name="Paste your idea"))
    page.get_by_label("Your text").fill(IDEA)
    _follow(page.get_by_role("button", name="Find similar practice"))
    reasons = page.locator("article .reasons").first.inner_text()
    assert re.search(r"Both speak of: \w+ \(\d+%\)", reasons)
    assert page.get_by_label("Your text").input_value() == IDEA


def test_a_draft_in_a_file_is_compared_and_told_what_it_lacks(page: Page, tmp_path: Path) -> None:
    """The text of the file stands in the box, and a file that cannot be read is explained at its field."""
    page.goto("/similar")
    draft = tmp_path / "draft.docx"
    draft.write_bytes(docx())
    page.get_by_label("Or a file").set_input_files(draft)
    _follow(page.get_by_role("button", name="Find similar practice"))
    assert page.get_by_label("Your text").input_value() == DRAFT
    assert page.locator("article .reasons").count() > 0
    assert page.get_by_role("heading", name="What a reader will miss").is_visible()
    draft.write_bytes(b"no Word document")
    page.get_by_label("Or a file").set_input_files(draft)
    _follow(page.get_by_role("button", name="Find similar practice"))
    page.get_by_role("alert").get_by_role("link", name="Your file").click()
    assert page.locator("#file:focus").count() == 1


def test_a_text_that_is_too_short_is_explained_at_its_field(page: Page) -> None:
    """The error summary leads to the field, which still holds what was typed."""
    page.goto("/similar")
    page.get_by_label("Your text").fill("too short")
    _follow(page.get_by_role("button", name="Find similar practice"))
    page.get_by_role("alert").get_by_role("link", name="Your text").click()
    assert page.locator("#text:focus").input_value() == "too short"
    assert page.title().startswith("Error")


def test_gaps_can_be_compared_with_another_reference_and_followed_to_practices(page: Page) -> None:
    """From the first page over the gaps to the practices of a theme."""
    page.goto("/")
    _follow(page.get_by_role("link", name="See the gaps"))
    _follow(page.get_by_role("link", name="Recorded volumes"))
    table = page.get_by_role("region", name="Themes compared with recorded volumes")
    row = table.locator("tbody tr").first
    practices = int(row.locator("td").first.inner_text().split()[0])
    _follow(row.get_by_role("link"))
    assert _total(page) == practices


def test_gaps_are_sorted_drafted_and_taken_away(page: Page) -> None:
    """A heading sorts, the next call is a link away, and its document is downloaded."""
    page.goto("/gaps")
    _follow(page.get_by_role("link", name="Practices", exact=True))
    column = page.get_by_role("columnheader", name="Practices")
    assert column.get_attribute("aria-sort") == "ascending"
    _follow(page.get_by_role("link", name="Practices"))
    assert column.get_attribute("aria-sort") == "descending"
    _follow(page.get_by_role("link", name="Draft the next call"))
    assert page.get_by_role("heading", name="What we are looking for").is_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Word document").click()
    assert waiting.value.suggested_filename == "call-for-practice.docx"


def test_a_reference_of_ones_own_is_mended_and_compared(page: Page) -> None:
    """The errors name the lines, the text is kept, and the table is that of the other references."""
    page.goto("/gaps")
    _follow(page.get_by_role("link", name="Your own"))
    box = page.get_by_label("Your reference")
    box.fill("theme,weight\nfraud,two\nmissing-people,1\n")
    _follow(page.get_by_role("button", name="Compare"))
    assert "line 2" in page.get_by_role("alert").inner_text()
    box.fill(box.input_value().replace("two", "2"))
    _follow(page.get_by_role("button", name="Compare"))
    table = page.get_by_role("region", name="Themes compared with your own reference")
    assert table.locator("tbody tr").count() == 2
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download CSV").click()
    assert waiting.value.suggested_filename == "gaps.csv"


def test_each_number_of_the_map_leads_to_as_many_practices(page: Page) -> None:
    """A cell says how many, and its link shows them."""
    page.goto("/gaps")
    _follow(page.get_by_role("link", name="See the gap map"))
    page.get_by_label("Columns").select_option("Region")
    _follow(page.get_by_role("button", name="Draw the map"))
    cell = page.locator(".map td a").first
    practices = int(cell.inner_text().split()[0])
    _follow(cell)
    assert _total(page) == practices


def test_wrong_input_is_answered_with_every_fault_and_what_was_typed(page: Page) -> None:
    """The error summary names each fault; the words are kept to go on with."""
    page.goto("/search?q=missing&page=-1&sort=best&theme=nonsense&utm_source=mail")
    summary = page.get_by_role("alert").inner_text()
    for fault in ("sort", "page", "theme"):
        assert fault in summary
    _follow(page.get_by_role("button", name="Search"))
    assert _total(page) > 0


def test_a_search_without_results_says_what_to_try(page: Page) -> None:
    """Fewer words, pasting a text, or the themes."""
    page.goto("/search?q=xyzzyx")
    assert "No practice mentions “xyzzyx”" in page.locator(".results").inner_text()
    _follow(page.get_by_role("link", name="browsing by theme"))
    _follow(page.get_by_role("link", name="Missing people"))
    _follow(page.get_by_role("link", name=re.compile("practices on Missing people")))
    assert _total(page) > 0


def test_a_page_beyond_the_last_leads_back_to_the_last(page: Page) -> None:
    """A link that has grown old is answered with the nearest page there is."""
    page.goto("/search?page=999")
    _follow(page.get_by_role("region", name="There is no page 999").get_by_role("link", name="page"))
    assert page.locator(".results article").count() > 0


def test_on_a_telephone_the_filters_unfold_and_work(open_page: OpenPage) -> None:
    """At 320 px the filters are folded away until asked for."""
    page = open_page(width=320, javascript=False)
    page.goto("/search?q=missing")
    box = page.get_by_label(re.compile("^Missing people"))
    assert not box.is_visible()
    page.locator(".filter-panel > summary").click()
    box.check()
    _follow(page.get_by_role("button", name="Apply filters"))
    assert "theme=missing-people" in page.url


def test_search_and_first_result_are_reached_by_keyboard(open_page: OpenPage) -> None:
    """Skip link, search box, results, first practice: no pointer needed."""
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("id") == "q"
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")

    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the results"
    page.keyboard.press("Enter")
    first = page.locator(".results article h3 a").first
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("href") == first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url("**/practices/**")


def test_a_facet_unfolds_and_is_chosen_by_keyboard(open_page: OpenPage) -> None:
    """Enter unfolds, space chooses, and Enter in a box applies."""
    page = open_page()
    page.goto("/search?q=missing")
    page.locator(".facet > summary", has_text="Evidence").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**evidence=**")


def _follow(control: Locator) -> None:
    """Click, and wait for the page that it leads to: a click alone does not."""
    with control.page.expect_navigation():
        control.click()


def _total(page: Page) -> int:
    """Return how many practices the results page says there are."""
    said = re.search(r"of ([\d,]+) practices?", page.locator("#results-title").inner_text())
    assert said
    return int(said[1].replace(",", ""))
