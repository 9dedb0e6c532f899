"""The sentences of practices and of pasted texts as sets of telling words, and which of them are alike.

    shared(a, b)  = sum of idf(t) over the terms t that both sentences hold
    overlap(a, b) = shared(a, b) / sqrt(shared(a, a) * shared(b, b))

(Ochiai 1957, weighted by idf: the cosine of two sets.) Of a practice only the numbers of the terms and the
places of its sentences are kept; its text is read when a sentence is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_service.practices.model import Practice
from search_service.practices.reuse import Reuse
from search_service.text.analysis import analyse
from search_service.text.markup import to_plain
from search_service.text.sentences import sentence_spans

MAX_SENTENCE = 300
"""Characters of one sentence; a longer one is cut into parts between words. The longest of the shipped
corpus has 299."""

MOST_SENTENCES = 1_000
"""Sentences of one pasted text that are compared: each is with every sentence of every practice found. In the
shipped corpus 50,000 characters make 350 to 680 of them, so more is no prose: 8,000 lines of one word
took 0.6 s and 150 MB."""

_AT_ONCE = 500_000
"""Weights laid out at once while sentences are compared: 2 MB, however many practices are found. A text of
966 sentences and the whole shipped corpus took 0.54 s laid out whole, and 0.15 s so."""

_BROKEN_LINE = re.compile(r"(?<=[^.!?:;\s])[^\S\n]*\n[^\S\n]*(?=[a-z(])")
"""A line that ends in the middle of a sentence: the next begins with a small letter."""

FILE = "sentences.npz"

Whole = NDArray[np.integer]


class Alignment(NamedTuple):
    """The weight of the terms shared by every sentence of one text (rows) and of another (columns).

    `here` and `there` hold the whole weight of each sentence, which is above 0.
    """

    shared: NDArray[np.float32]
    here: NDArray[np.float32]
    there: NDArray[np.float32]

    @property
    def overlap(self) -> NDArray[np.float32]:
        """The overlap of every pair, 0 to 1."""
        overlap: NDArray[np.float32] = self.shared / np.sqrt(self.here[:, None] * self.there)
        return overlap

    def of(self, start: int, end: int) -> Alignment:
        """Return what concerns some of the other text's sentences."""
        return Alignment(self.shared[:, start:end], self.here, self.there[start:end])


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences in order: the distinct terms of each, and where it stands.

    The terms of sentence i are `terms[first[i]:first[i + 1]]`, never none. It stands in text number
    `text[i]` of its practice (0 is the summary, then the sections that say something) from `start[i]`
    to `end[i]`.
    """

    first: Whole
    terms: Whole
    text: Whole
    start: Whole
    end: Whole

    @classmethod
    def of(cls, texts: Sequence[str], number: Mapping[str, int]) -> Sentences:
        """Cut plain texts; a sentence without a term of `number` says nothing here and is left out."""
        cut = [
            (terms, place, start, end)
            for place, text in enumerate(texts)
            for start, end in parts_of(text)
            if (terms := sorted({number[t.stem] for t in analyse(text[start:end]) if t.stem in number}))
        ]
        return cls(
            np.cumsum([0, *(len(terms) for terms, *_ in cut)]),
            np.array([term for terms, *_ in cut for term in terms], dtype=np.int32),
            *(np.array([one[at] for one in cut], dtype=np.int32) for at in (1, 2, 3)),
        )

    def __len__(self) -> int:
        return len(self.text)

    def take(self, rows: Whole) -> Sentences:
        """Return these sentences, in this order."""
        first, places = _gathered(self.first, rows)
        return Sentences(first, self.terms[places], self.text[rows], self.start[rows], self.end[rows])

    def fullest(self, most: int) -> Sentences:
        """Return at most so many sentences, those that hold the most terms, in the order they stand in."""
        order = np.argsort(-np.diff(self.first), kind="stable")
        return self if len(self) <= most else self.take(np.sort(order[:most]))

    def quoted(self, row: int, source: Practice | str) -> str:
        """Return one sentence on one line; `source` is what it was cut from."""
        text = source if isinstance(source, str) else _text_of(source, int(self.text[row]))
        return " ".join(text[self.start[row] : self.end[row]].split())

    def aligned(self, other: Sentences, idf: NDArray[np.float32]) -> Alignment:
        """Compare every sentence with every sentence of another text."""
        (shared,) = self.shared(other, idf)
        return Alignment(shared, self.weights(idf), other.weights(idf))

    def shared(self, other: Sentences, *weights: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Return, for each set of weights (one for every term), the weight every two sentences share."""
        used, places = np.unique(self.terms, return_inverse=True)
        column_of = np.full(len(weights[0]), len(used))  # the last column, of zeros, is for other terms
        column_of[used] = np.arange(len(used))
        columns = column_of[other.terms]
        rows = np.repeat(np.arange(len(self)), np.diff(self.first))
        step = max(1, _AT_ONCE // max(1, len(columns)))
        found = []
        for weight in weights:
            table = np.zeros((len(self), len(used) + 1), dtype=np.float32)
            table[rows, places] = weight[self.terms]
            parts = (table[at : at + step, columns] for at in range(0, max(len(self), 1), step))
            found.append(np.concatenate([np.add.reduceat(part, other.first[:-1], axis=1) for part in parts]))
        return found

    def weights(self, idf: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the idf of the terms of each sentence together."""
        weights: NDArray[np.float32] = np.add.reduceat(idf[self.terms], self.first[:-1])
        return weights


class SentenceTable:
    """The sentences of every practice: those of practice i from `first[i]` to `first[i + 1]`."""

    def __init__(self, first: Whole, sentences: Sentences) -> None:
        self._first, self._sentences = first, sentences

    @classmethod
    def build(
        cls,
        practices: Sequence[Practice],
        number: Mapping[str, int],
        previous: SentenceTable | None = None,
        reuse: Reuse | None = None,
    ) -> SentenceTable:
        """Cut all practices, or with a table made by the same `number` only those that changed."""
        if previous is None or reuse is None:
            return cls._joined([Sentences.of(texts_of(practice), number) for practice in practices])
        fresh = [Sentences.of(texts_of(practices[row]), number) for row in reuse.changed.tolist()]
        rows = reuse.origin.astype(np.int64)
        rows[reuse.changed] = len(previous) + np.arange(len(fresh))
        both = cls._joined([previous._sentences, *fresh])
        first = np.concatenate(
            [previous._first, previous._first[-1] + np.cumsum([len(one) for one in fresh])]
        )
        return cls(first.astype(np.int64), both._sentences)._taken(rows)

    @classmethod
    def _joined(cls, parts: Sequence[Sentences]) -> SentenceTable:
        """Return the sentences of several texts one after another, each a row."""
        first = np.cumsum([0, *map(len, parts)])
        nothing = np.zeros(0, dtype=np.int32)
        columns = {
            name: np.concatenate([nothing, *(getattr(part, name) for part in parts)])
            for name in ("terms", "text", "start", "end")
        }
        lengths = np.concatenate([nothing, *(np.diff(part.first) for part in parts)])
        bounds = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return cls(first, Sentences(bounds, **{name: _small(held) for name, held in columns.items()}))

    def _taken(self, rows: Whole) -> SentenceTable:
        first, places = _gathered(self._first, rows)
        return SentenceTable(first, self._sentences.take(places))

    def __len__(self) -> int:
        return len(self._first) - 1

    def of(self, rows: Sequence[int] | Whole) -> tuple[Sentences, Whole]:
        """Return the sentences of some practices, one after another, and the bounds between practices."""
        first, places = _gathered(self._first, np.array(rows, dtype=np.int64))
        return self._sentences.take(places), first

    def save(self, folder: Path) -> None:
        """Write the table into `folder`."""
        np.savez(folder / FILE, practices=self._first, **asdict(self._sentences))

    @classmethod
    def load(cls, folder: Path) -> SentenceTable:
        """Read what `save` wrote."""
        with np.load(folder / FILE, allow_pickle=False) as stored:
            columns = {name: stored[name] for name in stored}
        return cls(columns.pop("practices"), Sentences(**columns))


def texts_of(practice: Practice) -> list[str]:
    """Return the plain texts that a practice may be quoted from: its summary, and what its sections say."""
    return [practice.summary, *(to_plain(text) for _, text in practice.texts())]


def _text_of(practice: Practice, number: int) -> str:
    """Return one text of `texts_of`; the others need not be read."""
    if number == 0:
        return practice.summary
    return to_plain(next(islice(practice.texts(), number - 1, None))[1])


def unwrapped(text: str) -> str:
    """Join lines that were broken within a sentence, as e-mail and some editors do."""
    return _BROKEN_LINE.sub(" ", text)


def parts_of(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence, those longer than `MAX_SENTENCE` in parts."""
    return [part for start, end in sentence_spans(text) for part in _cut(text, start, end)]


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut what is too long at the last space that leaves a part short enough, or else through a word."""
    parts = []
    while end - start > MAX_SENTENCE:
        space = text.rfind(" ", start + 1, start + MAX_SENTENCE + 1)
        stop = space if space > 0 else start + MAX_SENTENCE
        parts.append((start, stop))
        start = stop + (space > 0)
    return [*parts, (start, end)]


def _gathered(first: Whole, rows: Whole) -> tuple[Whole, Whole]:
    """Return the bounds and the places of what stands in these rows, one after another."""
    lengths = first[1:][rows] - first[:-1][rows]
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    return bounds, np.repeat(first[:-1][rows] - bounds[:-1], lengths) + np.arange(bounds[-1])


def _small(values: Whole) -> Whole:
    """Return whole numbers, none below 0, in the smallest type that holds them all."""
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))
