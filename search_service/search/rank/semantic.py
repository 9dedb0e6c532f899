"""Closeness of meaning: practices that speak of the same things though in other words.

Words that keep company stand for one another (latent semantic analysis: Deerwester and others 1990,
"Indexing by latent semantic analysis"). With x(t, d) = (1 + ln count(t, d)) * (1 + ln(N / n_t)), every row
scaled to length 1, and V the `DIMENSIONS` first right singular vectors of X,

    place(d)     = x(d) V, scaled to length 1
    closeness    = max(0, place(q) . place(d))

where the query q is read as a short text. Closeness only orders what was found; it finds nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from search_service.practices.reuse import Reuse
from search_service.search.rank.bm25f import RELATIVE_FLOOR, SYNONYM_WEIGHT, Concept, Scores

DIMENSIONS = 100
"""Measured on three judged collections and on the shipped corpus: 50 to 100 are alike, more is worse."""

SHARE = 0.4
"""What closeness counts beside the words' own points; 0.3 to 0.5 are alike (docs/relevancy.md)."""

POOL = 500
"""How many of the best by words are compared: bounds the work. The first ten are the same with 100."""

FEEDBACK = 5
"""How many of the best practices tell what else is meant (relevance feedback: Rocchio 1971, among meanings
instead of words); 3 to 10 are alike (docs/relevancy.md)."""

FEEDBACK_POOL = 100
"""How many of the best by words those are sought among."""

FEEDBACK_SHARE = 0.4
"""What they count beside the query itself; 0.2 to 0.6 are alike."""

FEEDBACK_FROM = 8
"""Words from which a query is long enough for it: what answers a short one says more about what else there
is than about what was meant, and the public collections lose a little."""

MIN_PRACTICES = 50
"""Fewer texts do not show which words keep company; then only words count."""

MOST_FOLDED_IN = 0.1
"""From this share of practices on that were added, changed or removed since the analysis, all is analysed
anew: words that are new since then have no place in it, and it still goes by texts that are gone."""

SEED = 1990
"""Fixed, so that the same corpus has the same order; the number itself means nothing."""

Places = NDArray[np.float32]


class Meanings:
    """The place of every term and of every practice in the space of meanings.

    `basis` has a row for each of `terms`, already weighted by its rarity; `folded_in` counts the practices
    that were placed or removed later than the analysis that made it.
    """

    def __init__(self, terms: Mapping[str, int], basis: Places, places: Places, folded_in: int = 0) -> None:
        self._terms, self._basis, self._places, self._folded_in = terms, basis, places, folded_in

    @classmethod
    def build(
        cls,
        terms: Mapping[str, int],
        counts: sparse.csr_array,
        previous: Meanings | None = None,
        reuse: Reuse | None = None,
    ) -> Meanings:
        """Place practices given by how often each (row) holds each of `terms` (column).

        With those of the last snapshot and what of it is still true, changed practices are folded into the
        analysis that was made then, as long as they are few.
        """
        if previous is not None and reuse is not None:
            removed = len(previous._places) - len(reuse.kept)
            folded_in = previous._folded_in + max(len(reuse.changed), removed)
            if len(previous._basis) and folded_in <= MOST_FOLDED_IN * counts.shape[0]:
                return previous._with(terms, counts, reuse, folded_in)
        if counts.shape[0] < MIN_PRACTICES:
            return cls({}, np.zeros((0, 0), np.float32), np.zeros((counts.shape[0], 0), np.float32))
        holding = np.bincount(counts.indices, minlength=counts.shape[1])
        kept = np.flatnonzero(holding > 1)  # a term of one practice keeps no company
        rarity = 1 + np.log(counts.shape[0] / holding[kept])
        basis = (rarity[:, None] * _singular_vectors(_dampened(counts[:, kept]), rarity)).astype(np.float32)
        names = list(terms)
        met = {names[column]: row for row, column in enumerate(kept.tolist())}
        return cls(met, basis, _scaled(_dampened(counts[:, kept]) @ basis))

    def _with(
        self, terms: Mapping[str, int], counts: sparse.csr_array, reuse: Reuse, folded_in: int
    ) -> Meanings:
        """Return the places of another snapshot's practices in the same space."""
        places = np.zeros((counts.shape[0], self._basis.shape[1]), np.float32)
        places[reuse.kept] = self._places[reuse.origin[reuse.kept]]
        known = [(column, self._terms[term]) for term, column in terms.items() if term in self._terms]
        columns, rows = np.array(known, dtype=np.int64).reshape(-1, 2).T
        changed = counts[reuse.changed][:, columns]
        places[reuse.changed] = _scaled(_dampened(changed) @ self._basis[rows])
        return Meanings(self._terms, self._basis, places, folded_in)

    def save(self, folder: Path) -> None:
        """Write terms and places into `folder`."""
        np.savez(
            folder / "meanings.npz",
            allow_pickle=False,
            basis=self._basis,
            places=self._places,
            folded_in=np.array(self._folded_in),
        )
        (folder / "meanings.json").write_text(json.dumps(list(self._terms)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Meanings:
        """Read what `save` wrote."""
        terms = json.loads((folder / "meanings.json").read_text(encoding="utf-8"))
        with np.load(folder / "meanings.npz", allow_pickle=False) as stored:
            basis, places, folded_in = stored["basis"], stored["places"], int(stored["folded_in"])
        return cls({term: row for row, term in enumerate(terms)}, basis, places, folded_in)

    def reordered(self, scores: Scores, concepts: Sequence[Concept], found: NDArray[np.intp]) -> Scores:
        """Return `scores` with closeness to `concepts` mixed in for the best of those `found`.

            (1 - SHARE) * score + SHARE * best score * closeness

        where the best is taken over all of `scores`, so that filters do not change what counts more.
        """
        place = self._place_of(concepts)
        if place is None or not len(found):
            return scores
        if sum(len(concept.words) for concept in concepts) >= FEEDBACK_FROM:
            place = self._moved(place, scores)
        pool = _best(found, scores, POOL)
        mixed: Scores = (1 - SHARE) * scores
        mixed[pool] += SHARE * scores.max() * self._closeness(pool, place)
        return mixed

    def _closeness(self, practices: NDArray[np.intp], place: Places) -> Scores:
        closeness: Scores = np.maximum(self._places[practices] @ place, 0)
        return closeness

    def _moved(self, place: Places, scores: Scores) -> Places:
        """Return the place of a query moved towards the practices that answer it best, filters or not.

            (1 - FEEDBACK_SHARE) * place(q) + FEEDBACK_SHARE * f,     scaled to length 1

        where f is the mean of their places, weighted by their scores and scaled to length 1.
        """
        best = scores.max()
        pool = _best(np.flatnonzero(scores >= RELATIVE_FLOOR * best), scores, FEEDBACK_POOL)
        mixed = (1 - SHARE) * scores[pool] + SHARE * best * self._closeness(pool, place)
        first = np.argsort(-mixed, kind="stable")[:FEEDBACK]
        answer = _scaled(mixed[None, first] @ self._places[pool[first]])[0]
        moved: Places = _scaled(((1 - FEEDBACK_SHARE) * place + FEEDBACK_SHARE * answer)[None])[0]
        return moved

    def _place_of(self, concepts: Sequence[Concept]) -> Places | None:
        """Return the place of a query; None where none of its words has one.

        The other wordings of a concept together weigh as one synonym.
        """
        weights: dict[int, float] = {}
        for concept in concepts:
            share = SYNONYM_WEIGHT / max(1, len(concept.alternatives))
            others = [(stem, share) for wording in concept.alternatives for stem in wording]
            for stem, weight in (*concept.words, *others):
                row = self._terms.get(stem)
                if row is not None:
                    weights[row] = max(weight, weights.get(row, 0))
        if not weights:
            return None
        place: Places = np.array(list(weights.values()), np.float32) @ self._basis[list(weights)]
        length = math.sqrt(float(place @ place))
        return place / np.float32(length) if length else None


def _best(practices: NDArray[np.intp], scores: Scores, most: int) -> NDArray[np.intp]:
    """Return the `most` best of some practices, in any order."""
    if len(practices) <= most:
        return practices
    best: NDArray[np.intp] = practices[np.argpartition(scores[practices], len(practices) - most)[-most:]]
    return best


def _singular_vectors(counts: sparse.csr_array, rarity: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the right singular vectors (terms x dimensions) of the weighted, scaled counts."""
    from sklearn.decomposition import TruncatedSVD  # noqa: PLC0415 - only a build needs it

    weighted = sparse.csr_array(counts @ sparse.diags_array(rarity))
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    scaled = sparse.diags_array(1 / np.maximum(lengths, 1e-12)) @ weighted
    dimensions = min(DIMENSIONS, min(counts.shape) - 1)
    found = TruncatedSVD(dimensions, random_state=SEED).fit(sparse.csr_matrix(scaled))
    vectors: NDArray[np.float64] = found.components_.T
    return vectors


def _dampened(counts: sparse.csr_array) -> sparse.csr_array:
    """Return 1 + ln of each count that is not 0."""
    dampened = sparse.csr_array(counts, dtype=np.float64, copy=True)
    dampened.data = 1 + np.log(dampened.data)
    return dampened


def _scaled(places: NDArray[np.floating]) -> Places:
    """Return rows of length 1, but for those that have none."""
    lengths = np.sqrt((places * places).sum(axis=1, keepdims=True))
    return np.asarray(places / np.maximum(lengths, 1e-12), dtype=np.float32)
