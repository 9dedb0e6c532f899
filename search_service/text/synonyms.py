"""Synonyms, applied to queries (query expansion) and never to the index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from search_service.text.analysis import content_stems

Phrase = tuple[str, ...]


class Expansion(NamedTuple):
    """A run of query stems, [start, end), and its synonyms."""

    start: int
    end: int
    alternatives: tuple[Phrase, ...]


def phrase(text: str) -> Phrase:
    """Return a wording as stems, without stop words."""
    return tuple(content_stems(text))


class Synonyms:
    """The synonyms of every wording; the longest wording in a query wins."""

    def __init__(self, alternatives: Mapping[Phrase, Sequence[Phrase]]) -> None:
        self._alternatives = {key: tuple(dict.fromkeys(v)) for key, v in alternatives.items()}
        self._longest = max((len(key) for key in self._alternatives), default=0)

    @classmethod
    def from_lists(
        cls, groups: Iterable[Sequence[str]], one_way: Iterable[tuple[str, Sequence[str]]]
    ) -> Synonyms:
        """Build from groups of synonyms and from one-way pairs (typed, also search for)."""
        table: dict[Phrase, list[Phrase]] = {}
        for terms in groups:
            phrases = [phrase(term) for term in terms]
            for own in phrases:
                table.setdefault(own, []).extend(p for p in phrases if p != own)
        for typed, targets in one_way:
            own = phrase(typed)
            table.setdefault(own, []).extend(p for p in map(phrase, targets) if p != own)
        table.pop((), None)
        return cls({key: found for key, values in table.items() if (found := [p for p in values if p])})

    def expand(self, words: Sequence[str]) -> list[Expansion]:
        """Return the expansions of a query, longest wording first, none overlapping another."""
        found: list[Expansion] = []
        position = 0
        while position < len(words):
            for length in range(min(self._longest, len(words) - position), 0, -1):
                key = tuple(words[position : position + length])
                if key in self._alternatives:
                    found.append(Expansion(position, position + length, self._alternatives[key]))
                    position += length
                    break
            else:
                position += 1
        return found
