"""Facets: counting and filtering by the closed lists.

Several values of one facet are OR, different facets are AND; the counts of a facet ignore its
own selection, so that each number says what choosing that value as well would give.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_service.practices.model import Practice
from search_service.practices.records import columns_of
from search_service.practices.taxonomy import Taxonomy
from search_service.search.engine import Mask


@dataclass(frozen=True, slots=True)
class Facet:
    """One way of narrowing a search: the name of a closed list, and how it is shown."""

    name: str
    label: str
    plural: str


FACETS = (
    Facet("theme", "Theme", "themes"),
    Facet("approach", "Approach", "approaches"),
    Facet("evidence", "Evidence", "evidence ratings"),
    Facet("organisation", "Organisation", "organisations"),
    Facet("region", "Region", "regions"),
    Facet("stage", "Stage", "stages"),
    Facet("target_group", "Target group", "target groups"),
    Facet("call", "Call or collection", "calls and collections"),
)
"""The one table from which filters, parameters, the query language and the docs come."""

FACET_NAMES = tuple(facet.name for facet in FACETS)

Selection = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet with how many practices choosing it would give."""

    id: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """A facet with its values, the most frequent first."""

    name: str
    label: str
    values: tuple[FacetValue, ...]


class _Column:
    """One facet's values over all practices, as two flat arrays of equal length."""

    def __init__(self, practices: Sequence[Practice], name: str, ids: Sequence[str]) -> None:
        self.ids = tuple(ids)
        number = {key: place for place, key in enumerate(self.ids)}
        pairs = [
            (row, number[key])
            for row, own in enumerate(columns_of(practices).values[name])
            for key in own
            if key in number
        ]
        flat = np.array(pairs, dtype=np.int32).reshape(-1, 2)
        self.rows, self.values = flat[:, 0].copy(), flat[:, 1].copy()
        self._number = number

    def holding(self, wanted: Collection[str], size: int) -> Mask:
        """Return which practices hold any of the wanted values."""
        flags = np.zeros(len(self.ids) + 1, dtype=bool)
        flags[[self._number[key] for key in wanted if key in self._number]] = True
        mask = np.zeros(size, dtype=bool)
        mask[self.rows[flags[self.values]]] = True
        return mask

    def count(self, mask: Mask) -> NDArray[np.intp]:
        """Return how many practices of `mask` hold each value."""
        return np.bincount(self.values[mask[self.rows]], minlength=len(self.ids))


class FacetIndex:
    """Counts and filters over a fixed list of practices."""

    def __init__(self, practices: Sequence[Practice], taxonomy: Taxonomy) -> None:
        self._size = len(practices)
        self._labels = {f.name: taxonomy.terms(f.name) for f in FACETS}
        self._columns = {f.name: _Column(practices, f.name, tuple(self._labels[f.name])) for f in FACETS}

    def apply(self, mask: Mask, selection: Selection) -> tuple[Mask, tuple[FacetCounts, ...]]:
        """Return the practices of `mask` that meet the whole selection, and every facet's counts."""
        chosen = {name: self._columns[name].holding(v, self._size) for name, v in selection.items() if v}
        narrowed = mask.copy()
        for holding in chosen.values():
            narrowed &= holding
        counts = []
        for facet in FACETS:
            base = narrowed
            if facet.name in chosen:
                base = mask.copy()
                for name, holding in chosen.items():
                    if name != facet.name:
                        base &= holding
            counts.append(self._counts(facet, base, selection.get(facet.name, ())))
        return narrowed, tuple(counts)

    def _counts(self, facet: Facet, mask: Mask, selected: Collection[str]) -> FacetCounts:
        column, terms = self._columns[facet.name], self._labels[facet.name]
        counts = column.count(mask).tolist()
        values = [
            FacetValue(key, terms[key].label, count, key in selected)
            for key, count in zip(column.ids, counts, strict=True)
            if count or key in selected
        ]
        values.sort(key=lambda value: -value.count)
        return FacetCounts(facet.name, facet.label, tuple(values))
