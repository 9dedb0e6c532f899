"""Every theme of the taxonomy, and what there is on it."""

from __future__ import annotations

from search_service.answers.shapes import Answer
from search_service.gaps.overview import ThemeSummary
from search_service.library import Library


class Theme(Answer):
    """A theme, what it covers, and what there is on it."""

    id: str
    label: str
    definition: str
    includes: str
    excludes: str
    practices: int
    by_evidence: dict[str, int]


class Themes(Answer):
    """Every theme, in the order of the taxonomy."""

    themes: list[Theme]


def themes(library: Library) -> Themes:
    """Present every theme."""
    return {"themes": [theme(one) for one in library.gaps.themes]}


def theme(summary: ThemeSummary) -> Theme:
    """Present one theme."""
    concept = summary.concept
    return {
        "id": concept.id,
        "label": concept.label,
        "definition": concept.definition,
        "includes": concept.includes,
        "excludes": concept.excludes,
        "practices": summary.practices,
        "by_evidence": dict(summary.by_evidence),
    }
