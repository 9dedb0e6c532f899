"""Suggestions for the beginning of a query, with the address each leads to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from search_service.answers.shapes import Answer
from search_service.library import Library
from search_service.search.suggest import KINDS

URL_PREFIX_BY_KIND = {
    "practice": "/practices/",
    "theme": "/themes/",
    "organisation": "/search?organisation=",
}
"""What comes before the id in the address of a suggestion; a phrase is searched for instead."""


class Suggestion(Answer):
    """Something to search for or go to; the id is that of a theme, an organisation or a practice."""

    kind: Literal[KINDS]  # type: ignore[valid-type]  # the kinds are one list, in search/suggest.py
    text: str
    id: str | None
    practices: Annotated[int, Field(description="How many practices it is of.")]
    url: Annotated[
        str | None, Field(description="The page it leads to; none for a phrase, which is searched for.")
    ]


class Suggestions(Answer):
    """What can be suggested for the beginning of a query."""

    suggestions: list[Suggestion]


def suggest(library: Library, text: str, limit: int) -> Suggestions:
    """Present what can be searched for or gone to; raises InvalidRequest."""
    return {
        "suggestions": [
            {
                "kind": one.kind,
                "text": one.text,
                "id": one.id or None,
                "practices": one.practices,
                "url": URL_PREFIX_BY_KIND[one.kind] + one.id if one.kind in URL_PREFIX_BY_KIND else None,
            }
            for one in library.search.suggest(text, limit)
        ]
    }
