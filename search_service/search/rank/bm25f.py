"""Ranking: BM25F weights ("impacts") computed once, so that a query is a sum of a few rows.

The weight of term t in practice d is

    impact(t, d) = idf(t) * tf(t, d) * (K1 + 1) / (tf(t, d) + K1)
    tf(t, d)     = sum over fields f of  weight_f * count_f(t, d) / (1 - b_f + b_f * len_f / avg_f)
    idf(t)       = ln(1 + (N - n_t + 0.5) / (n_t + 0.5))

(Robertson, Zaragoza and Taylor 2004, "Simple BM25 extension to multiple weighted fields").
"""

from __future__ import annotations

import functools
import itertools
import json
import math
import operator
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from search_service.practices.reuse import Reuse
from search_service.search.documents import TEXT_FIELDS, TextField
from search_service.search.match.engine import Mask
from search_service.search.rank.ragged import Ragged, smallest
from search_service.text.synonyms import Phrase, Synonyms

Scores = NDArray[np.float32]

K1 = 1.2
"""Term-frequency saturation; the value Robertson et al. report as robust. 2.0 was better by words alone, and
no better beside closeness of meaning (docs/relevancy.md)."""

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


class Weights(NamedTuple):
    """The practices that hold each term, and its weight in each, as columns of a sparse matrix are kept.

    Term i is held by `practices[first[i] : first[i + 1]]`, where it weighs as much as `data` has there.
    """

    first: NDArray[np.int32]
    practices: NDArray[np.integer]
    data: Scores


class Impacts:
    """The BM25F weight of every term in every practice that holds it, kept term by term.

    Terms are numbered in the order of the alphabet. What a new snapshot takes over is how often each practice
    holds each term, by field: a weight depends on all practices, a count on one, so that a practice that has
    not changed need not be read again. Weights are stored beside the counts only to be there at once when a
    snapshot is loaded.
    """

    def __init__(
        self, terms: Mapping[str, int], counts: Mapping[str, Ragged], weights: Weights | None = None
    ) -> None:
        self.terms = terms
        self._counts = counts
        self._weights = weights or _weights(counts, len(terms))
        first, self._practices, self._data = self._weights
        self._first = first.tolist()
        self._size = len(counts[TEXT_FIELDS[0].name])

    @classmethod
    def build(
        cls,
        documents: Sequence[Mapping[str, Sequence[str]]],
        previous: Impacts | None = None,
        reuse: Reuse | None = None,
    ) -> Impacts:
        """Compute the impacts of documents given as content stems by field of `TEXT_FIELDS`.

        With `reuse`, `documents` are only those that must be read; the rest are taken from `previous`.
        """
        met: dict[str, int] = {}
        fresh = {field.name: _counted(documents, field.name, met) for field in TEXT_FIELDS}
        if previous is None or reuse is None:
            terms = alphabetical(met)
            return cls(terms, {name: t.mapped("term", numbers_of(met, terms)) for name, t in fresh.items()})
        is_kept = reuse.origin >= 0
        kept = {name: table.take(reuse.origin[is_kept]) for name, table in previous._counts.items()}
        held = np.zeros(len(previous.terms), dtype=bool)
        for table in kept.values():
            held[table.columns["term"]] = True
        terms = alphabetical({*met, *itertools.compress(previous.terms, held)})
        old, new = numbers_of(previous.terms, terms), numbers_of(met, terms)
        return cls(
            terms,
            {
                name: table.mapped("term", old).woven(fresh[name].mapped("term", new), is_kept)
                for name, table in kept.items()
            },
        )

    def save(self, folder: Path) -> None:
        """Write the terms and how often each practice holds them into `folder`."""
        arrays = [table.arrays(name) for name, table in self._counts.items()]
        np.savez(folder / "counts.npz", allow_pickle=False, **functools.reduce(operator.or_, arrays))
        np.savez(folder / "weights.npz", allow_pickle=False, **self._weights._asdict())
        (folder / "terms.json").write_text(json.dumps(list(self.terms)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Impacts:
        """Read what `save` wrote."""
        terms = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        with np.load(folder / "counts.npz", allow_pickle=False) as stored:
            counts = {field.name: Ragged.from_arrays(field.name, stored) for field in TEXT_FIELDS}
        with np.load(folder / "weights.npz", allow_pickle=False) as stored:
            weights = Weights(**stored)
        return cls({term: row for row, term in enumerate(terms)}, counts, weights)

    def counts(self) -> sparse.csr_array:
        """Return how often each practice (row) holds each of `terms` (column), all fields together."""
        width = len(self.terms)
        fields = [_by_practice(counts, counts.columns["count"], width) for counts in self._counts.values()]
        return sparse.csr_array(functools.reduce(operator.add, fields))

    def rank(self, concepts: Sequence[Concept]) -> Scores:
        """Score every practice for `concepts`; a synonym never counts beside the word itself."""
        scores = np.zeros(self._size, dtype=np.float32)
        for concept in concepts:
            if concept.alternatives:
                scores += self._best_wording(concept)
            else:
                for stem, count in concept.words:
                    self._add(stem, count, scores)
        return scores

    def _best_wording(self, concept: Concept) -> Scores:
        """Score every practice for the best wording of a concept that it holds."""
        best, whole = self._wording(concept.words)
        if len(concept.words) > 1:
            best = np.maximum(PARTIAL_WEIGHT * best, best * whole)
        for alternative in concept.alternatives:
            other, whole = self._wording([(stem, 1) for stem in alternative])
            np.maximum(best, SYNONYM_WEIGHT * other * whole, out=best)
        return best

    def _wording(self, words: Sequence[tuple[str, int]]) -> tuple[Scores, Mask]:
        """Return the summed impacts of words, and which practices hold all of them."""
        scores = np.zeros(self._size, dtype=np.float32)
        whole = np.ones(self._size, dtype=bool)
        for stem, count in words:
            own = np.zeros(self._size, dtype=np.float32)
            self._add(stem, count, own)
            scores += own
            whole &= own > 0  # what a word weighs where it is held is never 0
        return scores, whole

    def _add(self, stem: str, count: int, scores: Scores) -> None:
        """Add the impacts of a word typed so often to the scores of the practices that hold it."""
        practices, data = self._row(stem)
        np.add.at(scores, practices, data if count == 1 else count * data)

    def _row(self, stem: str) -> tuple[NDArray[np.integer], Scores]:
        """Return the practices that hold a stem, in order, and its weight in each."""
        row = self.terms.get(stem)
        if row is None:
            return self._practices[:0], self._data[:0]
        start, end = self._first[row], self._first[row + 1]
        return self._practices[start:end], self._data[start:end]

    def rarity(self, stem: str) -> float:
        """Return how telling a stem is: its idf, 0 for one that no practice holds."""
        row = self.terms.get(stem)
        if row is None:
            return 0.0
        holding = self._first[row + 1] - self._first[row]
        return math.log1p((self._size - holding + 0.5) / (holding + 0.5))


def alphabetical(stems: Iterable[str]) -> dict[str, int]:
    """Return stems numbered by the alphabet, so that a number does not depend on what was read first."""
    return {stem: number for number, stem in enumerate(sorted(stems))}


def numbers_of(stems: Iterable[str], terms: Mapping[str, int]) -> NDArray[np.int64]:
    """Return the number of each stem; any number for one that has none."""
    return np.array([terms.get(stem, 0) for stem in stems], dtype=np.int64)


def _counted(documents: Sequence[Mapping[str, Sequence[str]]], field: str, met: dict[str, int]) -> Ragged:
    """Count the stems of one field of every document; `met`, which is added to, numbers them."""
    counts = [Counter(document.get(field, ())) for document in documents]
    numbers = [met.setdefault(stem, len(met)) for count in counts for stem in count]
    times = [times for count in counts for times in count.values()]
    return Ragged.of([len(count) for count in counts], term=numbers, count=times)


def _weights(counts: Mapping[str, Ragged], terms: int) -> Weights:
    matrix = _saturated(_frequency(counts, terms))
    return Weights(matrix.indptr, smallest(matrix.indices), matrix.data)


def _frequency(counts: Mapping[str, Ragged], terms: int) -> sparse.csc_array:
    """Return tf(t, d) of every practice d (row) and term t (column)."""
    size = len(counts[TEXT_FIELDS[0].name])
    rows = [np.repeat(np.arange(size, dtype=np.int32), counts[field.name].lengths()) for field in TEXT_FIELDS]
    columns = [counts[field.name].columns["term"] for field in TEXT_FIELDS]
    values = [
        _weighted_frequency(counts[field.name], at, field)
        for field, at in zip(TEXT_FIELDS, rows, strict=True)
    ]
    places = (np.concatenate(rows), np.concatenate(columns).astype(np.int32))
    return sparse.coo_array((np.concatenate(values), places), shape=(size, terms)).tocsc()


def _weighted_frequency(counts: Ragged, rows: NDArray[np.int32], field: TextField) -> NDArray[np.float64]:
    """Return one field's part of tf(t, d), for every term of every practice that holds it there."""
    times = counts.columns["count"].astype(np.float64)
    lengths = np.bincount(rows, weights=times, minlength=len(counts))
    norm = 1 - field.b + field.b * lengths / max(lengths.mean(), 1.0)
    weighted: NDArray[np.float64] = field.weight * times / norm[rows]
    return weighted


def _by_practice(counts: Ragged, values: NDArray[np.number], terms: int) -> sparse.csr_array:
    """Return values that stand beside the terms of practices as practices x terms."""
    columns = counts.columns["term"].astype(np.int64)
    return sparse.csr_array((values.astype(np.float64), columns, counts.first), shape=(len(counts), terms))


def _idf(document_frequency: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    return np.log1p((size - document_frequency + 0.5) / (document_frequency + 0.5))


def _saturated(frequency: sparse.csc_array) -> sparse.csc_array:
    """Turn weighted, normalised term frequencies into impacts."""
    holding = np.diff(frequency.indptr)
    idf = np.repeat(_idf(holding, frequency.shape[0]), holding)
    frequency.data = (idf * frequency.data * (K1 + 1) / (frequency.data + K1)).astype(np.float32)
    return frequency


def above_floor(scores: Scores, matched: Mask) -> Mask:
    """Return the practices of `matched` whose score is worth showing beside the best of them."""
    counted = scores * matched
    best = float(counted.max(initial=0))
    above: Mask = counted >= RELATIVE_FLOOR * best if best > 0 else np.zeros_like(matched)
    return above


def top(
    candidates: NDArray[np.intp], keys: Sequence[NDArray[np.floating]], start: int, stop: int
) -> NDArray[np.intp]:
    """Return candidates [start, stop) by falling `keys`, the first key first; ties as built.

    `candidates` are in the order in which they were built. Only those that can come before `stop` are
    sorted: key by key, what is surely among them is set aside and what ties at the edge looked at further.
    """
    chosen, tied, wanted = [], candidates, stop
    for key in keys:
        if len(tied) <= wanted:
            break
        values = key[tied]
        edge = np.partition(values, len(values) - wanted)[len(values) - wanted]
        chosen.append(tied[values > edge])
        wanted -= len(chosen[-1])
        tied = tied[values == edge]
    first = np.sort(np.concatenate([*chosen, tied[:wanted]]))
    order = np.lexsort([-key[first] for key in reversed(keys)])
    return first[order[start:stop]]
