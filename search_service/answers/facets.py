"""The filters of a search, each value with how many practices it would leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from search_service.answers.shapes import Answer, Label
from search_service.library import Library
from search_service.search.match.facets import FacetCounts


class FacetValue(Answer):
    """A value of a facet and how many practices choosing it would give."""

    id: str
    label: str
    count: int
    selected: bool
    region: Annotated[Label | None, Field(description="The region of an organisation; none of other values.")]


class Facet(Answer):
    """One way of narrowing a search."""

    name: str
    label: str
    values: list[FacetValue]


class Facets(Answer):
    """Every facet with its counts over all practices."""

    facets: list[Facet]


def facets(library: Library, found: Sequence[FacetCounts]) -> list[Facet]:
    """Present every facet; an organisation with its region."""
    regions: dict[str, Label] = {
        one.id: {"id": one.region, "label": library.taxonomy.label("region", one.region)}
        for one in library.taxonomy.vocabulary.organisation
    }
    return [
        {
            "name": facet.name,
            "label": facet.label,
            "values": [
                {
                    "id": key,
                    "label": name,
                    "count": count,
                    "selected": selected,
                    "region": regions[key] if facet.name == "organisation" else None,
                }
                for key, name, count, selected in facet.values
            ],
        }
        for facet in found
    ]
