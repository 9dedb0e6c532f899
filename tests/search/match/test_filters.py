"""The rule kept here: years and evaluation narrow a search as facets do, and every count says so."""

from __future__ import annotations

import itertools
import random
from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest
from builders import make_practice, make_taxonomy
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from search_service.practices.model import Practice
from search_service.search.documents import values_column
from search_service.search.index import SearchIndex, SearchRequest
from search_service.search.match.facets import FACET_NAMES
from search_service.search.match.filters import Filters

TAXONOMY = make_taxonomy()
IDS = {name: tuple(TAXONOMY.terms(name)) for name in FACET_NAMES}
STARTS = (None, "2010", "2015-06", "2015-06-30", "2020")


def practices() -> list[Practice]:
    """Return practices of every rating and year, with values by chance, the same every time."""
    chance = random.Random(3)

    def some(name: str) -> list[str]:
        return chance.sample(IDS[name], chance.randint(1, 2))

    return [
        make_practice(
            f"p{number:02}",
            title=f"Night buses {number}" if number % 2 else f"Safe rooms {number}",
            themes=some("theme"),
            regions=some("region"),
            organisations=some("organisation"),
            rating=rating,
            start=start,
        )
        for number, (rating, start) in enumerate(itertools.product(IDS["evidence"], STARTS))
    ]


HELD = practices()
INDEX = SearchIndex.build(HELD, TAXONOMY)
YEAR = st.none() | st.sampled_from([2009, 2010, 2015, 2016, 2020])
ASKED = st.builds(Filters, st.just({}), YEAR, YEAR, st.booleans())
CHOSEN = st.fixed_dictionaries(
    {}, optional={name: st.sets(st.sampled_from(IDS[name]), max_size=2) for name in FACET_NAMES}
)


def found(filters: Filters) -> set[str]:
    """Return the ratings and years of what filters leave."""
    hits = INDEX.search(SearchRequest(filters=filters, per_page=100)).hits
    return {f"{HELD[hit.row].rating} {HELD[hit.row].year}" for hit in hits}


def meets(practice: Practice, asked: Filters) -> bool:
    """Tell by hand whether a practice meets filters."""
    years = [asked.first_year or 0, practice.year or 0, asked.last_year or 9999]
    dated = practice.year is not None or (asked.first_year is None and asked.last_year is None)
    return dated and years == sorted(years) and (practice.rating != "untested" or not asked.evaluated)


def test_years_are_those_in_which_a_practice_began_both_included() -> None:
    """One of which no source says when it began is in no range."""
    assert {one.split()[1] for one in found(Filters(first_year=2015, last_year=2015))} == {"2015"}
    assert {one.split()[1] for one in found(Filters(first_year=2015))} == {"2015", "2020"}
    assert {one.split()[1] for one in found(Filters(last_year=2015))} == {"2010", "2015"}
    assert "None" in {one.split()[1] for one in found(Filters())}


def test_evaluated_only_leaves_out_what_was_never_tested() -> None:
    """Whatever the finding was: what did not work was tested too."""
    ratings = {one.split()[0] for one in found(Filters(evaluated=True))}
    assert ratings == {"works", "promising", "did-not-work"}


@given(st.sampled_from(["", "buses", '"night buses"', "safe -buses"]), CHOSEN, ASKED)
def test_counts_are_right_under_every_combination(
    text: str, chosen: Mapping[str, Collection[str]], asked: Filters
) -> None:
    """What is found, and every count of every facet, are as counted by hand."""
    everything = INDEX.search(SearchRequest(text, per_page=100)).hits
    matching = [HELD[hit.row] for hit in everything if meets(HELD[hit.row], asked)]
    held = {
        one.id: {name: set(values_column([one], name, TAXONOMY)[0]) for name in FACET_NAMES}
        for one in matching
    }

    def kept(but: str = "") -> list[Practice]:
        wanted = {name: set(keys) for name, keys in chosen.items() if keys and name != but}
        return [one for one in matching if all(held[one.id][name] & keys for name, keys in wanted.items())]

    results = INDEX.search(SearchRequest(text, replace(asked, facets=chosen), per_page=100))
    assert {HELD[hit.row].id for hit in results.hits} == {one.id for one in kept()}
    for facet in results.facets:
        base = kept(but=facet.name)
        counts = {key: sum(key in held[one.id][facet.name] for one in base) for key in IDS[facet.name]}
        shown = {value.id: value.count for value in facet.values}
        assert shown == {
            key: count for key, count in counts.items() if count or key in chosen.get(facet.name, ())
        }


# In the API and on the page.


def test_the_api_narrows_by_year_and_evaluation(client: FlaskClient) -> None:
    """All that comes back began then and was tested, and the answer says what was asked."""
    answer = client.get("/api/v1/search?from=2015&to=2018&evaluated=yes&per_page=100").get_json()
    assert (answer["from"], answer["to"], answer["evaluated"]) == (2015, 2018, True)
    assert answer["total"] == len(answer["results"]) > 0
    assert all(2015 <= one["year"] <= 2018 for one in answer["results"])
    assert all(one["evidence"]["id"] != "untested" for one in answer["results"])


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("from=2020&to=2010", ["from"]),
        ("from=20&to=later", ["to", "from"]),  # what cannot be read comes first
        ("evaluated=no", ["evaluated"]),
        ("to=99999", ["to"]),
    ],
)
def test_years_that_cannot_be_meant_are_named(client: FlaskClient, query: str, named: list[str]) -> None:
    """In the API, and on the page, which shows what was typed all the same."""
    answer = client.get(f"/api/v1/search?{query}")
    assert answer.status_code == 422
    assert [fault["where"] for fault in answer.get_json()["errors"]] == named
    assert all(fault["example"] for fault in answer.get_json()["errors"])
    assert client.get(f"/search?{query}").status_code == 422


def test_an_organisation_names_its_region(client: FlaskClient) -> None:
    """So that organisations can be shown by region; other values have none."""
    facets = {one["name"]: one["values"] for one in client.get("/api/v1/facets").get_json()["facets"]}
    kent = next(value for value in facets["organisation"] if value["id"] == "kent-police")
    assert kent["region"] == {"id": "south-east", "label": "South East"}
    assert all(value["region"] is None for value in facets["theme"])


def test_the_page_keeps_years_and_evaluation(client: FlaskClient) -> None:
    """In its form, in its chips, and in its links; without script."""
    page = client.get("/search?q=stalking&from=2015&evaluated=yes").get_data(as_text=True)
    assert 'name="from" form="finder" inputmode="numeric" maxlength="4" size="4" value="2015"' in page
    assert 'name="evaluated" value="yes" checked' in page
    assert 'href="/search?q=stalking&amp;from=2015"' in page
    assert 'href="/search?q=stalking&amp;evaluated=yes"' in page


def test_who_asks_what_works_is_offered_evaluated_practice(client: FlaskClient) -> None:
    """A link; nothing is left out unasked."""
    page = client.get("/search?q=what+works+for+stalking").get_data(as_text=True)
    assert "evaluated=yes" in page
    whole = client.get("/api/v1/search?q=what+works+for+stalking&per_page=100").get_json()["results"]
    assert any(one["evidence"]["id"] == "untested" for one in whole)
