"""Sentences that say the same: the passages to show for two texts, and whether they are of one initiative.

Shared words say that two texts are about the same thing. That they are of the same initiative shows in
sentence after sentence: reworded, cut or put together with another, a text keeps saying what the other
says. So a sentence whose overlap with one of the other text is large is its twin, and the share of a
text's sentences, by weight, that have a twin in the other is its containment in it (Broder 1997, with
sentences for shingles). What counts is the text that is contained more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_service.similar.sentences import Alignment, Whole

TWIN = 0.45
"""Overlap from which two sentences say the same. With a third of its words replaced a sentence has 0.6 in the
mean; at 0.4 unlike practices get near to one another, at 0.5 reworded texts fall (docs/similar.md)."""

CONTAINED = 0.3
"""Containment from which two texts are of one initiative: half-way from the most that two practices of the
shipped corpus have which are not (0.23) to the least that a merged text has of its parts (0.37)."""

FEWEST_TWINS = 2
"""Sentences of each text that must have a twin in the other: one sentence is often said of another initiative
too (of single sentences of practices a quarter was), two hardly ever are."""


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


def one_initiative(texts: Alignment, bounds: Whole) -> NDArray[np.bool_]:
    """Tell of each of several texts whether it and the one aligned with them are of one initiative.

    Text i has the columns from `bounds[i]` to `bounds[i + 1]`.
    """
    contained, twins = containment(texts, bounds)
    same: NDArray[np.bool_] = (contained >= CONTAINED) & (twins >= FEWEST_TWINS)
    return same


def containment(texts: Alignment, bounds: Whole) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return how much of one text stands in the other, and how many sentences have a twin there.

    Both for each of several texts aligned with one (see `one_initiative`): the greater of the two shares,
    0 to 1, and the lesser of the two numbers.
    """
    is_twin = texts.overlap >= TWIN
    has_twin: NDArray[np.bool_] = np.logical_or.reduce(is_twin, axis=0)
    twins_there = _sums(has_twin, bounds)
    share_there = _shares(_sums(has_twin * texts.there, bounds), _sums(texts.there, bounds))
    here = _sums(is_twin, bounds) > 0
    share_here = _shares(texts.here @ here, np.full(here.shape[1], texts.here.sum()))
    return np.maximum(share_here, share_there), np.minimum(here.sum(axis=0), twins_there)


def _sums(values: NDArray[np.generic], bounds: Whole) -> NDArray[np.float64]:
    """Return the sums over the columns between bounds, of which some may hold none."""
    total = np.cumsum(values, axis=-1, dtype=np.float64)
    total = np.concatenate([np.zeros((*total.shape[:-1], 1)), total], axis=-1)
    sums: NDArray[np.float64] = np.diff(total[..., bounds], axis=-1)
    return sums


def _shares(parts: NDArray[np.floating], wholes: NDArray[np.floating]) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = np.divide(parts, wholes, out=np.zeros(len(wholes)), where=wholes > 0)
    return shares
