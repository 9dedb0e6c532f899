"""The rule kept here: whether a call changed a theme's share is decided by an exact binomial test."""

from __future__ import annotations

import pytest
from builders import make_practice, make_reference
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from search_service.gaps.calls import CallEffect, Change, Share, call_effects, exact_change
from search_service.gaps.statistics import Status
from search_service.practices.model import Practice
from search_service.practices.taxonomy import Call, ReferenceList

EQUAL = make_reference("equal", "Equal shares")
THEMES = {f"theme-{at}": f"Theme {at}" for at in range(12)}


def make_call(key: str, kind: str = "call", asked: tuple[str, ...] = ("theme-0",)) -> Call:
    """Return a call that asked for the first theme."""
    return Call.model_validate({"id": key, "label": key.title(), "kind": kind, "asked_for": asked})


def effects_of(
    practices: list[Practice],
    calls: list[Call],
    themes: dict[str, str],
    reference: ReferenceList = EQUAL,
) -> tuple[CallEffect, ...]:
    """Return what calls brought of practices."""
    came_through = [one.values("call") for one in practices]
    return call_effects(came_through, [one.themes for one in practices], calls, themes, reference)


def came(call: str | None, theme: str, number: int) -> list[Practice]:
    """Return so many practices on a theme that came through a call."""
    return [
        make_practice(f"came-{call or 'unasked'}-{theme}-{at}", call=call, themes=(theme,))
        for at in range(number)
    ]


def others(call: str, each: int) -> list[Practice]:
    """Return so many practices on each theme but the first."""
    return [one for theme in list(THEMES)[1:] for one in came(call, theme, each)]


FIRST, SECOND = make_call("first"), make_call("second")


def test_a_targeted_call_that_brings_much_closes_the_gap() -> None:
    """Two of 222 before, thirty of 52 through the call."""
    practices = came("first", "theme-0", 2) + others("first", 20)
    practices += came("second", "theme-0", 30) + others("second", 2)
    change = effects_of(practices, [FIRST, SECOND], THEMES)[1].themes[0]
    assert (change.before.carry, change.through.carry, change.change) == (2, 30, Change.MORE)
    assert (change.status_before, change.status_after) == (Status.LIKELY_GAP, Status.NO_SIGN)
    assert change.sentence == (
        "Theme 0: 30 of 52 through the call, 2 of 222 before it; more than before, and the gap is closed."
    )


def test_a_call_that_brings_little_leaves_the_gap() -> None:
    """The share grew no more than chance allows."""
    practices = came("first", "theme-0", 3) + others("first", 20)
    practices += came("second", "theme-0", 2) + others("second", 8)
    change = effects_of(practices, [FIRST, SECOND], THEMES)[1].themes[0]
    assert change.change is Change.NO_CLEAR_CHANGE
    assert change.sentence.endswith("no clear change, and it is still a likely gap.")


def test_a_theme_that_fell_behind_is_said_to_have() -> None:
    """A call may bring less of what it asked for, too."""
    practices = came("first", "theme-0", 40) + others("first", 10)
    practices += others("second", 10)
    change = effects_of(practices, [FIRST, SECOND], THEMES)[1].themes[0]
    assert change.change is Change.FEWER
    assert change.high < 1


@pytest.mark.parametrize(
    ("practices", "said"),
    [
        ([], "No practice here is recorded as having come through this call"),
        (came("second", "theme-0", 9), "9 practices came through this call and none before it"),
    ],
)
def test_a_call_without_practices_or_without_a_before_is_too_little_data(
    practices: list[Practice], said: str
) -> None:
    """Nothing is compared with nothing."""
    effect = effects_of(practices, [FIRST, SECOND], THEMES)[1]
    assert effect.sentence.startswith(said)
    assert effect.sentence.endswith("too little data to say.")
    assert {theme.change for theme in effect.themes} == {Change.TOO_LITTLE_DATA}


def test_few_practices_on_a_theme_are_too_little_data() -> None:
    """Four on a theme, whatever their shares."""
    practices = others("first", 20) + came("second", "theme-0", 4)
    change = effects_of(practices, [FIRST, SECOND], THEMES)[1].themes[0]
    assert change.change is Change.TOO_LITTLE_DATA
    assert change.sentence.endswith("too little data to say.")


def test_a_collection_is_a_before_but_no_call() -> None:
    """Staff who gather practice ask nobody; what they gathered was there all the same."""
    gathered = make_call("first", kind="collection")
    practices = came("first", "theme-0", 2) + others("first", 20) + came("second", "theme-0", 30)
    effects = effects_of(practices, [gathered, SECOND], THEMES)
    assert [effect.call for effect in effects] == ["second"]
    assert effects[0].before == 222


def test_a_practice_without_a_call_is_neither_before_nor_through() -> None:
    """It is not known when it came."""
    effect = effects_of(came(None, "theme-0", 50), [FIRST, SECOND], THEMES)[1]
    assert (effect.before, effect.through) == (0, 0)


def test_a_theme_without_a_figure_has_no_label() -> None:
    """Where the reference leaves a theme out, only the change is said."""
    practices = came("first", "theme-0", 2) + others("first", 20) + came("second", "theme-0", 30)
    others_only = make_reference("part", "Part", dict.fromkeys(list(THEMES)[1:], 1.0))
    change = effects_of(practices, [FIRST, SECOND], THEMES, others_only)[1].themes[0]
    assert (change.status_before, change.status_after) == (None, None)
    assert change.sentence.endswith("; more than before.")


@given(st.integers(0, 30), st.integers(0, 200), st.integers(0, 30), st.integers(0, 200))
def test_the_test_and_its_interval_agree_with_scipy(a: int, rest_a: int, b: int, rest_b: int) -> None:
    """P-values and Clopper-Pearson ends come out of scipy.stats.binomtest, which shares no code."""
    earlier, through = a + rest_a + 1, b + rest_b + 1
    low, high, more, fewer = exact_change(Share(a, earlier), Share(b, through))
    if not a + b:
        assert (low, more, fewer) == (0.0, 1.0, 1.0)
        return
    share = through / (earlier + through)
    tested = stats.binomtest(b, a + b, share, alternative="greater")
    assert more == pytest.approx(tested.pvalue)
    assert fewer == pytest.approx(stats.binomtest(b, a + b, share, alternative="less").pvalue)
    ends = stats.binomtest(b, a + b, share).proportion_ci(0.90, method="exact")
    assert low == pytest.approx(ends.low / (1 - ends.low) * earlier / through)
    if a:
        assert high == pytest.approx(ends.high / (1 - ends.high) * earlier / through)
    else:
        assert high == float("inf")
