"""The form of recommendations and their reasons."""

from __future__ import annotations

from pydantic import Field

from search_service.answers.schemas.base import Answer, Labelled
from search_service.answers.schemas.practices import PracticeSummary
from search_service.answers.shapes import Label


class TermOut(Answer):
    """A word both texts use, and its part of the score."""

    word: str
    weight: float


class ValuesOut(Answer):
    """Values of one closed list."""

    list_name: str
    label: str
    values: list[Label]


class PassagesOut(Answer):
    """The two passages that are most alike, as plain text."""

    here: str = Field(description="From the text or practice that the list is for.")
    there: str = Field(description="From the practice listed.")


class VersionOut(Labelled):
    """Another version of the same initiative, and who runs it."""

    organisations: list[Label]


class RunByOut(Labelled):
    """An organisation that runs another version: `practice` is the id of that version."""

    practice: str


class AlsoRunByOut(Answer):
    """Who else runs the initiative, counted in a sentence and named."""

    sentence: str
    organisations: list[RunByOut]


class RecommendationOut(PracticeSummary):
    """A similar practice, with the reasons."""

    partners: list[Label]
    score: float = Field(
        description="Likeness, 0 to 1: the sum of the weights of `terms`, of `other_words` and of `wording`."
    )
    terms: list[TermOut]
    other_words: float = Field(description="The part of further words that both use.")
    wording: float = Field(description="The part of wording that usually goes together.")
    passages: PassagesOut | None
    same_initiative: bool = Field(description="Whether it looks like the very initiative asked about.")
    shared: list[ValuesOut]
    differs: list[ValuesOut] = Field(description="Its values where the two share none.")
    to_check: list[ValuesOut] = Field(
        description="For a text or several practices: its own values, to check against yours."
    )
    variants: list[VersionOut] = Field(description="Other versions of the same initiative.")
    also_run_by: AlsoRunByOut | None


class FilterOut(Answer):
    """A filter in use: the parameter, its value, and how it is shown."""

    name: str
    id: str
    label: str


class WithoutOut(Answer):
    """Filters that can be taken off a list that is empty, and how many practices it would have then."""

    filters: list[str]
    label: str
    results: int


class ListOut(Answer):
    """A list of similar practice, with what was compared and what was left out."""

    results: list[RecommendationOut]
    compared: int = Field(description="How many practices were compared: those that the filters leave.")
    floor: float = Field(description="Nothing whose likeness is lower is listed.")
    sentence: str = Field(description="The same in words, and why the list is short where it is.")
    filters: list[FilterOut]
    without: list[WithoutOut] = Field(description="Given where the filters leave nothing to list.")


class RelatedOut(ListOut):
    """Practices similar to one."""

    practice: Label


class MissingPartOut(Answer):
    """A part of a description that the text says nothing of, as far as its wording shows."""

    id: str
    label: str
    advice: str


class DraftGapOut(Answer):
    """That a theme has fewer practices than the default reference leads one to expect."""

    status: Label
    practices: int
    sentence: str


class DraftThemeOut(Labelled):
    """A theme that the text seems to be on, with the phrases that say so; it is counted nowhere."""

    url: str = Field(description="The page of the theme, relative to this service.")
    wording: list[str] = Field(description="Phrases of the text, in lower case.")
    gap: DraftGapOut | None = Field(description="Given where the theme is a likely or possible gap.")


class SameInitiativeOut(Labelled):
    """A practice that the text seems to describe, with what it is to be cited by."""

    url: str = Field(description="The page of the practice, relative to this service.")
    organisations: list[Label]
    year: int | None


class SimilarOut(ListOut):
    """Practices similar to a text; empty where none is alike enough."""

    same_initiative: list[SameInitiativeOut] = Field(
        description="What the text looks the same as, filters or not."
    )
    words: int = Field(description="Different words of the text that carry meaning.")
    words_known: int = Field(description="How many of them practices use: the others are not compared.")
    main_words: list[str] = Field(
        description="Words that tell the text apart and that practices use, the most telling first."
    )
    themes: list[DraftThemeOut] = Field(description="At most two, the clearest first.")
    missing_parts: list[MissingPartOut]
    is_english: bool = Field(
        description="Whether it reads as English: only English can be compared, and looked through for parts."
    )
