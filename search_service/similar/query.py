"""What is asked about, and how it compares with what was found, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import compress, pairwise
from typing import NamedTuple

from search_service.practices.model import Practice
from search_service.similar.neighbours import Vector
from search_service.similar.parts import Parts
from search_service.similar.sentences import Alignment, Sentences
from search_service.similar.twins import Alike, most_alike, one_initiative


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about: its vector, and its sentences and what they were cut from where it is one text.

    `practice` is there where it is one of the snapshot's, and `copies` where it is one or several of them:
    the rows that are known to be of one initiative with it.
    """

    vector: Vector
    sentences: Sentences | None = None
    source: Practice | str = ""
    practice: Practice | None = None
    copies: Set[int] | None = None


@dataclass(frozen=True, slots=True)
class TextQuery:
    """A text to compare with, and how far its words are known.

    Of its `words` different words that carry meaning `words_known` occur in practices; `main_words` are those
    that tell it apart, the highest weight first.
    """

    asked: Asked
    words: int
    words_known: int
    main_words: tuple[str, ...]


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
        return [Compared(None, _is_known(asked, group)) for group in groups]
    quoted = [group[0] for group in groups]
    others = [row for group in groups for row in group[1:]] if asked.copies is None else []
    theirs, bounds = parts.sentences.of([*quoted, *others])
    idf = parts.neighbours.idf
    shared, telling = asked.sentences.shared(theirs, idf, parts.neighbours.dense(asked.vector))
    texts = Alignment(shared, asked.sentences.weights(idf), theirs.weights(idf))
    same = set(compress((*quoted, *others), one_initiative(texts, bounds))) if asked.copies is None else ()
    found = []
    for group, (start, end) in zip(groups, pairwise(bounds.tolist()), strict=False):
        pair = most_alike(telling[:, start:end], texts.of(start, end))
        passages = pair and Alike(
            asked.sentences.quoted(pair[0], asked.source),
            theirs.quoted(start + pair[1], practices[group[0]]),
        )
        found.append(Compared(passages, _is_known(asked, group) or any(row in same for row in group)))
    return found


def _is_known(asked: Asked, group: Sequence[int]) -> bool:
    """Tell whether any of a group is known to be of one initiative with what is asked about."""
    return asked.copies is not None and not asked.copies.isdisjoint(group)
