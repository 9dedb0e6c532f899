"""What all practices of a snapshot together say of its themes: gaps, reach, calls and the gap map.

Each is worked out when it is first asked for, and kept. Two requests that are the first at once may both do
the work; they come to the same.
"""

from __future__ import annotations

from functools import cached_property

from search_service.gaps.calls import CallEffect, call_effects
from search_service.gaps.gap_map import GapMap, gap_map
from search_service.gaps.reach import LISTS, Reach, reach_of
from search_service.gaps.report import GapReport, Reference, compare
from search_service.gaps.tally import Tally, tally_of
from search_service.practices.collection import Columns
from search_service.practices.model import UNTESTED
from search_service.practices.regions import POLICE_FORCE
from search_service.practices.taxonomy import Taxonomy

ABROAD = "outside-the-uk"
"""Reach counts neither forces nor regions there, where nobody is asked (an id of vocabulary.yaml)."""


class Overview:
    """The figures of one snapshot's practices."""

    def __init__(self, columns: Columns, taxonomy: Taxonomy) -> None:
        self._columns, self._taxonomy = columns, taxonomy
        self._labels = taxonomy.labels
        self._gap_maps: dict[tuple[str, str], GapMap] = {}

    @cached_property
    def gap_reports(self) -> dict[str, GapReport]:
        """The gap report against each reference of the corpus, by its id."""
        return compare(self._tally, self._labels["theme"], self._references)

    def gaps_against(self, own: Reference) -> GapReport:
        """Return the gap report against another reference; raises InvalidRequest with every fault."""
        return compare(self._tally, self._labels["theme"], [own, *self._references])[own.id]

    def gap_map(self, rows: str, columns: str) -> GapMap:
        """Count practices in every cell of two closed lists."""
        if (rows, columns) not in self._gap_maps:
            self._gap_maps[rows, columns] = gap_map(
                self._columns.values[rows],
                self._columns.values[columns],
                self._columns.ratings,
                self._labels[rows],
                self._labels[columns],
                list(self._taxonomy.terms("evidence")),
            )
        return self._gap_maps[rows, columns]

    @cached_property
    def reach(self) -> Reach:
        """Which organisations, regions and target groups the practices are from, and which not."""
        organisations = self._taxonomy.vocabulary.organisation
        forces = [one.id for one in organisations if one.kind == POLICE_FORCE and one.region != ABROAD]
        labels = {name: self._labels[name] for name in LISTS}
        labels["region"] = {key: name for key, name in labels["region"].items() if key != ABROAD}
        values = {name: self._columns.values[name] for name in LISTS}
        return reach_of(values, labels, forces)

    @cached_property
    def call_effects(self) -> tuple[CallEffect, ...]:
        """What came through each call beside what came before, labelled against the default reference."""
        default = self._references[0].weights
        calls_of, themes_of = self._columns.values["call"], self._columns.values["theme"]
        return call_effects(calls_of, themes_of, self._taxonomy.calls, self._labels["theme"], default)

    @cached_property
    def _references(self) -> list[Reference]:
        return [
            Reference(
                reference.id,
                reference.label,
                reference.shares(),
                reference.caveat,
                tuple(dict.fromkeys(w.source for w in reference.weights if w.source)),
            )
            for reference in self._taxonomy.references
        ]

    @cached_property
    def _tally(self) -> Tally:
        return tally_of(
            self._columns.values["theme"],
            [rating != UNTESTED for rating in self._columns.ratings],
            list(self._labels["theme"]),
        )
