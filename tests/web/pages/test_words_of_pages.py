"""What pages say to people is said in the words of the page, not in those of its address."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from search_service.library import Library


def _said(page: str, name: str) -> str:
    """Return the text of the first element of a class or an id, without tags and doubled spaces."""
    start = re.search(rf'<(\w+)[^>]*(?:class|id)="{name}".*?</\1>', page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", start[0])).split()) if start else ""


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/compare", "Practices: 0 are given; 2 to 3 are needed."),
        ("/compare?id=operation-encompass", "Practices: 1 is given; 2 to 3 are needed."),
        ("/shortlist?id=nope", "Practices: there is no practice with the id “nope”"),
        ("/shortlist/pack", "Practices: 0 are given; 1 to 20 are needed."),
        ("/search?from=2022&to=2018", "First year: 2022 is after the last year, 2018."),
        ("/search?from=abc", "First year: “abc” is not a whole number."),
        ("/search?to=abc", "Last year: “abc” is not a whole number."),
    ],
)
def test_a_fault_names_what_a_person_chose_or_filled_in(client: FlaskClient, address: str, said: str) -> None:
    """Whoever ticked one box of a form never saw “id”."""
    told = _said(client.get(address).get_data(as_text=True), "errors")
    assert said in told


def test_a_chosen_year_is_named_once_where_it_is_taken_off(client: FlaskClient) -> None:
    """What a screen reader reads of the link to take it off."""
    page = client.get("/search?q=stalking&from=2015&theme=stalking-harassment").get_data(as_text=True)
    links = [
        " ".join(re.sub(r"<[^>]+>", "", one).split())
        for one in re.findall(r"<a [^>]*>(<span class=\"unseen\">Remove.*?)</a>", page)
    ]
    assert links == ["Remove: Began in or after 2015×", "Remove theme: Stalking and harassment×"]


def test_the_figures_of_the_gaps_can_be_had_without_reading_the_table(client: FlaskClient) -> None:
    """The download stands with what to do next, for the comparison that is shown."""
    page = client.get("/gaps?reference=recorded-volumes").get_data(as_text=True)
    link = page.index("Download the figures for a spreadsheet (CSV)")
    assert link < page.index('id="themes"')
    assert 'href="/gaps.csv?reference=recorded-volumes"' in page[link - 100 : link]


def test_no_untested_practice_stands_under_best_tested(client: FlaskClient, library: Library) -> None:
    """Where few practices of a theme were tested, the list is short, and where none was, it is left out."""
    headed = set()
    for theme in library.taxonomy.themes:
        page = client.get(f"/themes/{theme.id}").get_data(as_text=True)
        tested = re.search(r"<h2>Best tested</h2>(.*?)<h2>Newest", page, re.DOTALL)
        headed.add(tested is not None)
        assert tested is None or ("badge-" in tested[1] and "badge-untested" not in tested[1])
    assert True in headed
