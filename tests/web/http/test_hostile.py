"""What is taken away of a hostile corpus: feeds that parse, spreadsheets that run nothing."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET

import pytest
from flask.testing import FlaskClient
from hostile import FORMULAS, HARM, IDS, LONG_WORD, write_hostile_corpus
from page_addresses import EVERY_FILE

from search_service.settings import Settings
from search_service.snapshot.build import build
from search_service.web.app import create_app

ATOM = "{http://www.w3.org/2005/Atom}"

ALL = "&".join(f"id={key}" for key in IDS)

SPREADSHEETS = (
    *(address for address in EVERY_FILE if address.endswith(".csv")),
    "/search.csv?q=missing+child",
    f"/shortlist.csv?{ALL}",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Give the application over the hostile corpus."""
    folder = tmp_path_factory.mktemp("hostile")
    build(write_hostile_corpus(folder / "corpus"), folder / "index")
    return create_app(Settings(index=folder / "index", rate_limit=0)).test_client()


@pytest.mark.parametrize("address", SPREADSHEETS)
def test_no_cell_of_a_spreadsheet_is_a_formula(hostile: FlaskClient, address: str) -> None:
    """Every cell that begins as a formula does has an apostrophe before it; numbers stay numbers."""
    rows = list(csv.reader(hostile.get(address).data.decode("utf-8-sig").splitlines(keepends=True)))
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_a_neutralised_cell_still_says_what_was_written(hostile: FlaskClient) -> None:
    """Nothing but the apostrophe is added."""
    lines = hostile.get("/search.csv").data.decode("utf-8-sig").splitlines(keepends=True)
    titles = [row["title"] for row in csv.DictReader(lines)]
    for formula in FORMULAS:
        assert f"'{formula.strip()} title" in titles
    assert f"Harm {HARM}" in titles
    assert LONG_WORD in titles


def test_a_feed_of_hostile_practices_parses_and_holds_no_markup(hostile: FlaskClient) -> None:
    """Titles and summaries are text, not markup, and addresses are our own."""
    answer = hostile.get("/search.atom")
    feed = ET.fromstring(answer.data)
    entries = feed.findall(f"{ATOM}entry")
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert f"Harm {HARM}" in titles
    for entry in entries:
        for name in ("title", "summary"):
            text = entry.find(f"{ATOM}{name}")
            assert text is not None
            assert list(text) == []
            assert text.get("type", "text") == "text"
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert link.attrib["href"].startswith("http://localhost/practices/")


def test_the_drawing_of_the_map_parses_and_holds_no_script(hostile: FlaskClient) -> None:
    """A label with markup is a label."""
    drawing = ET.fromstring(hostile.get("/gaps/map.svg").data)
    names = {element.tag.rpartition("}")[2] for element in drawing.iter()}
    assert not names & {"script", "foreignObject", "image", "a"}
    assert not [key for element in drawing.iter() for key in element.attrib if key.startswith("on")]
    assert "<b>Abuse</b>" in "".join(drawing.itertext())
