"""What is asked about, and how it compares with what was found, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from search_service.practices.model import Practice
from search_service.similar.neighbours import Vector
from search_service.similar.parts import Parts
from search_service.similar.sentences import Alignment, Sentences
from search_service.similar.twins import Alike, most_alike, one_initiative


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about: its vector, and its sentences and what they were cut from where it is one text.

    `practice` is there where it is one of the snapshot's.
    """

    vector: Vector
    sentences: Sentences | None = None
    source: Practice | str = ""
    practice: Practice | None = None


class Compared(NamedTuple):
    """The two sentences most alike, and whether two texts are of one initiative."""

    passages: Alike | None
    same_initiative: bool


def compared(
    asked: Asked, groups: Sequence[Sequence[int]], parts: Parts, practices: Sequence[Practice]
) -> list[Compared]:
    """Compare what is asked about with groups of practices, each the versions of one initiative.

    The first of a group is quoted; of one initiative is what any of them is.
    """
    if asked.sentences is None:
        return [Compared(None, same_initiative=False)] * len(groups)
    theirs, bounds = parts.sentences.of([row for group in groups for row in group])
    idf = parts.neighbours.idf
    shared, telling = asked.sentences.shared(theirs, idf, parts.neighbours.dense(asked.vector))
    texts = Alignment(shared, asked.sentences.weights(idf), theirs.weights(idf))
    same = one_initiative(texts, bounds)
    found = []
    place = 0
    for group in groups:
        start, end = int(bounds[place]), int(bounds[place + 1])
        pair = most_alike(telling[:, start:end], texts.of(start, end))
        passages = pair and Alike(
            asked.sentences.quoted(pair[0], asked.source),
            theirs.quoted(start + pair[1], practices[group[0]]),
        )
        found.append(Compared(passages, bool(np.any(same[place : place + len(group)]))))
        place += len(group)
    return found
