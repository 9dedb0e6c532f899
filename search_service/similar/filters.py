"""Leaving out of a list of similar practice what a person has no use for.

A filter never changes how alike two practices are: it says which rows may be recommended at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_service.practices.collection import Columns, Ids
from search_service.practices.regions import regions_of_forces
from search_service.practices.taxonomy import Taxonomy

PROMISING = "promising"
"""The weakest evidence rating that `ListFilters.promising` lets pass; the taxonomy lists ratings strongest
first."""


@dataclass(frozen=True, slots=True)
class ListFilters:
    """What a person asked of a list of similar practice; each is off where it is empty.

    `promising` asks for evidence rated promising or stronger. `not_organisations` are "mine": a practice
    passes unless they alone run it, so that what is run together with others stays. Of `regions` and of
    `themes` a practice must have at least one.
    """

    promising: bool = False
    not_organisations: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything passes."""
        return self == ListFilters()


def passing(filters: ListFilters, columns: Columns, taxonomy: Taxonomy) -> NDArray[np.bool_]:
    """Return, for each practice in the order of `columns`, whether it passes every filter.

    As in search, a region holds the practices of its forces too.
    """
    keep = np.ones(len(columns.ids), dtype=bool)
    values = columns.values
    if filters.promising:
        keep &= _any_of(values["evidence"], _promising_or_stronger(list(taxonomy.terms("evidence"))))
    if filters.not_organisations:
        mine = frozenset(filters.not_organisations)
        keep &= _where(values["organisation"], lambda run_by: not mine.issuperset(run_by))
    if filters.regions:
        forces = [key for key, region in regions_of_forces(taxonomy).items() if region in filters.regions]
        keep &= _any_of(values["region"], filters.regions) | _any_of(values["organisation"], forces)
    if filters.themes:
        keep &= _any_of(values["theme"], filters.themes)
    return keep


def _promising_or_stronger(ratings: Sequence[str]) -> frozenset[str]:
    """Return the ratings down to `PROMISING`; none where the list has no such rating."""
    return frozenset(ratings[: ratings.index(PROMISING) + 1] if PROMISING in ratings else ())


def _any_of(column: Sequence[Ids], wanted: Iterable[str]) -> NDArray[np.bool_]:
    """Return which values of a column hold one of these ids."""
    wanted = frozenset(wanted)
    return _where(column, lambda ids: not wanted.isdisjoint(ids))


def _where(column: Sequence[Ids], test: Callable[[Ids], bool]) -> NDArray[np.bool_]:
    """Return which values of a column meet a test, each different value tested once."""
    outcome = {ids: test(ids) for ids in set(column)}
    return np.array([outcome[ids] for ids in column], dtype=bool)
