"""What the practices of a snapshot say together: gaps, reach, change from call to call, and the gap map.

Each is computed on first use and kept; two first requests at once may both compute it, with the same result.
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
from search_service.gaps.report import GapReport, ThemeGap, compare
from search_service.gaps.tally import Tally, tally_of
from search_service.practices.collection import Columns
from search_service.practices.model import UNTESTED
from search_service.practices.regions import POLICE_FORCE
from search_service.practices.taxonomy import Concept, ReferenceList, Taxonomy

MAP_LISTS = ("theme", "approach", "region", "target_group", "evidence", "stage", "organisation")
"""The closed lists that can be an axis of the gap map."""

ABROAD = "outside-the-uk"
"""The region whose forces reach does not count, since calls do not go there (an id of vocabulary.yaml)."""


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
        return compare(self._tally, self._labels["theme"], self._taxonomy.references)

    def report(self, reference: str = "") -> GapReport:
        """Return the report against one reference, by default the first; raises NotFound."""
        key = reference or self._taxonomy.references[0].id
        if key not in self._reports:
            raise NotFound("reference", key)
        return self._reports[key]

    def report_against(self, own: ReferenceList) -> GapReport:
        """Return the report against a reference that is not of the corpus, and which of the corpus agree."""
        return compare(self._tally, self._labels["theme"], [own, *self._taxonomy.references])[own.id]

    def of_theme(self, theme: str) -> ThemeGap | None:
        """Return one theme of the default report, or None if it leaves the theme out."""
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
        """Draft a call for practice from a report."""
        definitions = {theme.id: theme.definition for theme in self._taxonomy.themes}
        return draft(report, self.reach, definitions, self._labels["reference"], self._day)

    def map(self, rows: str = "theme", columns: str = "approach") -> GapMap:
        """Count practices in every cell of two closed lists; raises InvalidRequest."""
        if faults := _axis_faults(rows, columns):
            raise InvalidRequest(faults)
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
        """The organisations, regions and target groups that have practice, and those that have none."""
        organisations = self._taxonomy.vocabulary.organisation
        forces = [one.id for one in organisations if one.kind == POLICE_FORCE and one.region != ABROAD]
        labels = {name: self._labels[name] for name in LISTS}
        labels["region"] = {key: name for key, name in labels["region"].items() if key != ABROAD}
        values = {name: self._columns.values[name] for name in LISTS}
        return reach_of(values, labels, forces)

    @cached_property
    def call_effects(self) -> tuple[CallEffect, ...]:
        """What came through each call and before it; statuses are against the default reference."""
        values, taxonomy = self._columns.values, self._taxonomy
        return call_effects(
            values["call"], values["theme"], taxonomy.calls, self._labels["theme"], taxonomy.references[0]
        )

    @cached_property
    def _tally(self) -> Tally:
        return tally_of(
            self._columns.values["theme"],
            [rating != UNTESTED for rating in self._columns.ratings],
            list(self._labels["theme"]),
        )


def _axis_faults(rows: str, columns: str) -> list[Fault]:
    """Return what keeps a map from being drawn for these two lists."""
    faults = [
        Fault(name, f"“{value[:80]}” is not a list the map can be drawn for.", ", ".join(MAP_LISTS))
        for name, value in (("rows", rows), ("columns", columns))
        if value not in MAP_LISTS
    ]
    if not faults and rows == columns:
        faults.append(Fault("columns", "rows and columns must differ.", "columns=region"))
    return faults
