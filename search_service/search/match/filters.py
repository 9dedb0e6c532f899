"""Filters that are no closed list: in which years a practice began, and whether it was evaluated.

Like a facet each must be met, and every facet's counts are of what meets it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from search_service.practices.model import UNTESTED
from search_service.search.match.engine import Mask

NO_YEAR = 0
"""Stands for a practice of which no source says when it began: no range of years holds it."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is asked of a practice besides facets: years of its beginning (inclusive), an evaluation."""

    first_year: int | None = None
    last_year: int | None = None
    evaluated: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return self == ANYTHING


ANYTHING = Narrowing()
"""Asks nothing."""


class NarrowingIndex:
    """The year and the evaluation of every practice."""

    def __init__(self, starts: Iterable[str | None], ratings: Iterable[str]) -> None:
        """Take when each practice began (a partial date), and its evidence rating."""
        years = [int(start[:4]) if start else NO_YEAR for start in starts]
        self._years = np.array(years, dtype=np.int16)
        self._evaluated = np.array([rating != UNTESTED for rating in ratings], dtype=bool)

    def apply(self, mask: Mask, asked: Narrowing) -> Mask:
        """Return the practices of `mask` that meet what is asked."""
        if asked.is_empty:
            return mask
        met = mask & self._evaluated if asked.evaluated else mask.copy()
        if asked.first_year is not None or asked.last_year is not None:
            met &= self._years != NO_YEAR
        if asked.first_year is not None:
            met &= self._years >= asked.first_year
        if asked.last_year is not None:
            met &= self._years <= asked.last_year
        return met
