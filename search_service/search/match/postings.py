"""Inverting texts: from the terms of each document to the postings of each term.

Every occurrence of a term is noted in eight bytes as it comes, and all are sorted once at the end: a hundred
thousand practices need some 300 MB while they are indexed.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint32]


class Postings(NamedTuple):
    """The documents with a term, ascending, its frequency in each, and its positions in all of them."""

    documents: Numbers
    frequencies: Numbers
    positions: Numbers

    def occurrences(self) -> NDArray[np.int64]:
        """Return every occurrence as one number, `document << 32 | position`, ascending."""
        return (np.repeat(self.documents.astype(np.int64), self.frequencies) << 32) + self.positions


class Numbering(dict[str, int]):
    """Gives each new term the next number."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class FieldInverter:
    """Inverts one field of documents, which are added in the order of their numbers."""

    def __init__(self) -> None:
        self._numbering = Numbering()
        self._terms, self._positions, self._lengths = array("I"), array("I"), array("I")

    def add(self, terms: Iterable[str], positions: Iterable[int]) -> None:
        """Add the next document: its terms in order, and the position of each, ascending."""
        before = len(self._terms)
        self._terms.extend([self._numbering[term] for term in terms])
        self._positions.extend(positions)
        self._lengths.append(len(self._terms) - before)

    def postings(self) -> Iterator[tuple[str, Postings]]:
        """Yield every term in order of its characters, with its postings."""
        terms = sorted(self._numbering)
        ranks, documents, positions = self._sorted(terms)
        first = np.flatnonzero(np.diff(ranks, prepend=-1) | np.diff(documents, prepend=-1))
        frequencies = np.diff(first, append=len(documents)).astype(np.uint32)
        bounds = np.searchsorted(ranks[first], np.arange(len(terms) + 1))
        ends = np.append(first, len(documents))[bounds]
        distinct = documents[first].astype(np.uint32)
        for rank, term in enumerate(terms):
            own = slice(bounds[rank], bounds[rank + 1])
            yield term, Postings(distinct[own], frequencies[own], positions[ends[rank] : ends[rank + 1]])

    def _sorted(self, terms: list[str]) -> tuple[NDArray[np.int32], NDArray[np.int32], Numbers]:
        """Return the rank of the term, the document and the position of every occurrence, in that order."""
        rank = np.empty(len(terms), dtype=np.int32)
        rank[[self._numbering[term] for term in terms]] = np.arange(len(terms))
        ranks = rank[np.asarray(self._terms)]
        order = np.argsort(ranks, kind="stable")  # occurrences came by document and position
        documents = np.repeat(np.arange(len(self._lengths), dtype=np.int32), self._lengths)
        return ranks[order], documents[order], np.asarray(self._positions)[order]
