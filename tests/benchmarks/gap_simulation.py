"""How well gaps are found where the truth is known: made-up collections, and the real one with holes cut in.

    python tests/benchmarks/gap_simulation.py [--runs 1000] [--only made|cut]

Every seed is fixed, so the tables come out the same again. The first table is of made-up collections; a
theme's true ratio is its share of the tags in 60,000 further practices drawn in the same way, over its
share of the reference. False flags: themes with a true ratio of 0.9 or more that are flagged. Power:
themes with a true ratio of 0.6 or less that are. The second table is of the real collection after
practices of chosen themes have been taken away, compared with what it was before.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_service.gaps import statistics
from search_service.gaps.statistics import Estimates, Floats, Status, classify
from search_service.practices.checks import check_corpus

CORPUS = Path(__file__).parents[2] / "corpus"
SEED = 20
TRUTH_FROM = 60_000
"""Practices from which a theme's true share is read: to about one part in seventy."""

FURTHER_CHANCES, FURTHER = 4, 0.2
"""A practice carries one theme and, with these chances, up to four more: 1.8 in the mean."""

FAMILIES = 5
TOGETHER = 6.0
"""With themes that go together: how much likelier a further theme is to be of the first one's family."""

Members = NDArray[np.bool_]


@dataclass(frozen=True)
class Setting:
    """One kind of made-up collection."""

    name: str
    weights: Callable[[np.random.Generator, int], Floats]
    practices: int = 300
    themes: int = 25
    families: bool = False


def uneven(spread: float) -> Callable[[np.random.Generator, int], Floats]:
    """Let the chance of a theme vary as Gamma(spread, spread)."""
    return lambda rng, themes: rng.gamma(spread, 1 / spread, themes)


def a_fifth_cut(rng: np.random.Generator, themes: int) -> Floats:
    """Cut a fifth of the themes to 0.3 to 0.6 of the others, which are all alike."""
    weights = np.ones(themes)
    weights[: themes // 5] = rng.uniform(0.3, 0.6, themes // 5)
    return weights


def alike(_rng: np.random.Generator, themes: int) -> Floats:
    """Give every theme the same chance."""
    return np.ones(themes)


SETTINGS = (
    Setting("uneven", uneven(3)),
    Setting("less uneven", uneven(6)),
    Setting("a fifth cut", a_fifth_cut),
    Setting("no gaps at all: every theme alike", alike),
    Setting("themes that go together, in five families", uneven(3), families=True),
    Setting("less uneven, in five families", uneven(6), families=True),
    Setting("100 practices", uneven(3), practices=100),
    Setting("1,000 practices", uneven(3), practices=1_000),
    Setting("12 themes", uneven(3), themes=12),
    Setting("8 themes (k fixed at 0.5)", uneven(3), themes=8),
)


def draw(rng: np.random.Generator, weights: Floats, practices: int, families: bool) -> Members:
    """Return practices x themes: themes drawn without replacement, by the Gumbel trick."""
    themes = len(weights)
    sizes = 1 + rng.binomial(FURTHER_CHANCES, FURTHER, practices)
    keys = np.log(np.maximum(weights, 1e-12)) + rng.gumbel(size=(practices, themes)).astype(np.float32)
    if families:
        first = keys.argmax(axis=1)
        kin = np.arange(themes)[None, :] % FAMILIES == (first % FAMILIES)[:, None]
        keys = keys + np.log(TOGETHER) * kin
        keys[np.arange(practices), first] = np.inf
    ranks = keys.argsort(axis=1)[:, ::-1].argsort(axis=1)
    members: Members = ranks < sizes[:, None]
    return members


def estimated(members: Members, shares: Floats) -> Estimates:
    """Estimate every figure of a collection, as a report does."""
    patterns, sizes = np.unique(members, axis=0, return_counts=True)
    resampled = statistics.resampled_counts(patterns.astype(np.float64), sizes.astype(np.int64))
    return statistics.estimate(members.sum(axis=0).astype(np.float64), shares, resampled)


@dataclass
class Score:
    """Flags and intervals of one setting, added up over its collections."""

    false: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    sound: int = 0
    gaps: int = 0
    themes: int = 0
    held: int = 0
    held_by_posterior: int = 0
    from_practices: int = 0

    def add(self, truth: Floats, observed: Floats, figures: Estimates) -> None:
        """Add one collection."""
        sound, gaps = truth >= 0.9, truth <= 0.6
        for rule, flagged in rules(observed, figures):
            self.false[rule] = self.false.get(rule, 0) + int((flagged & sound).sum())
            self.found[rule] = self.found.get(rule, 0) + int((flagged & gaps).sum())
        self.sound += int(sound.sum())
        self.gaps += int(gaps.sum())
        self.themes += len(truth)
        self.held += int(((figures.low <= truth) & (truth <= figures.high)).sum())
        belief = statistics.posterior(observed, figures.expected, figures.k)
        self.held_by_posterior += int(((belief.low <= truth) & (truth <= belief.high)).sum())
        self.from_practices += sum(one == "bootstrap" for one in figures.interval_from)


def rules(observed: Floats, figures: Estimates) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield the label of the design and the naive rules beside it, each with what it flags."""
    statuses = [
        classify(float(under), float(expected))
        for under, expected in zip(figures.probability_under, figures.expected, strict=True)
    ]
    likely = np.array([status is Status.LIKELY_GAP for status in statuses])
    possible = np.array([status is Status.POSSIBLE_GAP for status in statuses])
    expected = figures.expected
    total = max(observed.sum(), 1.0)
    residual = (observed - expected) / np.sqrt(np.maximum(expected * (1 - expected / total), 1e-9))
    yield "likely gap", likely
    yield "likely or possible gap", likely | possible
    yield "fewer than expected", observed < expected
    yield "ratio O/E under 0.8", observed < 0.8 * expected
    yield "adjusted residual under -1.96", residual < -1.96


def simulate(setting: Setting, runs: int) -> Score:
    """Score the rules on `runs` collections of one setting."""
    rng = np.random.default_rng(SEED)
    shares, score = np.full(setting.themes, 1 / setting.themes), Score()
    for _ in range(runs):
        weights = setting.weights(rng, setting.themes)
        true = draw(rng, weights, TRUTH_FROM, setting.families).sum(axis=0)
        members = draw(rng, weights, setting.practices, setting.families)
        score.add(true / true.sum() / shares, members.sum(axis=0).astype(float), estimated(members, shares))
    return score


def print_made_up(runs: int) -> None:
    """Print the table of made-up collections."""
    for setting in SETTINGS:
        score = simulate(setting, runs)
        print(f"\n{setting.name}: {setting.practices} practices, {setting.themes} themes, {runs} collections")
        for rule in score.false:
            power = f"{score.found[rule] / score.gaps:7.1%}" if score.gaps else "      –"
            print(f"  {rule:32} false flags {score.false[rule] / score.sound:6.1%}   power {power}")
        print(
            f"  the interval shown holds the truth {score.held / score.themes:.1%}; "
            f"the posterior's alone {score.held_by_posterior / score.themes:.1%}; "
            f"from resampled practices {score.from_practices / score.themes:.1%}",
            flush=True,
        )


# The real collection with holes cut in.

CUT_COLLECTIONS = 30
CUT_THEMES = (1, 2, 3, 4, 5, 6)
"""How many themes are cut, in turn: five collections of each."""

LEAST_CUT, MOST_CUT = 0.6, 1.0
CUT_COUNTED_FROM = 8.0
"""Expected practices from which a cut theme must be noticed."""


def real_members() -> Members:
    """Return practices x themes of the project's own collection."""
    corpus = check_corpus(CORPUS).corpus
    assert corpus is not None
    themes = [theme.id for theme in corpus.taxonomy.themes]
    return np.array([[theme in practice.themes for theme in themes] for practice in corpus.practices])


def cut(rng: np.random.Generator, members: Members, number: int) -> tuple[Members, NDArray[np.intp]]:
    """Take away 60 to 100 % of the practices of some themes; return what is left and the themes."""
    counts = members.sum(axis=0)
    eligible = np.flatnonzero(counts >= CUT_COUNTED_FROM)
    chosen = rng.choice(eligible, number, replace=False)
    kept = np.ones(len(members), dtype=bool)
    for theme in chosen:
        rows = np.flatnonzero(members[:, theme])
        least = np.ceil(rng.uniform(LEAST_CUT, MOST_CUT) * len(rows))
        kept[rng.choice(rows, int(least), replace=False)] = False
    return members[kept], chosen


@dataclass
class CutScore:
    """Labels of cut and of untouched themes, added up over collections."""

    cuts: int = 0
    noticed: int = 0
    likely: int = 0
    untouched: int = 0
    wrong: int = 0

    def add(self, before: Floats, after: Floats, chosen: Collection[int], figures: Estimates) -> list[str]:
        """Add one collection and return what was missed in it."""
        missed = []
        for theme, expected in enumerate(figures.expected):
            under = float(figures.probability_under[theme])
            status = classify(under, float(expected))
            lost = 1 - after[theme] / before[theme]
            if theme in chosen and expected >= CUT_COUNTED_FROM and lost >= LEAST_CUT:
                noticed = status in (Status.LIKELY_GAP, Status.POSSIBLE_GAP)
                self.cuts += 1
                self.noticed += noticed
                self.likely += status is Status.LIKELY_GAP
                if not noticed:
                    missed.append(f"O={after[theme]:.0f} E={expected:.1f} G={under:.2f}")
            elif lost == 0:
                self.untouched += 1
                self.wrong += status is Status.LIKELY_GAP
        return missed


def print_cut(collections: int) -> None:
    """Print how the cut themes and the untouched ones of the real collection are labelled."""
    members = real_members()
    before = members.sum(axis=0).astype(np.float64)
    shares, score = before / before.sum(), CutScore()
    rng = np.random.default_rng(SEED)
    print(f"\n{len(members)} real practices, {members.shape[1]} themes, {collections} times cut")
    for at in range(collections):
        number = CUT_THEMES[at % len(CUT_THEMES)]
        left, chosen = cut(rng, members, number)
        figures = estimated(left, shares)
        missed = score.add(before, left.sum(axis=0).astype(np.float64), set(chosen.tolist()), figures)
        print(f"  {at + 1:2} themes cut {number}  k={figures.k:5.1f}  missed: {', '.join(missed) or 'none'}")
    print(
        f"cut by 60 % or more, E >= {CUT_COUNTED_FROM:.0f}: {score.cuts}; at least a possible gap "
        f"{score.noticed / score.cuts:.1%}, likely {score.likely / score.cuts:.1%}"
    )
    print(f"untouched: {score.untouched}; labelled a likely gap {score.wrong / score.untouched:.1%}")


def main() -> None:
    """Print both tables, or the one asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--collections", type=int, default=CUT_COLLECTIONS)
    parser.add_argument("--only", choices=("made", "cut"))
    given = parser.parse_args()
    if given.only != "cut":
        print_made_up(given.runs)
    if given.only != "made":
        print_cut(given.collections)


if __name__ == "__main__":
    main()
