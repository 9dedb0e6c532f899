"""Measures of a ranking against judgements, and a significance test for the difference of two rankings.

`found` are the grades of the results, best first, 0 if not judged; `judged` are all grades of the query, in
any order. Every measure is between 0 and 1, and 0 if nothing relevant was judged.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

PERMUTATIONS = 10_000
"""Sign flips drawn for a significance test: p is then known to about 0.004 near 0.05
(standard error, the square root of p (1 - p) / n, is 0.002)."""

SEED = 2007
"""Fixed, so that the same two evaluations always have the same p; the number is arbitrary."""

_BATCH = 500
"""Permutations in memory at a time; does not affect the result."""

_ROUNDING = 1e-12
"""The most that the order of addition changes a sum."""


def ndcg(found: Sequence[int], judged: Sequence[int], k: int) -> float:
    """Return the normalised discounted cumulative gain of the first `k`, nDCG@k = DCG@k / IDCG@k.

        DCG@k = sum over ranks i = 1 … k of  (2^grade_i - 1) / log2(i + 1)

    and IDCG@k is that of all judged in the best order. Järvelin and Kekäläinen 2002, "Cumulated
    gain-based evaluation of IR techniques", with the exponential gain of Burges et al. 2005,
    "Learning to rank using gradient descent".
    """
    ideal = _dcg(sorted(judged, reverse=True)[:k])
    return _dcg(found[:k]) / ideal if ideal else 0.0


def average_precision(found: Sequence[int], judged: Sequence[int], relevant: int) -> float:
    """Return the average precision; its mean over queries is MAP.

        AP = (1 / R) * sum over ranks i that hold a relevant one of  (relevant in the first i) / i

    Relevant is a grade of at least `relevant`, and R counts all judged so: one that was not
    found adds nothing. Manning, Raghavan and Schütze 2008, section 8.4.
    """
    total = _relevant(judged, relevant).sum()
    hits = _relevant(found, relevant)
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].sum() / total) if total else 0.0


def recall(found: Sequence[int], judged: Sequence[int], k: int, relevant: int) -> float:
    """Return the share of all relevant items (grade >= `relevant`) that are among the first `k`."""
    total = _relevant(judged, relevant).sum()
    return float(_relevant(found[:k], relevant).sum() / total) if total else 0.0


def reciprocal_rank(found: Sequence[int], relevant: int) -> float:
    """Return 1 / rank of the first relevant (a grade of at least `relevant`), or 0.

    Voorhees 1999, "The TREC-8 question answering track report".
    """
    ranks = np.flatnonzero(_relevant(found, relevant))
    return float(1 / (ranks[0] + 1)) if len(ranks) else 0.0


def randomisation_test(
    before: Sequence[float], after: Sequence[float], permutations: int = PERMUTATIONS, seed: int = SEED
) -> float:
    """Return the two-sided p of a paired randomisation test on the mean difference.

    If the two systems were one, the sign of every query's difference would be chance. p is the
    share of random sign flips whose mean difference is at least as far from 0 as the measured
    one, which is itself counted as one of them, so p is never 0:

        p = (1 + count of |mean(sign * difference)| >= |mean(difference)|) / (1 + permutations)

    Smucker, Allan and Carterette 2007, "A comparison of statistical significance tests for
    information retrieval evaluation". Raises ValueError if the lengths differ.
    """
    if len(before) != len(after):
        raise ValueError(f"{len(before)} figures cannot be paired with {len(after)}")
    differences = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    observed = abs(differences.sum()) - _ROUNDING * max(1, len(differences))
    generator = np.random.default_rng(seed)
    as_far = 0
    for start in range(0, permutations, _BATCH):
        shape = (min(_BATCH, permutations - start), len(differences))
        signs = generator.integers(0, 2, size=shape) * 2.0 - 1.0
        as_far += int((np.abs(signs @ differences) >= observed).sum())
    return (1 + as_far) / (1 + permutations)


def _dcg(grades: Sequence[int]) -> float:
    gains = np.exp2(np.asarray(grades, dtype=np.float64)) - 1
    return float((gains / np.log2(np.arange(2, len(gains) + 2))).sum())


def _relevant(grades: Sequence[int], threshold: int) -> NDArray[np.bool_]:
    relevant: NDArray[np.bool_] = np.asarray(grades, dtype=np.int64) >= threshold
    return relevant
