"""Similar practices and the reasons for them, and what is said of the list as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from search_service.answers.drafts import draft
from search_service.answers.practices import Json, practice_summary
from search_service.answers.run_by import also_run_by
from search_service.answers.shapes import labels
from search_service.answers.similar_list import about_the_list, few_known
from search_service.library import Library
from search_service.practices.model import Practice
from search_service.similar.explain import SharedValues
from search_service.similar.filters import NO_FILTERS, ListFilters
from search_service.similar.index import DEFAULT_LIMIT, Recommendation
from search_service.similar.twins import Alike

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

CHECKED_LISTS = ("target_group", "scale", "evidence", "stage")
"""What decides whether a practice can be taken over and cannot be told of a text: its writer has to look."""


def similar_to_text(
    library: Library, text: str, limit: int = DEFAULT_LIMIT, filters: ListFilters = NO_FILTERS
) -> Json:
    """Present practices similar to a text, and remarks on the text itself; raises InvalidRequest."""
    query, similar, same_initiative, remarks = library.similar.to_text(text, limit, filters)
    about = about_the_list(library, similar, "practice")
    return {
        "same_initiative": [_same(library, row) for row in same_initiative],
        "results": recommendations(library, similar.found, to_check=True),
        **about,
        "sentence": f"{about['sentence']}{few_known(query, similar)}",
        "words": query.words,
        "words_known": query.words_known,
        "main_words": list(query.main_words),
        **draft(library, remarks),
    }


def related_to_practice(
    library: Library, key: str, limit: int = DEFAULT_LIMIT, filters: ListFilters = NO_FILTERS
) -> Json:
    """Present practices similar to one; raises NotFound and InvalidRequest."""
    similar = library.similar.to_practice(key, limit, filters)
    return {
        "practice": {"id": key, "label": library.practices.by_id(key).title},
        "results": recommendations(library, similar.found),
        **about_the_list(library, similar, "other practice"),
    }


def related_to_set(
    library: Library, ids: Sequence[str], limit: int = DEFAULT_LIMIT, filters: ListFilters = NO_FILTERS
) -> Json:
    """Present practices similar to several together; raises InvalidRequest."""
    similar = library.similar.to_set(ids, limit, filters)
    return {
        "practices": [{"id": one.id, "label": one.title} for one in library.practices.known(ids)],
        "results": recommendations(library, similar.found, to_check=True),
        **about_the_list(library, similar, "other practice"),
    }


def recommendations(
    library: Library, found: Sequence[Recommendation], *, to_check: bool = False
) -> list[Json]:
    """Present similar practices with their reasons, and `to_check` what their reader has to compare."""
    return [_recommendation(library, one, CHECKED_LISTS if to_check else ()) for one in found]


def _recommendation(library: Library, one: Recommendation, checked: Sequence[str]) -> Json:
    practice = library.practices[one.row]
    variants = [library.practices[row] for row in one.variants]
    own = [SharedValues(name, practice.values(name)) for name in checked if practice.values(name)]
    return practice_summary(library, practice) | {
        "partners": labels(library, "partner", practice.partners),
        "score": round(one.score, 4),
        "terms": [{"word": t.word, "weight": round(t.weight, 4)} for t in one.terms],
        "other_words": round(one.other_words, 4),
        "wording": round(one.wording, 4),
        "passages": _passages(one.passages),
        "same_initiative": one.same_initiative,
        "shared": _values(library, one.shared),
        "differs": _values(library, one.differs),
        "to_check": _values(library, own),
        "variants": [_variant(library, other) for other in variants],
        "also_run_by": also_run_by(library, practice, variants),
    }


def _same(library: Library, row: int) -> Json:
    """Present a practice that a text seems to describe: whatever the filters, its writer has to know."""
    practice = library.practices[row]
    return {
        "id": practice.id,
        "label": practice.title,
        "url": f"/practices/{practice.id}",
        "organisations": labels(library, "organisation", practice.organisations),
        "year": practice.year,
    }


def _variant(library: Library, practice: Practice) -> Json:
    return {
        "id": practice.id,
        "label": practice.title,
        "organisations": labels(library, "organisation", practice.organisations),
    }


def _passages(alike: Alike | None) -> Json | None:
    return {"here": alike.here, "there": alike.there} if alike else None


def _values(library: Library, found: Sequence[SharedValues]) -> list[Json]:
    return [
        {
            "list_name": one.list_name,
            "label": LIST_LABELS[one.list_name],
            "values": labels(library, one.list_name, one.ids),
        }
        for one in found
    ]
