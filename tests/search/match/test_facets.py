"""The rule kept here: OR within a facet, AND between facets, and honest counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from builders import make_practice, make_taxonomy
from hypothesis import given
from hypothesis import strategies as st

from search_service.practices.model import Practice
from search_service.search.match.engine import Mask
from search_service.search.match.facets import FACETS, FacetCounts, FacetIndex

TAXONOMY = make_taxonomy()

IDS = {facet.name: tuple(TAXONOMY.terms(facet.name)) for facet in FACETS}

FIXED: tuple[dict[str, Any], ...] = (
    {"themes": ["domestic-abuse"], "regions": ["wales"], "rating": "works"},
    {
        "themes": ["domestic-abuse", "missing-people"],
        "regions": ["wales", "north-east"],
        "rating": "untested",
    },
    {"themes": ["stalking-harassment"], "regions": ["north-east"], "rating": "untested"},
    {"themes": [], "regions": ["national"], "rating": "promising"},
)

PRACTICES = tuple(
    make_practice(f"practice-{at}", organisations=["safe-lives-charity"], **values)
    for at, values in enumerate(FIXED)
)

FORCES = {"durham-constabulary": "north-east", "devon-and-cornwall-police": "south-west"}
"""The police forces of the small taxonomy with their regions."""


def everything(practices: Sequence[Practice]) -> Mask:
    """Return the mask of all practices."""
    return np.ones(len(practices), dtype=bool)


def narrowed(selection: Mapping[str, Collection[str]]) -> list[int]:
    """Return which of `PRACTICES` meet a selection."""
    mask, _ = FacetIndex(PRACTICES, TAXONOMY).apply(everything(PRACTICES), selection)
    return np.flatnonzero(mask).tolist()


def facet(name: str, selection: Mapping[str, Collection[str]]) -> FacetCounts:
    """Return one facet of `PRACTICES` under a selection."""
    _, counts = FacetIndex(PRACTICES, TAXONOMY).apply(everything(PRACTICES), selection)
    return next(counted for counted in counts if counted.name == name)


def numbers(counted: FacetCounts) -> dict[str, int]:
    """Return a facet's counts by id, in the order shown."""
    return {value.id: value.count for value in counted.values}


def test_values_of_one_facet_are_alternatives() -> None:
    """Choosing a second value finds more."""
    assert narrowed({"theme": ["missing-people"]}) == [1]
    assert narrowed({"theme": ["missing-people", "stalking-harassment"]}) == [1, 2]


def test_a_region_holds_the_practices_of_its_forces() -> None:
    """Wherever else they are used; a charity's seat says nothing of where it works."""
    held = [
        make_practice("force", organisations=["durham-constabulary"], regions=["national"]),
        make_practice("charity", organisations=["safe-lives-charity"], regions=["wales"]),
    ]
    mask, counts = FacetIndex(held, TAXONOMY).apply(everything(held), {"region": ["north-east"]})
    assert mask.tolist() == [True, False]
    assert numbers(next(counted for counted in counts if counted.name == "region")) == {
        "north-east": 1,
        "national": 1,
        "wales": 1,
    }


def test_different_facets_must_all_be_met() -> None:
    """Choosing in a second facet finds less."""
    assert narrowed({"region": ["wales"]}) == [0, 1]
    assert narrowed({"region": ["wales"], "evidence": ["untested"]}) == [1]
    assert narrowed({"region": ["wales"], "evidence": ["promising"]}) == []


def test_no_filter_narrows_nothing() -> None:
    """Nor does a facet in which nothing is chosen."""
    assert narrowed({}) == [0, 1, 2, 3]
    assert narrowed({"theme": []}) == [0, 1, 2, 3]


def test_a_value_nobody_holds_finds_nothing() -> None:
    """Known or not."""
    assert narrowed({"region": ["south-west"]}) == []
    assert narrowed({"region": ["atlantis"]}) == []


def test_a_practice_of_two_values_is_counted_under_each_and_found_once() -> None:
    """Counts of one facet may add up to more than there are practices."""
    assert numbers(facet("theme", {})) == {
        "domestic-abuse": 2,
        "stalking-harassment": 1,
        "missing-people": 1,
    }
    assert narrowed({"theme": ["domestic-abuse", "missing-people"]}) == [0, 1]


def test_counts_of_a_facet_ignore_its_own_filter_only() -> None:
    """Each number says what choosing that value as well would give."""
    selection = {"theme": ["domestic-abuse"], "region": ["wales"]}
    assert numbers(facet("theme", selection)) == {"domestic-abuse": 2, "missing-people": 1}
    assert numbers(facet("region", selection)) == {"wales": 2, "north-east": 1}
    assert numbers(facet("evidence", selection)) == {"works": 1, "untested": 1}


def test_a_selected_value_without_a_practice_can_still_be_taken_back() -> None:
    """It stays, with its count of none; others that nobody holds are left out."""
    counted = facet("region", {"region": ["south-west"]})
    assert numbers(counted)["south-west"] == 0
    assert [value.id for value in counted.values if value.selected] == ["south-west"]
    assert "south-west" not in numbers(facet("region", {}))


def test_the_most_frequent_value_comes_first_and_ties_follow_the_list() -> None:
    """Labels are those of the taxonomy."""
    counted = facet("region", {})
    assert [(value.label, value.count) for value in counted.values] == [
        ("North east", 2),
        ("Wales", 2),
        ("National", 1),
    ]
    assert counted.label == "Region"


def test_only_practices_that_match_are_counted() -> None:
    """Counts are of the answer to the query, not of the collection."""
    mask = np.array([True, False, True, False])
    narrow, counts = FacetIndex(PRACTICES, TAXONOMY).apply(mask, {})
    assert narrow.tolist() == mask.tolist()
    assert numbers(counts[0]) == {"domestic-abuse": 1, "stalking-harassment": 1}


def test_the_given_mask_is_left_as_it_was() -> None:
    """Narrowing returns a new mask."""
    mask = everything(PRACTICES)
    FacetIndex(PRACTICES, TAXONOMY).apply(mask, {"theme": ["missing-people"]})
    assert mask.all()


def test_every_facet_is_reported_in_the_order_of_the_table() -> None:
    """Even where no practice holds a value of it."""
    bare = [make_practice("bare", themes=[], call=None)]
    _, counts = FacetIndex(bare, TAXONOMY).apply(everything(bare), {})
    assert [(counted.name, counted.label) for counted in counts] == [(f.name, f.label) for f in FACETS]
    assert next(counted for counted in counts if counted.name == "call").values == ()


# Random practices and selections.


@st.composite
def practices(draw: st.DrawFn) -> list[Practice]:
    """Draw up to eight practices over the small taxonomy, or so many times over that 64 are passed."""

    def some(name: str) -> list[str]:
        return draw(st.lists(st.sampled_from(IDS[name]), unique=True, max_size=2))

    drawn = [
        make_practice(
            f"practice-{at}",
            themes=some("theme"),
            approaches=some("approach"),
            regions=some("region"),
            organisations=some("organisation"),
            target_groups=some("target_group"),
            rating=draw(st.sampled_from(IDS["evidence"])),
            stage=draw(st.sampled_from(IDS["stage"])),
            call=draw(st.none() | st.sampled_from(IDS["call"])),
        )
        for at in range(draw(st.integers(1, 8)))
    ]
    return drawn * draw(st.sampled_from([1, 1, 8, 20]))


SELECTIONS = st.fixed_dictionaries(
    {}, optional={name: st.sets(st.sampled_from(ids), max_size=3) for name, ids in IDS.items()}
)


def held_by(practice: Practice, name: str) -> set[str]:
    """Return what a practice is found by in one facet: a region holds its forces' practices."""
    held = set(practice.values(name))
    if name == "region":
        held |= {FORCES[key] for key in practice.organisations if key in FORCES}
    return held


def meets(practice: Practice, selection: Mapping[str, Collection[str]], but: str = "") -> bool:
    """Tell whether a practice meets a selection in every facet but one."""
    return all(
        set(chosen) & held_by(practice, name) for name, chosen in selection.items() if chosen and name != but
    )


@given(practices(), SELECTIONS, st.integers(0, 2**160 - 1))
def test_narrowing_and_counts_agree_with_counting_by_hand(
    held: list[Practice], selection: dict[str, set[str]], bits: int
) -> None:
    """Any practices, any selection, any matches before it."""
    mask = np.array([bool(bits >> at & 1) for at in range(len(held))])
    narrow, counts = FacetIndex(held, TAXONOMY).apply(mask, selection)
    matching = [practice for practice, flag in zip(held, mask, strict=True) if flag]
    assert narrow.tolist() == [
        bool(flag) and meets(practice, selection) for practice, flag in zip(held, mask, strict=True)
    ]
    for counted in counts:
        base = [practice for practice in matching if meets(practice, selection, but=counted.name)]
        expected = {
            key: sum(key in held_by(practice, counted.name) for practice in base) for key in IDS[counted.name]
        }
        chosen = selection.get(counted.name, set())
        assert numbers(counted) == {key: n for key, n in expected.items() if n or key in chosen}
        assert {value.id for value in counted.values if value.selected} == chosen
        shown = [value.count for value in counted.values]
        assert shown == sorted(shown, reverse=True)
