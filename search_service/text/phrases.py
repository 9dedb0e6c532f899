"""Did you mean, for words that exist but make no phrase together: "count lines" for "county lines".

Such words are never replaced, for they may be meant; the known phrase nearest to them is offered. Spaces
count as letters, so "countylines" is understood too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from search_service.text.analysis import WORD, Token, analyse, fold, folded_words, is_stop, stem
from search_service.text.spelling import MAX_EDITS, FuzzyIndex

MIN_LENGTH = 8
"""Letters and spaces: among shorter phrases, one letter's difference is often another phrase in use."""

MIN_LENGTH_FOR_TWO_EDITS = 12
"""Letters and spaces. Two edits turn a shorter phrase into another ("hate crime", "bike crime"). Only a query
as a whole may have two: looking for them takes 0.03 ms, three times as long as for one."""

MAX_RUN = 3
"""Words looked at together; nearly every known phrase has two or three."""

MAX_PHRASE_WORDS = MAX_RUN + MAX_EDITS
"""The longest phrase within reach of a run, since an edit splits two words at most. Longer ones, which most
titles are, are left out unread: of 14,000 suggestions reading all took 0.1 s."""

MAX_WORDS = 3
"""In a longer query neighbouring words make no phrase by chance. It also bounds the work."""

PREFIX_LENGTH = 7
"""symspellpy's own."""

PhraseExists = Callable[[Sequence[str]], bool]
"""Tells whether any text contains stems as a phrase."""


class PhraseSpeller:
    """Known phrases with the frequency of each, and the one nearest to a run of typed words.

    `protected` are folded words that a correction never takes away: acronyms, names, terms of the field.
    Safe to share between threads.
    """

    def __init__(self, phrases: Mapping[str, int], protected: Collection[str]) -> None:
        self._phrases = {
            " ".join(folded_words(text)): count
            for text, count in phrases.items()
            if len(WORD.findall(text)) <= MAX_PHRASE_WORDS
        }
        self._protected = frozenset(protected)
        long_enough = {text: count for text, count in self._phrases.items() if len(text) >= MIN_LENGTH}
        self._index = FuzzyIndex(long_enough, PREFIX_LENGTH)

    def offer(self, text: str, missing: Collection[str], phrase_exists: PhraseExists) -> str | None:
        """Return `text` with the first unknown run of words replaced by a known phrase, or None.

        Known phrases stay as they are, and so does any phrase of a text: `phrase_exists` is asked only when
        there is something to offer. A single word is looked at only if it is one of `missing`.
        """
        tokens = list(analyse(text))
        if len(tokens) > MAX_WORDS:
            return None
        for length in range(min(MAX_RUN, len(tokens)), 0, -1):
            for first in range(len(tokens) - length + 1):
                run = tokens[first : first + length]
                if length == 1 and text[run[0].start : run[0].end] not in missing:
                    continue
                is_whole = length == len(tokens)
                meant = self._nearest(text, run, MAX_EDITS if is_whole else 1)
                if meant and not phrase_exists([token.stem for token in run]):
                    return f"{text[: run[0].start]}{meant}{text[run[-1].end :]}"
        return None

    def _nearest(self, text: str, run: Sequence[Token], max_edits: int) -> str | None:
        """Return the known phrase nearest to a run of words, unless the run is to stay as it is."""
        words = [text[token.start : token.end] for token in run]
        folded = " ".join(map(fold, words))
        if len(folded) < MIN_LENGTH or folded in self._phrases:
            return None
        max_edits = max_edits if len(folded) >= MIN_LENGTH_FOR_TWO_EDITS else 1
        near = (str(item.term) for item in self._index.nearest(folded, max_edits))
        return next((phrase for phrase in near if self._may_replace(words, phrase)), None)

    def _may_replace(self, words: Sequence[str], phrase: str) -> bool:
        """Tell whether a phrase means something else, and keeps every word that must not change."""
        gone = [word for word in words if fold(word) not in phrase.split()]
        if any(word.removesuffix("s").isupper() or fold(word) in self._protected for word in gone):
            return False
        return _content(phrase.split()) != _content(map(fold, words))


def _content(words: Iterable[str]) -> list[str]:
    """Return the stems of content words: an ending or a stop word makes no other phrase."""
    return [token for token in map(stem, words) if not is_stop(token)]
