"""Recommendations as a whole: from a practice or from pasted text, each with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_service.errors import Fault, InvalidRequest
from search_service.practices.collection import columns_of
from search_service.practices.model import Practice
from search_service.practices.reuse import Reuse
from search_service.similar.counts import weighted_counts
from search_service.similar.diversify import mmr
from search_service.similar.explain import (
    SharedTerm,
    SharedValues,
    differing_values,
    shared_terms,
    shared_values,
)
from search_service.similar.lists import Nearest
from search_service.similar.neighbours import Neighbours, Vector
from search_service.similar.parts import Parts
from search_service.similar.query import Asked, Compared, TextQuery, compared
from search_service.similar.sentences import MOST_SENTENCES, Sentences, unwrapped
from search_service.similar.twins import Alike

FLOOR = 0.18
"""Likeness below which there is no reason to read on: of the shipped corpus's pairs without a common
theme one in ten lies above it, of those with one every second (docs/similar.md)."""

MIN_CONTENT_WORDS = 5
"""A pasted text needs this many words that carry meaning; fewer are a search, not a text."""

MAIN_WORDS = 5
"""Words of a text that a search for it is offered with: with more, hardly a practice holds them all."""

EXAMPLE_TEXT = "We visit children's homes every month to plan for children who go missing."
"""A text that can be compared, to show where one cannot."""

DEFAULT_LIMIT = 6

Keep = NDArray[np.bool_]
"""For each practice, whether it may be recommended."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One similar practice: where it is, how alike (0 to 1), and why.

    The score is the sum of the weights of `terms`, of `other_words` (further words both use) and of
    `wording` (words that usually go together). `variants` are other versions of the same initiative,
    declared or nearly the same text, folded under this one. `passages` are the two sentences most alike,
    None where no sentence shares a telling word or what was asked about is several practices.
    `same_initiative` says that what was asked about looks like this practice or one of `variants`,
    reworded, cut or merged.
    """

    row: int
    score: float
    terms: tuple[SharedTerm, ...]
    other_words: float
    wording: float
    shared: tuple[SharedValues, ...]
    differs: tuple[SharedValues, ...]
    variants: tuple[int, ...]
    passages: Alike | None
    same_initiative: bool


class SimilarIndex:
    """Everything needed to recommend from one snapshot's practices."""

    def __init__(self, practices: Sequence[Practice], parts: Parts) -> None:
        self._practices, self.parts = practices, parts
        self._neighbours, self._sentences, self._copies = parts
        self._families = np.unique(columns_of(practices).families, return_inverse=True)[1]

    @classmethod
    def build(
        cls,
        practices: Sequence[Practice],
        previous: SimilarIndex | None = None,
        reuse: Reuse | None = None,
    ) -> SimilarIndex:
        """Compare `practices` with one another, in their order; see `Neighbours.build` on `previous`."""
        before = previous.parts if previous else None
        neighbours = Neighbours.build(practices, before and before.neighbours, reuse)
        if before and neighbours.idf is not before.neighbours.idf:
            before = None  # all was compared anew, by other words
        return cls(practices, Parts.around(neighbours, practices, before, reuse))

    def save(self, folder: Path) -> None:
        """Write everything into `folder`, which exists."""
        for part in self.parts:
            part.save(folder)

    @classmethod
    def load(cls, folder: Path, practices: Sequence[Practice]) -> SimilarIndex:
        """Read what `save` wrote of the same practices."""
        return cls(practices, Parts.load(folder))

    def near_duplicates(self) -> list[tuple[int, int]]:
        """Return pairs of rows that look like one initiative and are not declared versions of it."""
        pairs = self._copies.pairs
        undeclared = self._families[pairs[:, 0]] != self._families[pairs[:, 1]]
        return list(map(tuple, pairs[undeclared].tolist()))

    def related(
        self, row: int, limit: int = DEFAULT_LIMIT, keep: Keep | None = None
    ) -> tuple[Recommendation, ...]:
        """Recommend practices similar to one of the snapshot's; its own versions are not news.

        With `keep` only rows where it is true are recommended, however far down they are: every practice
        that may be is compared then, not only the stored neighbours.
        """
        practice, vector = self._practices[row], self._neighbours.vector(row)
        sentences, _ = self._sentences.of([row])
        asked = Asked(vector, sentences, practice, practice, self._copies.of(row))
        news = self._families != self._families[row]
        if keep is None:
            return self._recommend(asked, limit, news, self._neighbours.neighbours_of(row))
        return self._recommend(asked, limit, keep & news)

    def read(self, text: str) -> TextQuery:
        """Read a text to compare with; raises InvalidRequest if it is too short."""
        counts = weighted_counts("", "", text)
        if counts.total() < MIN_CONTENT_WORDS:
            raise InvalidRequest(
                [
                    Fault(
                        "text",
                        "there is too little text to compare: at least "
                        f"{MIN_CONTENT_WORDS} words that carry meaning are needed.",
                        EXAMPLE_TEXT,
                    )
                ]
            )
        terms, weights = vector = self._neighbours.fold_in(counts)
        main = terms[np.argsort(-weights, kind="stable")[:MAIN_WORDS]]
        text = unwrapped(text)
        sentences = Sentences.of([text], self._neighbours.number).fullest(MOST_SENTENCES)
        return TextQuery(
            Asked(vector, sentences, text),
            words=len(counts),
            words_known=sum(stem in self._neighbours.number for stem in counts),
            main_words=tuple(self._neighbours.words[term] for term in main),
        )

    def similar(
        self, query: TextQuery, limit: int = DEFAULT_LIMIT, keep: Keep | None = None
    ) -> tuple[Recommendation, ...]:
        """Recommend practices similar to a text, of those in `keep` if given."""
        return self._recommend(query.asked, limit, keep)

    def related_to_set(
        self, rows: Sequence[int], limit: int = DEFAULT_LIMIT, keep: Keep | None = None
    ) -> tuple[Recommendation, ...]:
        """Recommend practices similar to several of the snapshot's together; their versions are not news.

        What is compared is the mean of their vectors, scaled to length 1 (Rocchio 1971, without the
        query): each practice counts the same, however long it is.
        """
        vector = _mean([self._neighbours.vector(row) for row in rows])
        news = ~np.isin(self._families, self._families[list(rows)])
        copies = {copy for row in rows for copy in self._copies.of(row)}
        return self._recommend(Asked(vector, copies=copies), limit, news if keep is None else keep & news)

    def _recommend(
        self, asked: Asked, limit: int, keep: Keep | None, stored: Nearest | None = None
    ) -> tuple[Recommendation, ...]:
        """Fold variants, diversify, and explain what is left above the floor.

        Where versions of a few initiatives take the places of the nearest, what comes after them is looked
        for among all: only then is a short list short because nothing else is as much alike.
        """
        rows, scores = stored or self._neighbours.neighbours_of_vector(asked.vector, keep)
        has_more = len(rows) > 0 and scores[-1] >= FLOOR
        rows, scores = _above_floor(rows, scores, keep)
        variants = self._folded(rows.tolist())
        if has_more and len(variants) < limit:
            everyone = self._neighbours.neighbours_of_vector(asked.vector, keep, len(self._practices))
            rows, scores = _above_floor(*everyone, keep)
            variants = self._folded(rows.tolist())
        leaders = np.array(list(variants), dtype=np.intp)
        rows, scores = rows[leaders], scores[leaders]
        chosen = sorted(mmr(scores, self._neighbours.cosines_among(rows), limit), key=lambda at: -scores[at])
        groups = [(int(rows[at]), *variants[int(leaders[at])]) for at in chosen]
        found = compared(asked, groups, self.parts, self._practices)
        wordings = self._neighbours.latent_likeness(asked.vector, rows[chosen]).tolist()
        return tuple(
            self._explained(asked, group, score, wording, sentences)
            for group, score, wording, sentences in zip(
                groups, scores[chosen].tolist(), wordings, found, strict=True
            )
        )

    def _folded(self, rows: Sequence[int]) -> dict[int, tuple[int, ...]]:
        """Return, by the place of the first of each initiative, the rows of its other versions.

        Versions are of one declared family, or look like one initiative with the first.
        """
        members: dict[int, list[int]] = {}
        first_of_family: dict[int, int] = {}
        place_of: dict[int, int] = {}
        for place, (row, family) in enumerate(zip(rows, self._families[rows].tolist(), strict=True)):
            firsts = [place_of[copy] for copy in self._copies.of(row) if copy in place_of]
            if family in first_of_family:
                firsts.append(first_of_family[family])
            if firsts:
                members[min(firsts)].append(row)
            else:
                members[place] = []
                first_of_family[family] = place_of[row] = place
        return {first: tuple(others) for first, others in members.items()}

    def _explained(
        self, asked: Asked, group: Sequence[int], score: float, wording: float, sentences: Compared
    ) -> Recommendation:
        row, *variants = group
        other = self._practices[row]
        terms, other_words = shared_terms(asked.vector, self._neighbours.vector(row), self._neighbours.words)
        return Recommendation(
            row=row,
            score=score,
            terms=terms,
            other_words=other_words,
            wording=wording,
            shared=shared_values(asked.practice, other) if asked.practice else (),
            differs=differing_values(asked.practice, other) if asked.practice else (),
            variants=tuple(variants),
            passages=sentences.passages,
            same_initiative=sentences.same_initiative,
        )


def _above_floor(rows: NDArray[np.int32], scores: NDArray[np.float32], keep: Keep | None) -> Nearest:
    """Leave out what is not alike enough or may not be recommended."""
    shown = scores >= FLOOR
    if keep is not None:
        shown &= keep[rows]
    return rows[shown], scores[shown]


def _mean(vectors: Sequence[Vector]) -> Vector:
    """Return the mean of vectors, scaled to length 1 unless empty."""
    terms, places = np.unique(np.concatenate([terms for terms, _ in vectors]), return_inverse=True)
    total = np.bincount(places, np.concatenate([weights for _, weights in vectors]), len(terms))
    length = np.sqrt(np.sum(total**2))
    return terms.astype(np.int32), (total / length if length else total).astype(np.float32)
