"""The gap report: each theme against a reference."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from search_service.answers.shapes import Answer, Label
from search_service.gaps import report
from search_service.gaps.statistics import Status
from search_service.library import Library
from search_service.practices.taxonomy import ReferenceWeight


class Reference(Answer):
    """A distribution that coverage can be compared with."""

    id: str
    label: str
    description: str
    caveat: str
    sources: list[str]


class ThemeGap(Answer):
    """One theme against the reference."""

    theme: str
    label: str
    observed: Annotated[int, Field(description="Practices that carry the theme, confirmed by a person.")]
    expected: Annotated[
        float, Field(description="Practices there would be if they were spread like the reference.")
    ]
    ratio: Annotated[float, Field(description="Shrunk ratio of observed to expected.")]
    low: Annotated[float, Field(description="Lower end of the 90% interval of the ratio.")]
    high: Annotated[float, Field(description="Upper end of the 90% interval of the ratio.")]
    interval_from: Annotated[str, Field(description="Where the wider interval came from.")]
    probability_under: Annotated[float, Field(description="Probability that the ratio is below 0.8.")]
    status: Annotated[Label, Field(description="What may be said of the theme.")]
    sentence: Annotated[str, Field(description="All of it in one sentence.")]
    evaluated: Annotated[int, Field(description="Practices that anyone is known to have tested.")]
    evidence_gap: Annotated[bool, Field(description="There is practice, but none that anyone has evaluated.")]
    robust_under: Annotated[list[str], Field(description="Other references that call it a likely gap.")]


class Figure(Answer):
    """What one theme weighs in a reference, and where that is from."""

    theme: str
    label: str
    weight: float
    unit: Annotated[str, Field(description="What is counted; empty for a weight.")]
    year: str
    why: str
    source: str
    caveat: str


class Gaps(Answer):
    """The gap report against one reference."""

    reference: Reference
    references: list[Label]
    summary: str
    caveats: list[str]
    practices: int
    untagged: Annotated[int, Field(description="Practices without a confirmed theme; they are not counted.")]
    tags: Annotated[int, Field(description="Theme tags that the compared practices carry.")]
    k: Annotated[
        float, Field(description="How alike the themes are: the larger, the more ratios are drawn to 1.")
    ]
    themes: list[ThemeGap]
    figures: Annotated[
        list[Figure], Field(description="What the expected numbers come from; empty for equal.")
    ]
    left_out: Annotated[list[Label], Field(description="Themes for which this reference has no figure.")]


def gaps(library: Library, found: report.GapReport) -> Gaps:
    """Present the gap report against one reference."""
    taxonomy, reference = library.taxonomy, found.reference
    return {
        "reference": {
            "id": reference.id,
            "label": reference.label,
            "description": reference.description,
            "caveat": reference.caveat,
            "sources": list(dict.fromkeys(one.source for one in reference.weights if one.source)),
        },
        "references": [{"id": r.id, "label": r.label} for r in taxonomy.references],
        "summary": found.summary,
        "caveats": list(found.caveats),
        "practices": found.practices,
        "untagged": found.untagged,
        "tags": found.tags,
        "k": round(found.k, 4),
        "themes": [_theme_gap(gap) for gap in found.themes],
        "figures": [_figure(one, taxonomy.label("theme", one.theme)) for one in reference.weights],
        "left_out": [{"id": key, "label": label} for key, label in found.left_out.items()],
    }


def status_label(status: Status) -> Label:
    """Present a status."""
    return {"id": status.value, "label": status.label}


def _figure(figure: ReferenceWeight, label: str) -> Figure:
    return {
        "theme": figure.theme,
        "weight": figure.weight,
        "unit": figure.unit,
        "year": figure.year,
        "why": figure.why,
        "source": figure.source,
        "caveat": figure.caveat,
        "label": label,
    }


def _theme_gap(gap: report.ThemeGap) -> ThemeGap:
    return {
        "theme": gap.theme,
        "label": gap.label,
        "observed": gap.observed,
        "expected": round(gap.expected, 2),
        "ratio": round(gap.ratio, 3),
        "low": round(gap.low, 3),
        "high": round(gap.high, 3),
        "interval_from": gap.interval_from,
        "probability_under": round(gap.probability_under, 4),
        "status": status_label(gap.status),
        "sentence": gap.sentence,
        "evaluated": gap.evaluated,
        "evidence_gap": gap.is_evidence_gap,
        "robust_under": list(gap.robust_under),
    }
