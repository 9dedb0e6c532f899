"""Gap figures to download: CSV with its columns described, the map as a drawing, the draft to edit."""

from __future__ import annotations

import textwrap

from flask import Response, abort, jsonify, render_template, url_for

from search_service import answers
from search_service.answers.call_draft import Brief
from search_service.answers.gap_map import GapMap
from search_service.downloads import csv_files, tables, word
from search_service.downloads.csv_files import A
from search_service.gaps.gap_map import shade
from search_service.gaps.report import GapReport
from search_service.library import Library
from search_service.web.http import params
from search_service.web.http.current import current_library
from search_service.web.http.parsing import read_page_query
from search_service.web.pages.blueprint import blueprint

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def download(content: bytes, content_type: str, name: str) -> Response:
    """Return a file to be saved under a name."""
    return Response(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def csv_file(export: csv_files.Export[A], answer: A) -> Response:
    """Return an export as CSV."""
    content = csv_files.write(export, answer)
    file = download(content, "text/csv; charset=utf-8; header=present", f"{export.name}.csv")
    described = url_for("pages.columns_described", name=export.name)
    file.headers["Link"] = f'<{described}>; rel="describedby"; type="application/csvm+json"'
    return file


def brief_file(brief: Brief, ending: str) -> Response:
    """Return the draft of a call as Markdown (md) or a Word document (docx)."""
    if ending == "docx":
        return download(word.write("A call for practice", brief["blocks"]), WORD, "call-for-practice.docx")
    return download(brief["markdown"].encode(), "text/markdown; charset=utf-8", "call-for-practice.md")


def requested_report(library: Library) -> GapReport:
    """Return the report against the reference that the address names."""
    return read_page_query(params.GapsParams).answered(lambda query: library.gaps.report(query.reference))


def requested_map(library: Library) -> GapMap:
    """Return the map of the axes that the address names."""
    return read_page_query(params.GapMapParams).answered(
        lambda query: answers.gap_map(library, query.rows, query.columns)
    )


def shades(shown: GapMap) -> list[list[int]]:
    """Return how dark each cell of a map is."""
    counts = [[cell["count"] for cell in line] for line in shown["cells"]]
    largest = max((count for line in counts for count in line), default=0)
    return [[shade(count, largest) for count in line] for line in counts]


@blueprint.get("/gaps.csv")
def gaps_csv() -> Response:
    """Give the gaps against one reference as CSV."""
    library = current_library()
    return csv_file(tables.GAPS, answers.gaps(library, requested_report(library)))


@blueprint.get("/gaps/map.csv")
def map_csv() -> Response:
    """Give the map as CSV, a line for each cell."""
    return csv_file(tables.MAP, requested_map(current_library()))


@blueprint.get("/gaps/map.svg")
def map_svg() -> Response:
    """Give the map as a drawing that can be used on its own, in reports and slides."""
    library = current_library()
    shown = requested_map(library)
    rows, columns = (params.AXES[axis].lower() for axis in (shown["row_list"], shown["column_list"]))
    column_names = [*(column["label"] for column in shown["columns"]), "All"]
    drawing = render_template(
        "gap_map.svg",
        map=shown,
        title=f"Practices by {rows} and {columns}",
        column_lines=[textwrap.wrap(name, 14, break_long_words=False) for name in column_names],
        row_lines=[textwrap.wrap(row["label"], 32, max_lines=2, placeholder=" …") for row in shown["rows"]],
        shades=shades(shown),
        evidence=library.taxonomy.labels["evidence"],
    )
    return download(drawing.encode(), "image/svg+xml", "gap-map.svg")


@blueprint.get("/gaps/reach.csv")
def reach_csv() -> Response:
    """Give the reach of each theme as CSV."""
    return csv_file(tables.REACH, answers.reach(current_library()))


@blueprint.get("/gaps/calls.csv")
def calls_csv() -> Response:
    """Give the change from call to call as CSV."""
    return csv_file(tables.CALLS, answers.calls(current_library()))


@blueprint.get("/gaps/suggestions.csv")
def suggestions_csv() -> Response:
    """Give suggested themes as CSV."""
    return csv_file(tables.SUGGESTIONS, answers.suggested_themes(current_library()))


@blueprint.get("/gaps/topics.csv")
def topics_csv() -> Response:
    """Give the topics that no theme covers as CSV."""
    return csv_file(tables.TOPICS, answers.suggested_themes(current_library()))


@blueprint.get("/gaps/<name>.csv-metadata.json")
def columns_described(name: str) -> Response:
    """Describe the columns of a file to programs (CSV on the Web)."""
    export = tables.EXPORTS.get(name)
    if export is None:
        abort(404)
    return jsonify(csv_files.described(url_for(f"pages.{name}_csv"), export))


@blueprint.get("/gaps/brief.md", defaults={"ending": "md"})
@blueprint.get("/gaps/brief.docx", defaults={"ending": "docx"})
def brief_as(ending: str) -> Response:
    """Give the draft of a call as Markdown or as a Word document."""
    library = current_library()
    return brief_file(answers.brief(library, requested_report(library)), ending)
