"""Snippets: the passage of a practice that answers the query best, in whole sentences.

The words of every practice are cut and stemmed when the snapshot is built; a search only looks
up where the query's stems stand.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_service.practices.model import Practice
from search_service.text.analysis import analyse, is_stop
from search_service.text.markup import to_plain
from search_service.text.sentences import sentence_spans

MAX_LENGTH = 320
"""Characters of a snippet: about four lines on a telephone."""

REPEAT_WEIGHT = 0.1
"""What a further occurrence of a word adds beside the first: enough to break ties."""

SUMMARY = "Summary"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, marked where it is a word of the query."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage, and the heading it stands under."""

    section: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The passage without its marks."""
        return "".join(piece.text for piece in self.pieces)


class Passages:
    """The sentences of every practice, with the stem and place of each content word."""

    def __init__(
        self,
        terms: Mapping[str, int],
        sentences: list[list[tuple[str, str]]],
        arrays: dict[str, NDArray[np.int32]],
    ) -> None:
        self._terms = terms
        self._sentences = sentences
        self._arrays = arrays

    @classmethod
    def build(cls, practices: Sequence[Practice], terms: Mapping[str, int]) -> Passages:
        """Cut `practices` into sentences; `terms` numbers the stems."""
        sentences: list[list[tuple[str, str]]] = []
        columns: dict[str, list[int]] = {"term": [], "sentence": [], "start": [], "end": []}
        first = [0]
        for practice in practices:
            own = list(_sentences_of(practice))
            for number, (_, text) in enumerate(own):
                for token in analyse(text):
                    if not is_stop(token.stem) and token.stem in terms:
                        row = (terms[token.stem], number, token.start, token.end)
                        for column, value in zip(columns.values(), row, strict=True):
                            column.append(value)
            sentences.append(own)
            first.append(len(columns["term"]))
        arrays = {name: np.array(values, dtype=np.int32) for name, values in columns.items()}
        return cls(terms, sentences, {**arrays, "first": np.array(first, dtype=np.int32)})

    def save(self, folder: Path) -> None:
        """Write sentences and word places into `folder`."""
        np.savez(folder / "passages.npz", allow_pickle=False, **self._arrays)
        text = json.dumps(self._sentences, ensure_ascii=False)
        (folder / "sentences.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, terms: Mapping[str, int]) -> Passages:
        """Read what `save` wrote."""
        with np.load(folder / "passages.npz", allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        sentences = json.loads((folder / "sentences.json").read_text(encoding="utf-8"))
        return cls(terms, sentences, arrays)

    def best(self, practice: int, weights: Mapping[str, float]) -> Snippet:
        """Return the passage of one practice that covers most of `weights` (stem to weight).

        Where no word stands in the text, it is the beginning of the summary, unmarked.
        """
        numbers = {self._terms[stem]: weight for stem, weight in weights.items() if stem in self._terms}
        found = self._occurrences(practice, numbers)
        sentences = self._sentences[practice]
        if not found:
            return _cut(sentences[0][0], sentences[0][1], [])
        first, last = self._best_window(sentences, found, numbers)
        return _joined(sentences, first, last, found)

    def _occurrences(
        self, practice: int, numbers: Mapping[int, float]
    ) -> dict[int, list[tuple[int, int, int]]]:
        """Return, by sentence, (term, start, end) of every word of the query."""
        low, high = self._arrays["first"][practice : practice + 2]
        wanted = np.zeros(len(self._terms), dtype=bool)
        wanted[list(numbers)] = True
        hits = np.flatnonzero(wanted[self._arrays["term"][low:high]]) + low
        found: dict[int, list[tuple[int, int, int]]] = {}
        columns = (self._arrays[name][hits].tolist() for name in ("sentence", "term", "start", "end"))
        for sentence, term, start, end in zip(*columns, strict=True):
            found.setdefault(sentence, []).append((term, start, end))
        return found

    @staticmethod
    def _best_window(
        sentences: list[tuple[str, str]],
        found: Mapping[int, list[tuple[int, int, int]]],
        numbers: Mapping[int, float],
    ) -> tuple[int, int]:
        """Return the run of one or two sentences of a section that covers the query best."""
        counts = {number: Counter(term for term, _, _ in hits) for number, hits in found.items()}
        best, best_score = (0, 0), -1.0
        for first, held in counts.items():
            score = _coverage(held, numbers)
            if score > best_score:
                best, best_score = (first, first), score
            if first + 1 in counts and _fits(sentences, first, first + 1):
                score = _coverage(held + counts[first + 1], numbers)
                if score > best_score:
                    best, best_score = (first, first + 1), score
        return best


def _coverage(held: Mapping[int, int], numbers: Mapping[int, float]) -> float:
    """Return what a passage is worth that holds each term so often."""
    return sum(numbers[term] * (1 + REPEAT_WEIGHT * (count - 1)) for term, count in held.items())


def _sentences_of(practice: Practice) -> list[tuple[str, str]]:
    """Return (heading, sentence) for the summary and every section that says something."""
    texts = [(SUMMARY, practice.summary)]
    texts += [(section.heading, to_plain(text)) for section, text in practice.texts()]
    return [(heading, text[a:b]) for heading, text in texts for a, b in sentence_spans(text)]


def _fits(sentences: Sequence[tuple[str, str]], first: int, last: int) -> bool:
    if last >= len(sentences) or sentences[first][0] != sentences[last][0]:
        return False
    return len(sentences[first][1]) + len(sentences[last][1]) < MAX_LENGTH


def _joined(
    sentences: Sequence[tuple[str, str]],
    first: int,
    last: int,
    found: Mapping[int, list[tuple[int, int, int]]],
) -> Snippet:
    """Return sentences first to last as one snippet with its marks."""
    text, marks = "", []
    for number in range(first, last + 1):
        offset = len(text) + 1 if text else 0
        text = f"{text} {sentences[number][1]}" if text else sentences[number][1]
        marks += [(start + offset, end + offset) for _, start, end in found.get(number, ())]
    return _cut(sentences[first][0], text, marks)


def _cut(section: str, text: str, marks: list[tuple[int, int]]) -> Snippet:
    """Shorten a long sentence around its first marks, at word boundaries, and mark it."""
    low, high = _window(text, *(marks[0] if marks else (0, 0)))
    pieces: list[Piece] = [Piece("… ")] if low else []
    position = low
    for start, end in marks:
        if start < position or end > high:
            continue
        if start > position:
            pieces.append(Piece(text[position:start]))
        pieces.append(Piece(text[start:end], marked=True))
        position = end
    pieces.append(Piece(text[position:high] + (" …" if high < len(text) else "")))
    return Snippet(section, tuple(piece for piece in pieces if piece.text))


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the part of `text` to show around a word: MAX_LENGTH at most, between spaces if it can be."""
    if len(text) <= MAX_LENGTH:
        return 0, len(text)
    low = max(0, min(start - MAX_LENGTH // 4, len(text) - MAX_LENGTH))
    high = low + MAX_LENGTH
    if high < len(text) and (space := text.rfind(" ", end, high + 1)) >= 0:
        high = space
    if low and (space := text.find(" ", low - 1, start)) >= 0:
        low = space + 1
    return low, high
