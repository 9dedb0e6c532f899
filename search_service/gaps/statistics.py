"""The gamma-Poisson statistics behind thematic gaps: pure functions of numbers, no words.

The model, for theme t with O practices observed and E expected:

    O | lambda ~ Poisson(E * lambda),  lambda ~ Gamma(shape k, rate k)
    lambda | O ~ Gamma(shape O + k, rate E + k)

so lambda is the true share of the theme divided by its reference share. The shrinkage `k` says how
homogeneous the themes are: the larger it is, the more each ratio is drawn towards 1.

Sources: D. Clayton and J. Kaldor (1987), "Empirical Bayes estimates of age-standardized
relative risks for use in disease mapping", Biometrics 43, 671-681 (model and shrinkage);
W. DuMouchel (1999), "Bayesian data mining in large frequency tables, with an application to
the FDA spontaneous reporting system", The American Statistician 53, 177-190 (use on counts of
reports, and reading the tail of the posterior rather than the ratio).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc, gammaincinv, gammaln

Floats = NDArray[np.float64]

MIN_SHRINKAGE, MAX_SHRINKAGE = 0.5, 10.0
"""At 0.5 the prior counts for half an expected practice. At 10 a theme of 8 expected practices or more that
has lost 60 % of them is still noticed when all other themes are as expected; at 50 one in four of them was
lost in the shrinkage (docs/decisions/024)."""

MIN_THEMES = 10
"""Fewer themes are too few to estimate k from: it is then the least allowed."""

GRID_POINTS, GRID_PASSES = 41, 3
"""Each pass of the search for k refines the one before; three find it to about 3 in 10,000."""

CREDIBILITY = 0.90
"""Probability within the interval shown, which has equal tails (design)."""

TAIL = (1.0 - CREDIBILITY) / 2.0

GAP_RATIO = 0.8
"""A theme is under-represented when its true ratio is below this (design)."""

LIKELY, POSSIBLE = 0.8, 0.5
"""Probability of being under-represented from which a gap is called likely, or possible (design)."""

MIN_EXPECTED = 5.0
"""With fewer practices expected there is too little data: the usual rule for counts (design)."""

BOOTSTRAP_SEED = 1987
"""Fixed, so that the same practices always give the same report; Clayton and Kaldor's year."""

MIN_REPLICATES, MAX_REPLICATES = 200, 1_000
"""Bootstrap replicates: a 5 % point of the fewest rests on 10 of them."""

MAX_DRAWS = 400_000
"""Random draws in all, 15 to 20 ms: a very large collection has fewer replicates."""

IntervalFrom = Literal["posterior", "bootstrap"]
"""Which of two intervals is shown: always the wider."""


class Labelled(Enum):
    """An enumeration whose values are the ids used in addresses and exports, each with a label for people."""

    _value_: str
    label: str

    def __new__(cls, key: str, label: str) -> Self:
        """Make `key` the value."""
        member = object.__new__(cls)
        member._value_, member.label = key, label
        return member


class Status(Labelled):
    """What the figures say of a theme, the worst first."""

    LIKELY_GAP = "likely-gap", "Likely gap"
    POSSIBLE_GAP = "possible-gap", "Possible gap"
    TOO_LITTLE_DATA = "too-little-data", "Too little data to say"
    NO_SIGN = "no-sign", "No sign of a gap"


@dataclass(frozen=True, slots=True)
class Posterior:
    """The shrunk ratio of each theme, its interval, and G = P(lambda < 0.8); one element per theme."""

    ratio: Floats
    low: Floats
    high: Floats
    probability_under: Floats


@dataclass(frozen=True, slots=True)
class Estimates(Posterior):
    """Every figure of a comparison: one k, and one element per theme of all the others.

    `low` and `high` are the ends of the wider interval, and `interval_from` says which it was.
    """

    k: float
    expected: Floats
    interval_from: tuple[IntervalFrom, ...]


def shares_of(weights: Collection[float]) -> Floats:
    """Scale weights to shares that sum to 1; by the largest first, so that nothing overflows."""
    scaled = np.array(list(weights), dtype=np.float64)
    if not scaled.size:
        return scaled
    scaled /= scaled.max()
    shares: Floats = scaled / scaled.sum()
    return shares


def classify(probability_under: float, expected: float) -> Status:
    """Return the status for G = P(lambda < 0.8) and the expected number of practices E (design)."""
    if expected < MIN_EXPECTED:
        return Status.TOO_LITTLE_DATA
    if probability_under >= LIKELY:
        return Status.LIKELY_GAP
    if probability_under >= POSSIBLE:
        return Status.POSSIBLE_GAP
    return Status.NO_SIGN


def log_marginal(shrinkages: ArrayLike, observed: ArrayLike, expected: ArrayLike) -> Floats:
    """Return the log likelihood of each k, with lambda integrated out.

    O is then negative binomial with size k and mean E (Clayton & Kaldor 1987, section 3.1):

        log p(O) = log Gamma(O+k) - log Gamma(k) - log O!
                   + k log(k / (k+E)) + O log(E / (k+E))

    Every expected number must be above zero. Returns one value per k.
    """
    k = np.atleast_1d(np.asarray(shrinkages, dtype=np.float64))[:, None]
    o = np.asarray(observed, dtype=np.float64)[None, :]
    e = np.asarray(expected, dtype=np.float64)[None, :]
    terms = gammaln(o + k) - gammaln(k) - gammaln(o + 1.0)
    terms += k * (np.log(k) - np.log(k + e)) + o * (np.log(e) - np.log(k + e))
    total: Floats = terms.sum(axis=1)
    return total


def shrinkage(observed: ArrayLike, expected: ArrayLike) -> float:
    """Estimate k by maximum negative-binomial marginal likelihood within [0.5, 10].

    Themes with nothing expected say nothing about k and are ignored; with fewer than 10
    others k is 0.5. Clayton & Kaldor 1987, with their alpha and nu both k, so that
    the prior mean is 1 because observed and expected have the same sum.
    """
    e = np.asarray(expected, dtype=np.float64)
    known = e > 0
    if int(known.sum()) < MIN_THEMES:
        return MIN_SHRINKAGE
    o, e = np.asarray(observed, dtype=np.float64)[known], e[known]
    low, high = np.log((MIN_SHRINKAGE, MAX_SHRINKAGE))
    best = 0.0
    for _ in range(GRID_PASSES):
        grid = np.linspace(low, high, GRID_POINTS)
        at = int(np.argmax(log_marginal(np.exp(grid), o, e)))
        best, low, high = grid[at], grid[max(at - 1, 0)], grid[min(at + 1, GRID_POINTS - 1)]
    return float(np.clip(np.exp(best), MIN_SHRINKAGE, MAX_SHRINKAGE))


def posterior(observed: ArrayLike, expected: ArrayLike, k: float) -> Posterior:
    """Return the shrunk ratio, its 90 % equal-tailed interval and G = P(lambda < 0.8).

    lambda | O ~ Gamma(O + k, E + k), so the ratio is (O + k) / (E + k) and G the regularised
    incomplete gamma function at (O + k, 0.8 (E + k)). If nothing is expected, nothing is learnt
    from what was observed, and the figures are those of the prior.
    """
    e = np.asarray(expected, dtype=np.float64)
    shape = np.where(e > 0, np.asarray(observed, dtype=np.float64), 0.0) + k
    rate = e + k
    return Posterior(
        ratio=shape / rate,
        low=gammaincinv(shape, TAIL) / rate,
        high=gammaincinv(shape, 1.0 - TAIL) / rate,
        probability_under=gammainc(shape, GAP_RATIO * rate),
    )


def resampled_counts(patterns: Floats, sizes: NDArray[np.int64]) -> Floats:
    """Return practices per theme in each bootstrap replicate, drawing whole practices.

    `patterns` has a row for each distinct set of themes and a column for each theme; `sizes`
    says how many practices carry each set. Drawing practices with replacement gives a set of
    size c a binomial number of copies; its Poisson(c) limit is used (the Poisson bootstrap,
    Hanley & MacGibbon 2006), which leaves the number of practices free as well. A practice
    keeps all its themes, so themes that go together stay together. Returns replicates x themes.
    """
    replicates = np.clip(MAX_DRAWS // max(len(sizes), 1), MIN_REPLICATES, MAX_REPLICATES)
    draws = np.random.default_rng(BOOTSTRAP_SEED).poisson(sizes, (int(replicates), len(sizes)))
    counts: Floats = draws.astype(np.float64) @ patterns
    return counts


def bootstrap_interval(counts: Floats, shares: Floats, k: float) -> tuple[Floats, Floats]:
    """Return the 5 % and 95 % points of the shrunk ratio over resampled practices.

    `counts` is replicates x themes, `shares` the reference shares q. Each replicate has its own
    M, hence its own E = M q; k stays as estimated from the practices themselves.
    """
    expected = counts.sum(axis=1, keepdims=True) * shares
    low, high = np.quantile((counts + k) / (expected + k), (TAIL, 1.0 - TAIL), axis=0)
    return low, high


def estimate(observed: Floats, shares: Floats, resampled: Floats) -> Estimates:
    """Estimate every figure of a comparison with one reference.

    `observed` holds practices per theme, `shares` the reference shares q (summing to 1), and
    `resampled` the observed of each bootstrap replicate (replicates x themes).
    """
    expected = observed.sum() * shares
    k = shrinkage(observed, expected)
    belief = posterior(observed, expected, k)
    low, high = bootstrap_interval(resampled, shares, k)
    resampled_is_wider = (expected > 0) & (high - low > belief.high - belief.low)
    return Estimates(
        k=k,
        expected=expected,
        ratio=belief.ratio,
        low=np.where(resampled_is_wider, low, belief.low),
        high=np.where(resampled_is_wider, high, belief.high),
        interval_from=tuple("bootstrap" if wider else "posterior" for wider in resampled_is_wider),
        probability_under=belief.probability_under,
    )
