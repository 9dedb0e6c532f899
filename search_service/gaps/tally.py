"""Practices grouped by their set of themes: everything a comparison needs to know of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_service.errors import Fault
from search_service.gaps.statistics import Floats, resampled_counts


@dataclass(frozen=True, slots=True)
class Tally:
    """Practices grouped by their set of themes: all that any reference needs to know."""

    practices: int
    patterns: Floats
    sizes: NDArray[np.int64]
    evaluated: NDArray[np.int64]
    resampled: Floats


def theme_faults(theme_sets: Sequence[Collection[str]], themes: Mapping[str, str]) -> Iterator[Fault]:
    """Yield each theme that practices carry but the taxonomy does not know, once."""
    carried = set().union(*theme_sets)
    for theme in sorted(carried - set(themes)):
        known = next(iter(themes), "")
        yield Fault(f"theme “{theme}”", "Practices carry it, but it is not a theme.", known)


def tally_of(
    theme_sets: Sequence[Collection[str]], evaluated: Sequence[bool], themes: Sequence[str]
) -> Tally:
    """Group practices by their set of themes, in an order that does not depend on theirs."""
    column = {theme: at for at, theme in enumerate(themes)}
    sizes: Counter[frozenset[str]] = Counter()
    tested: Counter[frozenset[str]] = Counter()
    for theme_set, is_evaluated in zip(theme_sets, evaluated, strict=True):
        key = frozenset(theme_set)
        sizes[key] += 1
        tested[key] += bool(is_evaluated)
    sizes.pop(frozenset(), None)
    keys = sorted(sizes, key=lambda key: sorted(column[theme] for theme in key))
    patterns = np.zeros((len(keys), len(themes)))
    for row, key in enumerate(keys):
        patterns[row, [column[theme] for theme in key]] = 1.0
    counts = np.array([sizes[key] for key in keys], dtype=np.int64)
    return Tally(
        practices=len(theme_sets),
        patterns=patterns,
        sizes=counts,
        evaluated=np.array([tested[key] for key in keys], dtype=np.int64),
        resampled=resampled_counts(patterns, counts),
    )
