"""Change from call to call."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from search_service.answers.shapes import Answer, Label
from search_service.gaps import calls as counted
from search_service.library import Library


class ThemeChange(Answer):
    """One theme that a call asked for, before the call and through it."""

    theme: str
    label: str
    before: Annotated[int, Field(description="Practices on the theme that came through earlier calls.")]
    through: Annotated[int, Field(description="Practices on the theme that came through the call.")]
    low: Annotated[float | None, Field(description="Lower end of the 90% interval of the ratio of shares.")]
    high: Annotated[float | None, Field(description="Upper end; none where it has no end.")]
    probability: Annotated[
        float | None,
        Field(description="Probability of as many or more through the call, were the share unchanged."),
    ]
    change: Label
    label_before: Annotated[str, Field(description="What was said of the theme before the call.")]
    label_after: str
    sentence: str


class Call(Label):
    """What one call brought."""

    wanted: str
    before: Annotated[int, Field(description="All practices that came through earlier calls.")]
    through: Annotated[int, Field(description="All practices that came through the call.")]
    sentence: str
    themes: list[ThemeChange]


class Calls(Answer):
    """Every call, in order, with what it changed."""

    reference: Annotated[Label, Field(description="What the labels before and after are compared with.")]
    calls: list[Call]


def calls(library: Library) -> Calls:
    """Present what came through each call beside what came before it."""
    reference = library.taxonomy.references[0]
    return {
        "reference": {"id": reference.id, "label": reference.label},
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


def _change(theme: counted.ThemeChange) -> ThemeChange:
    """Present one theme of a call; without enough data there are no figures."""
    known = theme.change is not counted.Change.TOO_LITTLE_DATA
    return {
        "theme": theme.theme,
        "label": theme.label,
        "before": theme.before.carry,
        "through": theme.through.carry,
        "low": round(theme.low, 3) if known else None,
        "high": round(theme.high, 3) if known and math.isfinite(theme.high) else None,
        "probability": round(theme.probability, 4) if known else None,
        "change": {"id": theme.change.value, "label": theme.change.label},
        "label_before": theme.status_before.label if theme.status_before else "",
        "label_after": theme.status_after.label if theme.status_after else "",
        "sentence": theme.sentence,
    }
