"""Measure the related lists on the judged neighbours of a corpus's `related.csv` (docs/judgements.md)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search_service.errors import Fault, InvalidRequest
from search_service.evaluation import metrics
from search_service.evaluation.judgements import (
    MAX_PRACTICE_GRADE,
    RELEVANT_PRACTICE,
    Grades,
    Judgements,
    build_judgements,
    csv_rows,
)
from search_service.evaluation.run import Search
from search_service.library import Library

COLUMNS = ("practice", "other", "grade")
"""The columns of related.csv."""

EXAMPLE = "keep-safe-scotland,safe-places-west-midlands,3"
"""A valid row of related.csv."""

CUTOFF = 5
"""Less than the six cards of a list, which may be shorter when little is similar."""

Versions = Callable[[str], Collection[str]]
"""Takes a practice's id and returns the ids of its other versions."""


@dataclass(frozen=True, slots=True)
class MeasuredPractice:
    """A practice and the nDCG@5 of its related list."""

    id: str
    ndcg_5: float


@dataclass(frozen=True, slots=True)
class RelatedEvaluation:
    """The figure of every practice that has a neighbour to find; `left_out` are ids of the others."""

    source: str
    relevant: int
    practices: tuple[MeasuredPractice, ...]
    left_out: tuple[str, ...] = ()

    def mean(self) -> float:
        """Return the mean nDCG@5 over the practices."""
        return float(np.mean([one.ndcg_5 for one in self.practices]))

    def worst_first(self) -> list[MeasuredPractice]:
        """Return the practices by rising nDCG@5, then id."""
        return sorted(self.practices, key=lambda one: (one.ndcg_5, one.id))


def read_related(path: Path, practices: Collection[str]) -> Judgements:
    """Read a related.csv about `practices` (ids) as queries; raises InvalidRequest with every fault."""
    faults: list[Fault] = []
    grades = Grades("practice", "practice", "other", MAX_PRACTICE_GRADE, practices, faults)
    for where, row in csv_rows(path, COLUMNS, EXAMPLE, faults):
        practice, other = row["practice"], row["other"]
        if practice not in practices:
            message = f"there is no practice “{practice[:80]}”."
            faults.append(Fault(f"{where}, practice", message, next(iter(practices), "keep-safe-scotland")))
        if practice == other:
            message = f"“{practice[:80]}” is judged against itself."
            faults.append(Fault(f"{where}, other", message, EXAMPLE))
        grades.add(where, practice, other, row["grade"])
    return build_judgements(path, {key: key for key in grades.by_query}, grades, RELEVANT_PRACTICE, EXAMPLE)


def evaluate_related(library: Library, path: Path) -> RelatedEvaluation:
    """Measure a library's related lists on the judgements in `path`; raises InvalidRequest."""
    practices = library.practices

    def versions(practice: str) -> set[str]:
        return {version.id for version in practices.versions_of(practices.by_id(practice))}

    judgements = read_related(path, {practice.id: None for practice in practices})
    measured = evaluate_neighbours(judgements, library_neighbours(library), versions)
    if not measured.practices:
        message = f"all of grade {RELEVANT_PRACTICE} or more are versions of the practice they are judged for"
        raise InvalidRequest([Fault(str(path), f"{message}, so nothing can be measured.", EXAMPLE)])
    return measured


def evaluate_neighbours(judgements: Judgements, neighbours: Search, versions: Versions) -> RelatedEvaluation:
    """Measure `neighbours`, which takes a practice's id and returns similar ones, best first.

    A practice's own versions are left out of both: its page lists them separately.
    """
    measured, left_out = [], []
    for asked in judgements.queries:
        own = versions(asked.id)
        grades = {key: grade for key, grade in asked.grades.items() if key not in own}
        if max(grades.values(), default=0) < judgements.relevant:
            left_out.append(asked.id)
            continue
        found = [grades.get(key, 0) for key in neighbours(asked.id) if key not in own]
        figure = metrics.ndcg(found, list(grades.values()), CUTOFF)
        measured.append(MeasuredPractice(asked.id, figure))
    return RelatedEvaluation(judgements.source, judgements.relevant, tuple(measured), tuple(left_out))


def library_neighbours(library: Library) -> Search:
    """Return a library's related lists as rankings of ids.

    Versions grouped under a recommendation directly follow it, to compare grouped and ungrouped lists.
    """

    def neighbours(practice: str) -> Sequence[str]:
        cards = library.similar.to_practice(practice).found
        return [library.practices[row].id for card in cards for row in (card.row, *card.variants)]

    return neighbours
