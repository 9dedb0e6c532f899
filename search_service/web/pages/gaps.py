"""Gaps, and the map of themes and approaches."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from search_service.themes import statistics
from search_service.web import params, presenters
from search_service.web.api import library
from search_service.web.pages.blueprint import blueprint

GAP_RULES = {
    "enough": statistics.ENOUGH_EXPECTED,
    "ratio": statistics.GAP_RATIO,
    "likely": statistics.LIKELY,
    "possible": statistics.POSSIBLE,
}
"""The numbers behind the labels of gaps, for the pages that explain them."""


@blueprint.get("/gaps")
def gaps() -> str:
    """Show which themes are under-represented."""
    query = params.read_query(params.GapsParams, request.args, unknown="ignore").or_raise()
    at = library()
    report = presenters.gaps(at, at.gaps(query.reference or None))
    return render_template(
        "gaps.html",
        report=report,
        scale=_interval_scale(report),
        order=[status.value for status in statistics.Status],
        rules=GAP_RULES,
    )


@blueprint.get("/gaps/map")
def gap_map() -> str:
    """Show the map of themes and approaches, or of other lists."""
    query = params.read_query(params.GapMapParams, request.args, unknown="ignore").or_raise()
    at = library()
    found = at.gap_map(query.rows, query.columns)
    return render_template(
        "gap_map.html",
        map=presenters.gap_map(found, query.rows, query.columns),
        shades=[[cell.shade for cell in line] for line in found.cells],
        evidence=at.labels("evidence"),
        axes=params.AXES,
    )


def _interval_scale(report: presenters.Json) -> dict[str, Any]:
    """Return the right-hand end of the axis that intervals are drawn on, a whole number."""
    highest = max((theme["high"] for theme in report["themes"]), default=2)
    return {"end": max(2, min(5, -int(-highest // 1)))}
