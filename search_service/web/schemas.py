"""The form of every API answer, in one place: the API's reference is made from these."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """An API answer: no keys but those named."""

    model_config = ConfigDict(extra="forbid")


class Label(Answer):
    """A value of a closed list."""

    id: str
    label: str


class PieceOut(Answer):
    """A run of text; `marked` where it is a word of the query."""

    text: str
    marked: bool


class SnippetOut(Answer):
    """The passage that answers best, and the heading it stands under."""

    section: str
    pieces: list[PieceOut]


class PracticeSummary(Answer):
    """What a list shows of a practice."""

    id: str
    title: str
    summary: str
    url: str = Field(description="The page of the practice, relative to this service.")
    year: int | None = Field(description="The year it began, where a source states it.")
    organisations: list[Label]
    regions: list[Label]
    themes: list[Label]
    approaches: list[Label]
    evidence: Label
    stage: Label


class HitOut(PracticeSummary):
    """A practice found, with its score and the passage to quote."""

    score: float
    snippet: SnippetOut


class FacetValueOut(Answer):
    """A value of a facet and how many practices choosing it would give."""

    id: str
    label: str
    count: int
    selected: bool


class FacetOut(Answer):
    """One way of narrowing a search."""

    name: str
    label: str
    values: list[FacetValueOut]


class CorrectionOut(Answer):
    """A word that stands in no practice, and the word that was searched for instead."""

    typed: str
    searched: str


class QueryOut(Answer):
    """What was understood of the query."""

    text: str
    missing: list[str] = Field(description="Words that stand in no practice.")
    corrections: list[CorrectionOut] = Field(description="Words taken for misspelt.")
    ignored: list[str] = Field(description="Very common words that were passed over.")
    unknown: list[str] = Field(description="field:value pairs with no such value, read as text.")


class SearchOut(Answer):
    """One page of search results."""

    query: QueryOut
    total: int
    page: int
    pages: int
    per_page: int
    sort: str
    results: list[HitOut]
    facets: list[FacetOut]


class FacetsOut(Answer):
    """Every facet with its counts over all practices."""

    facets: list[FacetOut]


class SectionOut(Answer):
    """One section of a practice; `text` is Markdown."""

    heading: str
    text: str
    stated: bool = Field(description="False where the sources say nothing.")


class SourceOut(Answer):
    """A public document that was read."""

    url: str
    title: str
    read: dt.date


class EvaluationOut(Answer):
    """Who evaluated it, how, and what was found."""

    by: str
    method: str
    finding: str
    url: str | None


class EvidenceOut(Label):
    """How strong the evidence is, what that rating means, and why it was given."""

    definition: str
    basis: str


class PracticeOut(Answer):
    """A whole practice."""

    id: str
    title: str
    summary: str
    url: str
    organisations: list[Label]
    regions: list[Label]
    partners: list[Label]
    themes: list[Label]
    approaches: list[Label]
    target_groups: list[Label]
    focus: list[Label]
    evidence: EvidenceOut
    stage: Label
    scale: Label
    start: str | None
    end: str | None
    call: Label | None
    recognition: list[Label]
    evaluations: list[EvaluationOut]
    sections: list[SectionOut]
    sources: list[SourceOut]
    variants: list[Label] = Field(description="Other versions of the same initiative.")


class TermOut(Answer):
    """A word both texts use and its share of the score; the shares of all add up to 1."""

    word: str
    share: float


class ValuesOut(Answer):
    """Values of one closed list."""

    list_name: str
    label: str
    values: list[Label]


class RecommendationOut(PracticeSummary):
    """A similar practice, with the reasons."""

    score: float = Field(description="Cosine of the TF-IDF vectors, 0 to 1.")
    terms: list[TermOut]
    shared: list[ValuesOut]
    differs: list[ValuesOut] = Field(description="Its values where the two share none.")
    variants: list[Label]


class RelatedOut(Answer):
    """Practices similar to one."""

    practice: Label
    results: list[RecommendationOut]


class SimilarOut(Answer):
    """Practices similar to a text; empty where none is alike enough."""

    results: list[RecommendationOut]


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


class FaultOut(Answer):
    """One thing wrong with a request."""

    where: str
    message: str
    example: str


class Problem(Answer):
    """An error, after RFC 9457, with everything wrong at once."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FaultOut] = []
