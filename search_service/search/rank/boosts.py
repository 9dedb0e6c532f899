"""Practices that were asked for by name: by their title, or by the organisation that runs them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from search_service.search.rank.bm25f import Scores
from search_service.text.analysis import WORD

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

    def __init__(self, titles: Iterable[str], organisations: Iterable[Sequence[str]]) -> None:
        """Take the title of each practice, and the ids of the organisations that run each."""
        self._titled: dict[str, list[int]] = {}
        self._run_by: dict[str, list[int]] = {}
        for row, title in enumerate(titles):
            for name in (title, _ASIDE.sub("", title)) if title.endswith(")") else (title,):
                self._titled.setdefault(_words(name), []).append(row)
        for row, keys in enumerate(organisations):
            for key in keys:
                self._run_by.setdefault(key, []).append(row)

    def lifted(self, scores: Scores, text: str, organisations: Sequence[str]) -> Scores:
        """Return scores with what was named lifted; `text` is the whole query as typed."""
        titled = self._titled.get(_words(text), [])
        if not titled and not organisations:
            return scores
        best = scores.max(initial=0)
        lifted = scores.copy()
        lifted[titled] += TITLE_LIFT * best
        run = {row for organisation in organisations for row in self._run_by.get(organisation, ())}
        lifted[np.array(sorted(run), dtype=np.intp)] += ORGANISATION_LIFT * best
        return lifted


def _words(text: str) -> str:
    """Return the words of a text without case and signs, so that a title in quotation marks is one too."""
    return " ".join(WORD.findall(text.casefold()))
