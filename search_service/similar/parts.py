"""What is made of the practices' words when a snapshot is built, and kept in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from search_service.practices.model import Practice
from search_service.practices.reuse import Reuse
from search_service.similar.copies import Copies
from search_service.similar.neighbours import Neighbours
from search_service.similar.sentences import SentenceTable


class Parts(NamedTuple):
    """The parts, in the order in which they are made."""

    neighbours: Neighbours
    sentences: SentenceTable
    copies: Copies

    @classmethod
    def around(
        cls,
        neighbours: Neighbours,
        practices: Sequence[Practice],
        previous: Parts | None = None,
        reuse: Reuse | None = None,
    ) -> Parts:
        """Make what belongs to these neighbours; the parts of `previous` must be of the same words."""
        sentences = SentenceTable.build(practices, neighbours.number, previous and previous.sentences, reuse)
        found = previous and (previous.neighbours, previous.copies)
        copies = Copies.build(neighbours, sentences, found, reuse)
        return cls(neighbours, sentences, copies)

    @classmethod
    def load(cls, folder: Path) -> Parts:
        """Read what each part's `save` wrote."""
        return cls(Neighbours.load(folder), SentenceTable.load(folder), Copies.load(folder))
