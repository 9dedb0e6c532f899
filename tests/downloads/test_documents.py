"""What is taken away holds what the page shows, and can be read by what it is meant for."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from builders import make_practice
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from search_service.downloads import atom
from search_service.library import Library

ATOM = {"atom": atom.ATOM}


def test_a_practice_as_markdown_holds_all_that_its_page_shows(client: FlaskClient, library: Library) -> None:
    """Title, every section, evidence and its basis, and every source with its address."""
    for practice in library.practices[::25]:
        answer = client.get(f"/practices/{practice.id}.md")
        assert answer.status_code == 200
        assert answer.content_type == "text/markdown; charset=utf-8"
        assert f'filename="{practice.id}.md"' in answer.headers["Content-Disposition"]
        assert answer.text.startswith(f"# {practice.title}\n")
        assert practice.evidence.basis in answer.text
        assert answer.text.count("\n## ") == 6 + bool(practice.evaluations) + 1
        assert all(source.url in answer.text for source in practice.sources)
        assert "practice:" not in re.sub(r"https?://\S+", "", answer.text)


def test_an_unknown_practice_has_no_markdown(client: FlaskClient) -> None:
    """A wrong address is a page that says so."""
    answer = client.get("/practices/no-such-practice.md")
    assert answer.status_code == 404
    assert "no-such-practice" in answer.text


@pytest.mark.parametrize(
    "address", ["/search.atom", "/search.atom?q=stalking&sort=newest&page=3&utm_source=x"]
)
def test_a_search_can_be_followed_as_a_feed(client: FlaskClient, address: str) -> None:
    """Entries lead to practices, each with its date, those worked on last first."""
    answer = client.get(address)
    assert answer.content_type.startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.data)
    entries = root.findall("atom:entry", ATOM)
    assert 0 < len(entries) <= atom.MAX_ENTRIES
    dates = [entry.findtext("atom:updated", "", ATOM) for entry in entries]
    assert dates == sorted(dates, reverse=True)
    for entry in entries[:3]:
        link = entry.find("atom:link", ATOM)
        assert link is not None
        assert client.get(link.attrib["href"].removeprefix("http://localhost")).status_code == 200


def test_the_results_page_names_its_feed(client: FlaskClient) -> None:
    """A feed reader finds the feed of the very search that is shown, filters included."""
    page = client.get("/search?q=stalking&theme=stalking-harassment&sort=newest&page=1").text
    assert page.count('href="/search.atom?q=stalking&amp;theme=stalking-harassment"') == 2


def test_a_feed_with_wrong_filters_is_refused_in_words(client: FlaskClient) -> None:
    """A feed reader shows why nothing comes."""
    assert client.get("/search.atom?theme=nope").status_code == 422


def test_an_empty_feed_is_a_feed(client: FlaskClient) -> None:
    """A search that finds nothing yet can be followed all the same."""
    root = ElementTree.fromstring(client.get("/search.atom?q=xyzzyx").data)
    assert root.findall("atom:entry", ATOM) == []


@pytest.mark.parametrize("typed", ["\ufffe", "\uffff", "\x01", "\x1b[0m", "\x85"])
def test_whatever_is_typed_the_feed_can_be_read(client: FlaskClient, typed: str) -> None:
    """Its title quotes the query, of which XML cannot hold every character."""
    feed = client.get("/search.atom", query_string={"q": f"stalking {typed}"}).data
    title = ElementTree.fromstring(feed).findtext("atom:title", None, ATOM)
    assert title is not None
    assert title.startswith("Practice Finder: stalking")


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=60))
def test_whatever_stands_in_a_practice_the_feed_can_be_read(text: str) -> None:
    """Markup and quotation marks in a title are text."""
    practice = make_practice(title=f"x{text}", summary=f"y{text}")
    made = atom.feed([practice], text, "http://localhost/f", "http://localhost/s", "http://localhost/")
    entry = ElementTree.fromstring(made).find("atom:entry", ATOM)
    assert entry is not None
    assert entry.findtext("atom:title", None, ATOM) == practice.title
    assert entry.findtext("atom:summary", None, ATOM) == practice.summary
