"""Gaps as people and programs meet them: pages, files to take away, references of their own."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from builders import write_corpus
from flask.testing import FlaskClient
from pydantic import TypeAdapter

from search_service.answers.gaps import Gaps
from search_service.downloads import csv_files, tables
from search_service.library import Library
from search_service.settings import Settings
from search_service.snapshot.build import build
from search_service.web.app import create_app
from search_service.web.http.errors import MAX_FAULTS

PAGES = ("/gaps", "/gaps/own", "/gaps/map", "/gaps/suggestions", "/gaps/brief", "/gaps/columns")
FILES = {
    "/gaps.csv": "gaps", "/gaps/map.csv": "map", "/gaps/reach.csv": "reach", "/gaps/calls.csv": "calls",
    "/gaps/suggestions.csv": "suggestions", "/gaps/topics.csv": "topics",
}  # fmt: skip
OWN = "theme,weight,source,year\ndomestic-abuse,3,Our plan,2026\nfraud,1,,\nhate-crime,1,,\n"


def rows_of(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV file by column."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def themes_in_order(page: str) -> list[str]:
    """Return the themes of the table of gaps, from top to bottom."""
    table = page.split('id="themes"')[1].partition("</table>")[0]
    return re.findall(r'<th scope="row"><a href="/search\?theme=([a-z-]+)"', table)


# The page.


def test_the_page_answers_before_it_explains(client: FlaskClient, library: Library) -> None:
    """The paragraph and the four groups stand above the table, each theme in its group."""
    page = client.get("/gaps").get_data(as_text=True)
    answer = page.split('class="answer"')[1].split('class="next-steps')[0]
    assert re.search(r"Of 26 themes, (\d+ is|\d+ are|none is) a? ?likely gaps? and \w+ ", page)
    assert (
        page.index(library.gaps.report().summary[:60])
        < page.index('class="answer"')
        < page.index('id="themes"')
    )
    for label in ("Likely gap", "Possible gap", "Too little data to say", "No sign of a gap"):
        assert f'aria-label="{label}"' in answer
    for gap in library.gaps.report().themes:
        if gap.status.value in ("likely-gap", "possible-gap"):
            assert f"theme={gap.theme}" in answer


def test_every_reference_shows_its_caveat_source_and_year(client: FlaskClient, library: Library) -> None:
    """What a comparison rests on is on the page that makes it."""
    for reference in library.taxonomy.references:
        page = client.get(f"/gaps?reference={reference.id}").get_data(as_text=True)
        assert reference.caveat[:40].replace("'", "&#39;") in page
        for weight in reference.weights:
            assert weight.source in page
            assert weight.year in page


@pytest.mark.parametrize("sort", ["theme", "practices", "expected", "ratio", "gap"])
def test_the_table_sorts_both_ways_without_a_script(client: FlaskClient, library: Library, sort: str) -> None:
    """A heading is a link; the other way round is the other way round."""
    up = client.get(f"/gaps?sort={sort}").get_data(as_text=True)
    down = client.get(f"/gaps?sort=-{sort}").get_data(as_text=True)
    assert 'aria-sort="ascending"' in up
    assert 'aria-sort="descending"' in down
    gaps = {gap.theme: gap for gap in library.gaps.report().themes}
    keys = {
        "theme": lambda gap: gap.label.casefold(),
        "practices": lambda gap: gap.observed,
        "expected": lambda gap: round(gap.expected, 2),
        "ratio": lambda gap: round(gap.ratio, 3),
        "gap": lambda gap: ("likely-gap", "possible-gap", "too-little-data", "no-sign").index(
            gap.status.value
        ),
    }
    for page, order in ((up, 1), (down, -1)):
        values = [keys[sort](gaps[theme]) for theme in themes_in_order(page)]
        assert values == sorted(values, reverse=order < 0)
        assert len(values) == len(gaps)


def test_an_order_that_is_none_is_refused_with_a_right_one(client: FlaskClient) -> None:
    """As everywhere, a wrong value of a known parameter is named."""
    answer = client.get("/gaps?sort=colour")
    assert answer.status_code == 422
    assert "sort=ratio" in answer.get_data(as_text=True)


def test_calls_without_practices_are_said_to_tell_nothing(client: FlaskClient, library: Library) -> None:
    """That is the truth of the shipped collection, and the page says it of each call."""
    page = client.get("/gaps").get_data(as_text=True)
    for effect in library.gaps.call_effects:
        assert effect.label.replace("'", "&#39;") in page
    assert page.count("too little data to say.") >= len(library.gaps.call_effects) > 0


@pytest.mark.parametrize("practices", [0, 1, 3])
def test_small_collections_are_answered_on_every_page(tmp_path: Path, practices: int) -> None:
    """One practice, a few, and practices without a theme."""
    from builders import practice_file  # noqa: PLC0415 - used here alone

    files = {f"p-{at}": practice_file(f"p-{at}") for at in range(practices)}
    files["untagged"] = practice_file("untagged", themes=[])
    corpus = write_corpus(tmp_path / "corpus", files)
    build(corpus, tmp_path / "index")
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    for path in (*PAGES, *FILES, "/gaps/map.svg", "/gaps/brief.md", "/gaps/brief.docx"):
        assert client.get(path).status_code == 200, path
    page = client.get("/gaps").get_data(as_text=True)
    assert ("too little data to say" if practices else "nothing can be said about gaps") in page


# The map.


def test_every_empty_cell_is_drawn_and_named(client: FlaskClient, library: Library) -> None:
    """In the table, and in a list by row and column."""
    page = client.get("/gaps/map").get_data(as_text=True)
    found = library.gaps.map()
    assert page.count('<span class="unseen"> (empty)</span>') == found.empty > 0
    named = page.split("by name</summary>")[1].split("</dl>")[0]
    for row, line in zip(found.rows.values(), found.counts.sum(axis=2), strict=True):
        missing = [label for label, count in zip(found.columns.values(), line, strict=True) if not count]
        if missing:
            assert f"<dt>{row.replace(chr(39), '&#39;')}</dt><dd>{'; '.join(missing)}</dd>" in named


@pytest.mark.parametrize("axes", ["", "?rows=region&columns=evidence", "?rows=organisation&columns=stage"])
def test_the_drawing_holds_every_number_and_name(client: FlaskClient, axes: str) -> None:
    """It stands on its own: title, names, numbers, totals, what the bars mean; and it has no script."""
    answer = client.get(f"/gaps/map.svg{axes}")
    assert answer.mimetype == "image/svg+xml"
    root = ElementTree.fromstring(answer.data)
    shown = client.get(f"/api/v1/gap-map{axes}").get_json()
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    numbers = [cell["count"] for line in shown["cells"] for cell in line]
    numbers += [head["total"] for head in (*shown["rows"], *shown["columns"])] + [shown["practices"]]
    assert sorted(int(text) for text in texts if text and text.isdigit()) == sorted(numbers)
    assert root.find("{http://www.w3.org/2000/svg}title").text.startswith("Practices by")  # type: ignore[union-attr]
    assert "Tested and did not work" in texts
    assert b"script" not in answer.data


# Files to take away.


@pytest.mark.parametrize(("path", "name"), FILES.items())
def test_a_file_has_the_columns_that_are_described(client: FlaskClient, path: str, name: str) -> None:
    """The heading, the page and the description for programs are one list."""
    answer = client.get(path)
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    heading = next(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    described = client.get(f"/gaps/{name}.csv-metadata.json").get_json()
    assert [column["name"] for column in described["tableSchema"]["columns"]] == heading
    assert described["url"] == path
    page = client.get("/gaps/columns").get_data(as_text=True)
    for column, description in tables.EXPORTS[name].columns.items():
        assert description
        assert f"<code>{column}</code>" in page


def test_the_files_hold_what_the_api_answers(client: FlaskClient) -> None:
    """Same figures, same order."""
    gaps = client.get("/api/v1/gaps?reference=recorded-volumes").get_json()
    rows = rows_of(client.get("/gaps.csv?reference=recorded-volumes").data)
    assert [(row["theme"], int(row["practices"]), float(row["ratio"])) for row in rows] == [
        (theme["theme"], theme["observed"], theme["ratio"]) for theme in gaps["themes"]
    ]
    cells = rows_of(client.get("/gaps/map.csv").data)
    shown = client.get("/api/v1/gap-map").get_json()
    assert sum(row["practices"] == "0" for row in cells) == shown["empty"]
    assert all(
        int(row["practices"])
        == sum(int(row[kind]) for kind in ("works", "promising", "untested", "did_not_work"))
        for row in cells
    )
    reach = client.get("/api/v1/gaps/reach").get_json()
    assert [row["leading"] for row in rows_of(client.get("/gaps/reach.csv").data)] == [
        theme["leading"] for theme in reach["themes"]
    ]


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\0=1", "\r=1", "\n=1"])
def test_no_cell_runs_as_a_formula(text: str) -> None:
    """An apostrophe in front makes it text; numbers stay numbers."""
    export: csv_files.Export[list[object]] = csv_files.Export(
        "a", "Anything", {"a": "Anything."}, lambda cells: [{"a": cell} for cell in cells]
    )
    written = csv_files.write(export, [text, -1, [text, "b"]]).decode("utf-8-sig")
    cells = [row[0] for row in csv.reader(io.StringIO(written, newline=""))][1:]
    assert cells == [f"'{text}", "-1", f"'{text}; b"]


def test_a_cell_of_nothing_yes_or_several_values_can_be_read() -> None:
    """Nothing is empty, yes is a word, several values are divided by semicolons."""
    assert [csv_files.neutral(cell) for cell in (None, True, False, ["a", "b"], 0)] == [
        "",
        "yes",
        "no",
        "a; b",
        0,
    ]


# The draft of a call.


def test_the_draft_is_the_same_as_page_markdown_and_document(client: FlaskClient) -> None:
    """Headings are headings and lists are lists in each of them."""
    brief = client.get("/api/v1/gaps/brief?reference=staff-priorities").get_json()
    assert client.get("/gaps/brief.md?reference=staff-priorities").get_data(as_text=True) == brief["markdown"]
    document = docx.Document(io.BytesIO(client.get("/gaps/brief.docx?reference=staff-priorities").data))
    written = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]  # type: ignore[union-attr]
    expected = []
    for block in brief["blocks"]:
        style = f"Heading {block['level']}" if block["level"] else "Normal"
        expected += [("List Bullet", item) for item in block["items"]] or [(style, block["text"])]
    assert written == expected
    assert round(document.sections[0].page_width.mm) == 210  # type: ignore[union-attr]
    page = client.get("/gaps/brief?reference=staff-priorities").get_data(as_text=True)
    assert re.search(r"made from the figures of \d{1,2} [A-Z][a-z]+ 20\d\d\.", page)
    assert page.count("<h4>") == sum(block["level"] == 3 for block in brief["blocks"])


# A reference of one's own.


def test_a_reference_of_ones_own_is_compared_and_shown_but_not_kept(client: FlaskClient) -> None:
    """The same table, with the weights, their source and year; the next reader sees nothing of it."""
    answer = client.post("/gaps/own", data={"text": OWN})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert sorted(themes_in_order(page)) == ["domestic-abuse", "fraud", "hate-crime"]
    assert "Our plan" in page
    assert "2026" in page
    assert OWN.splitlines()[1] in page
    assert "Our plan" not in client.get("/gaps/own").get_data(as_text=True)


def test_a_file_can_be_sent_instead_and_the_answer_taken_away(client: FlaskClient) -> None:
    """As CSV, and as the draft of a call."""

    def sent(wanted: str) -> bytes:
        file = (io.BytesIO(OWN.encode("utf-8-sig")), "ours.csv")
        return client.post("/gaps/own", data={"file": file, "as": wanted}).data

    assert [row["reference"] for row in rows_of(sent("csv"))] == ["own"] * 3
    assert b"Compared with your own reference" in sent("md")
    assert docx.Document(io.BytesIO(sent("docx"))).paragraphs[0].text == "Draft: a call for practice"


def test_every_fault_of_a_reference_is_shown_with_its_line_and_what_was_sent(client: FlaskClient) -> None:
    """The text is still there to be mended."""
    answer = client.post("/gaps/own", data={"text": "theme,weight\nfraud,-1\nnobody,2\n"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "line 2" in page
    assert "line 3" in page
    assert "nobody,2" in page
    wrong = {"file": (io.BytesIO(b"theme,weight\nfraud,\xff1\n"), "ours.csv")}
    assert "line 2 is not UTF-8" in client.post("/gaps/own", data=wrong).get_data(as_text=True)


def test_faults_of_a_reference_are_named_up_to_a_number_and_then_counted(client: FlaskClient) -> None:
    """A file of something else is not answered with a thousand lines."""
    lines = "".join(f"nothing-{number},many\n" for number in range(900))
    answer = client.post("/gaps/own", data={"text": f"theme,weight\n{lines}"})
    assert answer.status_code == 422
    assert "and 1,750 more." in answer.text
    assert answer.text.count("is not one of the themes") == MAX_FAULTS / 2


def test_a_source_that_is_no_web_address_is_no_link(client: FlaskClient) -> None:
    """What a reader sends is shown as text and never run."""
    text = 'theme,weight,source\nfraud,1,javascript:alert(1)\nhate-crime,1,"<script>alert(1)</script>"\n'
    page = client.post("/gaps/own", data={"text": text}).get_data(as_text=True)
    assert 'href="javascript' not in page
    assert "<script>alert" not in page


def test_the_api_compares_with_weights_and_names_every_fault(client: FlaskClient) -> None:
    """By theme id or name; where they are wrong, each is told by its place."""
    weights = [{"theme": "fraud", "weight": 2}, {"theme": "Hate crime", "weight": 1, "year": "2024"}]
    answer = client.post("/api/v1/gaps", json={"weights": weights})
    TypeAdapter(Gaps).validate_json(answer.data)
    assert {theme["theme"] for theme in answer.get_json()["themes"]} == {"fraud", "hate-crime"}
    wrong = [
        {"theme": "nobody", "weight": 1},
        {"theme": "fraud", "weight": "many"},
        {"theme": None, "weight": -1},
    ]
    problem = client.post("/api/v1/gaps", json={"weights": wrong})
    assert problem.status_code == 422
    assert {fault["where"] for fault in problem.get_json()["errors"]} == {
        "weights 1",
        "weights 2",
        "weights 3",
    }
    for body in ({}, {"weights": "fraud"}, {"weights": [1]}, {"weights": [], "colour": 1}, []):
        assert client.post("/api/v1/gaps", json=body).status_code == 422, json.dumps(body)
