"""Several practices at once: set side by side, and as the rows of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from search_service.answers.practices import Json, practice, practice_summary
from search_service.answers.shapes import labels
from search_service.answers.similar import LIST_LABELS
from search_service.library import Library
from search_service.limits import MAX_COMPARED, MIN_COMPARED, raise_if, set_faults
from search_service.practices.model import NOT_STATED, Practice
from search_service.text.dates import in_words

LISTS = {**LIST_LABELS, "focus": "Focus"}
"""Closed lists in which practices are compared."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A row of a comparison: its name, its heading, and what a practice says on it ("" where nothing)."""

    name: str
    heading: str
    text: Callable[[Library, Practice], str]


def comparison(library: Library, ids: Iterable[str]) -> Json:
    """Present two or three practices side by side: what they share, how they differ, and each matter in turn.

    Raises InvalidRequest.
    """
    ids = tuple(dict.fromkeys(ids))
    raise_if(set_faults(library.practices, ids, MIN_COMPARED, MAX_COMPARED))
    practices = library.practices.known(ids)
    return {
        "practices": [practice_summary(library, one) for one in practices],
        "shared": list(_shared(library, practices)),
        "differs": list(_differing(library, practices)),
        "rows": [
            {
                "name": matter.name,
                "heading": matter.heading,
                "cells": [_cell(one, matter.text(library, one)) for one in practices],
            }
            for matter in MATTERS
        ],
    }


def practice_rows(library: Library, practices: Iterable[Practice], base: str) -> Json:
    """Present practices for a file; `base` is the address of this service, with its slash."""
    rows = [practice(library, one) for one in practices]
    return {"practices": [row | {"address": f"{base}practices/{row['id']}"} for row in rows]}


def _common(list_name: str, practices: Sequence[Practice]) -> list[str]:
    """Return the ids of one closed list that all practices have."""
    first, *others = (one.values(list_name) for one in practices)
    return [key for key in first if all(key in other for other in others)]


def _shared(library: Library, practices: Sequence[Practice]) -> Iterable[Json]:
    for name, heading in LISTS.items():
        common = _common(name, practices)
        if common:
            yield {"list_name": name, "label": heading, "values": labels(library, name, common)}


def _differing(library: Library, practices: Sequence[Practice]) -> Iterable[Json]:
    for name, heading in LISTS.items():
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


def _cell(record: Practice, text: str) -> Json:
    return {"practice": record.id, "text": text or NOT_STATED, "stated": bool(text)}


def _section(key: str) -> Callable[[Library, Practice], str]:
    """Return what reads one section of a practice."""

    def text(_library: Library, record: Practice) -> str:
        said = record.sections.get(key, "")
        return "" if said == NOT_STATED else said

    return text


def _values(list_name: str) -> Callable[[Library, Practice], str]:
    """Return what lists a practice's values of one closed list."""
    return lambda library, record: _listed(library, list_name, record)


def _listed(library: Library, list_name: str, record: Practice) -> str:
    return ", ".join(library.taxonomy.label(list_name, key) for key in record.values(list_name))


def _evidence(library: Library, record: Practice) -> str:
    rating = library.taxonomy.label("evidence", record.rating)
    findings = [f"**{one.by}:** {one.finding}" for one in record.evaluations]
    return "\n\n".join([f"**{rating}.** {record.evidence.basis}", *findings])


def _where_and_when(library: Library, record: Practice) -> str:
    stage, scale = (
        library.taxonomy.label("stage", record.stage),
        library.taxonomy.label("scale", record.scale),
    )
    parts = [
        f"{_listed(library, 'organisation', record)} ({_listed(library, 'region', record)})",
        f"{stage}, {scale.lower()}",
        f"Began {in_words(record.start)}" if record.start else "",
        f"Ended {in_words(record.end)}" if record.end else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _sources(_library: Library, record: Practice) -> str:
    number = len(record.sources)
    read = in_words(max(source.read for source in record.sources).isoformat())
    return f"{number} {'source' if number == 1 else 'sources'}, last read on {read}"


MATTERS = (
    Matter("aim", "What it is for", _section("aim")),
    Matter("what_it_does", "What is done", _section("what_it_does")),
    Matter("target_groups", "Who it is for", _values("target_group")),
    Matter("partners", "Partners", _values("partner")),
    Matter("cost", "Cost and resources", _section("cost")),
    Matter("evidence", "Evidence", _evidence),
    Matter("impact", "Impact", _section("impact")),
    Matter("learning", "Learning", _section("learning")),
    Matter("where_and_when", "Where and when", _where_and_when),
    Matter("sources", "Sources", _sources),
)
"""What practices are compared in, as someone decides: is it for us, can we do it, does it work?"""
