"""How postings are kept: a Whoosh codec that writes each term's whole list as arrays.

Whoosh's own keeps blocks of 128 postings, each value in it pickled for itself and the block compressed. Here
the texts, how often and the places where stand one after another as 32-bit integers: half the size, written
and read at once, and a phrase is a comparison of arrays rather than a walk through places.

    how many texts | how many places | number of each text | how often in each | its places, text by text
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import formats, query
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo
from whoosh.matching import ListMatcher, NullMatcher
from whoosh.reading import TermNotFound

from search_service.search.match.postings import Numbers, Postings

_SIZE = np.dtype(np.uint32).itemsize


class ArraysCodec(W3Codec):  # type: ignore[misc]  # whoosh has no types
    """Whoosh's newest codec, but for the postings."""

    def field_writer(self, storage: Any, segment: Any) -> ListsWriter:
        """Return what writes the terms of all fields."""
        return ListsWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> ArraysWriter:  # noqa: ARG002 - its signature
        """Return what writes the postings of a field."""
        return ArraysWriter(dbfile)

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Any, **_: Any) -> PlacesMatcher:
        """Return the postings of a term."""
        offset, _ = terminfo.extent()  # the length comes back as a tuple of one: a slip of Whoosh's
        texts, places = np.frombuffer(dbfile.get(offset, 2 * _SIZE), dtype=np.uint32).tolist()
        lists = dbfile.get(offset + 2 * _SIZE, (2 * texts + places) * _SIZE)
        return PlacesMatcher(np.frombuffer(lists, dtype=np.uint32), texts, format_)


class ListsWriter(W3FieldWriter):  # type: ignore[misc]  # whoosh has no types
    """Writes one term after another, each with its whole list."""

    def add_list(self, postings: Postings) -> None:
        """Write the postings of the term that was started."""
        self._postwriter.add_list(postings)


class ArraysWriter(base.PostingsWriter):  # type: ignore[misc]  # whoosh has no types
    """Writes the lists of one field."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def start_postings(self, format_: formats.Format, terminfo: W3TermInfo) -> None:
        """Begin a term: there is nothing to prepare."""

    def add_list(self, postings: Postings) -> None:
        """Write the postings of a term."""
        texts, offset = postings.texts, self._file.tell()
        head = np.array([len(texts), len(postings.places)], dtype=np.uint32)
        for part in (head, *postings):
            self._file.write(part.tobytes())
        self._term = W3TermInfo(weight=len(texts), df=len(texts), minid=int(texts[0]), maxid=int(texts[-1]))
        self._term.set_extent(offset, self._file.tell() - offset)

    def finish_postings(self) -> W3TermInfo:
        """Return what the term index keeps of the term."""
        return self._term


class PlacesMatcher(ListMatcher):  # type: ignore[misc]  # whoosh has no types
    """The postings of a term: numbers of texts, and the places of the term in each."""

    def __init__(self, lists: Numbers, size: int, format_: formats.Format) -> None:
        self.numbers, self.counts, self._places = np.split(lists, [size, 2 * size])
        super().__init__(self.numbers.tolist(), format=format_)

    def occurrences(self) -> NDArray[np.int64]:
        """Return every occurrence as one number that holds text and place, in rising order."""
        texts = np.repeat(self.numbers.astype(np.int64), self.counts)
        return (texts << 32) + self._places


class Adjacent(query.Phrase):  # type: ignore[misc]  # whoosh has no types
    """A phrase: its words side by side, found by comparing the places of each."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:  # noqa: ARG002 - Whoosh's signature
        """Return the texts that hold the phrase."""
        reader = searcher.reader()
        try:
            words = [reader.postings(self.fieldname, word.encode()) for word in self.words]
        except TermNotFound:
            return NullMatcher()
        starts = words[0].occurrences()
        for offset, word in enumerate(words[1:], start=1):
            starts = np.intersect1d(starts, word.occurrences() - offset, assume_unique=True)
        return ListMatcher(np.unique(starts >> 32).tolist())
