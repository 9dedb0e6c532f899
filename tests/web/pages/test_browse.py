"""Ways in without a question lead to every practice, and say how much there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import practice_file, write_corpus
from flask.testing import FlaskClient

from search_service.answers import browse
from search_service.library import Library
from search_service.practices.collection import Practices
from search_service.search.index import SearchRequest
from search_service.search.match.filters import Filters
from search_service.settings import Settings
from search_service.snapshot.build import build
from search_service.web.app import create_app


def test_every_practice_stands_under_exactly_one_letter(library: Library) -> None:
    """Going through the letters one sees all there is, once, by title."""
    pages = [browse.under_letter(library, letter) for letter in browse.letters(library)]
    assert all(pages)
    ids = [one["id"] for page in pages for one in page]
    assert sorted(ids) == sorted(practice.id for practice in library.practices)
    assert browse.letters(library) == sorted(browse.letters(library), key=lambda one: (one == "0-9", one))


@pytest.mark.parametrize(
    ("title", "letter"),
    [("Éclair", "E"), ("999 call", "0-9"), ("“Ask”", "0-9"), ("مشروع", "0-9"), ("ask", "A")],
)
def test_a_title_stands_where_a_reader_looks(tmp_path: Path, title: str, letter: str) -> None:
    """Accents and case do not matter, and what is no letter stands together at the end."""
    corpus = write_corpus(tmp_path / "corpus")
    (corpus / "practices" / "operation-odd.md").write_text(
        practice_file(id="operation-odd", title=title), "utf-8"
    )
    build(corpus, tmp_path / "index")
    page = create_app(Settings(index=tmp_path / "index")).test_client().get(f"/browse/a-z?letter={letter}")
    assert title in page.text


def test_a_letter_can_be_small_or_left_empty(client: FlaskClient) -> None:
    """Who types the address gets the page; what is no letter of the list is not there."""
    assert client.get("/browse/a-z?letter=s").text == client.get("/browse/a-z?letter=S").text
    assert client.get("/browse/a-z?letter=").text == client.get("/browse/a-z").text
    assert client.get("/browse/a-z?letter=%C3%9F").status_code == 404


def test_letters_are_told_without_reading_a_practice(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Titles are in memory; to read every record for its first letter would take long."""

    def refuse(*_: object) -> None:
        raise AssertionError("a practice was read")

    expected = browse.letters(library)
    monkeypatch.setattr(Practices, "__getitem__", refuse)
    assert browse.letters(library) == expected


def test_browsing_names_every_theme_and_every_value_in_use_with_its_number(
    client: FlaskClient, library: Library
) -> None:
    """Each list leads to as many practices as it says."""
    page = client.get("/browse").text
    for theme in library.gaps.themes:
        assert f'href="/themes/{theme.concept.id}"' in page
    counts = {
        (name, key): int(number.replace(",", ""))
        for name, key, number in re.findall(
            r'href="/search\?(\w+)=([\w-]+)">[^<]+</a> <span[^>]*>\(([\d,]+)', page
        )
    }
    assert {name for name, _ in counts} == {*browse.BROWSED, "organisation"}
    for (name, key), number in list(counts.items())[::7]:
        assert library.search.find(SearchRequest(filters=Filters({name: (key,)}))).total == number


def test_a_theme_says_what_it_covers_how_much_there_is_and_whether_that_is_thin(
    client: FlaskClient, library: Library
) -> None:
    """One page answers what there is on a theme, what is best tested, and how sure the gap is."""
    theme = library.gaps.themes[0]
    page = client.get(f"/themes/{theme.concept.id}").text
    gap = next(one for one in library.gaps.report().themes if one.theme == theme.concept.id)
    for said in (
        theme.concept.definition,
        f"{theme.practices} practices",
        gap.status.label,
        theme.concept.everyday[0],
    ):
        assert said in page.replace("&#39;", "'")
    strongest = browse.theme_page(library, theme.concept.id)["strongest"]
    assert strongest[0]["evidence"]["id"] == "works"
    assert strongest[0]["title"] in page


def test_a_theme_without_practice_says_so(tmp_path: Path) -> None:
    """An empty theme is a page like any other, since it is the gap that staff look for."""
    corpus = write_corpus(tmp_path / "corpus")
    taxonomy = corpus / "taxonomy.yaml"
    written = taxonomy.read_text(encoding="utf-8")
    added = "themes:\n- {id: unheard-of, label: Unheard of, definition: Nobody has sent any.}\n"
    taxonomy.write_text(written.replace("themes:\n", added, 1), "utf-8")
    build(corpus, tmp_path / "index")
    page = create_app(Settings(index=tmp_path / "index")).test_client().get("/themes/unheard-of")
    assert page.status_code == 200
    assert "0 practices" in page.text
