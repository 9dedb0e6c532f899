"""The form of a practice, short and whole."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from search_service.answers.schemas.base import Answer, Labelled
from search_service.answers.shapes import Label


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


class EvidenceOut(Labelled):
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
