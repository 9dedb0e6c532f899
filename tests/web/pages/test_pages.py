"""The pages as a browser gets them: right status, everything escaped, nothing let in."""

from __future__ import annotations

import re

import pytest
from draft_files import IDEA, docx, upload
from flask.testing import FlaskClient
from page_addresses import EVERY_FILE, EVERY_PAGE

from search_service.library import Library
from search_service.search.index import SearchRequest
from search_service.search.match.filters import Filters
from search_service.web.app import MAX_BODY_BYTES
from search_service.web.http.headers import SECURITY_HEADERS

STATES = (
    "/search?q=stalking",
    "/search?theme=domestic-abuse&evidence=promising&sort=newest",
    "/gaps?reference=recorded-volumes",
    "/gaps?sort=-practices",
    "/gaps/map?rows=theme&columns=region",
    "/browse/a-z?letter=P",
    "/shortlist?id=operation-encompass&id=philomena-protocol&q=stalking",
    "/shortlist/pack?id=operation-encompass&id=philomena-protocol&title=A+day",
)
"""Pages that what is asked of them changes much."""

DRAFT = "Carers fill in a form about a child who may go missing, so that police can search at once."


@pytest.mark.parametrize("address", [*EVERY_PAGE, *STATES])
def test_each_page_is_whole(client: FlaskClient, address: str) -> None:
    """One h1, a title of its own, a language, and no script or style but our own files."""
    response = client.get(address)
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert len(re.findall(r"<h1\b", page)) == 1
    assert re.search(r"<title>.+ – Practice Finder</title>|<title>Practice Finder", page)
    assert 'lang="en-GB"' in page
    own = re.compile(r'<script src="/scripts\.js\?v=\w{10}" defer></script>')
    assert len(own.findall(page)) == 1
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", own.sub("", page))


@pytest.mark.parametrize(
    "address", [*EVERY_PAGE, *EVERY_FILE, "/nothing", "/api/v1/search", "/search?page=-1"]
)
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
        client.get("/shortlist", query_string={"id": text, "q": text}),
        client.get("/compare", query_string={"id": text}),
        client.get("/shortlist/pack", query_string={"id": ["philomena-protocol", text], "title": text}),
    ]
    for page in pages:
        assert page.status_code < 500
        body = page.get_data(as_text=True)
        assert "<script>" not in body
        assert "<img" not in body


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/practices/no-such-practice", 404, "no-such-practice"),
        ("/nothing/here", 404, "not found"),
        ("/themes/no-such-theme", 404, "no-such-theme"),
        ("/browse/a-z?letter=pp", 404, "not found"),
        ("/search?page=-1", 422, "page"),
        ("/search?page=1000000000", 422, "page"),
        ("/search?page=500", 404, "page"),
        ("/search?theme=nope&utm_source=mail", 422, "nope"),
        ("/search?q=" + "x" * 10_000, 422, "10,000"),
        ("/gaps?reference=nope", 404, "nope"),
        ("/gaps/map?rows=shoe&columns=hat", 422, "shoe"),
        ("/compare", 422, "0 are given; 2 to 3 are needed"),
        ("/compare?id=operation-encompass&id=operation-encompass", 422, "1 is given"),
        ("/compare?id=operation-encompass&id=nope", 422, "nope"),
        ("/shortlist?id=nope", 422, "nope"),
        ("/shortlist?q=" + "x" * 1_001, 422, "1,000"),
        ("/shortlist.csv?id=nope", 422, "nope"),
        ("/search.csv?theme=nope", 422, "nope"),
        ("/gaps?reference=" + "x" * 81, 422, "reference"),
        ("/gaps/map?rows=theme&rows=region&utm_source=mail", 422, "more than once"),
        ("/practices/" + "x" * 20_000, 404, "x" * 80),
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


def test_a_search_that_cannot_be_done_keeps_what_was_right_of_it(client: FlaskClient) -> None:
    """Whoever mistypes a year need not choose the theme again."""
    page = client.get("/search?q=kids&theme=missing-people&from=2015&to=1066").get_data(as_text=True)
    assert '<input type="hidden" name="theme" value="missing-people">' in page
    assert '<input type="hidden" name="from" value="2015">' in page
    assert 'name="to"' not in page
    assert "Your other filters are kept." in page
    assert "are kept" not in client.get("/search?page=-1").get_data(as_text=True)


@pytest.mark.parametrize("address", [*EVERY_PAGE, *STATES])
def test_a_link_with_a_parameter_added_in_sharing_works(client: FlaskClient, address: str) -> None:
    """Mailings and social networks add parameters of their own; the page shown is the one meant."""
    joint = "&" if "?" in address else "?"
    shared = client.get(f"{address}{joint}utm_source=mail&fbclid=abc")
    assert shared.status_code == 200
    assert shared.get_data() == client.get(address).get_data()


@pytest.mark.parametrize(
    ("name", "said"), [("theme", "950 more"), ("utm", "at most 1,000"), ("theme=x&utm", "at most 1,000")]
)
def test_a_page_does_not_list_faults_without_end(client: FlaskClient, name: str, said: str) -> None:
    """A thousand wrong values are a short page, and more parameters than that are not read."""
    number = 1_000 if name == "theme" else 20_000
    response = client.get("/search?" + "&".join(f"{name}=x{at}" for at in range(number)))
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert said in page
    assert len(page) < 50_000


def test_a_form_of_very_many_fields_is_not_read(client: FlaskClient) -> None:
    """A form has one field, and a million of them are not taken apart."""
    response = client.post("/similar", data=b"a&" * 100_000, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 422
    assert "at most 1,000" in response.get_data(as_text=True)


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


def test_an_uploaded_file_shows_similar_practice_and_what_the_draft_lacks(client: FlaskClient) -> None:
    """The file takes the place of the box, and its text stands there for changing."""
    page = client.post("/similar", **upload("draft.docx", docx(), text="something else")).get_data(
        as_text=True
    )
    assert "/practices/philomena-protocol" in page
    assert re.search(rf"<textarea[^>]*>\s*{IDEA}", page)
    assert "What a reader will miss" in page
    assert "<dt>Cost</dt>" in page
    assert "<dt>Who it is for</dt>" not in page


def test_no_file_chosen_compares_the_text(client: FlaskClient) -> None:
    """A browser sends the empty box for a file along."""
    assert "/practices/philomena-protocol" in client.post("/similar", **upload("", b"", text=DRAFT)).get_data(
        as_text=True
    )


@pytest.mark.parametrize(
    ("name", "content", "status", "said"),
    [
        ("draft.docx", b"no Word document", 422, "is no Word document"),
        ("draft.txt", b"two words", 422, "too little text"),
        ("draft.txt", b"x" * 2_100_000, 422, "2 MB"),
        ("draft.pdf", b"x" * 5_000_000, 413, "2 MB"),
    ],
)
def test_a_wrong_file_gets_the_form_again_and_what_was_wrong(
    client: FlaskClient, name: str, content: bytes, status: int, said: str
) -> None:
    """The summary leads to the box for the file, which is marked; the one for the text is not."""
    response = client.post("/similar", **upload(name, content))
    page = response.get_data(as_text=True)
    assert response.status_code == status
    assert said in page
    assert '<a href="#file">Your file</a>' in page
    assert re.search(r'<input type="file"[^>]* aria-invalid="true"', page)
    assert not re.search(r"<textarea[^>]*aria-invalid", page)


def test_a_wrong_file_does_not_lose_the_text(client: FlaskClient) -> None:
    """What stood in the box stands there again."""
    page = client.post("/similar", **upload("draft.pdf", b"no PDF", text="what I had written")).get_data(
        as_text=True
    )
    assert re.search(r"<textarea[^>]*>\s*what I had written", page)


def test_a_text_in_another_language_is_compared_with_a_word_of_warning(client: FlaskClient) -> None:
    """The reader learns why little is alike, and is not told of missing parts."""
    text = (
        "La police rend visite à chaque enfant qui a fugué, demande pourquoi, et convient d'un plan avec lui."
    )
    page = client.post("/similar", data={"text": text}).get_data(as_text=True)
    assert "only English can be compared" in page
    assert "What a reader will miss" not in page
    assert "only English" not in client.post("/similar", data={"text": DRAFT}).get_data(as_text=True)


def test_results_keep_the_query_and_filters_in_every_link(client: FlaskClient) -> None:
    """The second page is of the same search."""
    page = client.get("/search?q=police&evidence=promising&evidence=works").get_data(as_text=True)
    links = re.findall(r'href="(/search\?[^"]*page=2[^"]*)"', page)
    assert links
    assert all("q=police" in link and "evidence=promising" in link for link in links)


def test_organisations_stand_under_their_regions(client: FlaskClient, library: Library) -> None:
    """Beyond the most frequent few a list of a hundred is looked through by where they are."""
    page = client.get("/search").get_data(as_text=True)
    groups = re.split(r'<p class="group-title" id="region-\d+">', page)[1:]
    run_from = {
        one.id: library.taxonomy.label("region", one.region)
        for one in library.taxonomy.vocabulary.organisation
    }
    named = [group.partition("</p>")[0] for group in groups]
    assert named == sorted(set(named))
    for region, group in zip(named, groups, strict=True):
        listed = re.findall(r'name="organisation" value="([^"]+)"', group)
        assert listed
        assert {run_from[key] for key in listed} == {region.replace("&amp;", "&")}


def test_only_versioned_assets_are_kept_by_a_browser(client: FlaskClient) -> None:
    """A new stylesheet is never mixed with an old one, and pages are always fresh."""
    address = re.findall(r'href="(/static/style\.css\?v=\w+)"', client.get("/").get_data(as_text=True))[0]
    for asked, kept in [
        (address, "immutable"),
        ("/static/style.css", "no-cache"),
        ("/static/style.css?v=", "no-cache"),
        ("/static/style.css?v=0123456789", "no-cache"),
        (address.replace("style", "nothing"), "no-cache"),
        ("/", "no-cache"),
    ]:
        with client.get(asked) as response:
            assert kept in response.headers["Cache-Control"]


@pytest.mark.parametrize("text", [DRAFT, "only words"])
def test_what_came_of_a_pasted_text_is_kept_nowhere(client: FlaskClient, text: str) -> None:
    """The text is said to be forgotten, so no browser may keep the page that shows it."""
    assert client.post("/similar", data={"text": text}).headers["Cache-Control"] == "no-store"
    assert client.post("/api/v1/similar", json={"text": text}).headers["Cache-Control"] == "no-store"


def test_a_theme_with_practice_but_no_evaluation_is_said_to_have_none(
    client: FlaskClient, library: Library
) -> None:
    """Practice that nobody has tested is a gap of another kind, and the table names it."""
    page = client.get("/gaps").get_data(as_text=True)
    expected = [gap for gap in library.gaps.report().themes if gap.is_evidence_gap]
    assert page.count("practice, but none evaluated") == len(expected)


def test_the_map_says_how_many_of_its_cells_are_empty(client: FlaskClient, library: Library) -> None:
    """The number stands above the map."""
    page = client.get("/gaps/map").get_data(as_text=True)
    found = library.gaps.map()
    assert f"{found.empty:,} cells of {len(found.rows) * len(found.columns):,} are empty" in page


def test_a_page_without_results_shows_the_nearest(client: FlaskClient) -> None:
    """With what was given up, the practices, and their themes as links."""
    page = client.get("/search?q=%22kids+stalking%22").get_data(as_text=True)
    assert "Without insisting on words side by side" in page
    assert 'href="/search?theme=stalking-harassment"' in page


def test_another_phrase_is_offered_as_a_link(client: FlaskClient) -> None:
    """It keeps the filters; nothing is searched for that was not typed."""
    page = client.get("/search?q=count+lines&region=london").get_data(as_text=True)
    assert 'Did you mean <a href="/search?q=county+lines&amp;region=london">county lines</a>?' in page


def test_an_organisation_that_was_named_can_be_chosen(client: FlaskClient) -> None:
    """The page says why its practices come first, and leads to those alone."""
    page = client.get("/search?q=BTP+suicide").get_data(as_text=True)
    assert "Practices of British Transport Police come first" in page
    assert "organisation=british-transport-police" in page


def test_a_practice_explains_its_rating_in_place(client: FlaskClient, library: Library) -> None:
    """What the word means is unfolded where it stands, and why it was given is said outright."""
    page = client.get("/practices/philomena-protocol").text
    rating = library.taxonomy.terms("evidence")[library.practices.by_id("philomena-protocol").rating]
    explained = page.split("What does “promising” mean here?")[1].split("</details>")[0]
    assert rating.definition in explained  # type: ignore[attr-defined]
    assert "/about#evidence" in explained


def test_a_practice_shows_its_address_to_be_copied(client: FlaskClient) -> None:
    """As text; what a tracker added is not of it."""
    page = client.get("/practices/philomena-protocol?utm_source=mail").text
    address = "http://localhost/practices/philomena-protocol"
    assert f'<span class="address" data-copy="{address}">{address}</span>' in page


def test_a_practice_leads_to_others_of_its_organisation(client: FlaskClient, library: Library) -> None:
    """The newest others, and as many in all as the link then shows; none where there are none."""
    page = client.get("/practices/philomena-protocol").text
    part = page.split('id="also-durham-constabulary"')[1].split("</section>")[0]
    others = re.findall(r'href="/practices/([\w-]+)"', part)
    assert others
    for key in others:
        assert key != "philomena-protocol"
        assert "durham-constabulary" in library.practices.by_id(key).organisations
    number = re.search(r"All ([\d,]+) practices of Durham Constabulary", part)
    if number:
        found = client.get("/api/v1/search?organisation=durham-constabulary").get_json()["total"]
        assert int(number[1]) == found
    alone = next(
        practice.id
        for practice in library.practices
        if all(
            len(library.search.find(SearchRequest(filters=Filters({"organisation": (key,)}))).hits) == 1
            for key in practice.organisations
        )
    )
    assert "Also from" not in client.get(f"/practices/{alone}").text
