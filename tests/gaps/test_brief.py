"""The rule kept here: a drafted call asks for what the figures show, says why, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from builders import gap_reports, make_practice, make_reference

from search_service.gaps.call_draft import MAX_THEMES, Block, as_markdown, draft
from search_service.gaps.reach import LISTS, reach_of

THEMES = {f"theme-{at}": f"Theme {at}" for at in range(12)}
EQUAL = make_reference("equal", "Equal shares", caveat="No theme is the same size.")
LOW = make_reference("low", "Staff priorities", dict.fromkeys(THEMES, 1.0))


def drafted(
    counts: Sequence[int], themes: Mapping[str, str] = THEMES, rating: str = "untested"
) -> tuple[Block, ...]:
    """Draft a call from practices of one theme each, so many for each theme in turn."""
    practices = [
        make_practice(f"p-{theme}-{at}", themes=(theme,), organisations=("kent",), rating=rating)
        for theme, count in zip(themes, counts, strict=True)
        for at in range(count)
    ]
    report = gap_reports(
        [one.themes for one in practices], [one.is_evaluated for one in practices], themes, [EQUAL, LOW]
    )["equal"]
    labels = {
        "theme": themes,
        "organisation": {"kent": "Kent Police", "essex": "Essex Police"},
        "region": {"wales": "Wales"},
        "target_group": {"children": "Children"},
        "approach": {"diversion": "Diversion"},
    }
    values = {name: [one.values(name) for one in practices] for name in LISTS}
    reach = reach_of(values, labels, ["kent", "essex"])
    return draft(report, reach, {"theme-0": "What it is."}, {"low": "Staff priorities"}, "2026-11-26")


def test_a_draft_names_the_gap_the_figures_and_whom_to_ask() -> None:
    """Everything the staff need stands in it."""
    text = as_markdown(drafted([2, *[20] * 11]))
    assert "### Theme 0: likely gap\n\nWhat it is.\n\n- Theme 0: 2 practices where 18.5 were expected" in text
    assert "It is also a likely gap compared with staff priorities." in text
    assert "Evidence: nobody is known to have tested any of it." in text
    assert "Where it is from: 2 of 2 from Kent Police." in text
    assert "Forces without any practice here: Essex Police" in text
    assert "under-submission is not under-practice" in text
    assert "[address] by [date]" in text


def test_no_more_themes_are_asked_for_than_a_call_can_bear() -> None:
    """The thinnest come first."""
    themes = {f"theme-{at}": f"Theme {at}" for at in range(30)}
    blocks = drafted([*[at % 4 for at in range(12)], *[40] * 18], themes)
    asked = [block.text for block in blocks if block.level == 3]
    assert len(asked) == MAX_THEMES
    assert asked[:3] == ["Theme 0: likely gap", "Theme 4: likely gap", "Theme 8: likely gap"]


def test_a_theme_without_practice_is_not_said_to_lack_places() -> None:
    """Of nothing there is no more to say than that it is nothing."""
    text = as_markdown(drafted([0, *[20] * 11]))
    assert "Evidence: there is no practice yet, tested or not." in text
    assert "no practice yet for" not in text


def test_untested_practice_elsewhere_is_asked_for_too() -> None:
    """An evidence gap is no thematic gap, and is told apart from it."""
    text = as_markdown(drafted([20] * 12))
    assert "Evidence that is missing elsewhere" in text
    assert "- Theme 11 (20 practices)" in text
    assert "Evidence that is missing elsewhere" not in as_markdown(drafted([20] * 12, rating="promising"))


def test_where_nothing_can_be_said_the_draft_says_so() -> None:
    """No gap, and too little data, are different answers."""
    assert "No theme is a likely or possible gap" in as_markdown(drafted([20] * 12))
    assert "There is too little data to say which themes are thin." in as_markdown(drafted([1] * 12))
    assert "There is too little data to say" in as_markdown(drafted([0] * 12))
