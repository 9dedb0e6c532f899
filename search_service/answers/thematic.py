"""Themes, gaps and the gap map."""

from __future__ import annotations

from search_service.answers.practices import Json, labels
from search_service.gaps.gap_map import GapMap
from search_service.gaps.overview import ThemeSummary
from search_service.gaps.own_reference import OwnReference
from search_service.gaps.report import GapReport, ThemeGap
from search_service.library import Library
from search_service.practices.taxonomy import ReferenceList, ReferenceWeight


def themes(library: Library) -> list[Json]:
    """Present every theme with what there is on it."""
    return [theme(one) for one in library.gaps.themes]


def theme(summary: ThemeSummary) -> Json:
    """Present one theme with what there is on it."""
    return {
        "id": summary.concept.id,
        "label": summary.concept.label,
        "definition": summary.concept.definition,
        "includes": summary.concept.includes,
        "excludes": summary.concept.excludes,
        "practices": summary.practices,
        "by_evidence": dict(summary.by_evidence),
    }


def gaps(library: Library, report: GapReport, own: OwnReference | None = None) -> Json:
    """Present the gap report against one reference, the collection's or one's own."""
    reference = (
        as_list(own) if own else next(r for r in library.taxonomy.references if r.id == report.reference)
    )
    return {
        "reference": _reference(reference, report),
        "references": [{"id": r.id, "label": r.label} for r in library.taxonomy.references],
        "summary": report.summary,
        "caveats": list(report.caveats),
        "practices": report.practices,
        "untagged": report.untagged,
        "tags": report.tags,
        "k": round(report.k, 4),
        "themes": [_theme_gap(gap) for gap in report.themes],
        "figures": [
            {**figure.model_dump(), "label": library.taxonomy.label("theme", figure.theme)}
            for figure in reference.weights
        ],
        "left_out": labels(library, "theme", report.left_out),
    }


def as_list(own: OwnReference) -> ReferenceList:
    """Return a reference of one's own in the form of those of the corpus, in the order it was given."""
    return ReferenceList.model_construct(
        id=own.reference.id,
        label=own.reference.label,
        description="The weights you gave; they are used for this answer and then forgotten.",
        caveat=own.reference.caveat,
        weights=tuple(
            ReferenceWeight.model_construct(
                theme=theme, weight=weight, source=own.sources.get(theme, ""), year=own.years.get(theme, "")
            )
            for theme, weight in (own.reference.weights or {}).items()
        ),
    )


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
