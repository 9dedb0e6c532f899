"""Every CSV file that can be downloaded: what its columns hold, and how its rows are read off an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from search_service.answers.calls import Calls
from search_service.answers.gap_map import GapMap
from search_service.answers.gaps import Gaps
from search_service.answers.practice import PracticeRow
from search_service.answers.reach import Reach
from search_service.answers.shapes import Label
from search_service.answers.suggested_themes import SuggestedThemes
from search_service.downloads.csv_files import Export

Rows = Iterator[dict[str, object]]


def _gap_rows(answer: Gaps) -> Rows:
    for theme in answer["themes"]:
        yield {
            **theme,
            "reference": answer["reference"]["id"],
            "practices": theme["observed"],
            "status": theme["status"]["id"],
        }


def _call_rows(answer: Calls) -> Rows:
    for call in answer["calls"]:
        for theme in call["themes"]:
            yield {
                **theme,
                "call": call["id"],
                "call_label": call["label"],
                "all_through": call["through"],
                "all_before": call["before"],
                "change": theme["change"]["id"],
            }


def _map_rows(answer: GapMap) -> Rows:
    for row, line in zip(answer["rows"], answer["cells"], strict=True):
        for column, cell in zip(answer["columns"], line, strict=True):
            by_evidence = cell["by_evidence"]
            yield {
                **cell,
                "row_list": answer["row_list"],
                "row_label": row["label"],
                "column_list": answer["column_list"],
                "column_label": column["label"],
                "practices": cell["count"],
                "works": by_evidence.get("works", 0),
                "promising": by_evidence.get("promising", 0),
                "untested": by_evidence.get("untested", 0),
                "did_not_work": by_evidence.get("did-not-work", 0),
            }


def _suggestion_rows(answer: SuggestedThemes) -> Rows:
    for one in answer["suggestions"]:
        practice, theme = one["practice"], one["theme"]
        yield {
            **one,
            "practice": practice["id"],
            "title": practice["label"],
            "theme": theme["id"],
            "label": theme["label"],
        }


def _topic_rows(answer: SuggestedThemes) -> Rows:
    for topic in answer["topics"]:
        yield {**topic, "practices": _ids(topic["practices"]), "themes": _ids(topic["themes"])}


def _practice_rows(answer: Sequence[PracticeRow]) -> Rows:
    for one in answer:
        yield {
            **one,
            "organisations": _names(one["organisations"]),
            "regions": _names(one["regions"]),
            "partners": _names(one["partners"]),
            "themes": _names(one["themes"]),
            "approaches": _names(one["approaches"]),
            "target_groups": _names(one["target_groups"]),
            "evidence": one["evidence"]["label"],
            "evidence_basis": one["evidence"]["basis"],
            "findings": [f"{found['by']}: {found['finding']}" for found in one["evaluations"]],
            "stage": one["stage"]["label"],
            "scale": one["scale"]["label"],
            "sources": [source["url"] for source in one["sources"]],
        }


def _ids(labels: Iterable[Label]) -> list[str]:
    return [one["id"] for one in labels]


def _names(labels: Iterable[Label]) -> list[str]:
    return [one["label"] for one in labels]


GAPS = Export(
    "gaps",
    "Themes compared with a reference",
    {
        "theme": "Id of the theme.",
        "label": "Name of the theme.",
        "reference": "Id of what the theme is compared with.",
        "practices": "Practices that carry the theme, confirmed by a person.",
        "expected": "Practices there would be if they were spread like the reference.",
        "ratio": "Practices against expected, drawn towards 1 where numbers are small.",
        "low": "Lower end of the range that holds the true ratio with a probability of 90%.",
        "high": "Upper end of that range.",
        "interval_from": (
            "Where the range is from: posterior (the model) or bootstrap (resampled practices)."
        ),
        "probability_under": "Probability that the true ratio is under 0.8.",
        "status": "What may be said: likely-gap, possible-gap, too-little-data or no-sign.",
        "robust_under": "Ids of the other references that call it a likely gap.",
        "evaluated": "Practices that anyone is known to have tested.",
        "evidence_gap": "Whether there is practice, but none that is tested.",
        "sentence": "All of it in one sentence.",
    },
    _gap_rows,
)

REACH: Export[Reach] = Export(
    "reach",
    "Where the practices of each theme are from",
    {
        "theme": "Id of the theme.",
        "label": "Name of the theme.",
        "practices": "Practices that carry the theme.",
        "organisations": "Organisations that they are from.",
        "leading": "The organisation with the most of them.",
        "leading_practices": "Practices of that organisation.",
        "concentrated": "Whether it has more than half of at least five practices.",
        "regions_without": "Regions with no practice on the theme.",
        "target_groups_without": "Target groups with none.",
        "approaches_without": "Approaches with none.",
    },
    lambda answer: answer["themes"],
)

CALLS = Export(
    "calls",
    "What came through each call beside what came before it",
    {
        "call": "Id of the call.",
        "call_label": "Name of the call.",
        "theme": "Id of a theme that the call asked for.",
        "label": "Name of the theme.",
        "through": "Practices on the theme that came through the call.",
        "all_through": "All practices that came through the call.",
        "before": "Practices on the theme that came through earlier calls.",
        "all_before": "All practices that came through earlier calls.",
        "low": "Lower end of the 90% range of the ratio of shares; empty where nothing is said.",
        "high": "Upper end of that range; empty where it has none.",
        "probability": "Probability of as many or more through the call, were the share unchanged.",
        "change": "more, fewer, no-clear-change or too-little-data.",
        "sentence": "All of it in one sentence.",
    },
    _call_rows,
)

SUGGESTIONS = Export(
    "suggestions",
    "Themes suggested for practices; none is counted",
    {
        "practice": "Id of the practice.",
        "title": "Title of the practice.",
        "theme": "Id of the theme that it may lack.",
        "label": "Name of that theme.",
        "probability": "Probability that a person would have chosen the theme.",
        "wording": "The wording that led to it.",
        "quote": "The sentence with most of that wording.",
    },
    _suggestion_rows,
)

TOPICS = Export(
    "topics",
    "Topics that no theme covers, for people to judge",
    {
        "words": "Words that the practices share and no theme uses.",
        "practices": "Ids of the practices.",
        "themes": "Ids of the themes they carry.",
    },
    _topic_rows,
)

MAP = Export(
    "map",
    "Practices counted on two axes, a line for each cell",
    {
        "row_list": "The list that the rows are of.",
        "row": "Id of the row.",
        "row_label": "Name of the row.",
        "column_list": "The list that the columns are of.",
        "column": "Id of the column.",
        "column_label": "Name of the column.",
        "practices": "Practices in the cell; 0 is an empty cell.",
        "works": "Of them, tested and found to work.",
        "promising": "Of them, promising.",
        "untested": "Of them, untested.",
        "did_not_work": "Of them, tested and found not to work.",
    },
    _map_rows,
)

PRACTICE_COLUMNS = {
    "id": "Id of the practice.",
    "title": "Title of the practice.",
    "summary": "What it is, in a sentence or two.",
    "address": "Page of the practice.",
    "organisations": "Names of the organisations that run it.",
    "regions": "Regions it is from.",
    "partners": "Kinds of partner that take part.",
    "themes": "Themes, confirmed by a person.",
    "approaches": "Approaches it takes.",
    "target_groups": "Whom it is for.",
    "evidence": "How strong the evidence is.",
    "evidence_basis": "Why that rating was given.",
    "findings": "What each evaluation found.",
    "stage": "Stage it has reached.",
    "scale": "Scale it is run at.",
    "start": "When it began, as exactly as a source says.",
    "end": "When it ended.",
    "sources": "Addresses of the sources read.",
}

SEARCH = Export("search", "Practices that a search finds", PRACTICE_COLUMNS, _practice_rows)

SHORTLIST = Export("shortlist", "Practices of a shortlist", PRACTICE_COLUMNS, _practice_rows)

EXPORTS: dict[str, Export[Any]] = {
    export.name: export for export in (GAPS, REACH, CALLS, MAP, SUGGESTIONS, TOPICS, SEARCH, SHORTLIST)
}
