"""Which practices hold which words as they are written (folded): for prefixes, and to correct spelling.

Kept beside the Whoosh index rather than in it: a prefix that stands for hundreds of words is answered by
one slice, and the counts stay exact when practices are taken over from the last snapshot.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_service.practices.reuse import Reuse
from search_service.search.match.engine import Mask
from search_service.search.match.postings import Numbers

_HIGHEST = chr(0x10FFFF)


class Words:
    """Every word in order of the alphabet, each with the rows that hold it (CSR)."""

    def __init__(
        self, words: Sequence[str], starts: NDArray[np.int64], rows: NDArray[np.int32], size: int
    ) -> None:
        self._words, self._starts, self._rows, self._size = words, starts, rows, size

    @classmethod
    def build(cls, words: Sequence[str], numbers: Numbers, rows: Numbers, size: int) -> Words:
        """Take words in any order and, in pairs, the number of one and a row of `size` that holds it."""
        alphabet = sorted(words)
        rank = {word: place for place, word in enumerate(alphabet)}
        ranks = np.array([rank[word] for word in words], dtype=np.int64)
        return cls._of_keys(alphabet, np.sort(ranks[numbers] * size + rows), size)

    @classmethod
    def none(cls) -> Words:
        """Return the words of no practice."""
        nothing = np.zeros(0, dtype=np.uint32)
        return cls.build((), nothing, nothing, 0)

    @classmethod
    def _of_keys(cls, words: Sequence[str], keys: NDArray[np.int64], size: int) -> Words:
        """Take one number for each word and row, in rising order; words that no row holds are dropped."""
        ends = np.searchsorted(keys, np.arange(1, len(words) + 1) * size)
        counts = np.diff(ends, prepend=0)
        held = [word for word, count in zip(words, counts.tolist(), strict=True) if count]
        rows = keys - np.repeat(np.arange(len(words)) * size, counts)
        starts = np.concatenate([[0], np.cumsum(counts[counts > 0])]).astype(np.int64)
        return cls(held, starts, rows.astype(np.int32), size)

    def updated(self, fresh: Words, reuse: Reuse) -> Words:
        """Take over what is unchanged, and from `fresh` the rows that are not."""
        words = sorted({*self._words, *fresh._words})
        place = {word: number for number, word in enumerate(words)}
        kept = self._keys(place, reuse.moved(self._rows, self._size), fresh._size)
        if (np.diff(kept) < 0).any():
            kept.sort()  # practices changed places
        new = fresh._keys(place, fresh._rows, fresh._size)
        return Words._of_keys(words, np.insert(kept, np.searchsorted(kept, new), new), fresh._size)

    def _keys(self, place: Mapping[str, int], rows: NDArray[np.int32], size: int) -> NDArray[np.int64]:
        """Return one number for each word and row, in order of the words and then of `rows`; none for -1."""
        own = np.array([place[word] for word in self._words], dtype=np.int64)
        keys: NDArray[np.int64] = np.repeat(own * size, np.diff(self._starts)) + rows
        return keys[rows >= 0]

    def save(self, folder: Path) -> None:
        """Write words and rows into `folder`."""
        size = np.array(self._size)
        np.savez(folder / "words.npz", starts=self._starts, rows=self._rows, size=size, allow_pickle=False)
        (folder / "words.json").write_text(json.dumps(self._words, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Words:
        """Read what `save` wrote."""
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        with np.load(folder / "words.npz", allow_pickle=False) as stored:
            return cls(words, stored["starts"], stored["rows"], int(stored["size"]))

    def beginning_with(self, prefix: str) -> Sequence[str]:
        """Return the words that begin with `prefix`, in order."""
        return self._words[slice(*self._bounds(prefix))]

    def holding(self, prefix: str) -> Mask:
        """Return which practices hold a word that begins with `prefix`."""
        first, last = self._bounds(prefix)
        mask = np.zeros(self._size, dtype=bool)
        mask[self._rows[self._starts[first] : self._starts[last]]] = True
        return mask

    def frequencies(self) -> dict[str, int]:
        """Return every word with the number of practices that hold it."""
        return dict(zip(self._words, np.diff(self._starts).tolist(), strict=True))

    def _bounds(self, prefix: str) -> tuple[int, int]:
        return bisect_left(self._words, prefix), bisect_left(self._words, prefix + _HIGHEST)
