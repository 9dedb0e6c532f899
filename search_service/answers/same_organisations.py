"""Other practice of the organisations that run a practice."""

from __future__ import annotations

from collections.abc import Iterator

from search_service.answers.practice import Practice
from search_service.answers.shapes import Label
from search_service.library import Library
from search_service.search.index import SearchRequest
from search_service.search.match.filters import Filters

MAX_ORGANISATIONS = 2
"""Organisations of one practice that are followed: of a national one there can be dozens."""

MAX_NAMED = 3
"""Practices named of each; the rest are a link away."""


class SameOrganisation(Label):
    """An organisation, how many other practices it has, and the newest of them."""

    others: int
    newest: list[Label]


def same_organisations(library: Library, practice: Practice) -> Iterator[SameOrganisation]:
    """Present each organisation of a practice that has others."""
    for organisation in practice["organisations"][:MAX_ORGANISATIONS]:
        request = SearchRequest(
            filters=Filters({"organisation": (organisation["id"],)}), sort="newest", per_page=MAX_NAMED + 1
        )
        found = library.search.find(request)
        named = [library.practices.summary(hit.row) for hit in found.hits]
        newest: list[Label] = [
            {"id": one.id, "label": one.title} for one in named if one.id != practice["id"]
        ]
        if newest:
            yield {**organisation, "others": found.total - 1, "newest": newest[:MAX_NAMED]}
