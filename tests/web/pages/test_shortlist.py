"""The rule kept here: a shortlist is its address, and whatever is wrong with one spares the rest."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from builders import make_practice, practice_file, three_practice_files, write_corpus
from flask.testing import FlaskClient

from search_service.downloads import tables
from search_service.downloads.csv_files import Export
from search_service.errors import InvalidRequest
from search_service.library import Library
from search_service.limits import MAX_EXPORTED, MAX_SHORTLIST
from search_service.practices.model import NOT_STATED
from search_service.settings import Settings
from search_service.similar.index import SimilarIndex
from search_service.snapshot.build import build
from search_service.web import app as web

PAIR = ("operation-encompass", "philomena-protocol")
PAIR_QUERY = "id=operation-encompass&id=philomena-protocol"


def rows_of(content: bytes) -> list[dict[str, str]]:
    """Read a CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# Practice like several.


def set_of_subjects() -> SimilarIndex:
    """Compare practices on locks, on talks, on both, on neither, and a version of the one on locks."""
    texts = {
        "locks": "locks alarms doors cameras",
        "talks": "talks carers children homes",
        "both": "locks alarms talks carers",
        "only-locks": "locks alarms doors windows",
        "trams": "trams buses windows bridges",
        "trains": "trains buses bridges tunnels",
        "planes": "trams trains tunnels homes cameras",
    }
    practices = [
        make_practice(key, title=f"Named{key}", summary=f"Summed{key}", sections={"aim": text})
        for key, text in texts.items()
    ]
    again = make_practice(
        "locks-again",
        title="Again",
        summary="Again",
        sections={"aim": texts["locks"]},
        variant_of="locks",
    )
    return SimilarIndex.build([*practices, again])


def test_practice_like_several_is_like_all_of_them() -> None:
    """What is on both subjects comes first, and no practice of the set or version of one comes back."""
    found = [one.row for one in set_of_subjects().related_to_set([0, 1])]
    assert found[:2] == [2, 3]
    assert not {0, 1, 7} & set(found)


def test_a_set_of_one_is_answered_as_that_practice_is(library: Library) -> None:
    """The same practices with the same scores: a set is no other kind of question."""
    alone = library.similar.to_practice("philomena-protocol").found
    as_set = library.similar.to_set(["philomena-protocol"]).found
    assert [one.row for one in as_set] == [one.row for one in alone]
    assert [one.score for one in as_set] == pytest.approx([one.score for one in alone], abs=1e-5)


def test_every_practice_of_a_set_counts_the_same_whatever_the_order(library: Library) -> None:
    """Neither the order nor a repetition moves anything."""
    forwards = library.similar.to_set(PAIR).found
    backwards = library.similar.to_set([*reversed(PAIR), PAIR[0]]).found
    assert [one.row for one in forwards] == [one.row for one in backwards]
    assert all(one.terms for one in forwards)


def test_a_set_of_practices_without_words_has_nothing_like_it() -> None:
    """Words of one practice alone compare with nothing; nothing is divided by nothing."""
    alone = [make_practice(key, title=key, summary=key, sections={"aim": key}) for key in ("aa", "bb", "cc")]
    assert SimilarIndex.build(alone).related_to_set([0, 1]) == ()


def test_everything_wrong_with_a_set_is_said_at_once(client: FlaskClient, library: Library) -> None:
    """Each unknown id, how many there are, and what else is wrong with the request."""
    with pytest.raises(InvalidRequest) as refused:
        library.similar.to_set(["one", "two", *library_ids(library, MAX_SHORTLIST)], 0)
    said = [str(fault) for fault in refused.value.faults]
    assert len(said) == 4
    assert "22 are given; 1 to 20 are needed" in said[0]
    assert "“one”" in said[1]
    assert "“two”" in said[2]
    assert said[3].startswith("limit")
    answer = client.get("/api/v1/compare?id=one&colour=red").get_json()
    assert [error["where"] for error in answer["errors"]] == ["colour", "id", "id"]


def library_ids(library: Library, number: int) -> list[str]:
    """Return the ids of the first practices."""
    return [library.practices[row].id for row in range(number)]


# The page of a list.


def test_a_shortlist_shows_its_practices_in_the_order_chosen_each_once(client: FlaskClient) -> None:
    """Repeated ids are one practice."""
    page = client.get(f"/shortlist?id=philomena-protocol&{PAIR_QUERY}").get_data(as_text=True)
    titles = re.findall(r'<h2 class="card-title"><a href="/practices/([\w-]+)"', page)
    assert titles == ["philomena-protocol", "operation-encompass"]
    assert "Shortlist of 2 practices" in page


def test_an_unknown_id_is_named_and_the_others_are_shown(client: FlaskClient) -> None:
    """A list that has grown old still serves."""
    answer = client.get(f"/shortlist?{PAIR_QUERY}&id=long-gone")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert "“long-gone”" in page
    assert "Shortlist of 2 practices" in page
    assert page.count("long-gone") == 1


def test_of_too_long_a_list_the_first_are_shown(client: FlaskClient, library: Library) -> None:
    """And the page says how many are kept."""
    query = "&".join(f"id={key}" for key in library_ids(library, MAX_SHORTLIST + 3))
    page = client.get(f"/shortlist?{query}").get_data(as_text=True)
    assert "23 are given; at most 20 are kept" in page
    assert f"Shortlist of {MAX_SHORTLIST} practices" in page


def test_every_link_of_a_list_keeps_the_rest_of_it(client: FlaskClient) -> None:
    """Removing leaves the others; adding, from results and from related practice, keeps them all."""
    page = client.get(f"/shortlist?{PAIR_QUERY}&q=stalking").get_data(as_text=True)
    removing = re.findall(r'data-follow href="([^"]+)"', page)
    assert removing == ["/shortlist?id=philomena-protocol", "/shortlist?id=operation-encompass"]
    adding = dict(re.findall(r'href="(/shortlist\?[^"]+)" data-add="([\w-]+)"', page))
    assert len(adding) > 5
    for address, key in adding.items():
        assert address == f"/shortlist?{PAIR_QUERY}&id={key}".replace("&", "&amp;")


def test_a_practice_of_the_list_is_not_offered_again(client: FlaskClient) -> None:
    """A search for one to add says that it is there already."""
    page = client.get("/shortlist?id=philomena-protocol&q=philomena").get_data(as_text=True)
    assert "In this shortlist" in page
    assert 'data-add="philomena-protocol"' not in page


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=philomena",
        "/practices/philomena-protocol",
        "/practices/herbert-protocol",
        "/browse/a-z?letter=P",
    ],
)
def test_wherever_a_practice_is_met_it_can_be_chosen(client: FlaskClient, address: str) -> None:
    """In results, on its own page, among related practice, and under its letter."""
    page = client.get(address).get_data(as_text=True)
    assert 'href="/shortlist?id=philomena-protocol" data-add="philomena-protocol"' in page


def test_every_practice_on_the_page_of_a_theme_can_be_chosen(client: FlaskClient) -> None:
    """The best tested and the newest alike."""
    page = client.get("/themes/missing-people").get_data(as_text=True)
    shown = re.findall(r'<h3><a href="/practices/([\w-]+)"', page)
    assert shown
    assert re.findall(r'data-add="([\w-]+)"', page) == shown


def test_an_example_of_a_right_id_is_one_that_there_is(client: FlaskClient, library: Library) -> None:
    """What to do is said in the message; what follows “For example” can be used as it stands."""
    with pytest.raises(InvalidRequest) as refused:
        library.similar.to_set(["long-gone"])
    (fault,) = refused.value.faults
    assert fault.message == (
        "there is no practice with the id “long-gone”; leave it out, or search for its title."
    )
    assert client.get(f"/shortlist?{fault.example}").status_code == 200


def test_the_address_to_pass_on_holds_the_list_and_nothing_else(client: FlaskClient) -> None:
    """Not the search, nor what a mailing added."""
    page = client.get(f"/shortlist?{PAIR_QUERY}&q=stalking&utm_source=mail").get_data(as_text=True)
    address = f"http://localhost/shortlist?{PAIR_QUERY}".replace("&", "&amp;")
    assert f'<a href="{address}">{address}</a>' in page
    assert "utm_source" not in page


# Side by side.


def test_a_comparison_says_what_is_shared_and_what_is_not(tmp_path: Path) -> None:
    """Each value is either all practices' or one's own, and what nobody states is said to be missing."""
    other = practice_file(
        "other",
        themes=["domestic-abuse", "missing-people"],
        stage="pilot",
        sections={"cost": "One officer."},
        evaluations=[],
    )
    corpus = write_corpus(tmp_path / "corpus", {**three_practice_files(), "other": other})
    build(corpus, tmp_path / "index")
    client = web.create_app(Settings(index=tmp_path / "index", rate_limit=0)).test_client()
    answer = client.get("/api/v1/compare?id=operation-example&id=other").get_json()
    shared = {one["list_name"]: [value["id"] for value in one["values"]] for one in answer["shared"]}
    differs = {
        one["list_name"]: [[value["id"] for value in own["values"]] for own in one["practices"]]
        for one in answer["differs"]
    }
    assert shared["theme"] == ["domestic-abuse"]
    assert "stage" not in shared
    assert differs == {"theme": [[], ["missing-people"]], "stage": [["implemented"], ["pilot"]]}
    rows = {row["name"]: row["cells"] for row in answer["rows"]}
    assert [(cell["text"], cell["stated"]) for cell in rows["cost"]] == [
        (NOT_STATED, False),
        ("One officer.", True),
    ]
    assert "**Example University:** Fewer repeat calls" in rows["evidence"][0]["text"]
    assert "Example University" not in rows["evidence"][1]["text"]
    assert rows["where_and_when"][0]["text"].endswith("Began February 2011")


def test_a_comparison_is_a_table_with_scoped_headers(client: FlaskClient) -> None:
    """Each cell is announced with its practice and its matter."""
    page = client.get(f"/compare?{PAIR_QUERY}&id=herbert-protocol").get_data(as_text=True)
    table = page.split("<table>")[1].split("</table>")[0]
    assert len(re.findall(r'<th scope="col"', table)) == 3
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    assert len(rows) == 10
    assert all(row.count('<th scope="row">') == 1 and row.count("<td") == 3 for row in rows)


def test_a_wrong_number_to_compare_offers_those_given_to_choose_from(
    client: FlaskClient, library: Library
) -> None:
    """Four boxes, of which two or three are to be ticked."""
    query = "&".join(f"id={key}" for key in library_ids(library, 4))
    answer = client.get(f"/compare?{query}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "4 are given; 2 to 3 are needed" in page
    assert page.count('type="checkbox"') == 4
    assert "checked" not in page


# Files.


def test_a_shortlist_as_a_file_holds_its_practices_in_order(client: FlaskClient) -> None:
    """With the words of the lists, and an address that leads back."""
    rows = rows_of(client.get(f"/shortlist.csv?{PAIR_QUERY}").data)
    assert [row["id"] for row in rows] == list(PAIR)
    record = client.get("/api/v1/practices/philomena-protocol").get_json()
    assert rows[1]["title"] == record["title"]
    assert rows[1]["evidence"] == record["evidence"]["label"]
    assert rows[1]["address"] == "http://localhost/practices/philomena-protocol"
    assert rows[1]["sources"].split("; ") == [source["url"] for source in record["sources"]]


def test_a_search_as_a_file_holds_all_it_finds_in_the_order_of_the_page(client: FlaskClient) -> None:
    """More than a page, the best first; filters count."""
    address = "q=missing+children&evidence=untested"
    found = client.get(f"/api/v1/search?{address}&per_page=100").get_json()
    rows = rows_of(client.get(f"/search.csv?{address}&page=7").data)
    assert len(rows) == found["total"] > 10
    assert [row["id"] for row in rows[:100]] == [hit["id"] for hit in found["results"]]
    page = client.get(f"/search?{address}").get_data(as_text=True)
    assert f'href="/search.csv?{address}" download'.replace("&", "&amp;") in page


def test_a_file_of_a_search_ends_at_its_bound(tmp_path: Path) -> None:
    """No more rows than one request may cost."""
    themes = ("stalking-harassment", "missing-people", "domestic-abuse")
    files = {
        f"p{number}": practice_file(
            f"p{number}", themes=[themes[number % 3]], body=f"On {themes[number % 3]}."
        )
        for number in range(MAX_EXPORTED + 1)
    }
    build(write_corpus(tmp_path / "corpus", files), tmp_path / "index")
    client = web.create_app(Settings(index=tmp_path / "index", rate_limit=0)).test_client()
    assert len(rows_of(client.get("/search.csv").data)) == MAX_EXPORTED
    assert "the first 1,000" in client.get("/search").get_data(as_text=True)


@pytest.mark.parametrize("export", [tables.SEARCH, tables.SHORTLIST], ids=lambda export: export.name)
def test_the_columns_of_a_file_of_practices_are_described(client: FlaskClient, export: Export[Any]) -> None:
    """To people and to programs, from the same list as the file."""
    answer = client.get(f"/{export.name}.csv")
    described = client.get(f"/gaps/{export.name}.csv-metadata.json").get_json()
    heading = answer.data.decode("utf-8-sig").splitlines()[0].split(",")
    assert described["url"] == f"/{export.name}.csv"
    assert [column["name"] for column in described["tableSchema"]["columns"]] == heading
    assert f"{export.name}.csv-metadata.json" in answer.headers["Link"]
    assert f'id="{export.name}"' in client.get("/gaps/columns").get_data(as_text=True)
