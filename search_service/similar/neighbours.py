"""TF-IDF vectors of practices, and which are nearest to one of them or to a text.

    weight(t, d)   = (1 + ln tf(t, d)) * idf(t)      scaled to length 1
    idf(t)         = 1 + ln((1 + N) / (1 + n_t))

(Salton and Buckley 1988; scikit-learn's TfidfTransformer, sublinear and smoothed.) tf counts a word of the
title and summary more than once (see `counts`). V are the leading right singular vectors of the practices,
latent semantic analysis after Deerwester et al. 1990; how vectors make likeness is in `lists`. Vectors and V
are computed by scikit-learn at build time; pasted text is folded in with the same formulas, so that a running
service need not import it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from search_service.practices.model import Practice
from search_service.practices.reuse import Reuse
from search_service.similar.counts import (
    Texts,
    kept_terms,
    practice_counts,
    practice_texts,
    surface_words,
    weighted_counts,
)
from search_service.similar.lists import LATENT_SHARE, NEIGHBOURS, ROUNDING, Lists, Nearest, first, mixed

RANK = 50
"""Singular vectors kept: chosen on the shipped corpus by the themes and approaches that neighbours share,
where 100 gains nothing; see docs/similar.md."""

MOST_FOLDED_IN = 0.05
"""The share of practices, changed, added or removed since the last comparison in full, up to which words,
their rarity and the singular vectors are kept as they were and only changed practices are placed anew:
what one practice in twenty does to how rare a word is moves its weight by a hundredth."""

_SEED = 0
"""Of the randomised decomposition: the same corpus gives the same vectors."""

Vector = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Term numbers in rising order, and their weights; of length 1 unless empty."""


class Neighbours:
    """Vectors of every practice (CSR, rows of length 1) and each one's nearest others."""

    def __init__(
        self,
        terms: Sequence[str],
        words: Sequence[str],
        idf: NDArray[np.float32],
        matrix: sparse.csr_array,
        basis: NDArray[np.float32],
        lists: Lists,
    ) -> None:
        self._number = {term: place for place, term in enumerate(terms)}
        self.words = words
        self._idf = idf
        self._matrix = matrix
        self._by_term = matrix.tocsc()
        self._basis = basis
        self._latent = _unit(matrix @ basis)
        self._lists = lists

    @classmethod
    def build(
        cls,
        practices: Sequence[Practice],
        previous: Neighbours | None = None,
        reuse: Reuse | None = None,
    ) -> Neighbours:
        """Compute vectors and neighbours of practices.

        With those of the last snapshot, and few changes since it was compared in full (`MOST_FOLDED_IN`),
        changed practices are folded in as pasted texts are, and take their places in the others' lists.
        """
        if previous is not None and reuse is not None:
            removed = len(previous) - len(reuse.kept)
            folded_in = previous._lists.folded_in + max(len(reuse.changed), removed)
            has_full_lists = min(len(previous), len(practices)) > NEIGHBOURS
            if has_full_lists and folded_in <= MOST_FOLDED_IN * len(practices):
                return previous._with(practices, reuse, folded_in)
        return cls.of_texts([practice_texts(practice) for practice in practices])

    def _with(self, practices: Sequence[Practice], reuse: Reuse, folded_in: int) -> Neighbours:
        """Return the neighbours of another snapshot's practices by the words and vectors of this one."""
        vectors = [self.fold_in(practice_counts(practices[row])) for row in reuse.changed.tolist()]
        sources = reuse.origin.astype(np.intp)
        sources[reuse.changed] = self._matrix.shape[0] + np.arange(len(vectors))
        matrix = sparse.csr_array(sparse.vstack([self._matrix, _rows_of(vectors, len(self._idf))]))[sources]
        latent = _unit(matrix @ self._basis)
        lists = self._lists.carried_over(reuse, folded_in)
        for row in reuse.changed.tolist():
            words = np.asarray(matrix[[row]].todense(), dtype=np.float32)[0]
            lists.take_in(row, mixed(matrix @ words, latent @ latent[row]), reuse.kept)
        return Neighbours(list(self._number), self.words, self._idf, matrix, self._basis, lists)

    @classmethod
    def of_texts(cls, texts: Sequence[Texts]) -> Neighbours:
        """Compute vectors and neighbours of any texts; words in too many of them are left out."""
        from sklearn.feature_extraction.text import TfidfTransformer  # noqa: PLC0415 - 1 s, build only

        forms: Counter[str] = Counter()
        counts = [weighted_counts(*parts, forms) for parts in texts]
        terms = kept_terms(counts)
        number = {term: place for place, term in enumerate(terms)}
        rows, columns, values = [], [], []
        for row, count in enumerate(counts):
            for term, value in count.items():
                if term in number:
                    rows.append(row)
                    columns.append(number[term])
                    values.append(float(value))
        shape = (len(texts), len(terms))
        raw = sparse.csr_array((values, (rows, columns)), shape=shape)
        if not terms:
            idf = np.zeros(0, dtype=np.float32)
            matrix = raw.astype(np.float32)
        else:
            transformer = TfidfTransformer(sublinear_tf=True)
            matrix = sparse.csr_array(transformer.fit_transform(raw)).astype(np.float32)
            idf = transformer.idf_.astype(np.float32)
        matrix.sort_indices()
        words = surface_words(forms, terms)
        basis = _basis(matrix)
        return cls(terms, words, idf, matrix, basis, Lists.of_all(matrix, _unit(matrix @ basis)))

    def save(self, folder: Path) -> None:
        """Write vectors, neighbours and words into `folder`."""
        np.savez(
            folder / "neighbours.npz",
            indptr=self._matrix.indptr,
            indices=self._matrix.indices,
            data=self._matrix.data,
            idf=self._idf,
            basis=self._basis,
            nearest=self._lists.nearest,
            cosines=self._lists.likeness,
            folded_in=np.array(self._lists.folded_in),
        )
        words = {"terms": list(self._number), "words": list(self.words)}
        text = json.dumps(words, ensure_ascii=False)
        (folder / "words.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Neighbours:
        """Read what `save` wrote."""
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        with np.load(folder / "neighbours.npz", allow_pickle=False) as stored:
            shape = (len(stored["indptr"]) - 1, len(stored["idf"]))
            parts = (stored["data"], stored["indices"], stored["indptr"])
            matrix = sparse.csr_array(parts, shape=shape)
            idf, basis = stored["idf"], stored["basis"]
            lists = Lists(stored["nearest"], stored["cosines"], int(stored["folded_in"]))
        return cls(words["terms"], words["words"], idf, matrix, basis, lists)

    def __len__(self) -> int:
        return len(self._lists.nearest)

    @property
    def number(self) -> Mapping[str, int]:
        """The number of each stem that tells practices apart."""
        return self._number

    @property
    def idf(self) -> NDArray[np.float32]:
        """The weight of each of these stems, by number."""
        return self._idf

    def vector(self, row: int) -> Vector:
        """Return the vector of one practice."""
        start, end = self._matrix.indptr[row], self._matrix.indptr[row + 1]
        return self._matrix.indices[start:end], self._matrix.data[start:end]

    def dense(self, vector: Vector) -> NDArray[np.float32]:
        """Return the weight of every term in a vector, by number."""
        weights = np.zeros(len(self._idf), dtype=np.float32)
        weights[vector[0]] = vector[1]
        return weights

    def fold_in(self, counts: Mapping[str, int]) -> Vector:
        """Return the vector of a text that is not in the snapshot; unknown words count nothing."""
        known = sorted((self._number[stem], n) for stem, n in counts.items() if stem in self._number)
        terms = np.array([term for term, _ in known], dtype=np.int32)
        weights = np.array([1 + np.log(n) for _, n in known]) * self._idf[terms]
        length = np.sqrt(np.sum(weights**2))
        return terms, (weights / length if length else weights).astype(np.float32)

    def nearest_of_all(self, most: int, least: float) -> NDArray[np.int32]:
        """Return the `most` nearest others of every practice that are at least so like it (-1: none)."""
        nearest, likeness, _ = self._lists
        near: NDArray[np.int32] = np.where(likeness[:, :most] >= least, nearest[:, :most], -1)
        return near

    def neighbours_of(self, row: int) -> Nearest:
        """Return the nearest other practices of one."""
        nearest, likeness, _ = self._lists
        kept = nearest[row] >= 0
        return nearest[row][kept], likeness[row][kept]

    def neighbours_of_vector(
        self, vector: Vector, keep: NDArray[np.bool_] | None = None, most: int = NEIGHBOURS
    ) -> Nearest:
        """Return the `most` practices nearest to a vector.

        With `keep` only rows where it is true are compared, so that what is left out takes no place.
        """
        scores = np.zeros(self._matrix.shape[0], dtype=np.float32)
        for term, weight in zip(*vector, strict=True):
            start, end = self._by_term.indptr[term], self._by_term.indptr[term + 1]
            scores[self._by_term.indices[start:end]] += weight * self._by_term.data[start:end]
        scores = mixed(scores, _products(self._latent, self._latent_of(vector)))
        if keep is not None:
            scores[~keep] = 0
        rows = first(scores, most).astype(np.int32)
        return rows, scores[rows]

    def latent_likeness(self, vector: Vector, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the part of the likeness of a text and of some practices that is not the words both use."""
        cosines = _products(self._latent[rows], self._latent_of(vector))
        part: NDArray[np.float32] = np.float32(LATENT_SHARE) * np.maximum(cosines, 0)
        return part

    def _latent_of(self, vector: Vector) -> NDArray[np.float32]:
        """Return where a text lies among the singular vectors, scaled to length 1."""
        terms, weights = vector
        place = np.einsum("t,td->d", weights, self._basis[terms])  # in this thread, as in `_products`
        return _unit(place.reshape(1, -1)).reshape(-1)

    def cosines_among(self, rows: NDArray[np.int32]) -> Callable[[int], NDArray[np.float32]]:
        """Return what gives, for one place of `rows`, the cosines of all of them with it."""
        part = self._matrix[rows]
        filled = np.flatnonzero(np.diff(part.indptr))
        starts = part.indptr[filled]

        def cosines_to(place: int) -> NDArray[np.float32]:
            cosines = np.zeros(len(rows), dtype=np.float32)
            of_place = slice(part.indptr[place], part.indptr[place + 1])
            weights = self.dense((part.indices[of_place], part.data[of_place]))
            cosines[filled] = np.add.reduceat(part.data * weights[part.indices], starts)
            return cosines

        return cosines_to


def _products(rows: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the product of each row with a vector, in this thread.

    `@` shares such a product among threads, which costs more than it, and a hundred times more where all
    cores are busy: they wait for one another.
    """
    products: NDArray[np.float32] = np.einsum("ij,j->i", rows, vector)
    return products


def _rows_of(vectors: Sequence[Vector], size: int) -> sparse.csr_array:
    """Return vectors as the rows of a sparse matrix."""
    indptr = np.cumsum([0, *(len(terms) for terms, _ in vectors)])
    indices = np.concatenate([np.zeros(0, np.int32), *(terms for terms, _ in vectors)])
    data = np.concatenate([np.zeros(0, np.float32), *(weights for _, weights in vectors)])
    return sparse.csr_array((data, indices, indptr), shape=(len(vectors), size))


def _basis(matrix: sparse.csr_array) -> NDArray[np.float32]:
    """Return the leading right singular vectors (terms x rank), as many as the practices can bear."""
    from sklearn.utils.extmath import randomized_svd  # noqa: PLC0415 - 1 s, build only

    rank = min(RANK, *matrix.shape)
    if rank == 0:
        return np.zeros((matrix.shape[1], 0), dtype=np.float32)
    # TruncatedSVD's own decomposition, without the variances, which it cannot work out for one practice.
    _, _, vectors = randomized_svd(sparse.csr_matrix(matrix.astype(np.float64)), rank, random_state=_SEED)
    return np.ascontiguousarray(vectors.T, dtype=np.float32)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale every row to length 1, except those without length."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > ROUNDING)
    return scaled
