"""A practice: what a list shows of it, and the whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from search_service.answers.shapes import Answer, Label, label, labels
from search_service.library import Library
from search_service.practices import collection, model


class PracticeSummary(Answer):
    """What a list shows of a practice."""

    id: str
    title: str
    summary: str
    url: Annotated[str, Field(description="The page of the practice, relative to this service.")]
    year: Annotated[int | None, Field(description="The year it began, where a source states it.")]
    organisations: list[Label]
    regions: list[Label]
    themes: list[Label]
    approaches: list[Label]
    evidence: Label
    stage: Label


class Section(Answer):
    """One section of a practice; `text` is Markdown."""

    heading: str
    text: str
    stated: Annotated[bool, Field(description="False where the sources say nothing.")]


class Source(Answer):
    """A public document that was read."""

    url: str
    title: str
    read: Annotated[str, Field(json_schema_extra={"format": "date"})]


class Evaluation(Answer):
    """Who evaluated it, how, and what was found."""

    by: str
    method: str
    finding: str
    url: str | None


class Evidence(Label):
    """How strong the evidence is, what that rating means, and why it was given."""

    definition: str
    basis: str


class Practice(Answer):
    """A whole practice."""

    id: str
    title: str
    summary: str
    url: str
    organisations: list[Label]
    regions: list[Label]
    themes: list[Label]
    approaches: list[Label]
    evidence: Evidence
    stage: Label
    partners: list[Label]
    target_groups: list[Label]
    focus: list[Label]
    scale: Label
    start: str | None
    end: str | None
    call: Label | None
    recognition: list[Label]
    evaluations: list[Evaluation]
    sections: list[Section]
    sources: list[Source]
    variants: Annotated[list[Label], Field(description="Other versions of the same initiative.")]


class PracticeRow(Practice):
    """A practice as a row of a file, with the address of its page."""

    address: str


def practice_summary(
    library: Library, practice: model.Practice | collection.PracticeSummary
) -> PracticeSummary:
    """Present what a list shows of a practice."""
    return {
        "id": practice.id,
        "title": practice.title,
        "summary": practice.summary,
        "url": f"/practices/{practice.id}",
        "year": practice.year,
        "organisations": labels(library, "organisation", practice.organisations),
        "regions": labels(library, "region", practice.regions),
        "themes": labels(library, "theme", practice.themes),
        "approaches": labels(library, "approach", practice.approaches),
        "evidence": label(library, "evidence", practice.rating),
        "stage": label(library, "stage", practice.stage),
    }


def practice(library: Library, record: model.Practice) -> Practice:
    """Present a whole practice."""
    return {
        "id": record.id,
        "title": record.title,
        "summary": record.summary,
        "url": f"/practices/{record.id}",
        "organisations": labels(library, "organisation", record.organisations),
        "regions": labels(library, "region", record.regions),
        "themes": labels(library, "theme", record.themes),
        "approaches": labels(library, "approach", record.approaches),
        "evidence": _evidence(library, record),
        "stage": label(library, "stage", record.stage),
        "partners": labels(library, "partner", record.partners),
        "target_groups": labels(library, "target_group", record.target_groups),
        "focus": labels(library, "focus", record.focus),
        "scale": label(library, "scale", record.scale),
        "start": record.start,
        "end": record.end,
        "call": label(library, "call", record.call) if record.call else None,
        "recognition": labels(library, "recognition", record.recognition),
        "evaluations": [
            {"by": one.by, "method": one.method, "finding": one.finding, "url": one.url}
            for one in record.evaluations
        ],
        "sections": _sections(record),
        "sources": [
            {"url": one.url, "title": one.title, "read": one.read.isoformat()} for one in record.sources
        ],
        "variants": [{"id": p.id, "label": p.title} for p in library.practices.versions_of(record)],
    }


def _evidence(library: Library, record: model.Practice) -> Evidence:
    rating = library.taxonomy.terms("evidence")[record.rating]
    named = label(library, "evidence", record.rating)
    return {**named, "definition": rating.definition, "basis": record.evidence.basis}


def _sections(record: model.Practice) -> list[Section]:
    return [
        {"heading": section.heading, "text": text, "stated": text != model.NOT_STATED}
        for section in model.SECTIONS
        if (text := record.sections.get(section.key)) is not None
    ]


def practice_rows(library: Library, practices: Iterable[model.Practice], base: str) -> list[PracticeRow]:
    """Present practices for a file; `base` is the address of this service, with its slash."""
    rows = [practice(library, one) for one in practices]
    return [{**row, "address": f"{base}practices/{row['id']}"} for row in rows]
