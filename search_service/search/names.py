"""Practices that were asked for by name: by their title, or by the organisation that runs them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from search_service.practices.model import Practice
from search_service.search.ranking import Scores
from search_service.text.analysis import content_stems

TITLE_LIFT = 1.0
"""What a practice gains whose title is all that was typed, as a share of the best score: whoever types a
title wants that practice. Of the shipped corpus's titles 3 of 260 did not come first without it."""

ORGANISATION_LIFT = 0.15
"""What a practice gains whose organisation was named, as a share of the best score: more than what merely
holds the words of the name, less than what answers the rest of the query. On the judged queries 0 to 0.5 are
alike (docs/relevancy.md), so the least that settles near-ties was taken."""

_ASIDE = re.compile(r"\s*\([^)]*\)$")


class Names:
    """The practices of every title and of every organisation."""

    def __init__(self, practices: Sequence[Practice]) -> None:
        self._titled: dict[tuple[str, ...], list[int]] = {}
        self._run_by: dict[str, list[int]] = {}
        for row, practice in enumerate(practices):
            for title in _titles(practice):
                self._titled.setdefault(title, []).append(row)
            for organisation in practice.values("organisation"):
                self._run_by.setdefault(organisation, []).append(row)

    def lifted(self, scores: Scores, stems: Sequence[str], organisations: Sequence[str]) -> Scores:
        """Return scores with what was named lifted; `stems` are those of the whole query."""
        titled = self._titled.get(tuple(stems), [])
        if not titled and not organisations:
            return scores
        best = scores.max(initial=0)
        lifted = scores.copy()
        lifted[titled] += TITLE_LIFT * best
        run = {row for organisation in organisations for row in self._run_by.get(organisation, ())}
        lifted[np.array(sorted(run), dtype=np.intp)] += ORGANISATION_LIFT * best
        return lifted


def _titles(practice: Practice) -> Iterator[tuple[str, ...]]:
    """Yield the stems of a title, whole and without what stands in brackets at its end."""
    yield from dict.fromkeys(
        tuple(content_stems(title)) for title in (practice.title, _ASIDE.sub("", practice.title))
    )
