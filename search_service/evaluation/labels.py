"""Measure similar practice on labelled texts, with the weights and vectors of the service."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search_service.errors import Fault, InvalidRequest
from search_service.evaluation.judgements import read_documents
from search_service.similar.neighbours import Neighbours

CUTOFF = 10
"""About as many neighbours as a page shows; a customary cutoff."""


@dataclass(frozen=True, slots=True)
class LabelEvaluation:
    """The mean share of a text's first `CUTOFF` neighbours that have its label."""

    source: str
    texts: int
    labels: int
    precision_10: float


def is_labelled(folder: Path) -> bool:
    """Return whether a test collection has texts but no queries."""
    return (folder / "docs.jsonl.gz").is_file() and not any(
        (folder / name).exists() for name in ("queries.jsonl", "qrels.tsv")
    )


def evaluate_labels(folder: Path) -> LabelEvaluation:
    """Measure neighbours on the labelled texts in `folder`; raises InvalidRequest.

    If a text has fewer neighbours than `CUTOFF`, each missing one counts as a wrong label.
    """
    path = folder / "docs.jsonl.gz"
    rows = read_documents(path)
    unlabelled = [key for key, row in rows.items() if not row.get("label")]
    if unlabelled:
        message = (
            f"{len(unlabelled):,} of {len(rows):,} texts have no label, the first “{unlabelled[0][:80]}”."
        )
        example = '{"id": "1", "text": "heat in slip flow", "label": "physics"}'
        raise InvalidRequest([Fault(str(path), message, example)])
    labels = np.array([row["label"] for row in rows.values()])
    neighbours = Neighbours.of_texts([(row["title"], "", row["text"]) for row in rows.values()])
    hits = [
        int((labels[neighbours.neighbours_of(at)[0][:CUTOFF]] == label).sum())
        for at, label in enumerate(labels)
    ]
    return LabelEvaluation(
        str(folder), len(labels), len(set(labels.tolist())), sum(hits) / (CUTOFF * len(labels))
    )
