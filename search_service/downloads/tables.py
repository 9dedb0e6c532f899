"""Every CSV file that can be taken away: its columns, each described, and its rows from an API answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search_service.downloads.csv_files import Column

Row = Mapping[str, Any]
"""A row of an answer; the columns below know its keys."""


def _of(*path: str) -> Callable[[Row], object]:
    """Return what reads a value out of nested values by its path."""

    def cell(row: Row) -> object:
        value: Any = row
        for step in path:
            value = value[step]
        return value

    return cell


def _names(key: str) -> Callable[[Row], list[str]]:
    """Return what reads the names of values of a closed list."""
    return lambda row: [one["label"] for one in row[key]]


@dataclass(frozen=True, slots=True)
class Export:
    """A file: its name without ending, what it holds, its columns, and its rows from an API answer."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Callable[[Any], Iterable[Row]]


GAPS = Export(
    "gaps",
    "Themes compared with a reference",
    (
        Column("theme", "Id of the theme."),
        Column("label", "Name of the theme."),
        Column("reference", "Id of what the theme is compared with."),
        Column("practices", "Practices that carry the theme, confirmed by a person.", _of("observed")),
        Column("expected", "Practices there would be if they were spread like the reference."),
        Column("ratio", "Practices against expected, drawn towards 1 where numbers are small."),
        Column("low", "Lower end of the range that holds the true ratio with a probability of 90%."),
        Column("high", "Upper end of that range."),
        Column(
            "interval_from",
            "Where the range is from: posterior (the model) or bootstrap (resampled practices).",
        ),
        Column("probability_under", "Probability that the true ratio is under 0.8."),
        Column(
            "status",
            "What may be said: likely-gap, possible-gap, too-little-data or no-sign.",
            _of("status", "id"),
        ),
        Column("robust_under", "Ids of the other references that call it a likely gap."),
        Column("evaluated", "Practices that anyone is known to have tested."),
        Column("evidence_gap", "Whether there is practice, but none that is tested."),
        Column("sentence", "All of it in one sentence."),
    ),
    lambda answer: [{**theme, "reference": answer["reference"]["id"]} for theme in answer["themes"]],
)

REACH = Export(
    "reach",
    "Where the practices of each theme are from",
    (
        Column("theme", "Id of the theme."),
        Column("label", "Name of the theme."),
        Column("practices", "Practices that carry the theme."),
        Column("organisations", "Organisations that they are from."),
        Column("leading", "The organisation with the most of them."),
        Column("leading_practices", "Practices of that organisation."),
        Column("concentrated", "Whether it has more than half of at least five practices."),
        Column("regions_without", "Regions with no practice on the theme."),
        Column("target_groups_without", "Target groups with none."),
        Column("approaches_without", "Approaches with none."),
    ),
    lambda answer: answer["themes"],
)

CALLS = Export(
    "calls",
    "What came through each call beside what came before it",
    (
        Column("call", "Id of the call."),
        Column("call_label", "Name of the call."),
        Column("theme", "Id of a theme that the call asked for."),
        Column("label", "Name of the theme."),
        Column("through", "Practices on the theme that came through the call."),
        Column("all_through", "All practices that came through the call."),
        Column("before", "Practices on the theme that came through earlier calls."),
        Column("all_before", "All practices that came through earlier calls."),
        Column("low", "Lower end of the 90% range of the ratio of shares; empty where nothing is said."),
        Column("high", "Upper end of that range; empty where it has none."),
        Column("probability", "Probability of as many or more through the call, were the share unchanged."),
        Column("change", "more, fewer, no-clear-change or too-little-data.", _of("change", "id")),
        Column("sentence", "All of it in one sentence."),
    ),
    lambda answer: [
        {
            **theme,
            "call": call["id"],
            "call_label": call["label"],
            "all_through": call["through"],
            "all_before": call["before"],
        }
        for call in answer["calls"]
        for theme in call["themes"]
    ],
)

SUGGESTIONS = Export(
    "suggestions",
    "Themes suggested for practices; none is counted",
    (
        Column("practice", "Id of the practice.", _of("practice", "id")),
        Column("title", "Title of the practice.", _of("practice", "label")),
        Column("theme", "Id of the theme that it may lack.", _of("theme", "id")),
        Column("label", "Name of that theme.", _of("theme", "label")),
        Column("probability", "Probability that a person would have chosen the theme."),
        Column("wording", "The wording that led to it."),
        Column("quote", "The sentence with most of that wording."),
    ),
    lambda answer: answer["suggestions"],
)

TOPICS = Export(
    "topics",
    "Topics that no theme covers, for people to judge",
    (
        Column("words", "Words that the practices share and no theme uses."),
        Column("practices", "Ids of the practices.", lambda row: [one["id"] for one in row["practices"]]),
        Column("themes", "Ids of the themes they carry.", lambda row: [one["id"] for one in row["themes"]]),
    ),
    lambda answer: answer["topics"],
)

MAP = Export(
    "map",
    "Practices counted on two axes, a line for each cell",
    (
        Column("row_list", "The list that the rows are of."),
        Column("row", "Id of the row."),
        Column("row_label", "Name of the row."),
        Column("column_list", "The list that the columns are of."),
        Column("column", "Id of the column."),
        Column("column_label", "Name of the column."),
        Column("practices", "Practices in the cell; 0 is an empty cell.", _of("count")),
        Column("works", "Of them, tested and found to work.", lambda row: row["by_evidence"].get("works", 0)),
        Column("promising", "Of them, promising.", lambda row: row["by_evidence"].get("promising", 0)),
        Column("untested", "Of them, untested.", lambda row: row["by_evidence"].get("untested", 0)),
        Column(
            "did_not_work",
            "Of them, tested and found not to work.",
            lambda row: row["by_evidence"].get("did-not-work", 0),
        ),
    ),
    lambda answer: [
        {
            **cell,
            "row_list": answer["row_list"],
            "column_list": answer["column_list"],
            "row_label": row["label"],
            "column_label": column["label"],
        }
        for row, line in zip(answer["rows"], answer["cells"], strict=True)
        for column, cell in zip(answer["columns"], line, strict=True)
    ],
)

PRACTICE_COLUMNS = (
    Column("id", "Id of the practice."),
    Column("title", "Title of the practice."),
    Column("summary", "What it is, in a sentence or two."),
    Column("address", "Page of the practice."),
    Column("organisations", "Names of the organisations that run it.", _names("organisations")),
    Column("regions", "Regions it is from.", _names("regions")),
    Column("partners", "Kinds of partner that take part.", _names("partners")),
    Column("themes", "Themes, confirmed by a person.", _names("themes")),
    Column("approaches", "Approaches it takes.", _names("approaches")),
    Column("target_groups", "Whom it is for.", _names("target_groups")),
    Column("evidence", "How strong the evidence is.", _of("evidence", "label")),
    Column("evidence_basis", "Why that rating was given.", _of("evidence", "basis")),
    Column(
        "findings",
        "What each evaluation found.",
        lambda row: [f"{one['by']}: {one['finding']}" for one in row["evaluations"]],
    ),
    Column("stage", "Stage it has reached.", _of("stage", "label")),
    Column("scale", "Scale it is run at.", _of("scale", "label")),
    Column("start", "When it began, as exactly as a source says."),
    Column("end", "When it ended."),
    Column("sources", "Addresses of the sources read.", lambda row: [one["url"] for one in row["sources"]]),
)

SEARCH = Export("search", "Practices that a search finds", PRACTICE_COLUMNS, lambda rows: rows)

SHORTLIST = Export("shortlist", "Practices of a shortlist", PRACTICE_COLUMNS, SEARCH.rows)

EXPORTS = {
    export.name: export for export in (GAPS, REACH, CALLS, MAP, SUGGESTIONS, TOPICS, SEARCH, SHORTLIST)
}
