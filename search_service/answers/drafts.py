"""What is said of a draft itself, beside the practice that is like it."""

from __future__ import annotations

from dataclasses import asdict

from search_service.answers.practices import Json
from search_service.answers.shapes import label
from search_service.gaps.report import ThemeGap
from search_service.gaps.sentences import counted, in_sentence
from search_service.gaps.statistics import Status
from search_service.library import Library
from search_service.themes.of_text import Draft, TextTheme

SAID_OF_A_DRAFT = (Status.LIKELY_GAP, Status.POSSIBLE_GAP)
"""What is worth saying to someone who writes about a theme: that little has been collected on it."""

COLLECTED = "That says how little has been collected, not how little is being done."

_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_TEENS = (11, 12, 13)


def draft(library: Library, remarks: Draft) -> Json:
    """Present the themes that a text is on and the parts that it lacks."""
    return {
        "themes": [_theme(library, one) for one in remarks.themes],
        "missing_parts": [asdict(part) for part in remarks.missing_parts],
        "is_english": remarks.is_english,
    }


def _theme(library: Library, found: TextTheme) -> Json:
    """Present a theme that a text seems to be on, and whether it is one on which there is little."""
    gap = library.gaps.of_theme(found.theme)
    said = gap if gap and gap.status in SAID_OF_A_DRAFT else None
    return {
        **label(library, "theme", found.theme),
        "url": f"/themes/{found.theme}",
        "wording": list(found.wording),
        "gap": said and _gap(said, library.gaps.report().reference_label),
    }


def _gap(gap: ThemeGap, reference: str) -> Json:
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
