"""Where the wording that points to a theme stands in a practice: the taxonomy's signal phrases.

A phrase matches in any form of its words and whatever function words stand between them, because both
are read through the one analysis chain. Everyday wordings are left out: they are there for what people
type, and in a text "cut", "follow" or "target" mean something else more often than not (docs/themes.md).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from search_service.practices.model import Practice
from search_service.practices.taxonomy import Concept
from search_service.text.analysis import Token, analyse, content_stems, is_stop
from search_service.themes.records import Floats

TITLE_TIMES, SUMMARY_TIMES = 3, 2
"""How often a word of the title or summary is counted, as for similarity (docs/relevancy.md)."""

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one practice that carry meaning, with where they stand in `text`."""

    text: str
    tokens: tuple[Token, ...]

    @property
    def stems(self) -> list[str]:
        """The stems in order, repeats kept."""
        return [token.stem for token in self.tokens]


def words_of(practice: Practice) -> Words:
    """Return a practice's words, those of title and summary as often as they count."""
    parts = [practice.title] * TITLE_TIMES + [practice.summary] * SUMMARY_TIMES
    text = "\n".join([*parts, *(section for _, section in practice.texts())])
    return words_of_text(text, analyse(text))


def words_of_text(text: str, tokens: Iterable[Token]) -> Words:
    """Return those of a text's tokens that carry meaning."""
    return Words(text, tuple(token for token in tokens if not is_stop(token.stem)))


class Signals:
    """The phrases of every theme, found in one pass over a text."""

    def __init__(self, themes: Sequence[Concept]) -> None:
        self.themes = [theme.id for theme in themes]
        self._by_first: dict[str, list[tuple[Phrase, int]]] = {}
        for column, theme in enumerate(themes):
            wordings = {tuple(content_stems(text)) for text in (theme.label, *theme.signals)}
            for phrase in sorted(wordings - {()}):
                self._by_first.setdefault(phrase[0], []).append((phrase, column))

    @property
    def stems(self) -> frozenset[str]:
        """Every stem that stands in a phrase."""
        return frozenset(stem for found in self._by_first.values() for phrase, _ in found for stem in phrase)

    def found(self, words: Words) -> Iterator[tuple[int, Phrase, str]]:
        """Yield (column of the theme, phrase, its wording in the text) for every match, in order."""
        stems = words.stems
        for at, stem in enumerate(stems):
            for phrase, column in self._by_first.get(stem, ()):
                if tuple(stems[at : at + len(phrase)]) == phrase:
                    start, end = words.tokens[at].start, words.tokens[at + len(phrase) - 1].end
                    yield column, phrase, words.text[start:end]

    def strengths(self, words: Words) -> Floats:
        """Return for each theme how strongly its phrases speak: the sum of 1 + ln n over phrases."""
        counts = Counter((column, phrase) for column, phrase, _ in self.found(words))
        strengths = np.zeros(len(self.themes))
        for (column, _), number in counts.items():
            strengths[column] += 1 + math.log(number)
        return strengths


def wordings(signals: Signals, words: Words) -> Mapping[str, tuple[str, ...]]:
    """Return the distinct wordings found for each theme: the longest say most, then the most frequent."""
    seen: dict[str, dict[str, int]] = {}
    for column, _, wording in signals.found(words):
        counts = seen.setdefault(signals.themes[column], {})
        key = " ".join(wording.split()).lower()
        counts[key] = counts.get(key, 0) + 1
    return {
        theme: tuple(sorted(counts, key=lambda wording: (-len(wording.split()), -counts[wording], wording)))
        for theme, counts in seen.items()
    }
