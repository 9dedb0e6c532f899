"""Ranking: BM25F weights ("impacts") computed once, so that a query is a sum of a few rows.

The weight of term t in practice d is

    impact(t, d) = idf(t) * tf(t, d) * (K1 + 1) / (tf(t, d) + K1)
    tf(t, d)     = sum over fields f of  weight_f * count_f(t, d) / (1 - b_f + b_f * len_f / avg_f)
    idf(t)       = ln(1 + (N - n_t + 0.5) / (n_t + 0.5))

(Robertson, Zaragoza and Taylor 2004, "Simple BM25 extension to multiple weighted fields").
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from search_service.search.documents import TEXT_FIELDS, TextField
from search_service.search.engine import Mask
from search_service.text.synonyms import Phrase, Synonyms

Scores = NDArray[np.float32]

K1 = 1.2
"""Term-frequency saturation; the value Robertson et al. report as robust."""

SYNONYM_WEIGHT = 0.8
"""What another wording of a word is worth beside the word itself; see docs/relevancy.md."""

PARTIAL_WEIGHT = 0.3
"""What part of a wording is worth where the whole has a synonym: "running" of "running away"."""

RELATIVE_FLOOR = 0.2
"""A practice counts as found from this share of the best score on. Measured over three judged
collections: nDCG@10 unchanged (0.491), recall@100 0.660 against 0.668 without, and a fifth of the
collection found instead of three fifths. Asking that most words be held cost a third of nDCG."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing asked for: its own words with how often they were typed, and other wordings."""

    words: tuple[tuple[str, int], ...]
    alternatives: tuple[Phrase, ...] = ()


def concepts_of(words: Sequence[str], synonyms: Synonyms) -> list[Concept]:
    """Group query stems into concepts: each word on its own, or a wording with synonyms."""
    counts = Counter(words)
    unique = list(counts)
    concepts: list[Concept] = []
    covered: set[str] = set()
    for expansion in synonyms.expand(words):
        own = tuple(dict.fromkeys(words[expansion.start : expansion.end]))
        if covered.isdisjoint(own):
            concepts.append(Concept(tuple((w, counts[w]) for w in own), expansion.alternatives))
            covered.update(own)
    concepts += [Concept(((word, counts[word]),)) for word in unique if word not in covered]
    return concepts


class Impacts:
    """A sparse term x practice matrix of BM25F weights (CSR, float32)."""

    def __init__(self, terms: Mapping[str, int], matrix: sparse.csr_array) -> None:
        self.terms = terms
        self._indptr = matrix.indptr
        self._indices = matrix.indices
        self._data = matrix.data
        self._size = matrix.shape[1]

    @classmethod
    def build(cls, documents: Sequence[Mapping[str, Sequence[str]]]) -> Impacts:
        """Compute the impacts of documents given as content stems by field of `TEXT_FIELDS`."""
        terms: dict[str, int] = {}
        for document in documents:
            for stems in document.values():
                for stem in stems:
                    terms.setdefault(stem, len(terms))
        frequency = sparse.csr_array((len(terms), len(documents)))
        for field in TEXT_FIELDS:
            texts = [document.get(field.name, ()) for document in documents]
            frequency = frequency + _weighted_frequency(texts, terms, field)
        return cls(terms, _saturated(frequency))

    def save(self, folder: Path) -> None:
        """Write the matrix and its terms into `folder`."""
        np.savez(
            folder / "impacts.npz",
            indptr=self._indptr,
            indices=self._indices,
            data=self._data,
            size=np.array(self._size),
        )
        (folder / "terms.json").write_text(json.dumps(list(self.terms)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Impacts:
        """Read what `save` wrote."""
        with np.load(folder / "impacts.npz", allow_pickle=False) as stored:
            shape = (len(stored["indptr"]) - 1, int(stored["size"]))
            matrix = sparse.csr_array((stored["data"], stored["indices"], stored["indptr"]), shape=shape)
        terms = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        return cls({term: row for row, term in enumerate(terms)}, matrix)

    def rank(self, concepts: Sequence[Concept]) -> Scores:
        """Score every practice for `concepts`; a synonym never counts beside the word itself."""
        scores = np.zeros(self._size, dtype=np.float32)
        for concept in concepts:
            own, whole = self._wording(concept.words)
            if concept.alternatives and len(concept.words) > 1:
                own[~whole] *= PARTIAL_WEIGHT
            for alternative in concept.alternatives:
                other, whole = self._wording(tuple((stem, 1) for stem in alternative))
                np.maximum(own, SYNONYM_WEIGHT * other * whole, out=own)
            scores += own
        return scores

    def _wording(self, words: Sequence[tuple[str, int]]) -> tuple[Scores, NDArray[np.bool_]]:
        """Return the summed impacts of words, and which practices hold all of them."""
        scores = np.zeros(self._size, dtype=np.float32)
        whole = np.ones(self._size, dtype=bool)
        for stem, count in words:
            columns, data = self._row(stem)
            scores[columns] += count * data
            present = np.zeros(self._size, dtype=bool)
            present[columns] = True
            whole &= present
        return scores, whole

    def _row(self, stem: str) -> tuple[NDArray[np.int32], Scores]:
        row = self.terms.get(stem)
        if row is None:
            return self._indices[:0], self._data[:0]
        start, end = self._indptr[row], self._indptr[row + 1]
        return self._indices[start:end], self._data[start:end]

    def rarity(self, stem: str) -> float:
        """Return how telling a stem is: its idf, 0 for one that no practice holds."""
        columns, _ = self._row(stem)
        return float(_idf(np.array([len(columns)]), self._size)[0]) if len(columns) else 0.0


def _weighted_frequency(
    texts: Sequence[Sequence[str]], terms: Mapping[str, int], field: TextField
) -> sparse.csr_array:
    """Return one field's part of tf(t, d), for every term and practice."""
    counts = [Counter(stems) for stems in texts]
    lengths = np.array([len(stems) for stems in texts], dtype=np.float64)
    norm = 1 - field.b + field.b * lengths / max(lengths.mean(), 1.0)
    rows = [terms[stem] for count in counts for stem in count]
    columns = np.repeat(np.arange(len(texts)), [len(count) for count in counts])
    values = np.array([n for count in counts for n in count.values()], dtype=np.float64)
    weighted = field.weight * values / norm[columns]
    return sparse.csr_array((weighted, (rows, columns)), shape=(len(terms), len(texts)))


def _idf(document_frequency: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    return np.log1p((size - document_frequency + 0.5) / (document_frequency + 0.5))


def _saturated(frequency: sparse.csr_array) -> sparse.csr_array:
    """Turn weighted, normalised term frequencies into impacts."""
    matrix = sparse.csr_array(frequency)
    matrix.sort_indices()
    document_frequency = np.diff(matrix.indptr)
    idf = np.repeat(_idf(document_frequency, matrix.shape[1]), document_frequency)
    matrix.data = (idf * matrix.data * (K1 + 1) / (matrix.data + K1)).astype(np.float32)
    return matrix


def above_floor(scores: Scores, matched: Mask) -> Mask:
    """Return the practices of `matched` whose score is worth showing beside the best of them."""
    best = float(scores[matched].max(initial=0))
    above: Mask = matched & (scores >= RELATIVE_FLOOR * best) & (scores > 0)
    return above


def top(
    candidates: NDArray[np.intp], keys: Sequence[NDArray[np.floating]], start: int, stop: int
) -> NDArray[np.intp]:
    """Return candidates [start, stop) by falling `keys`, the first key first; ties as built."""
    if not len(candidates):
        return candidates
    order = np.lexsort([-key[candidates] for key in reversed(keys)])
    return candidates[order[start:stop]]
