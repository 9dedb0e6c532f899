"""Values of closed lists, and practices, short and whole."""

from __future__ import annotations

from typing import Any

from search_service.answers.shapes import label, labels
from search_service.library import Library
from search_service.practices.collection import PracticeSummary
from search_service.practices.model import NOT_STATED, SECTIONS, Practice

Json = dict[str, Any]


def practice_summary(library: Library, practice: Practice | PracticeSummary) -> Json:
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


def practice(library: Library, record: Practice) -> Json:
    """Present a whole practice; `year` is left out, since `start` says more."""
    shown = practice_summary(library, record)
    del shown["year"]
    return shown | {
        "partners": labels(library, "partner", record.partners),
        "target_groups": labels(library, "target_group", record.target_groups),
        "focus": labels(library, "focus", record.focus),
        "evidence": _evidence(library, record),
        "scale": label(library, "scale", record.scale),
        "start": record.start,
        "end": record.end,
        "call": label(library, "call", record.call) if record.call else None,
        "recognition": labels(library, "recognition", record.recognition),
        "evaluations": [evaluation.model_dump() for evaluation in record.evaluations],
        "sections": _sections(record),
        "sources": [source.model_dump(mode="json") for source in record.sources],
        "variants": [{"id": p.id, "label": p.title} for p in library.practices.versions_of(record)],
    }


def _evidence(library: Library, record: Practice) -> Json:
    rating = library.taxonomy.terms("evidence")[record.rating]
    return {
        "id": rating.id,
        "label": rating.label,
        "definition": rating.definition,
        "basis": record.evidence.basis,
    }


def _sections(record: Practice) -> list[Json]:
    return [
        {
            "heading": section.heading,
            "text": record.sections[section.key],
            "stated": record.sections[section.key] != NOT_STATED,
        }
        for section in SECTIONS
        if section.key in record.sections
    ]
