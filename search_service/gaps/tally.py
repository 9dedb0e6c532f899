"""Practices grouped by their set of themes: all that a comparison with any reference needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_service.gaps.statistics import Floats, resampled_counts


@dataclass(frozen=True, slots=True)
class Tally:
    """Of `practices`, `sizes` carry each set of themes (a row of `patterns`) and `evaluated` are evaluated.

    `patterns` is sets x themes, `resampled` bootstrap replicates x themes.
    """

    practices: int
    patterns: Floats
    sizes: NDArray[np.int64]
    evaluated: NDArray[np.int64]
    resampled: Floats


def tally_of(
    theme_sets: Sequence[Collection[str]], evaluated: Sequence[bool], themes: Sequence[str]
) -> Tally:
    """Group practices by their set of themes, in an order that does not depend on theirs.

    `theme_sets` holds the confirmed themes of each practice, all of them among `themes`.
    """
    column = {theme: at for at, theme in enumerate(themes)}
    sets = [tuple(sorted({column[theme] for theme in theme_set})) for theme_set in theme_sets]
    sizes = Counter(sets)
    tested = Counter(key for key, is_evaluated in zip(sets, evaluated, strict=True) if is_evaluated)
    keys = sorted(filter(None, sizes))
    patterns = np.zeros((len(keys), len(themes)))
    for row, key in enumerate(keys):
        patterns[row, key] = 1.0
    counts = np.array([sizes[key] for key in keys], dtype=np.int64)
    return Tally(
        practices=len(theme_sets),
        patterns=patterns,
        sizes=counts,
        evaluated=np.array([tested[key] for key in keys], dtype=np.int64),
        resampled=resampled_counts(patterns, counts),
    )
