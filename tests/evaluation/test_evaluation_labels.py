"""The rule kept here: similar practice is measured on labelled texts as it is shipped."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from search_service.cli import main
from search_service.errors import InvalidRequest
from search_service.evaluation.labels import CUTOFF, evaluate_labels

KINDS = {
    "homes": "Officers visit children in care homes after missing episodes",
    "locks": "Alarms locks cameras protect victims from violent partners",
}


def collection(folder: Path, texts: list[dict[str, str]]) -> Path:
    """Write a labelled collection."""
    with gzip.open(folder / "docs.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"id": str(at), **text}) + "\n" for at, text in enumerate(texts))
    return folder


def test_the_figure_is_the_share_of_neighbours_with_the_same_label(tmp_path: Path) -> None:
    """Four of a kind have three neighbours of it; the places left empty count as misses."""
    texts = [{"text": text, "label": label} for label, text in KINDS.items() for _ in range(4)]
    measured = evaluate_labels(collection(tmp_path, texts))
    assert (measured.texts, measured.labels) == (8, 2)
    assert measured.precision_10 == pytest.approx(3 / CUTOFF)


def test_neighbours_of_other_labels_lower_the_figure(tmp_path: Path) -> None:
    """The same texts, each with a label of its own."""
    texts = [
        {"text": text, "label": f"{at}"} for at, text in enumerate(t for t in KINDS.values() for _ in "1234")
    ]
    assert evaluate_labels(collection(tmp_path, texts)).precision_10 == 0


def test_texts_without_a_label_are_named(tmp_path: Path) -> None:
    """With a line as it should be."""
    folder = collection(tmp_path, [{"text": "kids", "label": "a"}, {"text": "homes"}])
    with pytest.raises(InvalidRequest) as caught:
        evaluate_labels(folder)
    (fault,) = caught.value.faults
    assert "“1”" in fault.message
    assert "label" in fault.example


def test_a_missing_collection_is_named(tmp_path: Path) -> None:
    """Not a traceback."""
    with pytest.raises(InvalidRequest, match="not there"):
        evaluate_labels(tmp_path)


def test_the_command_prints_the_figure(tmp_path: Path) -> None:
    """As a table or as JSON, and says so where another option would be lost."""
    texts = [{"text": text, "label": label} for label, text in KINDS.items() for _ in range(4)]
    folder = str(collection(tmp_path, texts))
    shown = CliRunner().invoke(main, ["eval", "--collection", folder, "--json"])
    assert json.loads(shown.stdout)["precision_10"] == pytest.approx(3 / CUTOFF)
    assert "0.300" in CliRunner().invoke(main, ["eval", "--collection", folder]).stdout
    both = CliRunner().invoke(main, ["eval", "--collection", folder, "--per-query"])
    assert both.exit_code == 2
    assert "only --json" in both.stderr
