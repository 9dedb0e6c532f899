"""Spelling correction, only for a word that search could not have known.

A wrong correction costs more than a missing one: an acronym or a term of the field turned into an everyday
word answers a question nobody asked. So whatever may be meant as typed stays as typed.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from functools import cached_property

from symspellpy import SymSpell, Verbosity
from symspellpy.suggest_item import SuggestItem

from search_service.text.analysis import MAX_TYPED_LENGTH, fold, is_stop, stem

MIN_LETTERS = 5
"""Most short words have a neighbour one letter away (rape, rope; DASH, dish), and most acronyms are short, so
a guess there would be wrong more often than right."""

MIN_LETTERS_FOR_TWO_EDITS = 7
"""Two edits change a third or more of a shorter word: "romans" would reach "woman"."""

MAX_EDITS = 2
"""A transposition counts as one (Damerau). Longer words get no more: three edits reach other words."""

PREFIX_LENGTH = 5
"""Letters of a word that the index contains deletions of; it changes only the cost. Measured with 15,000
words, typed with one or two slips: 5 builds in 0.13 s and 7 MB, with 0.05 ms a lookup; 4 saves little and has
lookups of 5 ms; symspellpy's own 7 takes twice as long and 30 MB."""


class FuzzyIndex:
    """The entries nearest to a typed text; built at the first lookup, safe to share between threads."""

    def __init__(self, frequencies: Mapping[str, int], prefix_length: int) -> None:
        """Take the entries with the frequency of each."""
        self._frequencies, self._prefix_length = frequencies, prefix_length
        self._lock = threading.Lock()

    def nearest(self, text: str, max_edits: int) -> list[SuggestItem]:
        """Return the entries with the fewest edits from `text`, the most frequent first."""
        with self._lock:  # symspellpy compares words in one scratch row
            found: list[SuggestItem] = self._index.lookup(text, Verbosity.CLOSEST, max_edits)
        return found

    @cached_property
    def _index(self) -> SymSpell:
        index = SymSpell(max_dictionary_edit_distance=MAX_EDITS, prefix_length=self._prefix_length)
        for text, frequency in self._frequencies.items():
            index.create_dictionary_entry(text, frequency)
        return index


class Speller:
    """The known words of a corpus, and the likeliest of them for a mistyped one.

    `frequencies` gives the document frequency of each folded word of the corpus; `protected` are folded words
    never to be corrected though no practice contains them: acronyms, synonyms, names. Safe to share between
    threads.
    """

    def __init__(self, frequencies: Mapping[str, int], protected: Collection[str]) -> None:
        self._known = frozenset(frequencies) | frozenset(protected)
        within_reach = {
            word: count for word, count in frequencies.items() if _letters(word) >= MIN_LETTERS - 1
        }
        self._index = FuzzyIndex(within_reach, PREFIX_LENGTH)

    def correct(self, word: str) -> str | None:
        """Return the known word most likely meant by a typed one, folded, or None to leave it as typed.

        The fewest edits win, then a word of which letters were left out or swapped, then the most practices,
        then the alphabet; both begin with the same letters. A word is known in all its forms, as search finds
        them all: "idvas" stays if "idva" is protected.
        """
        typed = word[:MAX_TYPED_LENGTH]
        if typed.removesuffix("s").isupper():  # MARAC, and MARACs
            return None
        folded = fold(typed)
        length, token = _letters(folded), stem(folded)
        if length < MIN_LETTERS or folded in self._known or token in self._stems or is_stop(token):
            return None
        edits = MAX_EDITS if length >= MIN_LETTERS_FOR_TWO_EDITS else 1
        near = [
            item
            for item in self._index.nearest(folded, edits)
            if _same_beginning(folded, item.term, item.distance)
        ]
        best = min(
            near,
            key=lambda item: (item.distance, not _is_slip(folded, item.term), -item.count, item.term),
            default=None,
        )
        return None if best is None else str(best.term)

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(map(stem, self._known))


def _same_beginning(typed: str, word: str, edits: int) -> bool:
    """Tell whether two words share their first letter, or one edit dropped, added or swapped it.

    People seldom mistake the first letter of a word: "vapes" are no "rapes".
    """
    moved = typed[1:] == word or word[1:] == typed or typed[:2] == word[1::-1]
    return typed[0] == word[0] or (edits == 1 and moved)


def _is_slip(typed: str, word: str) -> bool:
    """Tell whether letters of a word were only left out or only reordered.

    These are the commonest slips: "trafiking" is "trafficking" rather than "training", which is as near.
    """
    rest = iter(word)
    return all(letter in rest for letter in typed) or sorted(typed) == sorted(word)


def _letters(word: str) -> int:
    """Return how many letters a folded word has; 0 if it has anything but letters and apostrophes."""
    letters = word.replace("'", "")
    return len(letters) if letters.isalpha() else 0
