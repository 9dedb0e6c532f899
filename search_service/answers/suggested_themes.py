"""Themes suggested for practices, and the topics that no theme covers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from search_service.answers.shapes import Answer, Label, label, labels
from search_service.library import Library


class SuggestedTheme(Answer):
    """A theme that a practice may lack; it counts for nothing until a person confirms it."""

    practice: Label
    theme: Label
    themes: Annotated[list[Label], Field(description="The themes it has.")]
    probability: float
    wording: Annotated[list[str], Field(description="The wording that led to it.")]
    quote: str


class Topic(Answer):
    """Practices of several themes that share words no theme uses."""

    words: list[str]
    practices: list[Label]
    themes: list[Label]


class SuggestedThemes(Answer):
    """Suggested themes, and topics that no theme covers."""

    precision: Annotated[
        float | None, Field(description="Cross-validated; none where it could not be measured.")
    ]
    recall: float | None
    signals_precision: Annotated[float | None, Field(description="Of the taxonomy's signal phrases alone.")]
    signals_recall: float | None
    suggestions: list[SuggestedTheme]
    topics: list[Topic]


def suggested_themes(library: Library) -> SuggestedThemes:
    """Present everything that is suggested, and how far it can be trusted."""
    found = library.suggestions
    return {
        "precision": found.classifier.precision,
        "recall": found.classifier.recall,
        "signals_precision": found.signals_alone.precision,
        "signals_recall": found.signals_alone.recall,
        "suggestions": [
            {
                "practice": _practice(library, one.practice),
                "theme": label(library, "theme", one.theme),
                "themes": labels(library, "theme", library.practices.by_id(one.practice).themes),
                "probability": one.probability,
                "wording": list(one.wording),
                "quote": one.quote,
            }
            for one in found.suggestions
        ],
        "topics": [
            {
                "words": list(one.words),
                "practices": [_practice(library, key) for key in one.practices],
                "themes": labels(library, "theme", one.themes),
            }
            for one in found.topics
        ],
    }


def _practice(library: Library, key: str) -> Label:
    return {"id": key, "label": library.practices.by_id(key).title}
