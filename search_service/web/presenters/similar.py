"""Similar practices and the reasons for them."""

from __future__ import annotations

from collections.abc import Sequence

from search_service.library import Library
from search_service.similar.explain import SharedValues
from search_service.similar.index import Recommendation
from search_service.web.presenters.practices import Json, labels, practice_summary

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


def recommendations(library: Library, found: Sequence[Recommendation]) -> list[Json]:
    """Present similar practices with their reasons."""
    return [
        practice_summary(library, library.practices[one.row])
        | {
            "score": round(one.score, 4),
            "terms": [{"word": t.word, "weight": round(t.weight, 4)} for t in one.terms],
            "other_words": round(one.other_words, 4),
            "wording": round(one.wording, 4),
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
