"""TF-IDF vectors of practices, and the likeness of any two texts.

    weight(t, d)   = (1 + ln tf(t, d)) * idf(t)      scaled to length 1
    idf(t)         = 1 + ln((1 + N) / (1 + n_t))
    likeness(x, y) = (1 - L) * cos(x, y) + L * max(0, cos(V'x, V'y))

(Salton and Buckley 1988; scikit-learn's TfidfTransformer, sublinear and smoothed; V are the leading
right singular vectors of the practices, latent semantic analysis after Deerwester et al. 1990). tf
counts a word of the title and summary more than once. Vectors and V are computed by scikit-learn at
build time; pasted text is folded in with the same formulas, so that a running service need not import it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from search_service.practices.model import Practice
from search_service.practices.reuse import Reuse
from search_service.text.analysis import analyse, is_stop, stem
from search_service.text.markup import to_plain

TITLE_WEIGHT = 3
SUMMARY_WEIGHT = 2
"""How often a word of the title or summary is counted; see docs/similar.md."""

MAX_SHARE = 0.5
"""A word in more than half of the practices ("police", "force") is boilerplate here."""

NEIGHBOURS = 50
"""How many neighbours of each practice are kept: the pool that lists are made from."""

RANK = 50
"""Singular vectors kept: chosen on the shipped corpus by the themes and approaches that neighbours share,
where 100 gains nothing; see docs/similar.md."""

LATENT_SHARE = 0.3
"""L, how much wording that usually goes together counts beside shared words; from 0.2 to 0.5 the figures
differ by less than 0.01 (docs/similar.md)."""

CANDIDATES = 500
"""How many practices nearest by latent likeness alone are compared word by word while building; up to
so many practices every pair is. What it loses is measured in docs/similar.md."""

MOST_FOLDED_IN = 0.05
"""The share of practices, changed, added or removed since the last comparison in full, up to which words,
their rarity and the singular vectors are kept as they were and only changed practices are placed anew:
what one practice in twenty does to how rare a word is moves its weight by a hundredth."""

_BLOCK = 512
"""Rows compared at once while building; bounds memory at any size of corpus."""

_ROUNDING = 1e-4
"""Likeness below is what single precision leaves of none."""

_SEED = 0
"""Of the randomised decomposition: the same corpus gives the same vectors."""

Vector = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Term numbers in rising order, and their weights; of length 1 unless empty."""

Nearest = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Rows of practices, nearest first, and their likeness (0 to 1)."""


def weighted_counts(title: str, summary: str, body: str, forms: Counter[str] | None = None) -> Counter[str]:
    """Count content stems of one text by field weight, and the words as written in `forms` if given."""
    counts: Counter[str] = Counter()
    for text, weight in ((title, TITLE_WEIGHT), (summary, SUMMARY_WEIGHT), (body, 1)):
        for token in analyse(text):
            if not is_stop(token.stem) and not token.stem.isdigit():
                counts[token.stem] += weight
                if forms is not None:
                    forms[text[token.start : token.end].casefold()] += 1
    return counts


Texts = tuple[str, str, str]
"""Title, summary and body of one practice or document, as plain text."""


def practice_texts(practice: Practice) -> Texts:
    """Return what a practice says; headings and "not stated" say nothing and are left out."""
    body = "\n".join(to_plain(text) for _, text in practice.texts())
    return practice.title, practice.summary, body


def practice_counts(practice: Practice) -> Counter[str]:
    """Count the stems of a practice."""
    return weighted_counts(*practice_texts(practice))


class Lists(NamedTuple):
    """The nearest others of every practice, nearest first (-1: none), and their likeness (n x 50 each).

    `folded_in` counts the practices changed since all were compared in full.
    """

    nearest: NDArray[np.int32]
    likeness: NDArray[np.float32]
    folded_in: int = 0


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
        self._nearest, self._cosines, self._folded_in = lists

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
            removed = len(previous._nearest) - len(reuse.kept)
            folded_in = previous._folded_in + max(len(reuse.changed), removed)
            has_full_lists = min(len(previous._nearest), len(practices)) > NEIGHBOURS
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
        nearest, likeness = self._carried_over(reuse)
        for row in reuse.changed.tolist():
            words = np.asarray(matrix[[row]].todense(), dtype=np.float32)[0]
            scores = _likeness(matrix @ words, latent @ latent[row])
            scores[row] = -1
            order = np.argsort(-scores, kind="stable")[:NEIGHBOURS]
            order = order[scores[order] > _ROUNDING]
            nearest[row, : len(order)], likeness[row, : len(order)] = order, scores[order]
            gaining = reuse.kept[scores[reuse.kept] > np.maximum(likeness[reuse.kept, -1], _ROUNDING)]
            for other in gaining.tolist():
                _insert(row, scores[other], nearest[other], likeness[other])
        return Neighbours(
            list(self._number),
            self.words,
            self._idf,
            matrix,
            self._basis,
            Lists(nearest, likeness, folded_in),
        )

    def _carried_over(self, reuse: Reuse) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the lists of unchanged practices with their new rows, those that are gone left out."""
        size, sources = len(reuse.origin), reuse.origin[reuse.kept]
        row_now = np.full(len(self._nearest) + 1, -1, dtype=np.int32)  # the last stands for "none"
        row_now[sources] = reuse.kept
        rows = row_now[self._nearest[sources]]
        order = np.argsort(rows < 0, axis=1, kind="stable")
        nearest = np.full((size, NEIGHBOURS), -1, dtype=np.int32)
        likeness = np.zeros((size, NEIGHBOURS), dtype=np.float32)
        nearest[reuse.kept] = np.take_along_axis(rows, order, axis=1)
        scores = np.where(rows < 0, 0, self._cosines[sources])
        likeness[reuse.kept] = np.take_along_axis(scores, order, axis=1)
        return nearest, likeness

    @classmethod
    def of_texts(cls, texts: Sequence[Texts]) -> Neighbours:
        """Compute vectors and neighbours of any texts; words in too many of them are left out."""
        from sklearn.feature_extraction.text import TfidfTransformer  # noqa: PLC0415 - 1 s, build only

        forms: Counter[str] = Counter()
        counts = [weighted_counts(*parts, forms) for parts in texts]
        terms = _kept_terms(counts)
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
        words = _surface_words(forms, terms)
        basis = _basis(matrix)
        return cls(terms, words, idf, matrix, basis, Lists(*_nearest(matrix, _unit(matrix @ basis))))

    def save(self, folder: Path) -> None:
        """Write vectors, neighbours and words into `folder`."""
        np.savez(
            folder / "neighbours.npz",
            indptr=self._matrix.indptr,
            indices=self._matrix.indices,
            data=self._matrix.data,
            idf=self._idf,
            basis=self._basis,
            nearest=self._nearest,
            cosines=self._cosines,
            folded_in=np.array(self._folded_in),
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
        return len(self._nearest)

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
        near: NDArray[np.int32] = np.where(self._cosines[:, :most] >= least, self._nearest[:, :most], -1)
        return near

    def neighbours_of(self, row: int) -> Nearest:
        """Return the nearest other practices of one."""
        kept = self._nearest[row] >= 0
        return self._nearest[row][kept], self._cosines[row][kept]

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
        scores = _likeness(scores, _products(self._latent, self._latent_of(vector)))
        if keep is not None:
            scores[~keep] = 0
        rows = _first(scores, most).astype(np.int32)
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


def _first(scores: NDArray[np.float32], most: int) -> NDArray[np.intp]:
    """Return the places of the best scores above nothing, best first and of equal ones the first."""
    least = np.float32(_ROUNDING)
    if len(scores) > most:
        least = max(least, np.nextafter(np.partition(scores, -most)[-most], np.float32(0)))
    places = np.flatnonzero(scores > least)
    return places[np.argsort(-scores[places], kind="stable")][:most]


def _insert(row: int, score: np.float32, nearest: NDArray[np.int32], likeness: NDArray[np.float32]) -> None:
    """Put a practice into another's list at its place; the last of the list falls out."""
    place = int(np.searchsorted(-likeness, -score, "right"))
    nearest[place + 1 :], likeness[place + 1 :] = nearest[place:-1].copy(), likeness[place:-1].copy()
    nearest[place], likeness[place] = row, score


def _rows_of(vectors: Sequence[Vector], size: int) -> sparse.csr_array:
    """Return vectors as the rows of a sparse matrix."""
    indptr = np.cumsum([0, *(len(terms) for terms, _ in vectors)])
    indices = np.concatenate([np.zeros(0, np.int32), *(terms for terms, _ in vectors)])
    data = np.concatenate([np.zeros(0, np.float32), *(weights for _, weights in vectors)])
    return sparse.csr_array((data, indices, indptr), shape=(len(vectors), size))


def _kept_terms(counts: Sequence[Mapping[str, int]]) -> list[str]:
    """Return, sorted, the stems that tell practices apart: in two or more, not in most."""
    frequency = Counter(term for count in counts for term in count)
    most = max(2, int(MAX_SHARE * len(counts)))
    return sorted(term for term, n in frequency.items() if 2 <= n <= most)


def _surface_words(forms: Mapping[str, int], terms: Sequence[str]) -> list[str]:
    """Return, for each stem, the form that people wrote most often, of equals the first."""
    best: dict[str, str] = {}
    for form in forms:
        known = best.setdefault(stem(form), form)
        if forms[form] > forms[known]:
            best[stem(form)] = form
    return [best.get(term, term) for term in terms]  # cut at its end, an endless word may fold otherwise


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
    scaled: NDArray[np.float32] = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > _ROUNDING)
    return scaled


def _likeness(cosines: NDArray[np.float32], latent: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mix the cosines of words and of latent vectors; rounding may add to more than 1."""
    mixed = (1 - LATENT_SHARE) * cosines + LATENT_SHARE * np.maximum(latent, 0)
    return np.minimum(mixed, 1).astype(np.float32)


def _nearest(
    matrix: sparse.csr_array, latent: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return, for each row, its nearest others and their likeness; -1 where there are fewer."""
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
            scores = _likeness(matrix[pool] @ words, all_latent[pool])
            words[matrix.indices[of_row]] = 0
            scores[pool == row] = -1
            order = np.argsort(-scores, kind="stable")[:kept]
            order = order[scores[order] > _ROUNDING]
            nearest[row, : len(order)] = pool[order]
            likeness[row, : len(order)] = scores[order]
    return nearest, likeness


def _candidates(latent: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return, in rising order, the rows worth comparing word by word."""
    if len(latent) <= CANDIDATES:
        return np.arange(len(latent))
    return np.sort(np.argpartition(-latent, CANDIDATES)[:CANDIDATES])
