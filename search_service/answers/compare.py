"""Two or three practices side by side: what they share, how they differ, and what each says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

from pydantic import Field

from search_service.answers.practice import PracticeSummary, practice_summary
from search_service.answers.shapes import LIST_LABELS, Answer, Label, Values, labels, values
from search_service.library import Library
from search_service.limits import MAX_COMPARED, MIN_COMPARED, raise_if, set_faults
from search_service.practices.model import NOT_STATED, Practice
from search_service.text.dates import in_words


class OwnValues(Answer):
    """What one practice has of a closed list and not all of the others have."""

    practice: Annotated[str, Field(description="Id of the practice.")]
    values: list[Label]


class Difference(Answer):
    """One closed list in which the practices differ."""

    list_name: str
    label: str
    practices: list[OwnValues]


class ComparedCell(Answer):
    """What one practice says on one matter; `text` is Markdown."""

    practice: Annotated[str, Field(description="Id of the practice.")]
    text: str
    stated: Annotated[bool, Field(description="False where the sources say nothing.")]


class ComparedMatter(Answer):
    """One matter, and what each practice says on it, in the order of `practices`."""

    name: str
    heading: str
    cells: list[ComparedCell]


class Comparison(Answer):
    """Two or three practices side by side."""

    practices: list[PracticeSummary]
    shared: Annotated[list[Values], Field(description="Values that all of them have.")]
    differs: list[Difference]
    rows: list[ComparedMatter]


HEADINGS = {
    "aim": "What it is for",
    "what_it_does": "What is done",
    "target_groups": "Who it is for",
    "partners": "Partners",
    "cost": "Cost and resources",
    "evidence": "Evidence",
    "impact": "Impact",
    "learning": "Learning",
    "where_and_when": "Where and when",
    "sources": "Sources",
}
"""What practices are compared in, as someone decides: is it for us, can we do it, does it work?"""


def comparison(library: Library, ids: Iterable[str]) -> Comparison:
    """Present two or three practices side by side: what they share, how they differ, and each matter in turn.

    Raises InvalidRequest.
    """
    ids = tuple(dict.fromkeys(ids))
    raise_if(set_faults(library.practices, ids, MIN_COMPARED, MAX_COMPARED))
    practices = library.practices.known(ids)
    texts = [(one.id, _texts(library, one)) for one in practices]
    return {
        "practices": [practice_summary(library, one) for one in practices],
        "shared": list(_shared(library, practices)),
        "differs": list(_differing(library, practices)),
        "rows": [
            {
                "name": name,
                "heading": heading,
                "cells": [_cell(key, said.get(name, "")) for key, said in texts],
            }
            for name, heading in HEADINGS.items()
        ],
    }


def _common(list_name: str, practices: Sequence[Practice]) -> list[str]:
    """Return the ids of one closed list that all practices have."""
    first, *others = (one.values(list_name) for one in practices)
    return [key for key in first if all(key in other for other in others)]


def _shared(library: Library, practices: Sequence[Practice]) -> Iterator[Values]:
    for name in LIST_LABELS:
        if common := _common(name, practices):
            yield values(library, name, common)


def _differing(library: Library, practices: Sequence[Practice]) -> Iterator[Difference]:
    for name, heading in LIST_LABELS.items():
        common = _common(name, practices)
        own = [[key for key in one.values(name) if key not in common] for one in practices]
        if any(own):
            yield {
                "list_name": name,
                "label": heading,
                "practices": [
                    {"practice": one.id, "values": labels(library, name, keys)}
                    for one, keys in zip(practices, own, strict=True)
                ],
            }


def _cell(key: str, text: str) -> ComparedCell:
    return {"practice": key, "text": text or NOT_STATED, "stated": bool(text)}


def _texts(library: Library, record: Practice) -> dict[str, str]:
    """Return what a practice says under each of the `HEADINGS`, in Markdown."""
    return {
        **{section.key: text for section, text in record.texts()},
        "target_groups": _names(library, record, "target_group"),
        "partners": _names(library, record, "partner"),
        "evidence": _evidence(library, record),
        "where_and_when": _where_and_when(library, record),
        "sources": _sources(record),
    }


def _names(library: Library, record: Practice, list_name: str) -> str:
    return ", ".join(library.taxonomy.label(list_name, key) for key in record.values(list_name))


def _evidence(library: Library, record: Practice) -> str:
    rating = _names(library, record, "evidence")
    findings = [f"**{one.by}:** {one.finding}" for one in record.evaluations]
    return "\n\n".join([f"**{rating}.** {record.evidence.basis}", *findings])


def _where_and_when(library: Library, record: Practice) -> str:
    names = {name: _names(library, record, name) for name in ("organisation", "region", "stage", "scale")}
    parts = [
        f"{names['organisation']} ({names['region']})",
        f"{names['stage']}, {names['scale'].lower()}",
        f"Began {in_words(record.start)}" if record.start else "",
        f"Ended {in_words(record.end)}" if record.end else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _sources(record: Practice) -> str:
    number = len(record.sources)
    read = in_words(max(source.read for source in record.sources).isoformat())
    return f"{number} {'source' if number == 1 else 'sources'}, last read on {read}"
