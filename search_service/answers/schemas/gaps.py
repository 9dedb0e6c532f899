"""The form of themes, gaps and the gap map."""

from __future__ import annotations

from pydantic import Field

from search_service.answers.schemas.base import Answer, Label


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
    observed: int = Field(description="Practices that carry the theme, confirmed by a person.")
    expected: float = Field(description="Practices there would be if they were spread like the reference.")
    ratio: float = Field(description="Shrunk ratio of observed to expected.")
    low: float = Field(description="Lower end of the 90% interval of the ratio.")
    high: float = Field(description="Upper end of the 90% interval of the ratio.")
    interval_from: str = Field(description="Where the wider interval came from.")
    probability_under: float = Field(description="Probability that the ratio is below 0.8.")
    status: Label = Field(description="What may be said of the theme.")
    sentence: str = Field(description="All of it in one sentence.")
    evaluated: int = Field(description="Practices that anyone is known to have tested.")
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
    untagged: int = Field(description="Practices without a confirmed theme; they are not counted.")
    tags: int = Field(description="Theme tags that the compared practices carry.")
    k: float = Field(description="How alike the themes are: the larger, the more ratios are drawn to 1.")
    themes: list[ThemeGapOut]
    figures: list[FigureOut] = Field(description="What the expected numbers come from; empty for equal.")
    left_out: list[Label] = Field(description="Themes for which this reference has no figure.")


class ThemeReachOut(Answer):
    """Where the practices of one theme are from."""

    theme: str
    label: str
    practices: int
    organisations: int
    leading: str = Field(description="The organisation with the most of them.")
    leading_practices: int
    concentrated: bool = Field(description="It has more than half of at least five practices.")
    sentence: str
    regions_without: list[str] = Field(description="Regions with no practice on the theme.")
    target_groups_without: list[str]
    approaches_without: list[str]


class ReachOut(Answer):
    """Where the practices are from, and whom they do not reach."""

    sentence: str
    forces: int
    forces_without: list[str] = Field(description="Police forces with no practice at all.")
    regions_without: list[str]
    target_groups_without: list[str]
    themes: list[ThemeReachOut]


class ThemeChangeOut(Answer):
    """One theme that a call asked for, before the call and through it."""

    theme: str
    label: str
    before: int = Field(description="Practices on the theme that came through earlier calls.")
    through: int = Field(description="Practices on the theme that came through the call.")
    low: float | None = Field(description="Lower end of the 90% interval of the ratio of shares.")
    high: float | None = Field(description="Upper end; none where it has no end.")
    probability: float | None = Field(
        description="Probability of as many or more through the call, were the share unchanged."
    )
    change: Label
    label_before: str = Field(description="What was said of the theme before the call.")
    label_after: str
    sentence: str


class CallOut(Label):
    """What one call brought."""

    wanted: str
    before: int = Field(description="All practices that came through earlier calls.")
    through: int = Field(description="All practices that came through the call.")
    sentence: str
    themes: list[ThemeChangeOut]


class CallsOut(Answer):
    """Every call, in order, with what it changed."""

    reference: Label = Field(description="What the labels before and after are compared with.")
    calls: list[CallOut]


class BlockOut(Answer):
    """A heading (level 1 to 3), a paragraph (level 0), or a list."""

    text: str
    level: int
    items: list[str]


class BriefOut(Answer):
    """The draft of a call for practice."""

    reference: Label
    blocks: list[BlockOut]
    markdown: str


class SuggestionOut(Answer):
    """A theme that a practice may lack; it counts for nothing until a person confirms it."""

    practice: Label
    theme: Label
    themes: list[Label] = Field(description="The themes it has.")
    probability: float
    wording: list[str] = Field(description="The wording that led to it.")
    quote: str


class TopicOut(Answer):
    """Practices of several themes that share words no theme uses."""

    words: list[str]
    practices: list[Label]
    themes: list[Label]


class SuggestionsOut(Answer):
    """Suggested themes, and topics that no theme covers."""

    precision: float | None = Field(description="Cross-validated; none where it could not be measured.")
    recall: float | None
    signals_precision: float | None = Field(description="Of the taxonomy's signal phrases alone.")
    signals_recall: float | None
    suggestions: list[SuggestionOut]
    topics: list[TopicOut]


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
