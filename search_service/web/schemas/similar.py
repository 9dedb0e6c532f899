"""The form of recommendations and their reasons."""

from __future__ import annotations

from pydantic import Field

from search_service.web.schemas.base import Answer, Label
from search_service.web.schemas.practices import PracticeSummary


class TermOut(Answer):
    """A word both texts use, and its part of the score."""

    word: str
    weight: float


class ValuesOut(Answer):
    """Values of one closed list."""

    list_name: str
    label: str
    values: list[Label]


class RecommendationOut(PracticeSummary):
    """A similar practice, with the reasons."""

    score: float = Field(
        description="Likeness, 0 to 1: the sum of the weights of `terms`, of `other_words` and of `wording`."
    )
    terms: list[TermOut]
    other_words: float = Field(description="The part of further words that both use.")
    wording: float = Field(description="The part of wording that usually goes together.")
    shared: list[ValuesOut]
    differs: list[ValuesOut] = Field(description="Its values where the two share none.")
    variants: list[Label]


class RelatedOut(Answer):
    """Practices similar to one."""

    practice: Label
    results: list[RecommendationOut]


class MissingPartOut(Answer):
    """A part of a description that the text says nothing of, as far as its wording shows."""

    id: str
    label: str
    advice: str


class SimilarOut(Answer):
    """Practices similar to a text; empty where none is alike enough."""

    results: list[RecommendationOut]
    missing_parts: list[MissingPartOut]
    is_english: bool = Field(
        description="Whether it reads as English: only English can be compared, and looked through for parts."
    )
