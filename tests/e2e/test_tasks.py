"""What a practitioner or an analyst comes to do, each done in every way that people work.

Five ways cover both widths, zoom and large text, with a mouse and with a keyboard alone, with JavaScript and
without: each of these meets every task, not each with each.
"""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from draft_files import IDEA, docx

from .conftest import OpenPage
from .person import Person, Way

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = pytest.mark.e2e

WAYS = (
    Way("1280 px, mouse"),
    Way("320 px, mouse", width=320),
    Way("320 px, keyboard, no JavaScript", width=320, keyboard=True, javascript=False),
    Way("200 % zoom, mouse, no JavaScript", zoom=2, javascript=False),
    Way("200 % text, keyboard", text_size=2, keyboard=True),
)

QUESTION = "What do police do about kids running away from care homes?"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(params=WAYS, ids=lambda way: way.name)
def person(open_page: OpenPage, request: pytest.FixtureRequest) -> Person:
    """Give somebody before an empty window."""
    way: Way = request.param
    return way.person(open_page(width=way.width, javascript=way.javascript, zoom=way.zoom))


def test_ask_a_question_and_open_the_right_practice(person: Person) -> None:
    """A sentence typed on the first page leads to the practice that answers it."""
    person.open("/")
    person.write(person.page.get_by_label("Describe the problem"), QUESTION)
    person.follow(button(person, "Search"))
    person.follow(results(person).get_by_role("link", name="Philomena Protocol", exact=True))
    assert title(person) == "Philomena Protocol"
    assert person.page.get_by_role("heading", name="Does it work?").is_visible()


def test_narrow_by_theme_and_evidence(person: Person) -> None:
    """Two filters are chosen, with a script each applied as it is, and each result fits both."""
    person.open("/search?q=missing")
    before = total(person)
    filters = person.page.locator(".filters")
    person.unfold(filters.locator("summary", has_text="Filters"))
    person.tick(filters.get_by_role("checkbox", name=re.compile("^Missing people")))
    if person.has_javascript:
        person.page.wait_for_url("**/search?q=missing&theme=missing-people")
    person.unfold(filters.locator("summary", has_text="Evidence"))
    person.tick(filters.get_by_role("checkbox", name=re.compile("^Promising")))
    if person.has_javascript:
        person.page.wait_for_url("**/search?q=missing&theme=missing-people&evidence=promising")
    else:
        person.follow(button(person, "Apply filters"))
    assert 0 < total(person) < before
    for card in results(person).locator("article").all():
        assert "Missing people" in card.inner_text()
        assert "Promising" in card.inner_text()


def test_take_a_filter_off(person: Person) -> None:
    """One filter goes, the other and the words stay."""
    person.open("/search?q=missing&theme=missing-people&evidence=promising")
    before = total(person)
    person.follow(person.page.get_by_role("link", name="Remove evidence: Promising"))
    assert total(person) > before
    assert person.page.url.endswith("/search?q=missing&theme=missing-people")


def test_go_to_the_second_page(person: Person) -> None:
    """It shows the eleventh and what follows, in the same order."""
    person.open("/search?q=children")
    person.choose(person.page.get_by_label("Sort by"), "Newest first")
    if person.has_javascript:
        person.page.wait_for_url("**/search?q=children&sort=newest")
    else:
        person.follow(button(person, "Sort"))
    first = results(person).locator("article h3").all_inner_texts()
    person.follow(person.page.get_by_role("link", name="Next page"))
    assert heading(person).startswith("Showing 11 to 20 of")
    assert not set(first) & set(results(person).locator("article h3").all_inner_texts())
    assert person.page.get_by_label("Sort by").input_value() == "newest"


def test_mend_a_slip_of_the_keys(person: Person) -> None:
    """What nobody wrote is replaced and said; what may be meant is offered."""
    person.open("/search")
    person.write(person.page.get_by_label("What are you looking for?"), "stlaking")
    person.follow(button(person, "Search"))
    assert "No practice mentions “stlaking”, so this searched for “stalking”" in results(person).inner_text()
    assert "stalk" in results(person).locator("article").first.inner_text().lower()
    person.write(person.page.get_by_label("What are you looking for?"), "count lines")
    person.follow(button(person, "Search"))
    person.follow(results(person).get_by_role("link", name="county lines", exact=True))
    assert person.page.get_by_label("What are you looking for?").input_value() == "county lines"


def test_find_the_nearest_where_nothing_is_found(person: Person) -> None:
    """The page says what it gave up, and the nearest can be opened."""
    person.open("/search?theme=missing-people&evidence=works")
    person.write(person.page.get_by_label("What are you looking for?"), "cuckooing")
    person.follow(button(person, "Search"))
    assert heading(person) == "No practice found for “cuckooing”"
    assert "Without insisting on the chosen filters" in results(person).inner_text()
    nearest = results(person).locator("article h3 a").first
    name = nearest.inner_text()
    person.follow(nearest)
    assert title(person) == name


def test_see_why_a_practice_is_related(person: Person) -> None:
    """The words and themes that two share stand beside the link."""
    person.open("/practices/philomena-protocol")
    related = person.page.get_by_role("region", name="Related practice").locator("article").first
    assert "Missing people" in related.locator(".reasons").inner_text()
    assert "missing" in related.locator(".reasons").inner_text()
    name = related.locator("h3").inner_text()
    person.follow(related.locator("h3 a"))
    assert title(person) == name


def test_shortlist_compare_and_share(person: Person, browser: Browser) -> None:
    """Three are added, two compared, one taken off; the address gives the list to somebody else."""
    person.open("/practices/philomena-protocol")
    add(person, "Philomena Protocol")
    for words, name in (
        ("operation encompass", "Operation Encompass"),
        ("herbert protocol", "Herbert Protocol"),
    ):
        person.write(person.page.get_by_label("Find a practice to add"), words)
        person.follow(button(person, "Search"))
        person.follow(person.page.get_by_role("link", name=named("Add to shortlist", name)).first)
    assert title(person) == "Shortlist of 3 practices"

    person.tick(person.page.get_by_role("checkbox", name="Herbert Protocol"))
    person.follow(button(person, "Compare"))
    assert person.page.get_by_role("heading", name="How they differ").is_visible()
    assert "Herbert" not in person.page.title()
    person.page.go_back()
    person.follow(person.page.get_by_role("link", name=named("Remove from shortlist", "Operation Encompass")))

    address = person.page.locator(".address a").inner_text()
    mail = person.page.get_by_role("link", name="Send it by e-mail").get_attribute("href")
    assert address == person.page.url
    assert mail
    assert mail.startswith("mailto:")
    assert "id%3Dherbert-protocol" in mail
    other = browser.new_context()
    friend = other.new_page()
    friend.goto(address)
    assert friend.locator(".card-title").all_inner_texts() == ["Philomena Protocol", "Herbert Protocol"]
    other.close()


def test_paste_a_draft_and_find_what_is_like_it(person: Person) -> None:
    """Each practice comes with its reasons, and the text stays to be changed."""
    person.open("/")
    person.follow(person.page.get_by_role("link", name="Paste your idea"))
    person.paste(person.page.get_by_label("Your text"), IDEA)
    person.follow(button(person, "Find similar practice"))
    assert person.page.locator("article .reasons").count() > 0
    assert person.page.get_by_label("Your text").input_value() == IDEA


def test_upload_a_draft(person: Person, tmp_path: Path) -> None:
    """A Word document is read, and the parts that it lacks are named."""
    draft = tmp_path / "draft.docx"
    draft.write_bytes(docx())
    person.open("/similar")
    person.give_file(person.page.get_by_label("Or a file"), draft)
    person.follow(button(person, "Find similar practice"))
    assert person.page.get_by_label("Your text").input_value() == IDEA
    assert person.page.get_by_role("heading", name="What a reader will miss").is_visible()


def test_browse_by_theme(person: Person) -> None:
    """From the list of themes to all practices on one, as many as were promised."""
    person.open("/")
    person.follow(menu(person, "Browse"))
    theme = person.page.get_by_role("listitem").filter(has=link(person, "Missing people")).first
    promised = number_in(theme.inner_text())
    person.follow(theme.get_by_role("link"))
    assert title(person) == "Missing people"
    person.follow(person.page.get_by_role("link", name=f"{promised} practices", exact=True))
    assert total(person) == promised


def test_look_a_practice_up_from_a_to_z(person: Person) -> None:
    """The contents lead to the letters, a letter to its practices."""
    person.open("/browse")
    person.use(person.page.get_by_role("navigation", name="On this page").get_by_role("link", name="A to Z"))
    person.follow(person.page.get_by_role("link", name="Practices under H", exact=True))
    person.follow(link(person, "Herbert Protocol"))
    assert title(person) == "Herbert Protocol"


def test_tell_which_themes_are_likely_gaps(person: Person) -> None:
    """The answer stands first, agrees with the table, and changes with what it is compared with."""
    person.open("/")
    person.follow(menu(person, "Gaps"))
    equal = likely_gaps(person)
    assert equal
    assert equal == likely_in_table(person)
    person.follow(link(person, "Staff priorities"))
    assert link(person, "Staff priorities").get_attribute("aria-current") == "page"
    assert likely_gaps(person) == likely_in_table(person)


def test_go_from_the_gap_map_to_practices(person: Person) -> None:
    """Rows and columns are chosen, and a number leads to as many practices."""
    person.open("/gaps")
    person.follow(link(person, "See the gap map"))
    person.choose(person.page.get_by_label("Columns"), "Region")
    person.follow(button(person, "Draw the map"))
    cell = person.page.locator(".map td a").first
    practices = number_in(cell.inner_text())
    person.follow(cell)
    assert total(person) == practices


def test_take_a_search_away_as_a_spreadsheet(person: Person) -> None:
    """The file has a row for each practice found, in the same order."""
    person.open("/search?q=missing&evidence=promising")
    found, first = total(person), results(person).locator("article h3").first.inner_text()
    path = person.download(link(person, "download what it found"))
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == found
    assert rows[0]["title"] == first


def test_follow_a_search_in_a_feed_reader(person: Person) -> None:
    """The link leads to a feed with the practices of this search."""
    person.open("/search?q=missing&evidence=promising")
    shown = results(person).locator("article h3").all_inner_texts()
    response = person.follow(link(person, "Follow this search"))
    assert response.header_value("Content-Type").startswith("application/atom+xml")
    titles = [one.text for one in ET.fromstring(response.body()).iter(f"{ATOM}title")]
    assert set(shown) <= set(titles)


def test_cite_a_practice(person: Person) -> None:
    """The citation has the title, the day and an address that leads back; the text can be kept."""
    person.open("/practices/philomena-protocol")
    cited = person.page.locator("p", has=person.page.locator(".address")).inner_text()
    assert re.search(
        r"“Philomena Protocol”.*\d{1,2} \w+ 20\d\d, http\S+/practices/philomena-protocol( Copy link)?$", cited
    )
    kept = person.download(link(person, "Download as Markdown")).read_text(encoding="utf-8")
    assert kept.startswith("# Philomena Protocol")


def test_read_what_the_evidence_ratings_mean(person: Person) -> None:
    """The contents of the page lead to the four ratings, which come into view."""
    person.open("/")
    person.follow(menu(person, "About"))
    person.use(person.page.get_by_role("navigation", name="On this page").get_by_text("evidence ratings"))
    ratings = person.page.locator("#evidence + dl dt")
    assert ratings.all_inner_texts() == [
        "Tested and works",
        "Promising",
        "Untested",
        "Tested and did not work",
    ]
    person.sees(person.page.locator("#evidence"))
    person.sees(ratings.first)


def add(person: Person, name: str) -> None:
    """Add the practice on the page to the shortlist, and go there: the script stays, the link goes."""
    if person.has_javascript:
        person.use(person.page.get_by_role("button", name=named("Add to shortlist", name)))
        person.follow(menu(person, "Shortlist (1)"))
    else:
        person.follow(person.page.get_by_role("link", name=named("Add to shortlist", name)))


def button(person: Person, name: str) -> Locator:
    """Return the button with these words."""
    return person.page.get_by_role("button", name=name, exact=True)


def link(person: Person, name: str) -> Locator:
    """Return the link with these words."""
    return person.page.get_by_role("link", name=name, exact=True)


def menu(person: Person, name: str) -> Locator:
    """Return the link of the main menu with these words."""
    return person.page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True)


def named(action: str, title: str) -> re.Pattern[str]:
    """Match the name of what acts on one practice: the words that are seen, then its title."""
    return re.compile(rf"^{action}\s*: {title}$")


def title(person: Person) -> str:
    """Return the heading of the page."""
    return person.page.locator("h1").inner_text()


def results(person: Person) -> Locator:
    """Return the part of the page that holds what was found."""
    return person.page.locator("#results")


def heading(person: Person) -> str:
    """Return what the results say of themselves."""
    return person.page.locator("#results-title").inner_text()


def total(person: Person) -> int:
    """Return how many practices were found."""
    said = re.search(r"of ([\d,]+) practices?", heading(person))
    assert said
    return number_in(said[1])


def number_in(text: str) -> int:
    """Return the first whole number of a text."""
    found = re.search(r"\d[\d,]*", text)
    assert found
    return int(found[0].replace(",", ""))


def likely_gaps(person: Person) -> set[str]:
    """Return the themes that the first answer calls likely gaps."""
    answer = person.page.locator(".answer section", has_text="Likely gap")
    return set(answer.get_by_role("link").all_inner_texts())


def likely_in_table(person: Person) -> set[str]:
    """Return the themes that the table calls likely gaps."""
    rows = person.page.locator("table.gaps tbody tr", has=person.page.locator(".badge-likely-gap"))
    return set(rows.locator("th a").all_inner_texts())
