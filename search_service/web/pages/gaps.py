"""The pages on gaps: which themes have too little practice, against which reference, and what to ask for."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from search_service import answers
from search_service.answers.gaps import Gaps, ThemeGap, status_label
from search_service.downloads import tables
from search_service.errors import Fault, InvalidRequest
from search_service.gaps import own_reference, statistics
from search_service.web.http import params
from search_service.web.http.current import current_library
from search_service.web.http.errors import listed
from search_service.web.http.parsing import read_page_query
from search_service.web.pages.blueprint import blueprint
from search_service.web.pages.gap_files import brief_file, csv_file, requested_map, requested_report, shades

GAP_RULES = {
    "enough": statistics.MIN_EXPECTED,
    "ratio": statistics.GAP_RATIO,
    "likely": statistics.LIKELY,
    "possible": statistics.POSSIBLE,
}
"""The numbers behind the labels of gaps, for the pages that explain them."""

STATUS_ORDER = [status.value for status in statistics.Status]

SORT_KEYS: dict[str, Callable[[ThemeGap], Any]] = {
    "gap": lambda theme: (STATUS_ORDER.index(theme["status"]["id"]), theme["ratio"]),
    "theme": lambda theme: theme["label"].casefold(),
    "practices": lambda theme: theme["observed"],
    "expected": lambda theme: theme["expected"],
    "ratio": lambda theme: theme["ratio"],
}
"""The key of each order of the table (`params.GAP_SORTS`)."""

MAX_SHOWN = 100
"""Suggestions shown on a page; the files and the command line have all."""

MAX_NAMED = 4
"""Themes without a gap that are named at the top; the rest are counted."""


@blueprint.get("/gaps")
def gaps() -> str:
    """Show which themes are under-represented."""
    library = current_library()
    reading = read_page_query(params.GapsPageParams)
    report = reading.answered(lambda query: library.gaps.report(query.reference))
    return render_template(
        "gaps.html",
        **_table(answers.gaps(library, report), reading.params.sort),
        reach=answers.reach(library),
        calls=answers.calls(library)["calls"],
        suggested=len(library.suggestions.suggestions),
    )


@blueprint.route("/gaps/own", methods=["GET", "POST"])
def own_gaps() -> ResponseReturnValue:
    """Compare with a reference that the reader brings; it is not kept."""
    library = current_library()
    themes = library.taxonomy.labels["theme"]
    form = {
        "themes": themes,
        "max_characters": own_reference.MAX_CHARACTERS,
        "columns": own_reference.COLUMNS,
    }
    if request.method == "GET":
        return render_template("gaps_own.html", text="", **form)
    text = ""
    try:
        text = _posted_text()
        report = library.gaps.report_against(own_reference.from_csv(text, themes))
    except InvalidRequest as error:
        text = text[: own_reference.MAX_CHARACTERS]
        return render_template("gaps_own.html", text=text, faults=listed(error.faults), **form), 422
    shown, button = answers.gaps(library, report), request.form.get("as", "page")
    if button == "csv":
        return csv_file(tables.GAPS, shown)
    if button in ("md", "docx"):
        return brief_file(answers.brief(library, report), button)
    return render_template("gaps_own.html", text=text, **form, **_table(shown, "gap"))


def _posted_text() -> str:
    """Return the file that was chosen, or else what was pasted; raises InvalidRequest if unreadable."""
    chosen = request.files.get("file")
    if not chosen or not chosen.filename:
        return request.form.get("text", "")
    content = chosen.read()
    try:
        return str(content, "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"line {line} is not UTF-8."
        example = "in Excel: Save as, CSV UTF-8 (comma delimited)"
        raise InvalidRequest([Fault("file", message, example)]) from None


def _table(report: Gaps, sort: str) -> dict[str, Any]:
    """Return what the table of gaps and the answer above it are drawn from."""
    worst_first = sorted(report["themes"], key=SORT_KEYS["gap"])
    themes = sorted(worst_first, key=SORT_KEYS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    highest = max((theme["high"] for theme in themes), default=2)
    return {
        "report": {**report, "themes": themes},
        "sort": sort,
        "scale_end": max(2, min(5, math.ceil(highest))),
        "answer": [
            {
                "status": status_label(status),
                "themes": [theme for theme in worst_first if theme["status"]["id"] == status.value],
            }
            for status in statistics.Status
        ],
        "max_named": MAX_NAMED,
        "rules": GAP_RULES,
    }


@blueprint.get("/gaps/map")
def gap_map() -> str:
    """Show the map of themes and approaches, or of other lists."""
    library = current_library()
    shown = requested_map(library)
    return render_template(
        "gap_map.html",
        map=shown,
        shades=shades(shown),
        evidence=library.taxonomy.labels["evidence"],
        axes=params.AXES,
    )


@blueprint.get("/gaps/suggestions")
def suggestions() -> str:
    """Show themes that practices may lack, and topics that no theme covers."""
    found = answers.suggested_themes(current_library())
    return render_template("gaps_suggestions.html", found=found, max_shown=MAX_SHOWN)


@blueprint.get("/gaps/brief")
def brief() -> str:
    """Show the draft of a call for practice."""
    library = current_library()
    report = requested_report(library)
    return render_template(
        "gaps_brief.html", report=answers.gaps(library, report), brief=answers.brief(library, report)
    )


@blueprint.get("/gaps/columns")
def columns() -> str:
    """Explain the columns of each file."""
    return render_template("gaps_columns.html", exports=tables.EXPORTS)
