"""Save an evaluation and compare a later one with it, over queries with the same id and wording."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from search_service.errors import Fault, InvalidRequest
from search_service.evaluation.metrics import randomisation_test
from search_service.evaluation.run import METRICS, Evaluation, Metric

MAX_CHANGED = 10
"""Queries listed in a comparison."""

EXAMPLE = "--compare before.json"


@dataclass(frozen=True, slots=True)
class MetricChange:
    """A metric's mean before and after, with the p of a paired test."""

    name: str
    before: float
    after: float
    difference: float
    p: float


@dataclass(frozen=True, slots=True)
class QueryChange:
    """One query's nDCG@10 before and after."""

    id: str
    query: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two evaluations over the queries both have; `only_one` counts those that only one has."""

    compared: int
    only_one: int
    metrics: tuple[MetricChange, ...]
    queries: tuple[QueryChange, ...]


def compare(before: Evaluation, after: Evaluation) -> Comparison:
    """Compare two evaluations; raises InvalidRequest if they share no query."""
    earlier = {(one.id, one.query): one for one in before.queries}
    later = {(one.id, one.query): one for one in after.queries}
    common = [key for key in later if key in earlier]
    if not common:
        message = (
            f"it is of {before.source} and shares no query with {after.source}; give a file saved from the "
            "same judgements."
        )
        raise InvalidRequest([Fault("--compare", message, EXAMPLE)])
    first = Evaluation(before.source, before.relevant, tuple(earlier[key] for key in common))
    second = Evaluation(after.source, after.relevant, tuple(later[key] for key in common))
    changes = [QueryChange(*key, earlier[key].figures.ndcg_10, later[key].figures.ndcg_10) for key in common]
    changed = sorted((c for c in changes if c.before != c.after), key=lambda c: -abs(c.after - c.before))
    only_one = len(earlier) + len(later) - 2 * len(common)
    return Comparison(
        len(common),
        only_one,
        tuple(_change(metric, first, second) for metric in METRICS),
        tuple(changed[:MAX_CHANGED]),
    )


def as_json(evaluation: Evaluation) -> dict[str, object]:
    """Return an evaluation and its means as JSON values."""
    means = {metric.name: evaluation.mean(metric.name) for metric in METRICS}
    return {"measured": len(evaluation.queries), "means": means, **asdict(evaluation)}


def save(evaluation: Evaluation, path: Path) -> None:
    """Write an evaluation to a file; raises InvalidRequest if that fails."""
    text = json.dumps(as_json(evaluation), ensure_ascii=False, indent=2)
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}."
        raise InvalidRequest([Fault("--save", message, "--save before.json")]) from None


def read_saved(path: Path) -> Evaluation:
    """Read a saved evaluation; raises InvalidRequest with every fault."""
    try:
        return TypeAdapter(Evaluation).validate_json(path.read_bytes())
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}; give a file that --save wrote."
        raise InvalidRequest([Fault("--compare", message, EXAMPLE)]) from None
    except ValidationError as error:
        faults = [
            Fault(
                ", ".join([str(path), *map(str, one["loc"])]),
                f"{one['msg']}; give a file that --save wrote.",
                EXAMPLE,
            )
            for one in error.errors()
        ]
        raise InvalidRequest(faults) from None


def _change(metric: Metric, before: Evaluation, after: Evaluation) -> MetricChange:
    p = randomisation_test(before.figures(metric.name), after.figures(metric.name))
    first, second = before.mean(metric.name), after.mean(metric.name)
    return MetricChange(metric.name, first, second, second - first, p)
