"""The rule kept here: scripts are few, small, our own, and make no markup of what they are told."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from paths import PACKAGE

STATIC = PACKAGE / "web" / "static"
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


@pytest.mark.parametrize("address", ["/", "/search", "/practices/philomena-protocol", "/shortlist", "/gaps"])
def test_a_page_asks_for_all_scripts_at_once(client: FlaskClient, address: str) -> None:
    """Each file is a request more on a slow line, and the one is kept by the version in its address."""
    page = client.get(address).text
    [source] = re.findall(r'<script src="([^"]+)" defer>', page)
    assert page.count("<script") == 1
    answer = client.get(source)
    assert answer.mimetype == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]
    assert all((STATIC / name).read_text(encoding="utf-8") in answer.text for name in SCRIPTS)
    again = client.get(source, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_scripts_may_ask_this_service_and_nobody_else(client: FlaskClient) -> None:
    """The content security policy names ourselves."""
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "connect-src 'self';" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
