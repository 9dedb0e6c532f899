"""Leaving out of a list of similar practice what a person has no use for.

A filter never changes how alike two practices are: it says which rows may be recommended at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields

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
    """The filters of a list of similar practice, by the names of the parameters; an empty one is off.

    `promising` keeps evidence rated promising or stronger. `not_organisation` names one's own organisations:
    a practice passes unless they alone run it, so that what is run together with others stays. A practice
    must have at least one of `region` and one of `theme`.
    """

    promising: bool = False
    not_organisation: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()

    @property
    def used(self) -> tuple[str, ...]:
        """The names of the filters that are on."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name))

    def without(self, names: Iterable[str]) -> ListFilters:
        """Return the same with some filters off."""
        return ListFilters(**{name: getattr(self, name) for name in self.used if name not in names})


NO_FILTERS = ListFilters()


def passing(filters: ListFilters, columns: Columns, taxonomy: Taxonomy) -> NDArray[np.bool_]:
    """Return, for each practice in the order of `columns`, whether it passes every filter.

    As in search, a region holds the practices of its forces too.
    """
    keep = np.ones(len(columns.ids), dtype=bool)
    values = columns.values
    if filters.promising:
        keep &= _any_of(values["evidence"], _promising_or_stronger(list(taxonomy.terms("evidence"))))
    if filters.not_organisation:
        mine = frozenset(filters.not_organisation)
        keep &= _where(values["organisation"], lambda run_by: not mine.issuperset(run_by))
    if filters.region:
        forces = [key for key, region in regions_of_forces(taxonomy).items() if region in filters.region]
        keep &= _any_of(values["region"], filters.region) | _any_of(values["organisation"], forces)
    if filters.theme:
        keep &= _any_of(values["theme"], filters.theme)
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
