"""The rule kept here: scripts are few, small, our own, and make no markup of what they are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from search_service.web import app as web

STATIC = Path(web.__file__).parent / "static"
SCRIPTS = sorted(path.name for path in STATIC.glob("*.js"))

MOST_BYTES = 5 * 1024
"""Of one script: it must not keep a telephone with a weak signal waiting."""


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_stays_small_and_makes_no_markup(name: str) -> None:
    """What comes from an address, an answer or the browser must not become code."""
    script = (STATIC / name).read_text(encoding="utf-8")
    assert len(script.encode()) < MOST_BYTES
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|import\b", script)
    assert not re.search(r"https?:|//[a-z]", script)


@pytest.mark.parametrize("name", ["shortlist.js", "copy.js"])
def test_what_needs_no_answer_asks_for_none(name: str) -> None:
    """The shortlist stays in the browser."""
    assert "fetch" not in (STATIC / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/", {"shortlist", "suggest"}),
        ("/search", {"shortlist", "suggest", "filters"}),
        ("/search?page=-1", {"shortlist", "suggest"}),
        ("/shortlist", {"shortlist", "suggest", "copy"}),
        ("/practices/philomena-protocol", {"shortlist", "copy"}),
        ("/gaps", {"shortlist"}),
        ("/shortlist/pack?id=philomena-protocol", {"shortlist"}),
    ],
)
def test_a_page_brings_the_scripts_it_needs_and_no_other(
    client: FlaskClient, address: str, expected: set[str]
) -> None:
    """Each is a request more on a slow line."""
    page = client.get(address).text
    assert set(re.findall(r'<script src="/static/(\w+)\.js', page)) == expected
    assert page.count("<script") == len(expected)


def test_scripts_may_ask_this_service_and_nobody_else(client: FlaskClient) -> None:
    """The content security policy names ourselves."""
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "connect-src 'self';" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
