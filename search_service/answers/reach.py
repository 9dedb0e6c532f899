"""What stands beside the gaps: reach, change from call to call, and the draft of the next call."""

from __future__ import annotations

import math
from collections.abc import Sequence

from search_service.answers.practices import Json
from search_service.gaps.call_draft import Block, as_markdown
from search_service.gaps.calls import ThemeChange
from search_service.gaps.report import GapReport
from search_service.library import Library


def reach(library: Library) -> Json:
    """Present where the practices are from, and whom they do not reach."""
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


def calls(library: Library) -> Json:
    """Present what came through each call beside what came before it."""
    return {
        "reference": {"id": library.taxonomy.references[0].id, "label": library.taxonomy.references[0].label},
        "calls": [
            {
                "id": effect.call,
                "label": effect.label,
                "wanted": effect.wanted,
                "before": effect.before,
                "through": effect.through,
                "sentence": effect.sentence,
                "themes": [_change(theme) for theme in effect.themes],
            }
            for effect in library.gaps.call_effects
        ],
    }


def _change(theme: ThemeChange) -> Json:
    """Present one theme of a call; nothing is given as a figure of which nothing can be said."""
    said = theme.change.value != "too-little-data"
    statuses = {"label_before": theme.label_before, "label_after": theme.label_after}
    return {
        "theme": theme.theme,
        "label": theme.label,
        "before": theme.before,
        "through": theme.through,
        "low": round(theme.low, 3) if said else None,
        "high": round(theme.high, 3) if said and math.isfinite(theme.high) else None,
        "probability": round(theme.probability, 4) if said else None,
        "change": {"id": theme.change.value, "label": theme.change.label},
        **{key: status.label if status else "" for key, status in statuses.items()},
        "sentence": theme.sentence,
    }


def brief(library: Library, report: GapReport) -> Json:
    """Present the draft of a call for practice."""
    blocks = library.gaps.call_draft(report)
    return {
        "reference": {"id": report.reference, "label": report.reference_label},
        "blocks": _blocks(blocks),
        "markdown": as_markdown(blocks),
    }


def _blocks(blocks: Sequence[Block]) -> list[Json]:
    return [{"text": one.text, "level": one.level, "items": list(one.items)} for one in blocks]
