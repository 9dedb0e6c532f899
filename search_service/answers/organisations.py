"""What else the organisations of a practice do."""

from __future__ import annotations

from collections.abc import Iterator

from search_service.answers.practices import Json
from search_service.library import Library
from search_service.search.index import SearchRequest

MOST_ORGANISATIONS = 2
"""Organisations of one practice that are followed: of a national one there can be dozens."""

MOST_NAMED = 3
"""Practices named of each; the rest are a link away."""


def same_organisations(library: Library, practice: Json) -> Iterator[Json]:
    """Present the newest other practices of a presented practice's organisations, where there are any."""
    for organisation in practice["organisations"][:MOST_ORGANISATIONS]:
        asked = SearchRequest(
            selection={"organisation": (organisation["id"],)}, sort="newest", per_page=MOST_NAMED + 1
        )
        found = library.search.find(asked)
        named = [library.practices.columns.summary(hit.row) for hit in found.hits]
        newest = [{"id": one.id, "label": one.title} for one in named if one.id != practice["id"]]
        if newest:
            yield organisation | {"others": found.total - 1, "newest": newest[:MOST_NAMED]}
