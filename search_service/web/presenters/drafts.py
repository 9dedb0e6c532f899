"""What is said of a draft itself, beside the practice that is like it."""

from __future__ import annotations

from dataclasses import asdict

from search_service.drafts.language import is_english
from search_service.drafts.parts import missing_parts
from search_service.web.presenters.practices import Json


def draft(text: str) -> Json:
    """Present the parts that a text lacks, none where it is not English, and whether it is."""
    english = is_english(text)
    missing = missing_parts(text) if english else ()
    return {"missing_parts": [asdict(part) for part in missing], "is_english": english}
