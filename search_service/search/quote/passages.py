"""What snippets are made from: every practice's sentences, and where its words stand in them.

The words of a practice are cut and stemmed once, when a snapshot is built; a search only looks up where
the query's stems stand, for all its hits at once.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_service.practices.reuse import Reuse
from search_service.search.documents import Reading
from search_service.search.quote.snippets import POINTS, Occurrence, Sentences, Snippet, best_snippet
from search_service.search.rank.bm25f import numbers_of
from search_service.search.rank.ragged import Ragged

END = "\n"
"""Between two sentences of a stored text; no sentence holds one."""


TABLES = ("text", "sentences", "words")


class Passages:
    """The sentences of every practice, with the stem and place of each content word.

    Text is kept as UTF-8 and numbers in the smallest type that holds them: as lists of strings they took
    most of the memory of a search.
    """

    def __init__(self, terms: Mapping[str, int], tables: Mapping[str, Ragged]) -> None:
        self._terms = terms
        self._tables = tables

    @classmethod
    def build(
        cls,
        readings: Sequence[Reading],
        terms: Mapping[str, int],
        previous: Passages | None = None,
        reuse: Reuse | None = None,
    ) -> Passages:
        """Keep what `readings` hold; `terms` numbers the stems.

        With `reuse`, `readings` are only those of what must be read; the rest is taken from `previous`.
        """
        tables = _tables(readings, terms)
        if previous is None or reuse is None:
            return cls(terms, tables)
        is_kept = reuse.origin >= 0
        kept = {name: table.take(reuse.origin[is_kept]) for name, table in previous._tables.items()}
        kept["words"] = kept["words"].mapped("term", numbers_of(previous._terms, terms))
        return cls(terms, {name: table.woven(tables[name], is_kept) for name, table in kept.items()})

    def save(self, folder: Path) -> None:
        """Write sentences and word places into `folder`."""
        arrays = {key: held for name, t in self._tables.items() for key, held in t.arrays(name).items()}
        np.savez(folder / "passages.npz", allow_pickle=False, **arrays)

    @classmethod
    def load(cls, folder: Path, terms: Mapping[str, int]) -> Passages:
        """Read what `save` wrote."""
        with np.load(folder / "passages.npz", allow_pickle=False) as stored:
            return cls(terms, {name: Ragged.from_arrays(name, stored) for name in TABLES})

    def best(self, practices: NDArray[np.integer], weights: Mapping[str, float]) -> list[Snippet]:
        """Return, for each of `practices`, the passage that covers most of `weights` (stem to weight).

        Where no word stands in the text, it is the beginning of the summary, unmarked.
        """
        points = {
            self._terms[stem]: round(weight * POINTS)
            for stem, weight in weights.items()
            if stem in self._terms
        }
        found = self._occurrences(practices, list(points))
        return [
            best_snippet(self._sentences(row), own, points)
            for row, own in zip(practices.tolist(), found, strict=True)
        ]

    def _occurrences(
        self, practices: NDArray[np.integer], terms: Sequence[int]
    ) -> Iterator[list[Occurrence]]:
        """Yield every occurrence of `terms` in each practice, in the order of the text."""
        wanted = np.zeros(len(self._terms), dtype=bool)
        wanted[terms] = True
        table = self._tables["words"]
        places = table.places(practices)
        is_wanted = wanted[table.columns["term"][places]]
        places = places[is_wanted]
        sentence, term, length = (table.columns[name][places] for name in ("sentence", "term", "length"))
        start = table.columns["start"][places].astype(np.int64)
        columns = (column.tolist() for column in (sentence, term, start, start + length))
        found = list(zip(*columns, strict=True))
        owner = np.repeat(np.arange(len(practices)), table.lengths(practices))[is_wanted]
        ends = np.searchsorted(owner, np.arange(len(practices) + 1)).tolist()
        yield from (found[start:end] for start, end in itertools.pairwise(ends))

    def _sentences(self, practice: int) -> Sentences:
        """Return the sentences of one practice, in order."""
        text = self._tables["text"].row("byte", practice).tobytes().decode()
        headings = self._tables["sentences"].row("heading", practice)
        return Sentences(text.split(END), headings.tolist())


def _tables(readings: Sequence[Reading], terms: Mapping[str, int]) -> dict[str, Ragged]:
    """Return what is stored of some practices: the text, each sentence's heading, and each word's place."""
    texts = [END.join(text for _, text in reading.sentences).encode() for reading in readings]
    stems = [[*reading.stems["summary"], *reading.stems["body"]] for reading in readings]
    nothing = np.zeros((3, 0), dtype=np.int32)
    sentence, start, length = np.concatenate([nothing, *(reading.places for reading in readings)], axis=1)
    return {
        "text": Ragged.of([len(text) for text in texts], byte=np.frombuffer(b"".join(texts), dtype=np.uint8)),
        "sentences": Ragged.of(
            [len(reading.sentences) for reading in readings],
            heading=[heading for reading in readings for heading, _ in reading.sentences],
        ),
        "words": Ragged.of(
            [len(own) for own in stems],
            term=[terms[stem] for own in stems for stem in own],
            sentence=sentence,
            start=start,
            length=length,
        ),
    }
