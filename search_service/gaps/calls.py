"""Did a targeted call close the gap? What came through each call is compared with what came before it.

For a theme that a call asked for, a of the A practices that came through earlier calls carry it, and b of
the B that came through this one. Were its share unchanged, then of the a + b each would have come through
this call with probability B / (A + B):

    b | a + b ~ Binomial(a + b, B / (A + B))

(the exact conditional test of two rates, J. Przyborowski and H. Wilenski 1940, Biometrika 31, 313-323).
The interval of the ratio of shares comes from that of the binomial proportion p (Clopper and Pearson 1934,
Biometrika 26, 404-413) as p / (1 - p) * A / B.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import bdtr, bdtrc, betaincinv

from search_service.gaps.sentences import counted
from search_service.gaps.statistics import (
    MIN_EXPECTED,
    TAIL,
    Labelled,
    Status,
    classify,
    posterior,
    shares_of,
    shrinkage,
)
from search_service.practices.taxonomy import Call, ReferenceList


class Change(Labelled):
    """How the share of a theme changed from before a call to the call."""

    MORE = "more", "More than before"
    FEWER = "fewer", "Fewer than before"
    NO_CLEAR_CHANGE = "no-clear-change", "No clear change"
    TOO_LITTLE_DATA = "too-little-data", "Too little data to say"


class Share(NamedTuple):
    """Of `total` practices, `carry` a theme."""

    carry: int
    total: int

    def __str__(self) -> str:
        return f"{self.carry:,} of {self.total:,}"


_OUTCOMES: dict[tuple[Status | None, Status | None], str] = {
    (Status.LIKELY_GAP, Status.NO_SIGN): "the gap is closed",
    (Status.LIKELY_GAP, Status.POSSIBLE_GAP): "the gap is smaller",
    (Status.LIKELY_GAP, Status.LIKELY_GAP): "it is still a likely gap",
    (Status.LIKELY_GAP, Status.TOO_LITTLE_DATA): "too little data to say whether the gap is closed",
    (Status.POSSIBLE_GAP, Status.NO_SIGN): "the gap is closed",
    (Status.POSSIBLE_GAP, Status.POSSIBLE_GAP): "it is still a possible gap",
    (Status.POSSIBLE_GAP, Status.LIKELY_GAP): "the gap is wider",
    (Status.POSSIBLE_GAP, Status.TOO_LITTLE_DATA): "too little data to say whether the gap is closed",
}
"""What became of a gap, by its status before a call and after it."""


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """One theme that a call asked for: its share before the call and through it.

    `low` and `high` bound the ratio of the shares (90 %, `high` may be infinite); `probability` is that of
    as many or more through the call were the share unchanged. The statuses before and after are against a
    reference, None if it has no figure for the theme.
    """

    theme: str
    label: str
    before: Share
    through: Share
    low: float
    high: float
    probability: float
    change: Change
    status_before: Status | None
    status_after: Status | None

    @property
    def sentence(self) -> str:
        """What changed, and whether the gap is closed."""
        start = f"{self.label}: {self.through} through the call, {self.before} before it"
        if self.change is Change.TOO_LITTLE_DATA:
            return f"{start}; too little data to say."
        outcome = _OUTCOMES.get((self.status_before, self.status_after))
        return f"{start}; {self.change.label.lower()}{f', and {outcome}' if outcome else ''}."


@dataclass(frozen=True, slots=True)
class CallEffect:
    """What one call brought: `before` and `through` count all practices."""

    call: str
    label: str
    wanted: str
    before: int
    through: int
    themes: tuple[ThemeChange, ...]

    @property
    def sentence(self) -> str:
        """How much there is to compare."""
        if not self.through:
            return "No practice here is recorded as having come through this call: too little data to say."
        came = f"{counted(self.through, 'practice')} came through this call"
        if not self.before:
            return f"{came} and none before it: too little data to say."
        return f"{came}, {counted(self.before, 'practice')} through earlier ones."


def call_effects(
    calls_of: Sequence[Collection[str]],
    themes_of: Sequence[Collection[str]],
    calls: Sequence[Call],
    themes: Mapping[str, str],
    reference: ReferenceList,
) -> tuple[CallEffect, ...]:
    """Compare what came through each call with what came before it, in the order of `calls`.

    `calls_of` and `themes_of` hold, for each practice, the call it came through, if any, and its themes.
    Collections count as what came before, but asked nobody and are no calls themselves.
    """
    effects = []
    earlier, before = Counter[str](), 0
    for call in calls:
        sets = [carried for came, carried in zip(calls_of, themes_of, strict=True) if call.id in came]
        tags = Counter(theme for carried in sets for theme in carried)
        total = earlier + tags
        if call.kind == "call":
            was, now = (_statuses(counts, reference.weigh(themes)) for counts in (earlier, total))
            changes = tuple(
                theme_change(
                    (theme, label),
                    Share(earlier[theme], before),
                    Share(tags[theme], len(sets)),
                    (was.get(theme), now.get(theme)),
                )
                for theme, label in themes.items()
                if theme in call.asked_for
            )
            effects.append(CallEffect(call.id, call.label, call.wanted, before, len(sets), changes))
        earlier, before = total, before + len(sets)
    return tuple(effects)


def theme_change(
    theme: tuple[str, str],
    before: Share,
    through: Share,
    statuses: tuple[Status | None, Status | None],
) -> ThemeChange:
    """Compare the shares of one theme (id and label) before a call and through it."""
    enough = before.total and through.total and before.carry + through.carry >= MIN_EXPECTED
    low, high, more, fewer = exact_change(before, through) if enough else (0.0, float("inf"), 1.0, 1.0)
    if not enough:
        change = Change.TOO_LITTLE_DATA
    elif more <= TAIL:
        change = Change.MORE
    else:
        change = Change.FEWER if fewer <= TAIL else Change.NO_CLEAR_CHANGE
    return ThemeChange(*theme, before, through, low, high, more, change, *statuses)


def exact_change(before: Share, through: Share) -> tuple[float, float, float, float]:
    """Return (low, high) of the ratio of shares, and P(as many or more), P(as few or fewer).

    Neither total may be 0.
    """
    (a, earlier), (b, came) = before, through
    number, unchanged = a + b, came / (earlier + came)
    more = float(bdtrc(b - 1, number, unchanged)) if b else 1.0
    fewer = float(bdtr(b, number, unchanged))
    low = float(betaincinv(b, a + 1, TAIL)) if b else 0.0
    high = float(betaincinv(b + 1, a, 1.0 - TAIL)) if a else 1.0
    scale = earlier / came
    return low / (1 - low) * scale, high / (1 - high) * scale if high < 1 else float("inf"), more, fewer


def _statuses(counts: Mapping[str, int], weights: Mapping[str, float]) -> dict[str, Status]:
    """Return the status of each theme that has a weight, as a report on these counts would."""
    observed = np.array([counts[theme] for theme in weights], dtype=np.float64)
    expected = observed.sum() * shares_of(weights.values())
    under = posterior(observed, expected, shrinkage(observed, expected)).probability_under
    return {theme: classify(float(g), float(e)) for theme, g, e in zip(weights, under, expected, strict=True)}
