"""Sentences that say the same: the passages to show for two texts, and whether they are of one initiative.

Shared words say that two texts are about the same thing; whole sentences that say the same are what one
text has of another. So the share of a text's sentences, by weight, that have a twin in the other is its
containment in it (containment after Broder 1997, with sentences for shingles), and what counts is the
text that is contained more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from search_service.similar.sentences import Alignment

TWIN = 0.5
"""Overlap from which two sentences say the same."""

CONTAINED = 0.25
"""Containment from which two texts are of one initiative."""


class Alike(NamedTuple):
    """The sentence of the text asked about and the one of the practice found that are most alike."""

    here: str
    there: str


def most_alike(texts: Alignment) -> tuple[int, int] | None:
    """Return which sentence here and which there are most alike; None where none share a term.

    What counts is the shared weight times the overlap: shared weight alone favours long sentences, which
    share something with any other, and overlap alone those of two words.
    """
    worth = texts.shared * texts.overlap
    if not worth.any():
        return None
    here, there = divmod(int(np.argmax(worth)), worth.shape[1])
    return here, there


def containment(texts: Alignment) -> float:
    """Return how much of one text stands in the other, of the two the greater share (0 to 1)."""
    twins = texts.overlap >= TWIN
    shares = (
        float(weights[alike].sum() / weights.sum()) if len(weights) else 0.0
        for weights, alike in ((texts.here, twins.any(axis=1)), (texts.there, twins.any(axis=0)))
    )
    return max(shares)


def are_one_initiative(texts: Alignment) -> bool:
    """Tell whether so much of one text stands in the other that they are of one initiative."""
    return containment(texts) >= CONTAINED
