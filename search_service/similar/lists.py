"""The nearest others of every practice: compared in full, or taken over with the few that changed.

    likeness(x, y) = (1 - L) * cos(x, y) + L * max(0, cos(V'x, V'y))

See `neighbours` on the vectors, and on V.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from search_service.practices.reuse import Reuse

NEIGHBOURS = 50
"""How many neighbours of each practice are kept: the pool that lists are made from."""

LATENT_SHARE = 0.3
"""L, how much wording that usually goes together counts beside shared words; from 0.2 to 0.5 the figures
differ by less than 0.01 (docs/similar.md)."""

CANDIDATES = 500
"""How many practices nearest by latent likeness alone are compared word by word while building; up to
so many practices every pair is. What it loses is measured in docs/similar.md."""

_BLOCK = 512
"""Rows compared at once while building; bounds memory at any size of corpus."""

ROUNDING = 1e-4
"""Likeness below is what single precision leaves of none."""

Nearest = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Rows of practices, nearest first, and their likeness (0 to 1)."""


class Lists(NamedTuple):
    """The nearest others of every practice, nearest first (-1: none), and their likeness (n x 50 each).

    `folded_in` counts the practices changed since all were compared in full.
    """

    nearest: NDArray[np.int32]
    likeness: NDArray[np.float32]
    folded_in: int = 0

    @classmethod
    def of_all(cls, matrix: sparse.csr_array, latent: NDArray[np.float32]) -> Lists:
        """Compare every practice, by its words and by its place among the singular vectors."""
        size = matrix.shape[0]
        kept = min(NEIGHBOURS, max(size - 1, 0))
        nearest = np.full((size, kept), -1, dtype=np.int32)
        likeness = np.zeros((size, kept), dtype=np.float32)
        words = np.zeros(matrix.shape[1], dtype=np.float32)
        for start in range(0, size, _BLOCK):
            block = latent[start : start + _BLOCK] @ latent.T
            for row, all_latent in enumerate(block, start=start):
                pool = _candidates(all_latent)
                of_row = slice(matrix.indptr[row], matrix.indptr[row + 1])
                words[matrix.indices[of_row]] = matrix.data[of_row]
                scores = mixed(matrix[pool] @ words, all_latent[pool])
                words[matrix.indices[of_row]] = 0
                scores[pool == row] = -1
                order = np.argsort(-scores, kind="stable")[:kept]
                order = order[scores[order] > ROUNDING]
                nearest[row, : len(order)] = pool[order]
                likeness[row, : len(order)] = scores[order]
        return cls(nearest, likeness)

    def carried_over(self, reuse: Reuse, folded_in: int) -> Lists:
        """Return the lists of unchanged practices with their new rows, those that are gone left out."""
        size, sources = len(reuse.origin), reuse.origin[reuse.kept]
        rows = reuse.moved(self.nearest[sources], len(self.nearest))
        order = np.argsort(rows < 0, axis=1, kind="stable")
        nearest = np.full((size, NEIGHBOURS), -1, dtype=np.int32)
        likeness = np.zeros((size, NEIGHBOURS), dtype=np.float32)
        nearest[reuse.kept] = np.take_along_axis(rows, order, axis=1)
        scores = np.where(rows < 0, 0, self.likeness[sources])
        likeness[reuse.kept] = np.take_along_axis(scores, order, axis=1)
        return Lists(nearest, likeness, folded_in)

    def take_in(self, row: int, scores: NDArray[np.float32], kept: NDArray[np.intp]) -> None:
        """Give a changed practice its list, and a place in those of the `kept` ones that it is near to.

        `scores` are its likeness to every practice.
        """
        scores[row] = -1
        order = np.argsort(-scores, kind="stable")[:NEIGHBOURS]
        order = order[scores[order] > ROUNDING]
        self.nearest[row, : len(order)], self.likeness[row, : len(order)] = order, scores[order]
        gaining = kept[scores[kept] > np.maximum(self.likeness[kept, -1], ROUNDING)]
        for other in gaining.tolist():
            _insert(row, scores[other], self.nearest[other], self.likeness[other])


def first(scores: NDArray[np.float32], most: int) -> NDArray[np.intp]:
    """Return the places of the best scores above nothing, best first and of equal ones the first."""
    least = np.float32(ROUNDING)
    if len(scores) > most:
        least = max(least, np.nextafter(np.partition(scores, -most)[-most], np.float32(0)))
    places = np.flatnonzero(scores > least)
    return places[np.argsort(-scores[places], kind="stable")][:most]


def mixed(cosines: NDArray[np.float32], latent: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return likeness from the cosines of words and of latent vectors; rounding may add to more than 1."""
    likeness = (1 - LATENT_SHARE) * cosines + LATENT_SHARE * np.maximum(latent, 0)
    return np.minimum(likeness, 1).astype(np.float32)


def _candidates(latent: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return, in rising order, the rows worth comparing word by word."""
    if len(latent) <= CANDIDATES:
        return np.arange(len(latent))
    return np.sort(np.argpartition(-latent, CANDIDATES)[:CANDIDATES])


def _insert(row: int, score: np.float32, nearest: NDArray[np.int32], likeness: NDArray[np.float32]) -> None:
    """Put a practice into another's list at its place; the last of the list falls out."""
    place = int(np.searchsorted(-likeness, -score, "right"))
    nearest[place + 1 :], likeness[place + 1 :] = nearest[place:-1].copy(), likeness[place:-1].copy()
    nearest[place], likeness[place] = row, score
