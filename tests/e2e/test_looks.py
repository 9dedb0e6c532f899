"""What a page looks like where a rule of accessibility does not tell: on paper, and while it is scrolled."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from .conftest import OpenPage

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("path", "sheets"),
    [
        ("/gaps", 1),
        ("/gaps?reference=recorded-volumes", 1),
        ("/gaps/map", 1),
        ("/practices/philomena-protocol", 2),
    ],
)
def test_what_is_printed_fits_its_sheets(open_page: OpenPage, path: str, sheets: int) -> None:
    """The gap table and the map are one sheet of A4 each, to be laid on a table; a practice is two."""
    page = open_page()
    page.goto(path)
    printed = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    assert len(printed.pages) <= sheets


def test_a_printed_practice_shows_where_it_is_from(open_page: OpenPage) -> None:
    """Addresses that a link hides are written out, and what cannot be pressed on paper is left out."""
    page = open_page()
    page.goto("/practices/philomena-protocol")
    printed = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    text = "".join(sheet.extract_text() for sheet in printed.pages).replace("\n", "")
    assert "https://www.dorset.police.uk" in text
    for pressed in ("Add to shortlist", "Download as Markdown", "Skip to the content"):
        assert pressed not in text


def test_a_printed_gap_table_names_the_gaps(open_page: OpenPage) -> None:
    """On paper the summary names them; on the screen the groups do, and the summary is short."""
    page = open_page()
    page.goto("/gaps")
    lead = page.locator("main > .lead")
    assert lead.filter(visible=True).inner_text().startswith("Of 26 themes, ")
    page.emulate_media(media="print")
    assert "Compared with equal shares, across" in lead.filter(visible=True).inner_text()


@pytest.mark.parametrize(
    ("path", "filters"),
    [
        ("/search?q=stalking&evidence=promising&from=2015", ["Promising", "Began in or after 2015"]),
        ("/practices/philomena-protocol/related?promising=yes", ["Evidence at least promising"]),
    ],
)
def test_a_printed_list_says_what_it_is_narrowed_to(
    open_page: OpenPage, path: str, filters: list[str]
) -> None:
    """Without its filters a short list looks like all there is; nothing to press is printed with them."""
    page = open_page()
    page.goto(path)
    page.emulate_media(media="print")
    chosen = page.locator(".chosen")
    for label in filters:
        assert chosen.get_by_text(label).last.is_visible()
    assert not page.get_by_text("×").filter(visible=True).count()
    assert not page.get_by_role("link", name="Clear all filters").count()


def test_no_printed_heading_is_larger_than_the_one_above_it(open_page: OpenPage) -> None:
    """Who evaluated a practice stands beneath “Evaluations”."""
    page = open_page()
    page.goto("/practices/philomena-protocol")
    page.emulate_media(media="print")
    sizes = [
        page.locator(f"article {level}").first.evaluate("it => parseFloat(getComputedStyle(it).fontSize)")
        for level in ("h1", ".prose h2", ".prose h3")
    ]
    assert sizes == sorted(set(sizes), reverse=True)


def test_the_names_of_the_rows_stay_while_the_map_is_scrolled(open_page: OpenPage) -> None:
    """On a telephone a number can still be told whose it is; one that has the focus is not covered."""
    page = open_page(width=320)
    page.goto("/gaps/map")
    region = page.get_by_role("region", name="Gap map")
    name = page.get_by_role("rowheader", name="Missing people")
    region.evaluate("it => { it.scrollLeft = 400; }")
    beside, frame = name.bounding_box(), region.bounding_box()
    assert beside is not None
    assert frame is not None
    assert beside["x"] == frame["x"]
    cell = region.locator("tbody tr", has=name).locator("td a").first
    cell.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    shown, names = cell.bounding_box(), name.bounding_box()
    assert shown is not None
    assert names is not None
    assert shown["x"] >= names["x"] + names["width"]
