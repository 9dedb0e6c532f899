"""Where the practices are from, and whom they do not reach."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from search_service.answers.shapes import Answer
from search_service.library import Library


class ThemeReach(Answer):
    """Where the practices of one theme are from."""

    theme: str
    label: str
    practices: int
    organisations: int
    leading: Annotated[str, Field(description="The organisation with the most of them.")]
    leading_practices: int
    concentrated: Annotated[bool, Field(description="It has more than half of at least five practices.")]
    sentence: str
    regions_without: Annotated[list[str], Field(description="Regions with no practice on the theme.")]
    target_groups_without: list[str]
    approaches_without: list[str]


class Reach(Answer):
    """Where the practices are from, and whom they do not reach."""

    sentence: str
    forces: int
    forces_without: Annotated[list[str], Field(description="Police forces with no practice at all.")]
    regions_without: list[str]
    target_groups_without: list[str]
    themes: list[ThemeReach]


def reach(library: Library) -> Reach:
    """Present the reach of the collection and of each theme."""
    found = library.gaps.reach
    return {
        "sentence": found.sentence,
        "forces": found.forces,
        "forces_without": list(found.forces_without),
        "regions_without": list(found.regions_without),
        "target_groups_without": list(found.target_groups_without),
        "themes": [
            {
                "theme": theme.theme,
                "label": theme.label,
                "practices": theme.practices,
                "organisations": theme.organisations,
                "leading": theme.leading,
                "leading_practices": theme.leading_practices,
                "concentrated": theme.is_concentrated,
                "sentence": theme.sentence,
                "regions_without": list(theme.regions_without),
                "target_groups_without": list(theme.target_groups_without),
                "approaches_without": list(theme.approaches_without),
            }
            for theme in found.themes
        ],
    }
