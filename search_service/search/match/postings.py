"""Turning texts into postings: every occurrence of a term is noted as it comes, and sorted once at the end.

What is kept of an occurrence is eight bytes, so that a hundred thousand practices need some 300 MB while they
are indexed.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint32]


class Postings(NamedTuple):
    """A term's texts in rising order, how often it stands in each, and where, text by text."""

    texts: Numbers
    counts: Numbers
    places: Numbers


class Numbering(dict[str, int]):
    """Gives each new term the next number."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class Collector:
    """Collects one field of texts, which come in order of their numbers."""

    def __init__(self) -> None:
        self.numbering = Numbering()
        self._terms, self._places, self._lengths = array("I"), array("I"), array("I")

    def add(self, terms: Iterable[int], places: Iterable[int]) -> None:
        """Add the next text: the numbers of its terms as they stand, and their places in rising order."""
        before = len(self._terms)
        self._terms.extend(terms)
        self._places.extend(places)
        self._lengths.append(len(self._terms) - before)

    def postings(self) -> Iterator[tuple[str, Postings]]:
        """Yield every term in order of its characters, with its postings."""
        alphabet = sorted(self.numbering)
        ranks, texts, places = self._sorted(alphabet)
        first = np.flatnonzero(np.diff(ranks, prepend=-1) | np.diff(texts, prepend=-1))
        numbers, counts = texts[first].astype(np.uint32), np.diff(first, append=len(texts)).astype(np.uint32)
        bounds = np.searchsorted(ranks[first], np.arange(len(alphabet) + 1))
        ends = np.append(first, len(texts))[bounds]
        for rank, term in enumerate(alphabet):
            own = slice(bounds[rank], bounds[rank + 1])
            yield term, Postings(numbers[own], counts[own], places[ends[rank] : ends[rank + 1]])

    def _sorted(self, alphabet: list[str]) -> tuple[NDArray[np.int32], NDArray[np.int32], Numbers]:
        """Return every occurrence in order of term, text and place: as it came but for the term."""
        rank = np.empty(len(alphabet), dtype=np.int32)
        rank[[self.numbering[term] for term in alphabet]] = np.arange(len(alphabet))
        ranks = rank[np.asarray(self._terms)]
        order = np.argsort(ranks, kind="stable")
        texts = np.repeat(np.arange(len(self._lengths), dtype=np.int32), self._lengths)
        return ranks[order], texts[order], np.asarray(self._places)[order]
