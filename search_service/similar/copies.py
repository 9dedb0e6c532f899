"""Pairs of practices that look like one initiative, worked out when a snapshot is built."""

from __future__ import annotations

from collections.abc import Set
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_service.practices.reuse import Reuse
from search_service.similar.neighbours import Neighbours
from search_service.similar.sentences import SentenceTable
from search_service.similar.twins import one_initiative

LIKELY = 0.35
"""Likeness from which two practices are compared sentence by sentence: of the texts made from a practice by
rewording, cutting and merging (tests/benchmarks/near_duplicates.py) none was less like it than 0.40."""

COMPARED = 10
"""How many nearest others of a practice are compared so. Each of those texts had its own among the first
two."""

FILE = "copies.npy"

Pairs = NDArray[np.int32]
"""A row for each pair: two rows of practices, the lower first; sorted."""


class Copies:
    """The pairs of practices of one snapshot that look like one initiative, declared or not."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs

    @cached_property
    def _of(self) -> dict[int, set[int]]:
        of: dict[int, set[int]] = {}
        for one, other in self.pairs.tolist():
            of.setdefault(one, set()).add(other)
            of.setdefault(other, set()).add(one)
        return of

    @classmethod
    def build(
        cls,
        neighbours: Neighbours,
        sentences: SentenceTable,
        previous: tuple[Neighbours, Copies] | None = None,
        reuse: Reuse | None = None,
    ) -> Copies:
        """Compare each practice with its nearest.

        With what was found before by the same words, only pairs that were not compared then or of which one
        changed; and a pair that is no longer near enough to be compared is forgotten.
        """
        pairs = _pairs_compared(neighbours)
        if previous is None or reuse is None:
            return cls(_of_one_initiative(pairs, sentences, neighbours))
        compared_before, found_before = _pairs_compared(previous[0]), previous[1].pairs
        new = pairs[~_are_among(pairs, _moved(compared_before, previous[0], reuse))]
        found = _moved(found_before, previous[0], reuse)
        kept = found[_are_among(found, pairs)]
        both = np.concatenate([kept, _of_one_initiative(new, sentences, neighbours)])
        return cls(np.unique(both, axis=0))

    def of(self, row: int) -> Set[int]:
        """Return the practices that look like one initiative with this one."""
        return self._of.get(row, frozenset())

    def save(self, folder: Path) -> None:
        """Write the pairs into `folder`."""
        np.save(folder / FILE, self.pairs, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Copies:
        """Read what `save` wrote."""
        return cls(np.load(folder / FILE, allow_pickle=False))


def _pairs_compared(neighbours: Neighbours) -> Pairs:
    """Return every practice with each of its nearest; where two are near each other, once."""
    nearest = neighbours.nearest_of_all(COMPARED, LIKELY)
    rows, places = np.nonzero(nearest >= 0)
    pairs = np.stack([rows.astype(np.int32), nearest[rows, places]], axis=1)
    return np.unique(np.sort(pairs, axis=1), axis=0)


def _moved(pairs: Pairs, before: Neighbours, reuse: Reuse) -> Pairs:
    """Return the pairs of the last snapshot of which neither has changed, by the rows they have now."""
    moved = reuse.moved(pairs, len(before))
    return np.sort(moved[(moved >= 0).all(axis=1)], axis=1)


def _are_among(pairs: Pairs, others: Pairs) -> NDArray[np.bool_]:
    """Tell of each pair whether it is one of the others."""
    size = np.int64(1 + max(pairs.max(initial=0), others.max(initial=0)))
    return np.isin(pairs[:, 0] * size + pairs[:, 1], others[:, 0] * size + others[:, 1])


def _of_one_initiative(pairs: Pairs, sentences: SentenceTable, neighbours: Neighbours) -> Pairs:
    """Return those of sorted pairs that say the same sentence by sentence."""
    same = np.zeros(len(pairs), dtype=bool)
    rows, starts = np.unique(pairs[:, 0], return_index=True)
    for row, (start, end) in zip(rows.tolist(), pairwise([*starts.tolist(), len(pairs)]), strict=True):
        theirs, bounds = sentences.of(pairs[start:end, 1])
        texts = sentences.of([row])[0].aligned(theirs, neighbours.idf)
        same[start:end] = one_initiative(texts, bounds)
    return pairs[same]
