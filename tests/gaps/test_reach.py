"""The rule kept here: who the practice is from, and whom it does not reach, is counted in practices."""

from __future__ import annotations

from builders import make_practice

from search_service.gaps.reach import LISTS, Reach, reach_of
from search_service.practices.model import Practice

LABELS = {
    "theme": {"stalking": "Stalking", "fraud": "Fraud"},
    "organisation": {"kent": "Kent Police", "essex": "Essex Police", "shelter": "A shelter"},
    "region": {"south-east": "South East", "wales": "Wales"},
    "target_group": {"children": "Children", "adults": "Adults"},
    "approach": {"diversion": "Diversion"},
}
FORCES = ("kent", "essex")


def held(number: int, *organisations: str, theme: str = "stalking", region: str = "south-east") -> Practice:
    """Return a practice of the given organisations."""
    return make_practice(
        f"practice-{number}",
        organisations=organisations,
        regions=(region,),
        themes=(theme,),
        target_groups=("children",),
        approaches=("diversion",),
    )


def reach(*practices: Practice) -> Reach:
    """Return the reach of practices."""
    return reach_of({name: [one.values(name) for one in practices] for name in LISTS}, LABELS, FORCES)


def test_a_theme_that_one_organisation_fills_is_concentrated() -> None:
    """The sentence is that of the design: so many of so many from one."""
    found = reach(*(held(at, "kent") for at in range(7)), held(7, "essex"), held(8, "essex"))
    theme = found.themes[0]
    assert theme.is_concentrated
    assert theme.sentence == "7 of 9 from Kent Police."
    assert found.concentrated == (theme,)


def test_half_or_less_and_fewer_than_five_are_not_concentrated() -> None:
    """Two of three is chance, and half is not most."""
    few = reach(held(0, "kent"), held(1, "kent"), held(2, "essex")).themes[0]
    half = reach(*(held(at, "kent" if at < 3 else "essex") for at in range(6))).themes[0]
    assert not few.is_concentrated
    assert not half.is_concentrated


def test_a_practice_of_several_organisations_counts_for_each() -> None:
    """Working together is not concentration."""
    theme = reach(held(0, "kent", "essex"), held(1, "kent")).themes[0]
    assert (theme.organisations, theme.leading, theme.leading_practices) == (2, "Kent Police", 2)


def test_what_has_none_is_named_for_the_collection_and_for_each_theme() -> None:
    """Forces, regions and target groups without practice are listed by name."""
    found = reach(held(0, "kent"), held(1, "shelter", theme="fraud", region="wales"))
    assert found.forces_without == ("Essex Police",)
    assert found.sentence == "1 of 2 police forces have no practice here."
    assert found.regions_without == ()
    assert found.target_groups_without == ("Adults",)
    stalking, fraud = found.themes
    assert (stalking.regions_without, fraud.regions_without) == (("Wales",), ("South East",))


def test_nothing_is_said_of_practice_that_is_not_there() -> None:
    """An empty collection, a theme without practice, and a practice without an organisation."""
    empty = reach()
    assert [theme.sentence for theme in empty.themes] == ["There is no practice."] * 2
    assert empty.forces_without == ("Kent Police", "Essex Police")
    assert reach(held(0)).themes[0].sentence == "No practice names an organisation."
    assert reach(held(0, "kent")).themes[0].sentence == "The one practice is from Kent Police."
    assert reach(held(0, "kent"), held(1, "essex")).themes[0].sentence == (
        "No organisation has more than one of the 2."
    )


def test_every_force_with_a_practice_is_said_as_such() -> None:
    """The good news has a sentence of its own."""
    assert reach(held(0, "kent", "essex")).sentence == "Every one of the 2 police forces has a practice here."
