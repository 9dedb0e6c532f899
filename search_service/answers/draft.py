"""Remarks on a draft itself: the themes it seems to be on, and the parts it lacks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from search_service.answers.shapes import Answer, Label, label
from search_service.gaps.report import ThemeGap
from search_service.gaps.sentences import counted, in_sentence
from search_service.gaps.statistics import Status
from search_service.library import Library
from search_service.themes import of_text

REPORTED_STATUSES = (Status.LIKELY_GAP, Status.POSSIBLE_GAP)
"""The gap labels that matter to someone who writes about a theme: little has been collected on it."""

COLLECTED = "That says how little has been collected, not how little is being done."

_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_TEENS = (11, 12, 13)


class DraftGap(Answer):
    """That a theme has fewer practices than the default reference leads one to expect."""

    status: Label
    practices: int
    sentence: str


class DraftTheme(Label):
    """A theme that the text seems to be on, with the phrases that say so; it is counted nowhere."""

    url: Annotated[str, Field(description="The page of the theme, relative to this service.")]
    wording: Annotated[list[str], Field(description="Phrases of the text, in lower case.")]
    gap: Annotated[DraftGap | None, Field(description="Given where the theme is a likely or possible gap.")]


class MissingPart(Answer):
    """A part of a description that the text says nothing of, as far as its wording shows."""

    id: str
    label: str
    advice: str


class Draft(Answer):
    """Remarks on a text."""

    themes: Annotated[list[DraftTheme], Field(description="At most two, the clearest first.")]
    missing_parts: list[MissingPart]
    is_english: Annotated[
        bool,
        Field(
            description=(
                "Whether it reads as English: only English can be compared, and looked through for parts."
            )
        ),
    ]


def draft(library: Library, remarks: of_text.Draft) -> Draft:
    """Present the themes that a text seems to be on, and the parts that it lacks."""
    return {
        "themes": [_theme(library, one) for one in remarks.themes],
        "missing_parts": [
            {"id": part.id, "label": part.label, "advice": part.advice} for part in remarks.missing_parts
        ],
        "is_english": remarks.is_english,
    }


def _theme(library: Library, found: of_text.TextTheme) -> DraftTheme:
    """Present a theme that a text seems to be on, and whether there is little on it."""
    gap = library.gaps.of_theme(found.theme)
    return {
        **label(library, "theme", found.theme),
        "url": f"/themes/{found.theme}",
        "wording": list(found.wording),
        "gap": _gap(gap, library.gaps.report().reference.label)
        if gap and gap.status in REPORTED_STATUSES
        else None,
    }


def _gap(gap: ThemeGap, reference: str) -> DraftGap:
    """Present a gap to someone whose practice would help to close it."""
    return {
        "status": {"id": gap.status.value, "label": gap.status.label},
        "practices": gap.observed,
        "sentence": gap_sentence(gap, reference),
    }


def gap_sentence(gap: ThemeGap, reference: str) -> str:
    """Say how little there is on a theme, and which practice on it another would be."""
    start = "Little is known" if gap.status is Status.LIKELY_GAP else "Little may be known"
    untested = " Nobody is known to have tested any of it." if gap.is_evidence_gap else ""
    return (
        f"{start} on this theme here: {counted(gap.observed, 'practice')} where about {gap.expected:,.0f} "
        f"would be expected under {in_sentence(reference)}. Yours would be the {ordinal(gap.observed + 1)}."
        f"{untested} {COLLECTED}"
    )


def ordinal(number: int) -> str:
    """Write a number as a place in a row: 1st, 2nd, 13th, 22nd."""
    ending = "th" if number % 100 in _TEENS else _ENDINGS.get(number % 10, "th")
    return f"{number:,}{ending}"
