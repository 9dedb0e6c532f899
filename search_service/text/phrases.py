"""Did you mean, for words that exist and together say nothing: "count lines" for "county lines".

Such words are never replaced, for they may be meant; what is near them is offered. It is near if it is an
edit or two away, spaces counted, so that "countylines" is understood too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence

from symspellpy import SymSpell, Verbosity

from search_service.text.analysis import WORD, Token, analyse, fold, folded_words, is_stop, stem

SHORTEST = 8
"""Letters and spaces: among shorter ones, one letter's difference is often another phrase in use."""

SHORTEST_FOR_TWO_EDITS = 12
"""Letters and spaces. Two edits turn a shorter phrase into another ("hate crime", "bike crime"). Only a query
as a whole may have two: looking for them takes 0.03 ms, three times as long as for one."""

LONGEST_RUN = 3
"""Words looked at together; nearly every known phrase has two or three."""

MAX_EDITS = 2
"""As for words (`spelling.MAX_EDITS`)."""

LONGEST_PHRASE = LONGEST_RUN + MAX_EDITS
"""Words of the longest phrase that so many typed words can be, since an edit parts two words at most. Longer
ones, which most titles are, are left out unread: of 14,000 suggestions reading all took 0.1 s."""

MOST_WORDS = 3
"""In a longer query neighbouring words say nothing together by chance. It also bounds the work."""

PREFIX_LENGTH = 7
"""symspellpy's own."""

PhraseExists = Callable[[Sequence[str]], bool]
"""Tells whether any text contains stems as a phrase."""


class PhraseSpeller:
    """Known phrases with how often each is used, and the one nearest to a run of typed words.

    `protected` are folded words that a correction never takes away: acronyms, names, terms of the field.
    Safe to share between threads. The index is built when first needed.
    """

    def __init__(self, phrases: Mapping[str, int], protected: Collection[str]) -> None:
        self._phrases = {
            " ".join(folded_words(text)): count
            for text, count in phrases.items()
            if len(WORD.findall(text)) <= LONGEST_PHRASE
        }
        self._protected = frozenset(protected)
        self._index: SymSpell | None = None
        self._lock = threading.Lock()

    def offer(self, text: str, missing: Collection[str], phrase_exists: PhraseExists) -> str | None:
        """Return `text` with the first impossible run of words replaced, or None.

        Known phrases stay as they are, and so does any phrase of a text: `phrase_exists` is asked only when
        there is something to offer. A single word is looked at if it is one of `missing`.
        """
        tokens = list(analyse(text))
        if len(tokens) > MOST_WORDS:
            return None
        for length in range(min(LONGEST_RUN, len(tokens)), 0, -1):
            for first in range(len(tokens) - length + 1):
                run = tokens[first : first + length]
                if length == 1 and text[run[0].start : run[0].end] not in missing:
                    continue
                is_whole = length == len(tokens)
                meant = self._nearest(text, run, MAX_EDITS if is_whole else 1)
                if meant and not phrase_exists([token.stem for token in run]):
                    return f"{text[: run[0].start]}{meant}{text[run[-1].end :]}"
        return None

    def _nearest(self, text: str, run: Sequence[Token], edits: int) -> str | None:
        """Return the known phrase nearest to a run of words, unless the run is to stay as it is."""
        words = [text[token.start : token.end] for token in run]
        folded = " ".join(map(fold, words))
        if len(folded) < SHORTEST or folded in self._phrases:
            return None
        with self._lock:  # symspellpy compares words in one scratch row
            if self._index is None:
                self._index = self._build()
            edits = edits if len(folded) >= SHORTEST_FOR_TWO_EDITS else 1
            found = self._index.lookup(folded, Verbosity.CLOSEST, edits)
        meant = (str(one.term) for one in found)
        return next((phrase for phrase in meant if self._may_replace(words, phrase)), None)

    def _may_replace(self, words: Sequence[str], phrase: str) -> bool:
        """Tell whether a phrase is another one, and leaves every word that is right as it is."""
        gone = [word for word in words if fold(word) not in phrase.split()]
        if any(word.removesuffix("s").isupper() or fold(word) in self._protected for word in gone):
            return False
        return _telling(phrase) != _telling(" ".join(map(fold, words)))

    def _build(self) -> SymSpell:
        index = SymSpell(max_dictionary_edit_distance=MAX_EDITS, prefix_length=PREFIX_LENGTH)
        for text, count in self._phrases.items():
            if len(text) >= SHORTEST:
                index.create_dictionary_entry(text, count)
        return index


def _telling(text: str) -> list[str]:
    """Return the stems that matter: an ending or a function word makes no other phrase."""
    return [token for word in text.split() if not is_stop(token := stem(word))]
