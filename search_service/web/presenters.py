"""Turning answers into plain values, once, for the API, the pages and the command line alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from search_service.library import Library
from search_service.practices.model import NOT_STATED, SECTIONS, Practice
from search_service.practices.taxonomy import ReferenceList
from search_service.search.facets import FacetCounts
from search_service.search.index import SearchRequest, SearchResults
from search_service.search.snippets import Snippet
from search_service.similar.explain import SharedValues
from search_service.similar.index import Recommendation
from search_service.themes.coverage import GapReport, ThemeGap
from search_service.themes.gap_map import GapMap

Json = dict[str, Any]

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

LIST_LABELS = {
    "theme": "Themes",
    "approach": "Approaches",
    "partner": "Partners",
    "target_group": "Target group",
    "evidence": "Evidence",
    "stage": "Stage",
    "scale": "Scale",
    "region": "Region",
    "organisation": "Organisation",
}


def date(text: str) -> str:
    """Say a date as people do: “2011”, “February 2011”, “3 February 2011”."""
    year, *rest = text.split("-")
    words = [str(int(day)) for day in rest[1:]] + [MONTHS[int(month) - 1] for month in rest[:1]]
    return " ".join([*words, year])


def label(library: Library, list_name: str, key: str) -> Json:
    """Present one value of a closed list."""
    return {"id": key, "label": library.label(list_name, key)}


def labels(library: Library, list_name: str, keys: Iterable[str]) -> list[Json]:
    """Present several values of a closed list."""
    return [label(library, list_name, key) for key in keys]


def practice_summary(library: Library, practice: Practice) -> Json:
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
        "variants": [{"id": p.id, "label": p.title} for p in library.variants_of(record)],
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


def snippet(found: Snippet) -> Json:
    """Present a quoted passage."""
    pieces = [{"text": piece.text, "marked": piece.marked} for piece in found.pieces]
    return {"section": found.section, "pieces": pieces}


def facets(found: Sequence[FacetCounts]) -> list[Json]:
    """Present every facet."""
    return [
        {
            "name": facet.name,
            "label": facet.label,
            "values": [
                {"id": v.id, "label": v.label, "count": v.count, "selected": v.selected} for v in facet.values
            ],
        }
        for facet in found
    ]


def search(library: Library, request: SearchRequest, results: SearchResults) -> Json:
    """Present one page of search results."""
    return {
        "query": {
            "text": results.query.text,
            "missing": list(results.missing),
            "corrections": [{"typed": old, "searched": new} for old, new in results.corrections],
            "ignored": list(results.query.common),
            "unknown": list(results.query.unknown),
        },
        "total": results.total,
        "page": results.page,
        "pages": results.pages,
        "per_page": request.per_page,
        "sort": results.sort,
        "results": [
            practice_summary(library, library.practices[hit.row])
            | {"score": round(hit.score, 4), "snippet": snippet(hit.snippet)}
            for hit in results.hits
        ],
        "facets": facets(results.facets),
    }


def recommendations(library: Library, found: Sequence[Recommendation]) -> list[Json]:
    """Present similar practices with their reasons."""
    return [
        practice_summary(library, library.practices[one.row])
        | {
            "score": round(one.score, 4),
            "terms": [{"word": t.word, "share": round(t.share, 4)} for t in one.terms],
            "shared": _values(library, one.shared),
            "differs": _values(library, one.differs),
            "variants": [
                {"id": library.practices[row].id, "label": library.practices[row].title}
                for row in one.variants
            ],
        }
        for one in found
    ]


def _values(library: Library, found: Sequence[SharedValues]) -> list[Json]:
    return [
        {
            "list_name": one.list_name,
            "label": LIST_LABELS[one.list_name],
            "values": labels(library, one.list_name, one.ids),
        }
        for one in found
    ]


def themes(library: Library) -> list[Json]:
    """Present every theme with what there is on it."""
    return [
        {
            "id": theme.concept.id,
            "label": theme.concept.label,
            "definition": theme.concept.definition,
            "includes": theme.concept.includes,
            "excludes": theme.concept.excludes,
            "practices": theme.practices,
            "by_evidence": dict(theme.by_evidence),
        }
        for theme in library.themes()
    ]


def gaps(library: Library, report: GapReport) -> Json:
    """Present the gap report against one reference."""
    reference = next(r for r in library.references() if r.id == report.reference)
    return {
        "reference": _reference(reference, report),
        "references": [{"id": r.id, "label": r.label} for r in library.references()],
        "summary": report.summary,
        "caveats": list(report.caveats),
        "practices": report.practices,
        "untagged": report.untagged,
        "tags": report.tags,
        "k": round(report.k, 4),
        "themes": [_theme_gap(gap) for gap in report.themes],
        "figures": [
            {**figure.model_dump(), "label": library.label("theme", figure.theme)}
            for figure in reference.weights
        ],
        "left_out": labels(library, "theme", report.left_out),
    }


def _reference(reference: ReferenceList, report: GapReport) -> Json:
    return {
        "id": reference.id,
        "label": reference.label,
        "description": reference.description,
        "caveat": reference.caveat,
        "sources": list(report.sources),
    }


def _theme_gap(gap: ThemeGap) -> Json:
    return {
        "theme": gap.theme,
        "label": gap.label,
        "observed": gap.observed,
        "expected": round(gap.expected, 2),
        "ratio": round(gap.ratio, 3),
        "low": round(gap.low, 3),
        "high": round(gap.high, 3),
        "interval_from": gap.interval_from.value,
        "probability_under": round(gap.probability_under, 4),
        "status": {"id": gap.status.value, "label": gap.status.label},
        "sentence": gap.sentence,
        "evaluated": gap.evaluated,
        "evidence_gap": gap.is_evidence_gap,
        "robust_under": list(gap.robust_under),
    }


def gap_map(found: GapMap, rows: str, columns: str) -> Json:
    """Present the gap map."""
    return {
        "row_list": rows,
        "column_list": columns,
        "rows": [{"id": h.id, "label": h.label, "total": h.total} for h in found.rows],
        "columns": [{"id": h.id, "label": h.label, "total": h.total} for h in found.columns],
        "cells": [
            [
                {
                    "row": cell.row,
                    "column": cell.column,
                    "count": cell.count,
                    "by_evidence": dict(cell.by_evidence),
                }
                for cell in line
            ]
            for line in found.cells
        ],
        "practices": found.practices,
        "unplaced": found.unplaced,
        "empty": found.empty,
    }
