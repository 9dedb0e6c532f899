"""The rule kept here: a search finds what was asked for, best first, and says what it did."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import make_practice, make_taxonomy

from search_service.errors import SnapshotDamaged
from search_service.practices.model import SECTIONS, Practice
from search_service.practices.reuse import Reuse
from search_service.search.index import SORTS, SearchIndex, SearchRequest, SearchResults
from search_service.search.match.filters import Filters
from search_service.text.analysis import analyse

TAXONOMY = make_taxonomy(
    synonyms={
        "groups": [{"terms": ["kids", "children"]}, {"terms": ["da", "domestic abuse"]}],
        "one_way": [{"from": "runaway", "to": ["missing person"]}],
    }
)


def practice_of(id: str, title: str, body: str, **more: Any) -> Practice:  # noqa: A002 - the field's own name
    """Build a practice of a title and one section, with values that share no word with either."""
    usual = {
        "summary": "Agreed nationally.",
        "themes": ["stalking-harassment"],
        "approaches": ["training"],
        "organisations": ["devon-and-cornwall-police"],
        "regions": ["wales"],
        "target_groups": ["adults"],
    }
    sections = {**{section.key: "" for section in SECTIONS}, "aim": body}
    return make_practice(id, title=title, sections=sections, **{**usual, **more})


PRACTICES = (
    practice_of(
        "return-talks",
        "Return talks",
        "Workers listen to children who run away. They ask what would help.",
        start="2015-06",
        rating="works",
        themes=["missing-people"],
    ),
    practice_of(
        "night-buses", "Night buses", "Buses take young adults home.", start="2021-11-30", rating="untested"
    ),
    practice_of(
        "safe-rooms",
        "Safe rooms",
        "Locks keep a violent man away. Children run to a safe room.",
        start="2021-11",
        rating="promising",
        themes=["domestic-abuse"],
        regions=["north-east"],
    ),
    practice_of(
        "clares-law",
        "Clare’s Law",
        "A right to ask. Educators and educational work with homes and lockers.",
        start=None,
        rating="did-not-work",
    ),
    practice_of(
        "locks", "Locks for homes", "Doors made strong.", start="2019", rating="works", regions=["north-east"]
    ),
)

INDEX = SearchIndex.build(PRACTICES, TAXONOMY)


def search(q: str = "", index: SearchIndex = INDEX, **more: Any) -> SearchResults:
    """Search the five practices."""
    return index.search(SearchRequest(q, **more))


def found(q: str = "", **more: Any) -> list[str]:
    """Return the ids a search finds, in order."""
    return [PRACTICES[hit.row].id for hit in search(q, **more).hits]


def lines_of(row: int) -> list[list[str]]:
    """Return the stems of every line of text of one practice."""
    practice = PRACTICES[row]
    texts = [practice.title, practice.summary, *(text for _, text in practice.texts())]
    return [[token.stem for token in analyse(text)] for text in texts]


# What is found.


def test_words_find_the_practices_that_hold_some_of_them() -> None:
    """Every hit scores, and the one that holds most comes first."""
    results = search("locks for homes")
    assert found("locks for homes")[0] == "locks"
    assert results.total == len(results.hits) > 1
    assert all(hit.score > 0 for hit in results.hits)
    assert [hit.score for hit in results.hits] == sorted((hit.score for hit in results.hits), reverse=True)


def test_a_phrase_stands_in_every_hit() -> None:
    """Having its words apart is not enough."""
    results = search('"run away"')
    assert found('"run away"') == ["return-talks"]
    assert all(
        ["run", "away"] in [line[at : at + 2] for line in lines_of(h.row) for at in range(len(line))]
        for h in results.hits
    )
    assert set(found("run away")) >= {"return-talks", "safe-rooms"}


def test_a_phrase_does_not_run_from_a_title_into_what_follows() -> None:
    """Nor from one label into the next."""
    assert found('"buses agreed"') == []
    assert found('"harassment training"') == []
    assert "night-buses" in found('"stalking harassment"')


def test_an_excluded_word_stands_in_no_hit() -> None:
    """Not in any of its forms."""
    results = search("locks homes -children")
    assert "safe-rooms" not in found("locks homes -children")
    assert results.total > 0
    assert all(
        "children" not in line and "child" not in line for h in results.hits for line in lines_of(h.row)
    )
    assert set(found("-locks")) == {"return-talks", "night-buses", "clares-law"}


def test_a_prefix_finds_every_word_that_begins_so() -> None:
    """And ranks and marks by those words."""
    assert found("educat*") == ["clares-law"]
    assert set(found("lock*")) == {"safe-rooms", "clares-law", "locks"}
    (hit,) = search("educat*").hits
    assert hit.score > 0
    assert [piece.text for piece in hit.snippet.pieces if piece.marked] == ["Educators", "educational"]


def test_a_field_finds_the_practices_with_that_value() -> None:
    """By id, label or short name."""
    assert found("theme:domestic-abuse") == ["safe-rooms"]
    assert found('theme:"Domestic abuse"') == ["safe-rooms"]
    assert set(found("organisation:dcp")) == {practice.id for practice in PRACTICES}
    assert found("title:locks") == ["locks"]
    assert set(found("region:north-east children")) == {"safe-rooms"}


def test_a_word_of_a_label_finds_what_carries_it() -> None:
    """Labels and short names of the closed lists are searched like text."""
    assert found("missing") == ["return-talks"]
    assert set(found("dcp")) == set(found(""))


def test_the_title_outranks_the_text() -> None:
    """The same word, in one practice's title and in the other's section."""
    practices = [
        practice_of("in-text", "Seaside walks", "Lanterns are lit."),
        practice_of("in-title", "Lanterns lit", "Seaside walks."),
    ]
    results = search("lanterns", SearchIndex.build(practices, TAXONOMY))
    assert [practices[hit.row].id for hit in results.hits] == ["in-title", "in-text"]


def test_synonyms_find_what_says_it_otherwise() -> None:
    """Kids finds children, in both directions, and one-way wording in one."""
    assert set(found("kids")) == set(found("children")) == {"return-talks", "safe-rooms"}
    assert found("DA") == ["safe-rooms"]
    assert found("runaway") == []
    together = [*PRACTICES, practice_of("missing", "A missing person", "Found again.")]
    assert search("runaway", SearchIndex.build(together, TAXONOMY)).hits[0].row == len(PRACTICES)


def test_synonyms_are_marked_in_the_snippet() -> None:
    """A reader sees why a practice was found."""
    for hit in search("kids").hits:
        assert {piece.text.casefold() for piece in hit.snippet.pieces if piece.marked} == {"children"}


def test_words_that_stand_nowhere_are_reported_as_typed() -> None:
    """Words that a synonym answers, and function words, are not missing."""
    assert search("Zebras and kids quilting").understood.missing == ("Zebras", "quilting")
    assert search("the children").understood.missing == ()
    assert search("runaway").understood.missing == ("runaway",)
    assert found("Zebras") == []
    assert found("Zebras children") == found("children")


def test_what_was_understood_is_told() -> None:
    """Results carry the query as read, for the page to explain."""
    query = search('the kids theme:nonsense "run away"').query
    assert (query.words, query.stop_words, query.unknown_values) == (
        ("kid", "nonsens"),
        ("the",),
        ("theme:nonsense",),
    )


def test_the_snippet_answers_the_query() -> None:
    """Its section is named and the words are marked."""
    (hit, *_) = search('"what would help"').hits
    assert hit.snippet.section == "Aim"
    assert [piece.text for piece in hit.snippet.pieces if piece.marked] == ["help"]
    assert "They ask what would help." in hit.snippet.text


# In which order.


@pytest.mark.parametrize("q", ["", "  ", "the of", "?!", '""'])
def test_an_empty_query_lists_everything_newest_first(q: str) -> None:
    """A date exact to the day is later than its month alone; no date comes last."""
    assert found(q) == ["night-buses", "safe-rooms", "locks", "return-talks", "clares-law"]


def test_newest_first_puts_dates_before_scores_among_close_matches() -> None:
    """The order asked for decides among what answers; what merely shares a word comes after."""
    answers = [make_practice(id=f"locks-{year}", title="Locks", start=str(year)) for year in (2010, 2020)]
    aside = make_practice(
        id="aside", title="Vans", start="2025", body=f"Vans and visits {'to homes ' * 90} and locks."
    )
    index = SearchIndex.build([*answers, aside], make_taxonomy())
    practices = ["locks-2010", "locks-2020", "aside"]

    def order(sort: str) -> list[str]:
        return [practices[hit.row] for hit in index.search(SearchRequest("locks", sort=sort)).hits]

    assert order("newest") == ["locks-2020", "locks-2010", "aside"]
    assert [hit.row for hit in index.search(SearchRequest(sort="newest")).hits] == [2, 1, 0]


def test_strongest_evidence_follows_the_order_of_the_list() -> None:
    """Within one rating the better match, then the newer, comes first."""
    assert found("", sort="evidence") == ["locks", "return-talks", "safe-rooms", "night-buses", "clares-law"]
    assert found("run children", sort="evidence") == ["return-talks", "safe-rooms"]


def test_equal_scores_are_listed_newest_first() -> None:
    """Filters alone score nothing, so the date decides."""
    assert found("region:north-east") == ["safe-rooms", "locks"]
    assert found("-children") == ["night-buses", "locks", "clares-law"]


def test_every_sort_finds_the_same_practices() -> None:
    """Sorting is no filter."""
    for sort in SORTS:
        results = search("children locks homes", sort=sort)
        assert results.sort == sort
        assert sorted(hit.row for hit in results.hits) == sorted(
            hit.row for hit in search("children locks homes").hits
        )


# Filters and paging.


def test_a_filter_narrows_and_is_counted() -> None:
    """Facets count the answer to this query."""
    results = search("children", filters=Filters({"theme": ["domestic-abuse"]}))
    assert [PRACTICES[hit.row].id for hit in results.hits] == ["safe-rooms"]
    assert results.total == 1
    themes = next(facet for facet in results.facets if facet.name == "theme")
    assert {value.id: value.count for value in themes.values} == {"domestic-abuse": 1, "missing-people": 1}


def test_pages_hold_everything_once_in_order() -> None:
    """Two on a page make three pages of five."""
    pages = [search("", page=number, per_page=2) for number in (1, 2, 3)]
    assert [len(page.hits) for page in pages] == [2, 2, 1]
    assert {(page.total, page.pages) for page in pages} == {(5, 3)}
    assert [page.page for page in pages] == [1, 2, 3]
    assert [hit.row for page in pages for hit in page.hits] == [hit.row for hit in search("").hits]


def test_a_page_past_the_last_is_empty() -> None:
    """Its totals are still right."""
    results = search("", page=9, per_page=2)
    assert (results.hits, results.total, results.pages) == ((), 5, 3)


def test_nothing_found_is_one_empty_page() -> None:
    """Facets that nothing holds are empty."""
    results = search("zebra")
    assert (results.total, results.pages, results.hits) == (0, 1, ())
    assert all(facet.values == () for facet in results.facets)


def test_one_practice_is_enough() -> None:
    """It is found by its words and not by others."""
    index = SearchIndex.build(PRACTICES[:1], TAXONOMY)
    assert search("children", index).total == 1
    assert search("", index).total == 1
    assert search("zebra", index).total == 0


# Saving and loading.

QUERIES = (
    SearchRequest(),
    SearchRequest("kids run away"),
    SearchRequest('"run away" -buses'),
    SearchRequest("lock* homes", sort="newest"),
    SearchRequest("title:locks theme:stalking-harassment"),
    SearchRequest("safe", filters=Filters({"region": ["wales", "north-east"]}), page=2, per_page=1),
    SearchRequest("zebra DA", sort="evidence"),
)


def test_a_saved_index_answers_the_same_once_loaded(tmp_path: Path) -> None:
    """Hits, scores, snippets, facets and totals, to the last bit."""
    INDEX.save(tmp_path)
    loaded = SearchIndex.load(tmp_path, PRACTICES, TAXONOMY)
    for request in QUERIES:
        assert loaded.search(request) == INDEX.search(request)


@pytest.mark.parametrize(
    "others",
    [
        PRACTICES[1:],
        PRACTICES[::-1],
        (*PRACTICES, practice_of("one-more", "One more", "More.")),
        (practice_of("another", "Another", "Other."), *PRACTICES[1:]),
        (),
    ],
    ids=["fewer", "reordered", "more", "another", "none"],
)
def test_an_index_of_other_practices_is_damaged(tmp_path: Path, others: tuple[Practice, ...]) -> None:
    """Rows would name the wrong practices."""
    INDEX.save(tmp_path)
    with pytest.raises(SnapshotDamaged):
        SearchIndex.load(tmp_path, others, TAXONOMY)


def test_asking_changes_nothing() -> None:
    """The same request has the same answer after any other."""
    before = [INDEX.search(request) for request in QUERIES]
    for request in reversed(QUERIES):
        INDEX.search(replace(request, page=1, per_page=3))
    assert [INDEX.search(request) for request in QUERIES] == before


def test_a_misspelt_word_is_searched_for_as_the_word_that_was_meant() -> None:
    """What was typed and what was searched are both told, and synonyms work on the word meant."""
    results = search("childern lokcs")
    assert results.understood.corrections == (("childern", "children"), ("lokcs", "locks"))
    assert results.understood.missing == ()
    assert [hit.row for hit in results.hits] == [hit.row for hit in search("children locks").hits]


def test_a_word_that_is_like_no_other_is_left_and_told() -> None:
    """Nothing is guessed where nothing is near, nor for acronyms and short words."""
    for text in ("xylophonist", "QWRTZ", "zzz"):
        results = search(text)
        assert (results.understood.corrections, results.understood.missing) == ((), (text,))


def test_a_word_that_some_practice_holds_is_never_corrected() -> None:
    """A rare word is not a mistake."""
    for word in ("locks", "kids", "homes"):
        assert search(word).understood.corrections == ()


@pytest.mark.parametrize("typed", ["lorry", "buses", "loans", "doxxing"])
def test_an_english_word_and_one_that_is_like_a_function_word_are_left_and_told(typed: str) -> None:
    """A word rightly spelt is no slip, whatever is near it; a function word would find nothing."""
    index = SearchIndex.build(
        [practice_of("worries", "Worry and fuses", "What leans on a lurry is doing that.")], TAXONOMY
    )
    results = search(typed, index)
    assert (results.understood.corrections, results.understood.missing) == ((), (typed,))


# Taking over what has not changed.


def saved(index: SearchIndex, folder: Path) -> dict[str, list[Any]]:
    """Return all that an index writes but for Whoosh's own files."""
    folder.mkdir()
    index.save(folder)
    terms = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
    arrays: dict[str, list[Any]] = {"terms": terms}
    for name in ("counts", "passages"):
        with np.load(folder / f"{name}.npz") as stored:
            arrays |= {key: [stored[key].dtype, stored[key].tolist()] for key in stored}
    return arrays


@pytest.mark.parametrize(
    "ids",
    [
        ["return-talks", "night-buses", "safe-rooms", "clares-law", "locks"],
        ["locks", "new", "return-talks"],
        ["new", "changed", "clares-law", "night-buses"],
        ["locks"],
        ["new", "changed"],
    ],
    ids=["the same", "one added, some gone, another order", "one changed", "one left", "nothing kept"],
)
def test_an_index_that_takes_over_what_has_not_changed_is_the_same_as_one_built_whole(
    ids: list[str], tmp_path: Path
) -> None:
    """In all that is written, so in all that is answered."""
    added = [
        practice_of("new", "Aardvarks", "Zebras listen to young aardvarks. They ask."),
        practice_of("changed", "Return talks", "Workers listen to nobody."),
    ]
    known = {practice.id: practice for practice in (*PRACTICES, *added)}
    rows = {practice.id: row for row, practice in enumerate(PRACTICES)}
    practices = [known[key] for key in ids]
    reuse = Reuse(np.array([rows.get(key, -1) for key in ids], dtype=np.int32))
    taken = SearchIndex.build(practices, TAXONOMY, INDEX, reuse)
    whole = SearchIndex.build(practices, TAXONOMY)
    assert saved(taken, tmp_path / "taken") == saved(whole, tmp_path / "whole")
    for query in ("workers listen", "aardvarks", "locks for homes", ""):
        assert search(query, taken) == search(query, whole)


# What was meant.


def test_a_practice_whose_title_was_typed_comes_first() -> None:
    """Though others hold the words more often."""
    practices = (
        practice_of("plain", "Night buses", "Once."),
        practice_of("loud", "Night buses and night buses", "Night buses, night buses, night buses."),
    )
    index = SearchIndex.build(practices, TAXONOMY)
    assert [hit.row for hit in search("night buses", index).hits] == [0, 1]
    assert [hit.row for hit in search('"Night buses"', index).hits] == [0, 1]


def test_practices_of_an_organisation_that_was_named_come_before_others_alike() -> None:
    """By its short name too; what answers nothing else of the query does not pass what does."""
    practices = (
        practice_of("other", "Night buses", "Buses.", organisations=["safe-lives-charity"]),
        practice_of("own", "Night buses at home", "Buses.", organisations=["devon-and-cornwall-police"]),
        practice_of("apart", "Locks", "Doors.", organisations=["devon-and-cornwall-police"]),
    )
    index = SearchIndex.build(practices, TAXONOMY)
    results = search("buses Devon and Cornwall", index)
    assert results.understood.organisations == ("devon-and-cornwall-police",)
    assert results.hits[0].row == 1


def test_words_that_say_nothing_together_are_searched_and_another_phrase_offered() -> None:
    """The query stays as typed; a click searches for the other."""
    practices = [
        practice_of("one", "Safe rooms", "Rooms for children who are safe."),
        practice_of("two", "Sage gardens", "Sage for gardens."),
    ]
    results = search("sage rooms", SearchIndex.build(practices, TAXONOMY))
    assert (results.query.words, results.understood.offer) == (("sage", "room"), "safe rooms")
    assert results.total == 2


def test_a_search_without_matches_is_relaxed_and_says_what_was_dropped() -> None:
    """One step only, if that is enough; the search itself found nothing."""
    results = search('"children run home" -zebra')
    assert (results.total, results.hits) == (0, ())
    assert results.nearest is not None
    assert results.nearest.dropped == ("exclusions", "phrases")
    assert {hit.row for hit in results.nearest.hits} >= {0, 2}
    assert set(results.nearest.themes) >= {"missing-people", "domestic-abuse"}


def test_filters_are_dropped_last() -> None:
    """The words find something elsewhere."""
    results = search("locks", filters=Filters({"theme": ("missing-people",)}))
    assert results.total == 0
    assert results.nearest is not None
    assert results.nearest.dropped == ("filters",)


def test_what_finds_something_offers_nothing_nearer() -> None:
    """Nor does a query of which no word is known."""
    assert search("children").nearest is None
    assert search("zebra quilting").nearest is None
