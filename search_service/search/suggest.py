"""Suggestions while somebody types: titles, themes, organisations and phrases that practices use.

Every word typed must begin a word of the suggestion, in any order, whatever the case and the accents.
First comes what begins as typed, then themes, organisations, phrases and titles, each the most used first.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_service.practices.model import Practice
from search_service.practices.taxonomy import Taxonomy
from search_service.text.analysis import analyse, fold, is_stop

KINDS = ("theme", "organisation", "phrase", "practice")
"""What can be suggested, in the order in which it is where nothing else decides."""

LONGEST_PHRASE = 3
"""Words; longer runs repeat by copying, not because people say so."""

FEWEST_USES = 3
"""A phrase is suggested if so many practices have it in title or summary."""

MOST_TYPED = 8
"""Words of what was typed that are looked at; people choose after one or two."""

MOST_COMPARED = 2_000
"""Suggestions looked at for one of several words: bounds the work of "a b" in a large collection."""

MOST_ALIKE = 6
"""Words of one suggestion that begin alike ("county council's community conference"): hardly ever more."""

MOST_PHRASES = 5_000
"""The most used; nobody types towards the others, and they would double the index of a large collection."""

_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to search for or go to: its kind (see `KINDS`), text, id, and how many practices it is of.

    The id is that of a theme, organisation or practice, and empty for a phrase. `names` holds what else it
    goes by, a line each: it is suggested for those words too.
    """

    kind: str
    text: str
    id: str
    practices: int
    names: str = ""


class Suggester:
    """The suggestions of one snapshot in their order, and for every word those that hold it."""

    def __init__(self, suggestions: Sequence[Suggestion]) -> None:
        self._suggestions = suggestions
        self._words = [_words(f"{one.text} {one.names}") for one in suggestions]
        pairs = sorted({(word, place) for place, words in enumerate(self._words) for word in words})
        self._sorted = [word for word, _ in pairs]
        self._places = np.array([place for _, place in pairs], dtype=np.int32)

    @classmethod
    def build(cls, practices: Sequence[Practice], taxonomy: Taxonomy) -> Suggester:
        """Collect what can be suggested of `practices`."""
        themes = Counter(key for practice in practices for key in practice.values("theme"))
        organisations = Counter(key for practice in practices for key in practice.values("organisation"))
        found = [
            *_of_list("theme", themes, taxonomy),
            *_of_list("organisation", organisations, taxonomy),
            *(Suggestion("phrase", text, "", uses) for text, uses in phrases_of(practices)),
            *(Suggestion("practice", practice.title, practice.id, 1) for practice in practices),
        ]
        unique = {tuple(_words(one.text)): one for one in reversed(found)}
        order = {kind: place for place, kind in enumerate(KINDS)}
        return cls(sorted(unique.values(), key=lambda one: (order[one.kind], -one.practices, one.text)))

    def save(self, folder: Path) -> None:
        """Write the suggestions into `folder`."""
        rows = [(one.kind, one.text, one.id, one.practices, one.names) for one in self._suggestions]
        (folder / "suggestions.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Suggester:
        """Read what `save` wrote."""
        rows = json.loads((folder / "suggestions.json").read_text(encoding="utf-8"))
        return cls([Suggestion(*row) for row in rows])

    def texts(self) -> dict[str, int]:
        """Return every suggestion's text with how many practices it is of."""
        return {one.text: one.practices for one in self._suggestions}

    def suggest(self, text: str, limit: int) -> list[Suggestion]:
        """Return up to `limit` suggestions for what was typed so far; none where no word was."""
        typed = _words(text)[:MOST_TYPED]
        if not typed:
            return []
        begins = self._beginning(typed, limit)
        others = (place for place in self._holding(typed, limit + len(begins)) if place not in set(begins))
        return [self._suggestions[place] for place in [*begins, *others][:limit]]

    def _beginning(self, typed: Sequence[str], limit: int) -> list[int]:
        """Return the first suggestions whose first words are those typed."""
        found = (
            place
            for place in self._candidates(max(typed, key=len), MOST_COMPARED).tolist()
            if _begins(self._words[place], typed)
        )
        return [place for place, _ in zip(found, range(limit), strict=False)]

    def _holding(self, typed: Sequence[str], limit: int) -> list[int]:
        """Return the first suggestions that hold every word typed, in any order."""
        if len(typed) == 1:
            places: list[int] = self._candidates(typed[0], limit).tolist()
            return places
        found = (
            place
            for place in self._candidates(max(typed, key=len), MOST_COMPARED).tolist()
            if all(any(own.startswith(word) for own in self._words[place]) for word in typed)
        )
        return [place for place, _ in zip(found, range(limit), strict=False)]

    def _candidates(self, prefix: str, limit: int) -> NDArray[np.int32]:
        """Return the first `limit` suggestions with a word that begins with `prefix`, in their order."""
        low = bisect_left(self._sorted, prefix)
        places = self._places[low : bisect_left(self._sorted, prefix + _LAST, low)]
        most = limit * MOST_ALIKE
        if len(places) > most:
            places = np.partition(places, most)[:most]
        return np.unique(places)[:limit]


def phrases_of(practices: Iterable[Practice]) -> list[tuple[str, int]]:
    """Return the runs of words that titles and summaries share, with how many practices have each.

    A run neither begins nor ends with a function word; one that only ever stands within a longer one is
    left out for it.
    """
    uses = Counter[tuple[str, ...]]()
    for practice in practices:
        uses.update(set(_runs(practice.title)) | set(_runs(practice.summary)))
    frequent = {run: count for run, count in uses.items() if count >= FEWEST_USES}
    within = Counter[tuple[str, ...]]()
    for run, count in frequent.items():
        for part in (run[:-1], run[1:]):
            within[part] = max(within[part], count)
    whole = Counter({" ".join(run): count for run, count in frequent.items() if within[run] < count})
    return whole.most_common(MOST_PHRASES)


def _runs(text: str) -> Iterable[tuple[str, ...]]:
    tokens = list(analyse(text))
    for first, token in enumerate(tokens):
        if is_stop(token.stem):
            continue
        for last in range(first + 1, min(first + LONGEST_PHRASE, len(tokens))):
            between = text[tokens[last - 1].end : tokens[last].start]
            if between.strip(" -"):
                break
            if not is_stop(tokens[last].stem):
                yield tuple(fold(text[one.start : one.end]) for one in tokens[first : last + 1])


def _of_list(name: str, counts: Mapping[str, int], taxonomy: Taxonomy) -> Iterable[Suggestion]:
    for term in taxonomy.terms(name).values():
        if counts.get(term.id):
            names = getattr(term, "also", ()) or getattr(term, "everyday", ())
            yield Suggestion(name, term.label, term.id, counts[term.id], "\n".join(names))


def _words(text: str) -> list[str]:
    return [fold(text[token.start : token.end]) for token in analyse(text)]


def _begins(words: Sequence[str], typed: Sequence[str]) -> bool:
    """Tell whether words begin with those typed, the last of which may not be finished."""
    first, last = list(typed[:-1]), typed[-1]
    return list(words[: len(first)]) == first and any(w.startswith(last) for w in words[len(first) :][:1])
