"""Did the targeted call close the gap? What came through each call, beside what came before it.

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
from enum import Enum

import numpy as np
from scipy.special import bdtr, bdtrc, betaincinv

from search_service.gaps.reference import shares_of
from search_service.gaps.sentences import counted
from search_service.gaps.statistics import (
    ENOUGH_EXPECTED,
    INTERVAL,
    Status,
    classify,
    posterior,
    shrinkage,
)
from search_service.practices.taxonomy import Call


class Change(Enum):
    """What may be said of a theme from before a call to the call."""

    MORE = "more"
    FEWER = "fewer"
    NO_CLEAR_CHANGE = "no-clear-change"
    TOO_LITTLE_DATA = "too-little-data"

    @property
    def label(self) -> str:
        """The words shown to people."""
        return _CHANGE_LABELS[self]


_CHANGE_LABELS = {
    Change.MORE: "More than before",
    Change.FEWER: "Fewer than before",
    Change.NO_CLEAR_CHANGE: "No clear change",
    Change.TOO_LITTLE_DATA: "Too little data to say",
}


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """One theme that a call asked for: `before` and `through` count practices that carry it.

    `low` and `high` bound the ratio of its shares (90 %, `high` may be infinite), `probability` is that
    of as many or more through the call were the share unchanged. The labels before and after are against
    the reference given, None where it has no figure for the theme.
    """

    theme: str
    label: str
    before: int
    through: int
    low: float
    high: float
    probability: float
    change: Change
    label_before: Status | None
    label_after: Status | None
    sentence: str


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
        """Say first of all whether there is anything to go by."""
        if not self.through:
            return "No practice here is recorded as having come through this call: too little data to say."
        if not self.before:
            came = counted(self.through, "practice")
            return f"{came} came through this call and none before it: too little data to say."
        came, earlier = counted(self.through, "practice"), counted(self.before, "practice")
        return f"{came} came through this call, {earlier} through earlier ones."


def call_effects(
    calls_of: Sequence[Collection[str]],
    themes_of: Sequence[Collection[str]],
    calls: Sequence[Call],
    themes: Mapping[str, str],
    weights: Mapping[str, float] | None = None,
) -> tuple[CallEffect, ...]:
    """Compare what came through each call with what came before it, in the order of `calls`.

    The first two say for each practice through which call it came, if any, and which themes it carries.
    Collections count as what came before, but asked nobody and are no calls themselves. `weights` are
    those of the reference that labels are made against, None for equal shares.
    """
    effects = []
    order = list(themes)
    earlier, before = dict.fromkeys(order, 0), 0
    for call in calls:
        held = [carried for came, carried in zip(calls_of, themes_of, strict=True) if call.id in came]
        tags = Counter(theme for carried in held for theme in carried)
        after = {theme: number + tags[theme] for theme, number in earlier.items()}
        if call.kind == "call":
            labels = _labels(earlier, weights), _labels(after, weights)
            asked = tuple(
                _change(
                    (theme, themes[theme]),
                    (earlier[theme], before),
                    (tags[theme], len(held)),
                    (labels[0].get(theme), labels[1].get(theme)),
                )
                for theme in order
                if theme in call.asked_for
            )
            effects.append(CallEffect(call.id, call.label, call.wanted, before, len(held), asked))
        earlier, before = after, before + len(held)
    return tuple(effects)


def exact_change(before: tuple[int, int], through: tuple[int, int]) -> tuple[float, float, float, float]:
    """Return (low, high) of the ratio of shares, and P(as many or more), P(as few or fewer).

    Each pair is (practices that carry the theme, practices in all), and neither of all may be 0.
    """
    (a, earlier), (b, came) = before, through
    number, unchanged = a + b, came / (earlier + came)
    more = float(bdtrc(b - 1, number, unchanged)) if b else 1.0
    fewer = float(bdtr(b, number, unchanged))
    tail = (1.0 - INTERVAL) / 2.0
    low = float(betaincinv(b, a + 1, tail)) if b else 0.0
    high = float(betaincinv(b + 1, a, 1.0 - tail)) if a else 1.0
    scale = earlier / came
    return low / (1 - low) * scale, high / (1 - high) * scale if high < 1 else float("inf"), more, fewer


def _change(
    theme: tuple[str, str],
    before: tuple[int, int],
    through: tuple[int, int],
    labels: tuple[Status | None, Status | None],
) -> ThemeChange:
    """Compare one theme before a call and through it."""
    enough = before[1] and through[1] and before[0] + through[0] >= ENOUGH_EXPECTED
    low, high, more, fewer = exact_change(before, through) if enough else (0.0, float("inf"), 1.0, 1.0)
    tail = (1.0 - INTERVAL) / 2.0
    if not enough:
        change = Change.TOO_LITTLE_DATA
    elif more <= tail:
        change = Change.MORE
    else:
        change = Change.FEWER if fewer <= tail else Change.NO_CLEAR_CHANGE
    return ThemeChange(
        theme=theme[0],
        label=theme[1],
        before=before[0],
        through=through[0],
        low=low,
        high=high,
        probability=more,
        change=change,
        label_before=labels[0],
        label_after=labels[1],
        sentence=_sentence(theme[1], before, through, change, labels),
    )


def _sentence(
    label: str,
    before: tuple[int, int],
    through: tuple[int, int],
    change: Change,
    labels: tuple[Status | None, Status | None],
) -> str:
    """Say what changed, and whether the gap is closed."""
    came, earlier = f"{through[0]:,} of {through[1]:,}", f"{before[0]:,} of {before[1]:,}"
    start = f"{label}: {came} through the call, {earlier} before it"
    if change is Change.TOO_LITTLE_DATA:
        return f"{start}; too little data to say."
    was, now = labels
    if was not in (Status.LIKELY_GAP, Status.POSSIBLE_GAP) or now is None:
        return f"{start}; {change.label.lower()}."
    closed = {
        Status.NO_SIGN: "the gap is closed",
        Status.POSSIBLE_GAP: "the gap is smaller"
        if was is Status.LIKELY_GAP
        else "it is still a possible gap",
        Status.LIKELY_GAP: "it is still a likely gap" if was is Status.LIKELY_GAP else "the gap is wider",
        Status.TOO_LITTLE_DATA: "too little data to say whether the gap is closed",
    }
    return f"{start}; {change.label.lower()}, and {closed[now]}."


def _labels(counts: Mapping[str, int], weights: Mapping[str, float] | None) -> dict[str, Status]:
    """Label each theme that has a weight, as a report on so many practices would."""
    known = [theme for theme in counts if weights is None or theme in weights]
    if not known:
        return {}
    shares = shares_of([1.0 if weights is None else weights[theme] for theme in known])
    observed = np.array([counts[theme] for theme in known], dtype=np.float64)
    expected = observed.sum() * shares
    under = posterior(observed, expected, shrinkage(observed, expected)).probability_under
    return {theme: classify(float(g), float(e)) for theme, g, e in zip(known, under, expected, strict=True)}
