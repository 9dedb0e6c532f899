"""A shortlist as one document to print: whole, dated, titled, and whatever is wrong with it said at once."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from search_service import answers
from search_service.library import Library
from search_service.limits import MAX_SHORTLIST, MAX_TITLE_LENGTH
from search_service.settings import Settings
from search_service.text.dates import in_words
from search_service.web.app import create_app

PAIR = "id=philomena-protocol&id=operation-encompass"


def practices_of(page: str) -> list[str]:
    """Return the ids of the practices that are printed whole, in order."""
    return re.findall(r'<article class="pack-practice" id="([\w-]+)"', page)


def test_a_pack_holds_each_practice_whole_in_the_order_chosen(client: FlaskClient, library: Library) -> None:
    """Summary, sections, evidence with what it means and why, evaluations, and sources with their dates."""
    answer = client.get(f"/shortlist/pack?{PAIR}")
    page = answer.text
    assert answer.status_code == 200
    assert practices_of(page) == ["philomena-protocol", "operation-encompass"]
    for key, part in zip(practices_of(page), page.split("<article")[1:], strict=True):
        shown = answers.practice(library, library.practices.by_id(key))
        expected = [
            shown["title"],
            shown["summary"],
            shown["evidence"]["label"],
            shown["evidence"]["definition"],
            shown["evidence"]["basis"],
            shown["organisations"][0]["label"],
            f"http://localhost/practices/{key}",
            *(section["heading"] for section in shown["sections"]),
            *(one["finding"] for one in shown["evaluations"]),
            *(one["url"] for one in shown["sources"]),
            *(f"Read on {in_words(one['read'])}" for one in shown["sources"]),
        ]
        for text in expected:
            assert str(escape(text)) in part


def test_the_contents_lead_to_every_practice(client: FlaskClient) -> None:
    """Each entry is a link to a place that is in the document."""
    page = client.get(f"/shortlist/pack?{PAIR}").text
    contents = page.split('id="contents-title"')[1].split("</ol>")[0]
    assert re.findall(r'href="#([\w-]+)"', contents) == practices_of(page)


def test_a_pack_is_dated_as_people_write_dates(client: FlaskClient) -> None:
    """The day it was put together."""
    before, page, after = today(), client.get(f"/shortlist/pack?{PAIR}").text, today()
    assert any(f"put together on {day}" in page for day in (before, after))


def today() -> str:
    """Return this day as “3 February 2027”."""
    now = datetime.now(UTC)
    return f"{now.day} {now:%B %Y}"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Learning event, Leeds & York", "Learning event, Leeds &amp; York"),
        ("  spaces \n and lines ", "spaces and lines"),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("", "Practice to learn from"),
        ("  ", "Practice to learn from"),
        ("x" * MAX_TITLE_LENGTH, "x" * MAX_TITLE_LENGTH),
    ],
)
def test_a_pack_is_called_what_somebody_called_it(client: FlaskClient, title: str, shown: str) -> None:
    """On the page, in the window, and in the field to change it."""
    answer = client.get("/shortlist/pack", query_string={"id": "philomena-protocol", "title": title})
    assert answer.status_code == 200
    assert f'<h1 dir="auto">{shown}</h1>' in answer.text
    assert f"<title>{shown} – Practice Finder</title>" in answer.text


def test_everything_wrong_is_said_at_once_and_the_rest_is_shown(
    client: FlaskClient, library: Library
) -> None:
    """An unknown id, too many, and a title too long, each with an example that works."""
    ids = [practice.id for practice in list(library.practices)[: MAX_SHORTLIST + 1]]
    query = {"id": ["long-gone", *ids], "title": "x" * (MAX_TITLE_LENGTH + 1)}
    answer = client.get("/shortlist/pack", query_string=query)
    said = answer.text.split('role="alert"')[1].split("</div>")[0]
    assert answer.status_code == 422
    assert "“long-gone”" in said
    assert f"22 are given; 1 to {MAX_SHORTLIST} are needed" in said
    assert "121 characters; at most 120" in said
    assert said.count("For example") == 3
    assert practices_of(answer.text) == ids[:MAX_SHORTLIST]
    assert "<title>Error: " in answer.text


def test_a_pack_of_nothing_says_what_is_needed(client: FlaskClient) -> None:
    """And leads to where practices are chosen."""
    answer = client.get("/shortlist/pack")
    assert answer.status_code == 422
    assert f"0 are given; 1 to {MAX_SHORTLIST} are needed" in answer.text
    assert '<a href="/shortlist">Choose practices</a>' in answer.text


def test_a_shortlist_leads_to_its_pack_and_back(client: FlaskClient) -> None:
    """Both hold the same practices, and another title keeps them."""
    there = f"/shortlist/pack?{PAIR}".replace("&", "&amp;")
    back = f"/shortlist?{PAIR}".replace("&", "&amp;")
    assert f'href="{there}"' in client.get(f"/shortlist?{PAIR}").text
    page = client.get(f"/shortlist/pack?{PAIR}").text
    assert f'href="{back}"' in page
    assert re.findall(r'<input type="hidden" name="id" value="([\w-]+)">', page) == practices_of(page)


def test_a_pack_says_whom_to_ask(client: FlaskClient) -> None:
    """The organisation is named; no address for corrections where none is set."""
    page = client.get(f"/shortlist/pack?{PAIR}").text
    assert "Ask Durham Constabulary for whoever runs “Philomena Protocol”" in page
    assert "To correct this entry" not in page


def test_an_address_for_corrections_is_on_pages_and_packs_once_it_is_set(shipped_index: Path) -> None:
    """A mail says which entry it is about; nothing is shown where no address is set."""
    settings = Settings(index=shipped_index, rate_limit=0, corrections="mailto:help@example.org")
    client = create_app(settings).test_client()
    link = 'href="mailto:help@example.org?subject=Practice%20Finder%3A%20Philomena%20Protocol"'
    assert f"<a {link}>Report a mistake in this entry</a>" in client.get("/practices/philomena-protocol").text
    assert f"<a {link}>help@example.org</a>" in client.get(f"/shortlist/pack?{PAIR}").text
    web = Settings(index=shipped_index, rate_limit=0, corrections="https://example.org/mend?form=1")
    page = create_app(web).test_client().get("/practices/philomena-protocol").text
    assert '<a href="https://example.org/mend?form=1">Report a mistake in this entry</a>' in page
    unset = create_app(Settings(index=shipped_index, rate_limit=0)).test_client()
    assert "Report a mistake" not in unset.get("/practices/philomena-protocol").text
