"""How well themes are found again in practices held back: the classifier, and signal phrases alone.

    python tests/benchmarks/theme_suggestions.py

Each practice is judged by a model that has seen neither it nor its variants, on the project's own corpus;
nothing is random, so the tables come out the same again.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from search_service.gaps.statistics import Floats
from search_service.practices.checks import check_corpus
from search_service.practices.model import Practice
from search_service.practices.taxonomy import Concept
from search_service.themes import tagging
from search_service.themes.signals import Signals, words_of

CORPUS = Path(__file__).parents[2] / "corpus"
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)
STRENGTHS = (1.0, 3.0, 10.0, 30.0)
BINS = ((0.0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01))
ENOUGH = 0.80
"""The precision at which recalls are compared."""


def judged(practices: list[Practice], themes: list[Concept]) -> tuple[Floats, Floats, tagging.Material]:
    """Return the probabilities of the classifier and of signal phrases alone, and what they are of."""
    material = tagging.material_of(practices, [words_of(one) for one in practices], Signals(themes))
    scores, from_phrases, _ = tagging.cross_fitted(material)
    return tagging.calibrated(scores, material), from_phrases, material


def recall_at(probabilities: Floats, material: tagging.Material) -> float:
    """Return the greatest recall at a precision of 0.80 or more."""
    order = np.argsort(-probabilities.ravel(), kind="stable")
    right = material.confirmed.ravel()[order].cumsum()
    precision = right / np.arange(1, len(order) + 1)
    return float(right[precision >= ENOUGH].max(initial=0) / material.confirmed.sum())


def print_thresholds(title: str, probabilities: Floats, material: tagging.Material) -> None:
    """Print precision and recall at several thresholds."""
    print(f"\n{title}: recall at a precision of {ENOUGH:.2f} is {recall_at(probabilities, material):.3f}")
    for threshold in THRESHOLDS:
        found = tagging.accuracy(probabilities >= threshold, material.confirmed)
        print(f"  from {threshold:.1f}  precision {found.precision:.3f}  recall {found.recall:.3f}")


def main() -> None:
    """Print the tables of docs/themes.md."""
    corpus = check_corpus(CORPUS).corpus
    assert corpus is not None
    practices, themes = list(corpus.practices), list(corpus.taxonomy.themes)
    probabilities, from_phrases, material = judged(practices, themes)
    print(f"{len(practices)} practices, {len(themes)} themes, {int(material.confirmed.sum())} confirmed")
    print_thresholds("classifier", probabilities, material)
    print_thresholds("signal phrases alone", from_phrases, material)
    print("\nprobabilities of the classifier")
    for low, high in BINS:
        here = (probabilities >= low) & (probabilities < high)
        said, true = probabilities[here].mean(), material.confirmed[here].mean()
        print(
            f"  {low:.1f} to {min(high, 1):.1f}  {int(here.sum()):5} pairs  said {said:.2f}  true {true:.2f}"
        )
    print("\nstrength of the classifier: recall at that precision")
    for strength in STRENGTHS:
        tagging.STRENGTH = strength
        print(f"  {strength:4.0f}  {recall_at(judged(practices, themes)[0], material):.3f}")
    tagging.STRENGTH = 10.0
    everyday = [one.model_copy(update={"signals": (*one.signals, *one.everyday)}) for one in themes]
    with_everyday, phrases, _ = judged(practices, everyday)
    print("\nwith everyday wordings among the signals")
    print_thresholds("classifier", with_everyday, material)
    print_thresholds("signal phrases alone", phrases, material)
    material.phrases[:] = 0.0
    scores, _, _ = tagging.cross_fitted(material)
    print_thresholds("words alone", tagging.calibrated(scores, material), material)


if __name__ == "__main__":
    main()
