"""The obvious attacks, each tried: docs/security.md says what stops them, and names these tests."""

from __future__ import annotations

import csv
import http.client
import io
import re
import socket
import time
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import quote

import pytest
from builders import practice_file, write_corpus
from clients import serving
from draft_files import IDEA, upload
from flask import Flask
from flask.testing import FlaskClient
from page_addresses import page_addresses
from paths import ROOT

from search_service.settings import Settings
from search_service.snapshot.build import build
from search_service.web.app import create_app
from search_service.web.serve import gunicorn as gunicorn_conf
from search_service.web.serve.waitress import MAX_CONNECTIONS

SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'

PAGES = (
    *page_addresses(("operation-hostile", "operation-example", "safe-home-scheme"), "domestic-abuse"),
    "/search?q=operation",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Give the application over a corpus whose practice has HTML and script in every text."""
    corpus = write_corpus(tmp_path_factory.mktemp("hostile") / "corpus")
    text = f"{SCRIPT} Officers tell the school about a child. [link](javascript:alert(1)) {SCRIPT}"
    practice = practice_file(
        id="operation-hostile",
        title=f"Operation {SCRIPT}",
        summary=f"Summary {SCRIPT}",
        body=text,
        evidence={"rating": "promising", "basis": f"Basis {SCRIPT}"},
        evaluations=[{"by": SCRIPT, "method": SCRIPT, "finding": SCRIPT, "url": "https://example.org/e"}],
        sources=[{"url": "https://example.org/", "title": SCRIPT, "read": "2026-11-23"}],
    )
    (corpus / "practices" / "operation-hostile.md").write_text(practice, encoding="utf-8")
    index = corpus.parent / "index"
    build(corpus, index)
    return create_app(Settings(index=index, rate_limit=0)).test_client()


@pytest.mark.parametrize("address", PAGES)
def test_stored_script_is_shown_as_text(hostile: FlaskClient, address: str) -> None:
    """What stands in a practice never becomes part of a page."""
    page = hostile.get(address).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "javascript:" not in page.replace("[link](javascript:alert(1))", "")


@pytest.mark.parametrize("place", ["q", "sort", "page", "theme", "reference", "rows", "utm_source"])
@pytest.mark.parametrize(
    "path", ["/search", "/gaps", "/gaps/map", "/similar", "/about", "/practices/{}", "/{}"]
)
def test_reflected_script_is_shown_as_text(client: FlaskClient, path: str, place: str) -> None:
    """What stands in an address never becomes part of a page."""
    page = client.get(f"{path.format(quote(SCRIPT))}?{place}={quote(SCRIPT)}")
    assert page.status_code < 500
    assert "<script>alert" not in page.text
    assert "<img" not in page.text


FORMULA = "=HYPERLINK(1)"


def test_a_stored_formula_is_text_in_every_spreadsheet(tmp_path: Path) -> None:
    """What stands in a practice is never run by the program that opens a file of it."""
    corpus = write_corpus(tmp_path / "corpus")
    practice = practice_file(
        id="operation-formula", title=f"{FORMULA} plan", summary=f"@{FORMULA}, and more."
    )
    (corpus / "practices" / "operation-formula.md").write_text(practice, encoding="utf-8")
    build(corpus, tmp_path / "index")
    client = create_app(Settings(index=tmp_path / "index", rate_limit=0)).test_client()
    for address in ("/search.csv?q=plan", "/shortlist.csv?id=operation-formula"):
        rows = list(csv.reader(io.StringIO(client.get(address).get_data().decode("utf-8-sig"))))
        cells = [cell for row in rows for cell in row if FORMULA in cell]
        assert len(cells) >= 2
        assert all(cell.startswith("'") for cell in cells)


def test_an_api_answer_is_never_taken_for_a_page(client: FlaskClient) -> None:
    """A browser shows JSON as JSON, whatever it holds."""
    answer = client.get(f"/api/v1/search?q={quote(SCRIPT)}")
    assert answer.content_type == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/....//app.py",
        "/static//etc/passwd",
        "/practices/../../etc/passwd",
        "/practices/..%2f..%2fpractices.json",
        "/practices/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/api/v1/practices/..%5c..%5cmanifest.json",
        "/static/style.css%00.txt",
    ],
)
def test_no_path_leads_out_of_what_is_served(client: FlaskClient, path: str) -> None:
    """An id is looked up in memory, and never becomes the name of a file."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text
    assert "import" not in answer.text


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "%0d%0a", "\u2028"])
def test_no_header_can_be_written_from_outside(client: FlaskClient, line_end: str) -> None:
    """No part of a request ends up in a header of the answer."""
    injected = quote(f"x{line_end}Set-Cookie: stolen=1{line_end}{line_end}<script>", safe="%")
    for address in (f"/search?q={injected}", f"/practices/{injected}", f"/{injected}"):
        headers = str(client.get(address).headers).lower()
        assert "stolen" not in headers
        assert "set-cookie" not in headers


def test_nothing_a_proxy_may_keep_depends_on_a_header_that_anyone_can_send(client: FlaskClient) -> None:
    """A poisoned answer cannot be made, so none can be kept for others."""
    plain = client.get("/search?q=stalking")
    sent = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-Prefix": "/evil",
        "X-Original-URL": "/evil",
        "X-Rewrite-URL": "/evil",
        "X-HTTP-Method-Override": "DELETE",
        "Accept-Language": "evil",
    }
    poisoned = client.get("/search?q=stalking", headers=sent)
    assert poisoned.text == plain.text
    assert plain.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_no_address_sends_a_browser_elsewhere(client: FlaskClient, target: str) -> None:
    """There is no redirect to misuse: a request is answered where it was sent."""
    for path in (f"/{target}", f"/search?next={target}", f"/practices/x?url={target}", f"/static/{target}"):
        assert client.get(path).status_code in (200, 400, 404)


def test_no_page_can_be_framed_and_no_cookie_is_set(client: FlaskClient) -> None:
    """There is nothing to click-jack, and no session that a foreign form could ride on."""
    for address in ("/", "/similar", "/gaps", "/nothing"):
        answer = client.get(address)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers


def test_a_form_from_another_site_changes_nothing(app: Flask) -> None:
    """Posting is answered from what was sent and leaves no trace, so there is nothing to forge."""
    client = app.test_client()
    before = client.get("/api/v1/search").get_data()
    form = {"text": "Carers fill in a form about a child who may go missing, and share it with police."}
    posted = client.post("/similar", data=form, headers={"Origin": "https://evil.example"})
    assert posted.status_code == 200
    assert posted.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in posted.headers
    assert "Access-Control-Allow-Origin" not in posted.headers
    assert client.get("/api/v1/search").get_data() == before


def test_only_reading_and_posting_are_answered(app: Flask) -> None:
    """No route takes what could change or remove something."""
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}
    posting = {rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert all(rule.endswith(("/similar", "/gaps", "/gaps/own")) for rule in posting)


def test_an_answer_does_not_say_what_made_it(client: FlaskClient) -> None:
    """Neither the server nor its versions are told to those who look for a weak one."""
    for address in ("/", "/nothing", "/api/v1/search?page=x", "/static/"):
        assert "Server" not in client.get(address).headers
        assert "X-Powered-By" not in client.get(address).headers


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1000,
        "(" * 1000,
        '"' * 1000,
        "-" * 1000,
        "* " * 500,
        "a:" * 500,
        "NOT " * 250,
        "\\" * 1000,
        "a*" * 500,
    ],
)
def test_no_text_makes_a_pattern_run_away(client: FlaskClient, text: str) -> None:
    """The greatest query of any one character is answered: were a pattern exponential, this would not end."""
    assert client.get("/search", query_string={"q": text}).status_code == 200


def test_connections_that_never_finish_asking_leave_room_for_the_others(shipped_index: Path) -> None:
    """A few hundred clients that send a byte at a time take no thread from those that ask."""
    with serving(shipped_index) as port, ExitStack() as connections:
        slow = [connections.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(200)]
        assert len(slow) < MAX_CONNECTIONS
        for one in slow:
            one.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        time.sleep(0.1)
        with socket.create_connection(("127.0.0.1", port), timeout=30) as quick:
            quick.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert quick.recv(64).startswith(b"HTTP/1.1 200")


IMPATIENT = "from search_service.web.serve import waitress\nwaitress.IDLE_SECONDS = 1\n"


def test_a_connection_that_stays_silent_is_closed(shipped_index: Path) -> None:
    """Half a request holds its place for as long as the setting says, here a second, and no longer."""
    with (
        serving(shipped_index, IMPATIENT) as port,
        socket.create_connection(("127.0.0.1", port), timeout=30) as slow,
    ):
        slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        assert slow.recv(1) == b""


def test_the_proxy_takes_whole_requests_only_and_waits_seconds_for_them() -> None:
    """The threads of gunicorn wait for whoever sends slowly, so nginx must not hand such requests on."""
    settings = (ROOT / "docs" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for name in ("client_header_timeout", "client_body_timeout"):
        [seconds] = re.findall(rf"^ *{name} (\d+)s;", settings, re.MULTILINE)
        assert int(seconds) <= 30
    assert "proxy_request_buffering off" not in settings
    assert gunicorn_conf.bind.startswith("127.0.0.1:")
    assert "server_tokens off" in settings


def test_the_proxy_asks_again_where_a_worker_dies_and_keeps_what_was_sent_off_the_disk() -> None:
    """Such a proxy asks again only where it knows a second server, and puts long answers on disk."""
    settings = (ROOT / "docs" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    assert len(re.findall(r"^ *server 127\.0\.0\.1:8000 max_fails=0;", settings, re.MULTILINE)) == 2
    assert "proxy_pass http://practice_finder;" in settings
    assert "proxy_max_temp_file_size 0;" in settings


WITHOUT_FILES = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"


def test_an_uploaded_file_is_never_put_on_disk(shipped_index: Path) -> None:
    """A service that may write no file at all reads one of two megabytes, over a real socket."""
    pytest.importorskip("resource")
    sent = upload("draft.txt", IDEA.encode() + b" " * 2_000_000)
    with serving(shipped_index, WITHOUT_FILES) as port:
        for address in ("/api/v1/similar", "/similar"):
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
                connection.request("POST", address, sent["data"], {"Content-Type": sent["content_type"]})
                answer = connection.getresponse()
                assert answer.status == 200
                assert b"philomena" in answer.read()
