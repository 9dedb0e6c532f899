"""The form of themes, gaps and the gap map."""

from __future__ import annotations

from pydantic import Field

from search_service.web.schemas.base import Answer, Label


class ThemeOut(Answer):
    """A theme, what it covers, and what there is on it."""

    id: str
    label: str
    definition: str
    includes: str
    excludes: str
    practices: int
    by_evidence: dict[str, int]


class ThemesOut(Answer):
    """Every theme, in the order of the taxonomy."""

    themes: list[ThemeOut]


class ReferenceOut(Answer):
    """A distribution that coverage can be compared with."""

    id: str
    label: str
    description: str
    caveat: str
    sources: list[str]


class ThemeGapOut(Answer):
    """One theme against the reference."""

    theme: str
    label: str
    observed: int
    expected: float
    ratio: float = Field(description="Shrunk ratio of observed to expected.")
    low: float = Field(description="Lower end of the 90 % interval of the ratio.")
    high: float = Field(description="Upper end of the 90 % interval of the ratio.")
    interval_from: str = Field(description="Where the wider interval came from.")
    probability_under: float = Field(description="Probability that the ratio is below 0.8.")
    status: Label
    sentence: str
    evaluated: int
    evidence_gap: bool = Field(description="There is practice, but none that anyone has evaluated.")
    robust_under: list[str] = Field(description="Other references that call it a likely gap.")


class FigureOut(Answer):
    """What one theme weighs in a reference, and where that is from."""

    theme: str
    label: str
    weight: float
    unit: str = Field(description="What is counted; empty for a weight.")
    year: str
    why: str
    source: str
    caveat: str


class GapsOut(Answer):
    """The gap report against one reference."""

    reference: ReferenceOut
    references: list[Label]
    summary: str
    caveats: list[str]
    practices: int
    untagged: int
    tags: int
    k: float
    themes: list[ThemeGapOut]
    figures: list[FigureOut] = Field(description="What the expected numbers come from; empty for equal.")
    left_out: list[Label] = Field(description="Themes for which this reference has no figure.")


class HeadingOut(Label):
    """A row or column of the map with its number of distinct practices."""

    total: int


class CellOut(Answer):
    """Where a row meets a column."""

    row: str
    column: str
    count: int
    by_evidence: dict[str, int]


class GapMapOut(Answer):
    """Practices counted on two axes, empty cells included."""

    row_list: str
    column_list: str
    rows: list[HeadingOut]
    columns: list[HeadingOut]
    cells: list[list[CellOut]]
    practices: int
    unplaced: int = Field(description="Practices in no cell: they lack a row or a column.")
    empty: int = Field(description="Cells without a practice.")
