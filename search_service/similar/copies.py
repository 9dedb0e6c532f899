"""Pairs of practices that look like one initiative, worked out when a snapshot is built."""

from __future__ import annotations

from collections.abc import Iterable, Set
from functools import cached_property
from itertools import compress
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
        previous: Copies | None = None,
        reuse: Reuse | None = None,
    ) -> Copies:
        """Compare each practice with its nearest, or with what was found before only those that changed."""
        rows = range(len(sentences))
        if previous is None or reuse is None:
            return cls(_sorted(_found(rows, neighbours, sentences)))
        size = 1 + max(reuse.origin.max(initial=-1), previous.pairs.max(initial=-1))
        moved = reuse.moved(previous.pairs, size)
        kept = moved[(moved >= 0).all(axis=1)]
        beside = np.isin(neighbours.nearest_of_all(COMPARED, LIKELY), reuse.changed).any(axis=1)
        near = np.union1d(np.flatnonzero(beside), reuse.changed).tolist()
        found = _sorted(_found(near, neighbours, sentences))
        return cls(np.unique(np.concatenate([np.sort(kept, axis=1), found]), axis=0))

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


def _nearest(row: int, neighbours: Neighbours) -> list[int]:
    """Return the others that a practice is compared with."""
    others, likeness = neighbours.neighbours_of(row)
    nearest: list[int] = others[:COMPARED][likeness[:COMPARED] >= LIKELY].tolist()
    return nearest


def _found(rows: Iterable[int], neighbours: Neighbours, sentences: SentenceTable) -> set[tuple[int, int]]:
    """Return the pairs of these practices with any other, the lower row first."""
    pairs: set[tuple[int, int]] = set()
    for row in rows:
        others = _nearest(row, neighbours)
        theirs, bounds = sentences.of(others)
        texts = sentences.of([row])[0].aligned(theirs, neighbours.idf)
        same = one_initiative(texts, bounds).tolist()
        pairs.update((min(row, other), max(row, other)) for other in compress(others, same))
    return pairs


def _sorted(pairs: Iterable[tuple[int, int]]) -> Pairs:
    return np.array(sorted(pairs), dtype=np.int32).reshape(-1, 2)
