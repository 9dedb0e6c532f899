"""TF-IDF vectors of practices, and the cosine of the angle between any two texts.

    weight(t, d) = (1 + ln tf(t, d)) * idf(t)      scaled to length 1
    idf(t)       = 1 + ln((1 + N) / (1 + n_t))

(Salton and Buckley 1988; scikit-learn's TfidfTransformer, sublinear and smoothed). tf counts a
word of the title and summary more than once. Vectors are computed by scikit-learn at build time;
pasted text is folded in with the same formula, so that a running service need not import it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from search_service.practices.model import Practice
from search_service.text.analysis import analyse, is_stop
from search_service.text.markup import to_plain

TITLE_WEIGHT = 3
SUMMARY_WEIGHT = 2
"""How often a word of the title or summary is counted; see docs/relevancy.md."""

MAX_SHARE = 0.5
"""A word in more than half of the practices ("police", "force") is boilerplate here."""

NEIGHBOURS = 50
"""How many neighbours of each practice are kept: the pool that lists are made from."""

_BLOCK = 512
"""Rows compared at once while building; bounds memory at any size of corpus."""

Vector = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Term numbers in rising order, and their weights; of length 1 unless empty."""


def weighted_counts(title: str, summary: str, body: str) -> Counter[str]:
    """Count content stems of one text by field weight."""
    counts: Counter[str] = Counter()
    for text, weight in ((title, TITLE_WEIGHT), (summary, SUMMARY_WEIGHT), (body, 1)):
        for token in analyse(text):
            if not is_stop(token.stem) and not token.stem.isdigit():
                counts[token.stem] += weight
    return counts


def practice_counts(practice: Practice) -> Counter[str]:
    """Count the stems of a practice; headings and "not stated" say nothing and are left out."""
    body = "\n".join(to_plain(text) for _, text in practice.texts())
    return weighted_counts(practice.title, practice.summary, body)


class Neighbours:
    """Vectors of every practice (CSR, rows of length 1) and each one's nearest others."""

    def __init__(
        self,
        terms: Sequence[str],
        words: Sequence[str],
        idf: NDArray[np.float32],
        matrix: sparse.csr_array,
        nearest: NDArray[np.int32],
        cosines: NDArray[np.float32],
    ) -> None:
        self._number = {term: place for place, term in enumerate(terms)}
        self.words = words
        self._idf = idf
        self._matrix = matrix
        self._by_term = matrix.tocsc()
        self._nearest, self._cosines = nearest, cosines

    @classmethod
    def build(cls, practices: Sequence[Practice]) -> Neighbours:
        """Compute vectors and neighbours; words in too many practices are left out."""
        from sklearn.feature_extraction.text import TfidfTransformer  # noqa: PLC0415 - 1 s, build only

        counts = [practice_counts(practice) for practice in practices]
        terms = _kept_terms(counts)
        number = {term: place for place, term in enumerate(terms)}
        rows, columns, values = [], [], []
        for row, count in enumerate(counts):
            for term, value in count.items():
                if term in number:
                    rows.append(row)
                    columns.append(number[term])
                    values.append(float(value))
        shape = (len(practices), len(terms))
        raw = sparse.csr_array((values, (rows, columns)), shape=shape)
        if not terms:
            idf = np.zeros(0, dtype=np.float32)
            matrix = raw.astype(np.float32)
        else:
            transformer = TfidfTransformer(sublinear_tf=True)
            matrix = sparse.csr_array(transformer.fit_transform(raw)).astype(np.float32)
            idf = transformer.idf_.astype(np.float32)
        matrix.sort_indices()
        words = _surface_words(practices, terms)
        return cls(terms, words, idf, matrix, *_nearest(matrix))

    def save(self, folder: Path) -> None:
        """Write vectors, neighbours and words into `folder`."""
        np.savez(
            folder / "neighbours.npz",
            indptr=self._matrix.indptr,
            indices=self._matrix.indices,
            data=self._matrix.data,
            idf=self._idf,
            nearest=self._nearest,
            cosines=self._cosines,
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
            idf, nearest, cosines = stored["idf"], stored["nearest"], stored["cosines"]
        return cls(words["terms"], words["words"], idf, matrix, nearest, cosines)

    def vector(self, row: int) -> Vector:
        """Return the vector of one practice."""
        start, end = self._matrix.indptr[row], self._matrix.indptr[row + 1]
        return self._matrix.indices[start:end], self._matrix.data[start:end]

    def fold_in(self, counts: Mapping[str, int]) -> Vector:
        """Return the vector of a text that is not in the snapshot; unknown words count nothing."""
        known = sorted((self._number[stem], n) for stem, n in counts.items() if stem in self._number)
        terms = np.array([term for term, _ in known], dtype=np.int32)
        weights = np.array([1 + np.log(n) for _, n in known]) * self._idf[terms]
        length = np.sqrt(np.sum(weights**2))
        return terms, (weights / length if length else weights).astype(np.float32)

    def neighbours_of(self, row: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the nearest other practices of one, nearest first, with their cosines."""
        kept = self._nearest[row] >= 0
        return self._nearest[row][kept], self._cosines[row][kept]

    def neighbours_of_text(self, vector: Vector) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the practices nearest to a folded-in text, nearest first, with their cosines."""
        scores = np.zeros(self._matrix.shape[0], dtype=np.float32)
        for term, weight in zip(*vector, strict=True):
            start, end = self._by_term.indptr[term], self._by_term.indptr[term + 1]
            scores[self._by_term.indices[start:end]] += weight * self._by_term.data[start:end]
        rows = np.argsort(-scores, kind="stable")[:NEIGHBOURS].astype(np.int32)
        rows = rows[scores[rows] > 0]
        return rows, np.minimum(scores[rows], 1)  # rounding may add to more

    def cosines_between(self, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the cosine of every pair of `rows` (n x n)."""
        part = self._matrix[rows]
        return np.asarray((part @ part.T).todense(), dtype=np.float32)


def _kept_terms(counts: Sequence[Mapping[str, int]]) -> list[str]:
    """Return, sorted, the stems that tell practices apart: in two or more, not in most."""
    frequency = Counter(term for count in counts for term in count)
    most = max(2, int(MAX_SHARE * len(counts)))
    return sorted(term for term, n in frequency.items() if 2 <= n <= most)


def _surface_words(practices: Sequence[Practice], terms: Sequence[str]) -> list[str]:
    """Return, for each stem, the form that people wrote most often."""
    forms: dict[str, Counter[str]] = {term: Counter() for term in terms}
    for practice in practices:
        text = "\n".join([practice.title, practice.summary, *(to_plain(t) for _, t in practice.texts())])
        for token in analyse(text):
            if token.stem in forms:
                forms[token.stem][text[token.start : token.end].casefold()] += 1
    return [forms[term].most_common(1)[0][0] for term in terms]


def _nearest(matrix: sparse.csr_array) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return, for each row, its nearest others and their cosines; -1 where there are fewer."""
    size = matrix.shape[0]
    kept = min(NEIGHBOURS, max(size - 1, 0))
    nearest = np.full((size, kept), -1, dtype=np.int32)
    cosines = np.zeros((size, kept), dtype=np.float32)
    transposed = matrix.T.tocsr()
    for start in range(0, size, _BLOCK):
        block = np.asarray((matrix[start : start + _BLOCK] @ transposed).todense())
        for offset, row in enumerate(block):
            row[start + offset] = -1
            order = np.argsort(-row, kind="stable")[:kept]
            order = order[row[order] > 0]
            nearest[start + offset, : len(order)] = order
            cosines[start + offset, : len(order)] = np.minimum(row[order], 1)  # rounding may add to more
    return nearest, cosines
