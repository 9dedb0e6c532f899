"""The form of what is asked of several practices at once: what is like them, and how they compare."""

from __future__ import annotations

from pydantic import Field

from search_service.answers.schemas.base import Answer
from search_service.answers.schemas.practices import PracticeSummary
from search_service.answers.schemas.similar import ListOut, ValuesOut
from search_service.answers.shapes import Label


class RelatedToSetOut(ListOut):
    """Practices similar to several together; empty where none is alike enough."""

    practices: list[Label]


class OwnValuesOut(Answer):
    """What one practice has of a closed list and not all of the others have."""

    practice: str = Field(description="Id of the practice.")
    values: list[Label]


class DifferenceOut(Answer):
    """One closed list in which the practices differ."""

    list_name: str
    label: str
    practices: list[OwnValuesOut]


class CellOut(Answer):
    """What one practice says on one matter; `text` is Markdown."""

    practice: str = Field(description="Id of the practice.")
    text: str
    stated: bool = Field(description="False where the sources say nothing.")


class ComparedOut(Answer):
    """One matter, and what each practice says on it, in the order of `practices`."""

    name: str
    heading: str
    cells: list[CellOut]


class ComparisonOut(Answer):
    """Two or three practices side by side."""

    practices: list[PracticeSummary]
    shared: list[ValuesOut] = Field(description="Values that all of them have.")
    differs: list[DifferenceOut]
    rows: list[ComparedOut]
