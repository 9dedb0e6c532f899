"""The gamma-Poisson statistics behind thematic gaps: pure functions of numbers, no words.

The model, for theme t with O practices observed and E expected:

    O | lambda ~ Poisson(E * lambda),  lambda ~ Gamma(shape k, rate k)
    lambda | O ~ Gamma(shape O + k, rate E + k)

so lambda is the true share of the theme divided by its reference share, and `k` says how
alike the themes are: the larger it is, the more each ratio is drawn towards 1.

Sources: D. Clayton and J. Kaldor (1987), "Empirical Bayes estimates of age-standardized
relative risks for use in disease mapping", Biometrics 43, 671-681 (model and shrinkage);
W. DuMouchel (1999), "Bayesian data mining in large frequency tables, with an application to
the FDA spontaneous reporting system", The American Statistician 53, 177-190 (use on counts of
reports, and reading the tail of the posterior rather than the ratio).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc, gammaincinv, gammaln

Floats = NDArray[np.float64]

SHRINKAGE_RANGE = (0.5, 10.0)
"""The least and greatest k allowed. At 0.5 the prior counts for half an expected practice. At 10 a
theme of 8 expected practices or more that has lost 60 % of them is still noticed where all other
themes are alike; at 50 one in four of them was lost in the shrinkage (docs/decisions/024)."""

FEWEST_THEMES = 10
"""Below this many themes k cannot be told from so few counts: the least shrinkage is used."""

SHRINKAGE_GRID = 41
"""Points in each pass of the search for k; three passes find it to about 3 in 10,000."""

SHRINKAGE_PASSES = 3

INTERVAL = 0.90
"""Share of the posterior inside the interval shown, with equal tails (design)."""

GAP_RATIO = 0.8
"""A theme is under-represented when its true ratio is below this (design)."""

LIKELY = 0.8
"""Probability of being under-represented from which a gap is called likely (design)."""

POSSIBLE = 0.5
"""Probability of being under-represented from which a gap is called possible (design)."""

ENOUGH_EXPECTED = 5.0
"""Fewest practices expected for anything to be said: the usual rule for counts (design)."""

BOOTSTRAP_SEED = 1987
"""Fixed, so that the same practices always give the same report; Clayton and Kaldor's year."""

MOST_REPLICATES = 1_000
"""Bootstrap replicates for a small collection (design)."""

FEWEST_REPLICATES = 200
"""Bootstrap replicates however large the collection; a 5 % point then rests on 10 of them."""

MOST_DRAWS = 400_000
"""Random draws to spend in all, 15 to 20 ms: replicates are fewer in a very large collection."""


class Status(Enum):
    """What may be said of a theme; the value is the id used in addresses and exports."""

    LIKELY_GAP = "likely-gap"
    POSSIBLE_GAP = "possible-gap"
    TOO_LITTLE_DATA = "too-little-data"
    NO_SIGN = "no-sign"

    @property
    def label(self) -> str:
        """The words shown to people."""
        return _STATUS_LABELS[self]


_STATUS_LABELS = {
    Status.LIKELY_GAP: "Likely gap",
    Status.POSSIBLE_GAP: "Possible gap",
    Status.TOO_LITTLE_DATA: "Too little data to say",
    Status.NO_SIGN: "No sign of a gap",
}


class IntervalFrom(Enum):
    """Which of two intervals is shown: always the wider."""

    POSTERIOR = "posterior"
    BOOTSTRAP = "bootstrap"


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is believed of each theme's ratio; one element per theme."""

    ratio: Floats
    low: Floats
    high: Floats
    probability_under: Floats


@dataclass(frozen=True, slots=True)
class Estimates:
    """Every figure of a comparison: one k, and one element per theme of all the others.

    `low` and `high` are the ends of the wider interval, and `interval_from` says which it was.
    """

    k: float
    expected: Floats
    ratio: Floats
    low: Floats
    high: Floats
    interval_from: tuple[IntervalFrom, ...]
    probability_under: Floats


def classify(probability_under: float, expected: float) -> Status:
    """Name what may be said, by the table of the design.

    `probability_under` is G = P(lambda < 0.8); `expected` is the number of practices E.
    """
    if expected < ENOUGH_EXPECTED:
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

    Themes with nothing expected say nothing about k and are passed over; with fewer than 10
    others it is fixed at 0.5. Clayton & Kaldor 1987, with their alpha and nu both k, so that
    the prior mean is 1 because observed and expected have the same sum.
    """
    e = np.asarray(expected, dtype=np.float64)
    known = e > 0
    if int(known.sum()) < FEWEST_THEMES:
        return SHRINKAGE_RANGE[0]
    o, e = np.asarray(observed, dtype=np.float64)[known], e[known]
    low, high = np.log(SHRINKAGE_RANGE)
    best = 0.0
    for _ in range(SHRINKAGE_PASSES):
        grid = np.linspace(low, high, SHRINKAGE_GRID)
        at = int(np.argmax(log_marginal(np.exp(grid), o, e)))
        best, low, high = grid[at], grid[max(at - 1, 0)], grid[min(at + 1, SHRINKAGE_GRID - 1)]
    return float(np.clip(np.exp(best), *SHRINKAGE_RANGE))


def posterior(observed: ArrayLike, expected: ArrayLike, k: float) -> Posterior:
    """Return the shrunk ratio, its 90 % equal-tailed interval and G = P(lambda < 0.8).

    lambda | O ~ Gamma(O + k, E + k), so the ratio is (O + k) / (E + k) and G the regularised
    incomplete gamma function at (O + k, 0.8 (E + k)). Where nothing is expected nothing is
    learnt, whatever was observed, and the figures are those of the prior.
    """
    e = np.asarray(expected, dtype=np.float64)
    shape = np.where(e > 0, np.asarray(observed, dtype=np.float64), 0.0) + k
    rate = e + k
    tail = (1.0 - INTERVAL) / 2.0
    return Posterior(
        ratio=shape / rate,
        low=gammaincinv(shape, tail) / rate,
        high=gammaincinv(shape, 1.0 - tail) / rate,
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
    replicates = np.clip(MOST_DRAWS // max(len(sizes), 1), FEWEST_REPLICATES, MOST_REPLICATES)
    draws = np.random.default_rng(BOOTSTRAP_SEED).poisson(sizes, (int(replicates), len(sizes)))
    counts: Floats = draws.astype(np.float64) @ patterns
    return counts


def bootstrap_interval(counts: Floats, shares: Floats, k: float) -> tuple[Floats, Floats]:
    """Return the 5 % and 95 % points of the shrunk ratio over resampled practices.

    `counts` is replicates x themes, `shares` the reference shares q. Each replicate has its own
    M, hence its own E = M q; k stays as estimated from the practices themselves.
    """
    expected = counts.sum(axis=1, keepdims=True) * shares
    tail = (1.0 - INTERVAL) / 2.0
    low, high = np.quantile((counts + k) / (expected + k), (tail, 1.0 - tail), axis=0)
    return low, high


def estimate(observed: Floats, shares: Floats, resampled: Floats) -> Estimates:
    """Work out every figure of a comparison with one reference.

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
        interval_from=tuple(
            IntervalFrom.BOOTSTRAP if wider else IntervalFrom.POSTERIOR for wider in resampled_is_wider
        ),
        probability_under=belief.probability_under,
    )
