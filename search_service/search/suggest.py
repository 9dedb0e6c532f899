"""Suggestions while somebody types: titles, themes, organisations and phrases that practices use.

Every word typed must begin a word of the suggestion, in any order, whatever the case and the accents.
First comes what begins as typed, then themes, organisations, phrases and titles, each the most used first.
"""

from __future__ import annotations

import itertools
import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_service.practices.collection import columns_of
from search_service.practices.model import Practice
from search_service.practices.reuse import Reuse
from search_service.practices.taxonomy import Taxonomy
from search_service.text.analysis import STOP_WORDS, folded_words

KINDS = ("theme", "organisation", "phrase", "practice")
"""What can be suggested, in the order in which it is where nothing else decides."""

LONGEST_PHRASE = 3
"""Words; longer runs repeat by copying, not because people say so."""

FEWEST_USES = 3
"""A phrase is suggested if so many practices have it in title or summary."""

MOST_CHANGED = 0.1
"""From this share of practices on that were added or changed since phrases were counted, all are counted
anew: reading titles and summaries is half of the work, and one changed practice adds hardly a phrase."""

MOST_TYPED = 8
"""Words of what was typed that are looked at; people choose after one or two."""

MAX_COMPARED = 2_000
"""Suggestions looked at: bounds the work of "a" in a large collection. They are the first in their order."""

MOST_ALIKE = 6
"""Words of one suggestion that begin alike ("county council's community conference"): hardly ever more."""

MOST_PHRASES = 5_000
"""The most used; nobody types towards the others, and they would double the index of a large collection."""

_CLAUSE_ENDS = re.compile(r"[^\w\s'’&-]+")
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
    """The suggestions of one snapshot in their order, and for every known word those that hold it.

    `texts` are the words of each suggestion, a space before each. The suggestions that hold known word i
    stand at `first[i]` to `first[i + 1]` of `places`.
    """

    def __init__(
        self,
        suggestions: Sequence[Suggestion],
        texts: Sequence[str],
        known: Sequence[str],
        arrays: Mapping[str, NDArray[np.int32]],
    ) -> None:
        self._suggestions, self._texts, self._known = suggestions, texts, known
        self._first, self._places = arrays["first"], arrays["places"]
        self._changed = int(arrays.get("changed", 0))

    @classmethod
    def of(
        cls, suggestions: Sequence[Suggestion], changed: int = 0, previous: Suggester | None = None
    ) -> Suggester:
        """Index suggestions, which are in the order in which they are to come.

        `changed` counts the practices that came after their phrases were counted. Words of what `previous`
        suggested too are not read again.
        """
        read = previous._words_by_name() if previous else {}
        texts = [read.get((one.text, one.names)) or _spaced(f"{one.text} {one.names}") for one in suggestions]
        holding: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            for word in dict.fromkeys(text.split()):
                holding.setdefault(word, []).append(place)
        known = sorted(holding)
        arrays = {
            "first": np.cumsum([0, *(len(holding[word]) for word in known)], dtype=np.int32),
            "places": np.array([place for word in known for place in holding[word]], dtype=np.int32),
            "changed": np.array(changed, dtype=np.int32),
        }
        return cls(suggestions, texts, known, arrays)

    @classmethod
    def build(
        cls,
        practices: Sequence[Practice],
        taxonomy: Taxonomy,
        previous: Suggester | None = None,
        reuse: Reuse | None = None,
    ) -> Suggester:
        """Collect what can be suggested of `practices`.

        With what was suggested of the last snapshot, phrases are taken over as long as few practices have
        changed since they were counted; titles, themes and organisations never are.
        """
        changed = 0 if previous is None or reuse is None else previous._changed + len(reuse.changed)
        if previous is None or reuse is None or changed > MOST_CHANGED * len(practices):
            changed = 0
            phrases = [Suggestion("phrase", text, "", uses) for text, uses in phrases_of(practices)]
        else:
            phrases = [one for one in previous._suggestions if one.kind == "phrase"]
        columns = columns_of(practices)
        themes, organisations = (
            Counter(itertools.chain.from_iterable(columns.values[name])) for name in ("theme", "organisation")
        )
        titles = {title.casefold() for title in columns.titles}
        found = [
            *_of_list("theme", themes, taxonomy),
            *_of_list("organisation", organisations, taxonomy),
            *(one for one in phrases if one.text not in titles),
            *(
                Suggestion("practice", title, key, 1)
                for key, title in zip(columns.ids, columns.titles, strict=True)
            ),
        ]
        order = {kind: place for place, kind in enumerate(KINDS)}
        return cls.of(
            sorted(found, key=lambda one: (order[one.kind], -one.practices, one.text)), changed, previous
        )

    def save(self, folder: Path) -> None:
        """Write the suggestions into `folder`."""
        rows = [(one.kind, one.text, one.id, one.practices, one.names) for one in self._suggestions]
        text = json.dumps(
            {"suggestions": rows, "texts": self._texts, "known": self._known}, ensure_ascii=False
        )
        (folder / "completions.json").write_text(text, encoding="utf-8")
        arrays = {"first": self._first, "places": self._places, "changed": np.array(self._changed)}
        np.savez(folder / "suggestions.npz", allow_pickle=False, **arrays)

    @classmethod
    def load(cls, folder: Path) -> Suggester:
        """Read what `save` wrote."""
        stored = json.loads((folder / "completions.json").read_text(encoding="utf-8"))
        suggestions = [Suggestion(*row) for row in stored["suggestions"]]
        with np.load(folder / "suggestions.npz", allow_pickle=False) as arrays:
            return cls(suggestions, stored["texts"], stored["known"], dict(arrays))

    def _words_by_name(self) -> dict[tuple[str, str], str]:
        pairs = zip(self._suggestions, self._texts, strict=True)
        return {(one.text, one.names): text for one, text in pairs}

    def practices_by_text(self) -> dict[str, int]:
        """Return every suggestion's text with how many practices it is of."""
        return {one.text: one.practices for one in self._suggestions}

    def suggest(self, text: str, limit: int) -> list[Suggestion]:
        """Return up to `limit` suggestions for what was typed so far; none where no word was."""
        typed = folded_words(text)[:MOST_TYPED]
        if not typed:
            return []
        beginning = "".join(f" {word}" for word in typed)
        begins = self._those(typed, limit, lambda text: text.startswith(beginning))
        holding = self._those(typed, limit, lambda text: all(f" {word}" in text for word in typed))
        return [self._suggestions[place] for place in dict.fromkeys([*begins, *holding])][:limit]

    def _those(self, typed: Sequence[str], limit: int, fits: Callable[[str], bool]) -> list[int]:
        """Return the first suggestions whose words fit, of those that hold the longest word typed."""
        candidates = self._candidates(max(typed, key=len), MAX_COMPARED).tolist()
        return list(itertools.islice((place for place in candidates if fits(self._texts[place])), limit))

    def _candidates(self, prefix: str, limit: int) -> NDArray[np.int32]:
        """Return the first `limit` suggestions with a word that begins with `prefix`, in their order."""
        low = bisect_left(self._known, prefix)
        high = bisect_left(self._known, prefix + _LAST, low)
        places = self._places[self._first[low] : self._first[high]]
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
    for clause in _CLAUSE_ENDS.split(text):
        words = folded_words(clause)
        tells = [word not in STOP_WORDS for word in words]
        for first in range(len(words) - 1):
            for last in range(first + 1, min(first + LONGEST_PHRASE, len(words))):
                if tells[first] and tells[last]:
                    yield tuple(words[first : last + 1])


def _of_list(name: str, counts: Mapping[str, int], taxonomy: Taxonomy) -> Iterable[Suggestion]:
    for term in taxonomy.terms(name).values():
        if counts.get(term.id):
            names = getattr(term, "also", ()) or getattr(term, "everyday", ())
            yield Suggestion(name, term.label, term.id, counts[term.id], "\n".join(names))


def _spaced(text: str) -> str:
    """Return the words of a text with a space before each."""
    return "".join(f" {word}" for word in folded_words(text))
