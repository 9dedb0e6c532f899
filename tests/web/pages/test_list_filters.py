"""The rule kept here: a filter leaves out what it says, and never hides what passes it further down."""

from __future__ import annotations

import numpy as np
import pytest
from builders import make_practice, make_taxonomy
from hypothesis import given
from hypothesis import strategies as st

from search_service.practices.collection import Columns
from search_service.similar.filters import ListFilters, passing
from search_service.similar.index import SimilarIndex
from search_service.similar.lists import NEIGHBOURS

TAXONOMY = make_taxonomy()
DURHAM, DEVON, CHARITY = "durham-constabulary", "devon-and-cornwall-police", "safe-lives-charity"

PRACTICES = (
    make_practice(
        "works", rating="works", organisations=[CHARITY], regions=["wales"], themes=["missing-people"]
    ),
    make_practice("promising", rating="promising", organisations=[DURHAM], regions=["north-east"]),
    make_practice("untested", rating="untested", organisations=[DURHAM, DEVON], regions=["wales"]),
    make_practice("failed", rating="did-not-work", organisations=[DEVON], regions=["national"]),
)
IDS = [practice.id for practice in PRACTICES]
COLUMNS = Columns.read(PRACTICES)


def kept(filters: ListFilters) -> list[str]:
    """Return the ids of the practices that pass."""
    return [IDS[row] for row in np.flatnonzero(passing(filters, COLUMNS, TAXONOMY))]


def test_without_filters_everything_passes() -> None:
    """An empty filter is none."""
    assert kept(ListFilters()) == IDS
    assert ListFilters().used == ()
    assert ListFilters(promising=True).used == ("promising",)


def test_promising_or_better_is_read_off_the_order_of_the_list() -> None:
    """What was found not to work is not better than promising, though it was tested."""
    assert kept(ListFilters(promising=True)) == ["works", "promising"]
    other_order = make_taxonomy(
        evidence=[{"id": key, "label": key} for key in ("promising", "works", "untested", "did-not-work")]
    )
    found = passing(ListFilters(promising=True), COLUMNS, other_order)
    assert [IDS[row] for row in np.flatnonzero(found)] == ["promising"]


def test_a_list_of_ratings_without_promising_lets_none_pass() -> None:
    """Nothing is known to be as strong."""
    none = make_taxonomy(evidence=[{"id": "untested", "label": "Untested"}])
    assert not passing(ListFilters(promising=True), COLUMNS, none).any()


def test_my_own_practice_is_left_out_and_what_i_share_stays() -> None:
    """Practice that others run too can be learnt from."""
    assert kept(ListFilters(not_organisation=(DURHAM,))) == ["works", "untested", "failed"]
    assert kept(ListFilters(not_organisation=(DURHAM, DEVON))) == ["works"]


def test_a_region_holds_the_practice_of_its_forces() -> None:
    """As in search: the south west is found, though only the force that runs it is from there."""
    assert kept(ListFilters(region=("south-west",))) == ["untested", "failed"]
    assert kept(ListFilters(region=("wales", "national"))) == ["works", "untested", "failed"]


def test_any_of_the_themes_is_enough() -> None:
    """And all filters together must be met."""
    assert kept(ListFilters(theme=("missing-people", "stalking-harassment"))) == ["works"]
    assert kept(ListFilters(theme=("domestic-abuse",), promising=True)) == ["promising"]


@given(
    st.builds(
        ListFilters,
        promising=st.booleans(),
        not_organisation=st.lists(st.sampled_from([DURHAM, DEVON, CHARITY])).map(tuple),
        region=st.lists(st.sampled_from(["wales", "north-east", "south-west", "national"])).map(tuple),
        theme=st.lists(st.sampled_from(["missing-people", "domestic-abuse"])).map(tuple),
    )
)
def test_filters_together_keep_what_each_keeps(filters: ListFilters) -> None:
    """No filter undoes another."""
    alone = [
        ListFilters(promising=filters.promising),
        ListFilters(not_organisation=filters.not_organisation),
        ListFilters(region=filters.region),
        ListFilters(theme=filters.theme),
    ]
    assert set(kept(filters)) == set.intersection(*(set(kept(one)) for one in alone))


FAR = 3
"""Practices further away than all stored neighbours."""

CROWD = tuple(
    make_practice(f"{kind}-{at:02}", title=f"N{kind}{at}", summary=f"S{kind}{at}", sections={"aim": text})
    for kind, count, text in (
        ("near", NEIGHBOURS + 5, "locks alarms cameras doors victims"),
        ("wide", FAR, "locks alarms dogs"),
        ("else", NEIGHBOURS + 20, "boats sail rivers"),
    )
    for at in range(count)
)
"""More near practices than are stored for one, a few less near, and more of something else."""


@pytest.fixture(scope="module")
def crowd() -> SimilarIndex:
    """Compare the crowd once."""
    return SimilarIndex.build(CROWD)


@pytest.fixture
def only_far() -> np.ndarray:
    """Keep the practices that are further away, and those that are about something else."""
    return np.array([not practice.id.startswith("near") for practice in CROWD])


def found_in(recommendations: object) -> set[str]:
    """Return the ids in a list, those folded included."""
    rows = [row for one in recommendations for row in (one.row, *one.variants)]  # type: ignore[attr-defined]
    return {CROWD[row].id for row in rows}


WIDE = {f"wide-{at:02}" for at in range(FAR)}


def test_a_filter_reaches_beyond_the_stored_neighbours(crowd: SimilarIndex, only_far: np.ndarray) -> None:
    """All that are stored are filtered out, and good answers lie deeper down."""
    assert WIDE.isdisjoint(found_in(crowd.related(0)))
    assert found_in(crowd.related(0, keep=only_far)) == WIDE
    assert found_in(crowd.related_to_set([0, 1], keep=only_far)) == WIDE
    assert found_in(crowd.similar(crowd.read("locks alarms cameras doors victims"), keep=only_far)) == WIDE


def test_filtering_out_everything_leaves_nothing(crowd: SimilarIndex) -> None:
    """An empty list is an answer."""
    nothing = np.zeros(len(CROWD), dtype=bool)
    assert crowd.related(0, keep=nothing) == ()
    assert crowd.related_to_set([0], keep=nothing) == ()
    assert crowd.similar(crowd.read("locks alarms cameras doors victims"), keep=nothing) == ()


def test_a_filter_that_keeps_all_changes_nothing() -> None:
    """Rows, scores, folding and reasons are those of the list without it."""
    index = SimilarIndex.build(PRACTICES)
    everything = np.ones(len(PRACTICES), dtype=bool)
    for row in range(len(PRACTICES)):
        plain, filtered = index.related(row), index.related(row, keep=everything)
        assert [one.row for one in plain] == [one.row for one in filtered]
        assert [one.score for one in plain] == pytest.approx([one.score for one in filtered], abs=1e-5)


def test_what_is_filtered_out_is_not_named_as_a_version_either(crowd: SimilarIndex) -> None:
    """A version that a person asked to leave out does not come back under another."""
    keep = np.zeros(len(CROWD), dtype=bool)
    keep[[1, 2]] = True
    assert found_in(crowd.related(0, keep=keep)) == {"near-01", "near-02"}
