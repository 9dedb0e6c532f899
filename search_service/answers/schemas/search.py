"""The form of search results and filters."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from search_service.answers.schemas.base import Answer
from search_service.answers.schemas.practices import PracticeSummary
from search_service.answers.shapes import Label
from search_service.search.suggest import KINDS


class PieceOut(Answer):
    """A run of text; `marked` where it is a word of the query."""

    text: str
    marked: bool


class SnippetOut(Answer):
    """The passage that answers best, and the heading it stands under."""

    section: str
    pieces: list[PieceOut]


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
    region: Label | None = Field(description="The region of an organisation; none of other values.")


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
    offer: str | None = Field(description="Another query that may have been meant; it was not searched for.")
    organisations: list[Label] = Field(description="Organisations named; their practices are lifted.")
    asks_evidence: bool = Field(description="The question was what is known to work; nothing was filtered.")


class NearestOut(Answer):
    """What is found where nothing meets all that was asked: the best practices, and their themes."""

    given_up: list[Label] = Field(description="What is no longer insisted on.")
    total: int
    results: list[HitOut]
    themes: list[Label]


class SearchOut(Answer):
    """One page of search results."""

    query: QueryOut
    total: int
    page: int
    pages: int
    per_page: int
    sort: str
    from_: int | None = Field(alias="from", description="First year of beginning asked for.")
    to: int | None = Field(description="Last year of beginning asked for.")
    evaluated: bool = Field(description="Whether only what was evaluated was asked for.")
    results: list[HitOut]
    nearest: NearestOut | None = Field(description="Only where nothing was found, and something near is.")
    facets: list[FacetOut]


class SuggestionOut(Answer):
    """Something to search for or go to; the id is that of a theme, an organisation or a practice."""

    kind: Literal[KINDS]  # type: ignore[valid-type]  # the kinds are one list, in search/suggest.py
    text: str
    id: str | None
    practices: int = Field(description="How many practices it is of.")
    url: str | None = Field(description="The page it leads to; none for a phrase, which is searched for.")


class SuggestOut(Answer):
    """What can be suggested for the beginning of a query."""

    suggestions: list[SuggestionOut]


class FacetsOut(Answer):
    """Every facet with its counts over all practices."""

    facets: list[FacetOut]
