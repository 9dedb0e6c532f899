"""What all practices of a snapshot together say about its themes: gaps, reach, calls and the gap map.

Each is computed when it is first asked for, and kept. Two first requests at once may both compute it, with
the same result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from search_service.errors import Fault, InvalidRequest, NotFound
from search_service.gaps.call_draft import Block, draft
from search_service.gaps.calls import CallEffect, call_effects
from search_service.gaps.gap_map import GapMap, gap_map
from search_service.gaps.reach import LISTS, Reach, reach_of
from search_service.gaps.report import GapReport, Reference, ThemeGap, compare
from search_service.gaps.tally import Tally, tally_of
from search_service.practices.collection import Columns
from search_service.practices.model import UNTESTED
from search_service.practices.regions import POLICE_FORCE
from search_service.practices.taxonomy import Concept, Taxonomy

MAP_LISTS = ("theme", "approach", "region", "target_group", "evidence", "stage", "organisation")
"""Closed lists that can be an axis of the gap map."""

ABROAD = "outside-the-uk"
"""Reach counts neither forces nor regions there, where nobody is asked (an id of vocabulary.yaml)."""


@dataclass(frozen=True, slots=True)
class ThemeSummary:
    """A theme with how many practices it has and how many of each evidence rating."""

    concept: Concept
    practices: int
    by_evidence: Mapping[str, int]


class Gaps:
    """The thematic gaps of one snapshot; `day` is when it was made, in words."""

    def __init__(self, columns: Columns, taxonomy: Taxonomy, day: str) -> None:
        self._columns, self._taxonomy, self._day = columns, taxonomy, day
        self._labels = taxonomy.labels
        self._maps: dict[tuple[str, str], GapMap] = {}

    @cached_property
    def _reports(self) -> dict[str, GapReport]:
        return compare(self._tally, self._labels["theme"], self._references)

    def report(self, reference: str = "") -> GapReport:
        """Return the report against one reference, by default the first; raises NotFound."""
        key = reference or self._references[0].id
        if key not in self._reports:
            raise NotFound("reference", key)
        return self._reports[key]

    def report_against(self, own: Reference) -> GapReport:
        """Return the report against a reference that is not of the corpus; raises InvalidRequest.

        The report says which of the corpus' own references agree.
        """
        return compare(self._tally, self._labels["theme"], [own, *self._references])[own.id]

    def of_theme(self, theme: str) -> ThemeGap | None:
        """Return what the default report says about one theme, or None if it leaves the theme out."""
        return next((gap for gap in self.report().themes if gap.theme == theme), None)

    @cached_property
    def themes(self) -> tuple[ThemeSummary, ...]:
        """Every theme, in the order of the taxonomy, with its practices counted."""
        counts = {theme.id: Counter[str]() for theme in self._taxonomy.themes}
        for themes, rating in zip(self._columns.values["theme"], self._columns.ratings, strict=True):
            for theme in themes:
                counts[theme][rating] += 1
        return tuple(
            ThemeSummary(theme, counts[theme.id].total(), dict(counts[theme.id]))
            for theme in self._taxonomy.themes
        )

    def call_draft(self, report: GapReport) -> tuple[Block, ...]:
        """Return the draft of a call for practice from a report."""
        definitions = {theme.id: theme.definition for theme in self._taxonomy.themes}
        return draft(report, self.reach, definitions, self._labels["reference"], self._day)

    def map(self, rows: str = "theme", columns: str = "approach") -> GapMap:
        """Count practices in every cell of two closed lists; raises InvalidRequest."""
        _check_axes(rows, columns)
        if (rows, columns) not in self._maps:
            self._maps[rows, columns] = gap_map(
                self._columns.values[rows],
                self._columns.values[columns],
                self._columns.ratings,
                self._labels[rows],
                self._labels[columns],
                list(self._taxonomy.terms("evidence")),
            )
        return self._maps[rows, columns]

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


def _check_axes(rows: str, columns: str) -> None:
    """Raise InvalidRequest unless a map can be drawn for these two lists."""
    faults = [
        Fault(name, f"“{value}” is not a list the map can be drawn for.", ", ".join(MAP_LISTS))
        for name, value in (("rows", rows), ("columns", columns))
        if value not in MAP_LISTS
    ]
    if not faults and rows == columns:
        faults.append(Fault("columns", "rows and columns must differ.", "columns=region"))
    if faults:
        raise InvalidRequest(faults)
