"""The pages as a browser gets them: right status, everything escaped, nothing let in."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from search_service.web.app import MAX_BODY_BYTES, SECURITY_HEADERS

PAGES = [
    "/", "/search", "/search?q=stalking", "/search?theme=domestic-abuse&evidence=promising&sort=newest",
    "/practices/operation-encompass", "/similar", "/gaps", "/gaps?reference=recorded-volumes",
    "/gaps/map", "/gaps/map?rows=theme&columns=region", "/about", "/accessibility", "/api/docs",
]  # fmt: skip

DRAFT = "Carers fill in a form about a child who may go missing, so that police can search at once."


@pytest.mark.parametrize("address", PAGES)
def test_each_page_is_whole(client: FlaskClient, address: str) -> None:
    """One h1, a title of its own, a language, and no script or style inside."""
    response = client.get(address)
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert len(re.findall(r"<h1\b", page)) == 1
    assert re.search(r"<title>.+ – Practice Finder</title>|<title>Practice Finder", page)
    assert 'lang="en-GB"' in page
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page)


@pytest.mark.parametrize("address", [*PAGES, "/nothing", "/api/v1/search", "/search?page=-1"])
def test_every_answer_has_the_security_headers(client: FlaskClient, address: str) -> None:
    """Pages, data and errors alike."""
    headers = client.get(address).headers
    for name, value in SECURITY_HEADERS.items():
        assert headers[name] == value


@pytest.mark.parametrize("text", ['<script>alert("x")</script>', '"><img src=x onerror=alert(1)>'])
def test_what_is_typed_is_shown_as_text(client: FlaskClient, text: str) -> None:
    """Nothing typed becomes part of a page's code, in results, errors or a pasted text."""
    pages = [
        client.get("/search", query_string={"q": text}),
        client.get("/search", query_string={"q": text, "page": "-1", text: text, "theme": text}),
        client.post("/similar", data={"text": text}),
        client.post("/similar", data={"text": f"{text} {DRAFT}"}),
        client.get(f"/practices/{text}"),
    ]
    for page in pages:
        assert page.status_code < 500
        body = page.get_data(as_text=True)
        assert "<script" not in body
        assert "<img" not in body


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/practices/no-such-practice", 404, "no-such-practice"),
        ("/nothing/here", 404, "not found"),
        ("/search?page=-1", 422, "page"),
        ("/search?page=1000000000", 422, "page"),
        ("/search?page=500", 404, "page"),
        ("/search?theme=nope&colour=red", 422, "colour"),
        ("/search?q=" + "x" * 10_000, 422, "10,000"),
        ("/gaps?reference=nope", 404, "nope"),
        ("/gaps/map?rows=shoe&columns=hat", 422, "shoe"),
        ("/gaps?colour=red", 422, "colour"),
    ],
)
def test_wrong_input_gets_a_page_that_says_what_was_wrong(
    client: FlaskClient, address: str, status: int, said: str
) -> None:
    """The right status, as a page, with the fault named and no traceback."""
    response = client.get(address)
    page = response.get_data(as_text=True)
    assert response.status_code == status
    assert response.content_type.startswith("text/html")
    assert said.casefold() in page.casefold()
    assert "Traceback" not in page


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"text": ""}, 422),
        ({}, 422),
        ({"text": "two words"}, 422),
        ({"text": "x " * 30_000}, 422),
        ({"text": "x" * (MAX_BODY_BYTES + 1)}, 413),
    ],
)
def test_a_wrong_pasted_text_gets_a_page_that_says_so(
    client: FlaskClient, data: dict[str, str], status: int
) -> None:
    """Too little and too much are told apart."""
    response = client.post("/similar", data=data)
    assert response.status_code == status
    assert response.content_type.startswith("text/html")


def test_a_refused_text_is_not_lost(client: FlaskClient) -> None:
    """What was typed stands in the box again, beside what was wrong."""
    page = client.post("/similar", data={"text": "only words"}).get_data(as_text=True)
    assert re.search(r"<textarea[^>]*>\s*only words", page)
    assert "too little text" in page


def test_a_pasted_text_shows_similar_practice_with_reasons(client: FlaskClient) -> None:
    """The person sees that it has been done, and by which words we know."""
    page = client.post("/similar", data={"text": DRAFT}).get_data(as_text=True)
    assert "/practices/philomena-protocol" in page
    assert "missing" in page


def test_results_keep_the_query_and_filters_in_every_link(client: FlaskClient) -> None:
    """The second page is of the same search."""
    page = client.get("/search?q=police&evidence=promising&evidence=works").get_data(as_text=True)
    links = re.findall(r'href="(/search\?[^"]*page=2[^"]*)"', page)
    assert links
    assert all("q=police" in link and "evidence=promising" in link for link in links)


def test_only_versioned_assets_are_kept_by_a_browser(client: FlaskClient) -> None:
    """A new stylesheet is never mixed with an old one, and pages are always fresh."""
    address = re.findall(r'href="(/static/style\.css\?v=\w+)"', client.get("/").get_data(as_text=True))[0]
    for asked, kept in [(address, "immutable"), ("/static/style.css", "no-cache"), ("/", "no-cache")]:
        with client.get(asked) as response:
            assert kept in response.headers["Cache-Control"]
