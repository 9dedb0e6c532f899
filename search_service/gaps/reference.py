"""What coverage is compared with: a distribution over themes, checked before it is used."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np

from search_service.errors import Fault
from search_service.gaps.statistics import Floats


@dataclass(frozen=True, slots=True)
class Reference:
    """What coverage is compared with.

    `weights` are any non-negative numbers by theme id, scaled to shares here; None weighs every
    theme the same. A theme without a weight is left out of the comparison, not given zero.
    `label` is a common noun with a capital ("Recorded volumes"): it is also used in sentences.
    """

    id: str
    label: str
    weights: Mapping[str, float] | None = None
    caveat: str = ""
    sources: tuple[str, ...] = ()


def reference_faults(references: Sequence[Reference], themes: Mapping[str, str]) -> Iterator[Fault]:
    """Yield everything wrong with the references."""
    seen: set[str] = set()
    for reference in references:
        where = f"reference “{reference.id}”"
        if reference.id in seen:
            yield Fault(where, "The id is used twice.", f"{reference.id}-2024")
        seen.add(reference.id)
        if reference.weights is not None:
            yield from _weight_faults(where, reference.weights, themes)


def _weight_faults(where: str, weights: Mapping[str, float], themes: Mapping[str, str]) -> Iterator[Fault]:
    """Yield everything wrong with the weights of one reference."""
    example = next(iter(themes), "domestic-abuse")
    for theme, weight in weights.items():
        at = f"{where}, theme “{theme}”"
        if theme not in themes:
            yield Fault(at, "There is no theme with this id.", example)
        if not _is_weight(weight):
            yield Fault(at, f"The weight “{weight}” must be a number, 0 or more.", "2.5")
    if not any(weights.values()):
        yield Fault(where, "At least one theme needs a weight above 0.", f"{example}: 1")


def _is_weight(value: object) -> bool:
    """Tell a finite number of 0 or more from anything else a file may hold."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    try:
        number = float(value)
    except OverflowError:
        return False
    return math.isfinite(number) and number >= 0


def shares_of(weights: Sequence[float]) -> Floats:
    """Scale weights to shares that sum to 1; by the largest first, so that nothing overflows."""
    scaled = np.asarray(weights, dtype=np.float64)
    if not scaled.size:
        return scaled
    scaled = scaled / scaled.max()
    shares: Floats = scaled / scaled.sum()
    return shares
