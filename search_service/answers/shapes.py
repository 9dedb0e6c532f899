"""What every answer has in common: plain values, whose names and types a type checker and the API know."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from search_service.library import Library


@with_config(ConfigDict(extra="forbid"))
class Answer(TypedDict):
    """An answer: no keys but those named."""


class Label(Answer):
    """A value of a closed list."""

    id: str
    label: str


def label(library: Library, list_name: str, key: str) -> Label:
    """Present one value of a closed list."""
    return {"id": key, "label": library.taxonomy.label(list_name, key)}


def labels(library: Library, list_name: str, keys: Iterable[str]) -> list[Label]:
    """Present several values of a closed list; an unknown id is shown as it stands."""
    known = library.taxonomy.labels[list_name]
    return [{"id": key, "label": known.get(key, key)} for key in keys]


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
    "focus": "Focus",
}
"""The closed lists in which practices are compared, as headings."""


class Values(Answer):
    """Values of one closed list."""

    list_name: str
    label: str
    values: list[Label]


def values(library: Library, list_name: str, keys: Iterable[str]) -> Values:
    """Present values of one closed list under its heading."""
    return {
        "list_name": list_name,
        "label": LIST_LABELS[list_name],
        "values": labels(library, list_name, keys),
    }
