"""Themes suggested for practices, and the topics that no theme covers."""

from __future__ import annotations

from search_service.answers.practices import Json, label, labels
from search_service.library import Library
from search_service.themes.records import Suggestion, Topic


def suggestions(library: Library) -> Json:
    """Present everything that is suggested, and how far it can be trusted."""
    found = library.suggestions
    return {
        "precision": found.classifier.precision,
        "recall": found.classifier.recall,
        "signals_precision": found.signals_alone.precision,
        "signals_recall": found.signals_alone.recall,
        "suggestions": [_suggestion(library, one) for one in found.suggestions],
        "topics": [_topic(library, one) for one in found.topics],
    }


def _suggestion(library: Library, one: Suggestion) -> Json:
    return {
        "practice": _titled(library, one.practice),
        "theme": label(library, "theme", one.theme),
        "themes": labels(library, "theme", library.practices.by_id(one.practice).themes),
        "probability": one.probability,
        "wording": list(one.wording),
        "quote": one.quote,
    }


def _topic(library: Library, one: Topic) -> Json:
    return {
        "words": list(one.words),
        "practices": [_titled(library, key) for key in one.practices],
        "themes": labels(library, "theme", one.themes),
    }


def _titled(library: Library, key: str) -> Json:
    return {"id": key, "label": library.practices.by_id(key).title}
