"""Filters: values of facets, years of the beginning, and whether a practice was evaluated.

Every filter must be met. Counts of a facet ignore its own filter (see `facets`), and no other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from search_service.practices.collection import columns_of
from search_service.practices.model import UNTESTED, Practice
from search_service.practices.taxonomy import Taxonomy
from search_service.search.match.engine import Mask
from search_service.search.match.facets import FacetCounts, FacetFilters, FacetIndex


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a search; years are inclusive, None is no bound."""

    facets: FacetFilters = field(default_factory=dict)
    first_year: int | None = None
    last_year: int | None = None
    evaluated: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether every practice meets them."""
        has_year = self.first_year is not None or self.last_year is not None
        return not (any(self.facets.values()) or has_year or self.evaluated)


class FilterIndex:
    """What filters ask about each practice."""

    def __init__(self, practices: Sequence[Practice], taxonomy: Taxonomy) -> None:
        columns = columns_of(practices)
        years = [int(start[:4]) if start else math.nan for start in columns.starts]  # no range contains NaN
        self._years = np.array(years, dtype=np.float32)
        self._evaluated = np.array([rating != UNTESTED for rating in columns.ratings], dtype=bool)
        self._facets = FacetIndex(practices, taxonomy)

    def apply(self, mask: Mask, filters: Filters) -> tuple[Mask, tuple[FacetCounts, ...]]:
        """Return the practices of `mask` that meet every filter, and the counts of every facet."""
        if filters.evaluated:
            mask = mask & self._evaluated
        if filters.first_year is not None:
            mask = mask & (self._years >= filters.first_year)
        if filters.last_year is not None:
            mask = mask & (self._years <= filters.last_year)
        return self._facets.apply(mask, filters.facets)
