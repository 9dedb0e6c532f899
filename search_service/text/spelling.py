"""Did you mean: a correction is offered only for a word that search could not have known.

A wrong correction costs more than a missing one: an acronym or a term of the field turned into an
everyday word answers a question nobody asked. So whatever might be meant as typed stays as typed.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping

from symspellpy import SymSpell, Verbosity

from search_service.text.analysis import MAX_TYPED_LENGTH, fold, is_stop, stem

SHORTEST_CORRECTED = 5
"""Letters. Most short words have a neighbour one letter away (rape, rope; DASH, dish), and most acronyms
are short, so a guess there would be wrong more often than right."""

SHORTEST_FOR_TWO_EDITS = 7
"""Letters. Two edits change a third or more of a shorter word: "romans" would reach "woman"."""

MAX_EDITS = 2
"""A transposition counts as one (Damerau). Longer words get no more: three edits reach other words."""

PREFIX_LENGTH = 5
"""Letters of a word that the index holds deletions of; what is found does not depend on it, only the cost.
Measured with 15,000 words, typed with one or two slips: 5 builds in 0.13 s and 7 MB, with 0.05 ms a
lookup; 4 saves little and has lookups of 5 ms; symspellpy's own 7 takes twice as long and 30 MB."""


class Speller:
    """The known words of a corpus, and the most likely of them for one mistyped.

    `frequencies` gives each folded word of the corpus and how many practices hold it; `protected` the
    folded words never to be corrected though no practice holds them: acronyms, synonyms, names, titles.
    Safe to share between threads. The index is built when first needed, so that start-up does not wait.
    """

    def __init__(self, frequencies: Mapping[str, int], protected: Collection[str]) -> None:
        self._frequencies = dict(frequencies)
        self._protected = frozenset(protected)
        self._stems: frozenset[str] = frozenset()
        self._index: SymSpell | None = None
        self._lock = threading.Lock()

    def correct(self, word: str) -> str | None:
        """Return the known word most likely meant by a typed one, folded, or None to leave it as typed.

        The fewest edits win, then a word of which letters were left out or swapped, then the most practices,
        then the alphabet; both begin alike. A word is known in all its forms, as search finds them all:
        "idvas" stays where "idva" is protected.
        """
        typed = word[:MAX_TYPED_LENGTH]
        if typed.removesuffix("s").isupper():  # MARAC, and MARACs
            return None
        folded = fold(typed)
        length = _letters(folded)
        if length < SHORTEST_CORRECTED or folded in self._frequencies or folded in self._protected:
            return None
        edits = MAX_EDITS if length >= SHORTEST_FOR_TWO_EDITS else 1
        with self._lock:  # lookups too: symspellpy compares words in one scratch row
            if self._index is None:
                self._index = self._build()
            token = stem(folded)
            if token in self._stems or is_stop(token):
                return None
            found = self._index.lookup(folded, Verbosity.CLOSEST, edits)
        near = [item for item in found if _begin_alike(folded, item.term, item.distance)]
        best = min(
            near,
            key=lambda item: (item.distance, not _is_slip(folded, item.term), -item.count, item.term),
            default=None,
        )
        return None if best is None else str(best.term)

    def _build(self) -> SymSpell:
        """Return the index of the words that can be offered, and note the stems of all that are known."""
        self._stems = frozenset(map(stem, self._frequencies)) | frozenset(map(stem, self._protected))
        index = SymSpell(max_dictionary_edit_distance=MAX_EDITS, prefix_length=PREFIX_LENGTH)
        for word, practices in self._frequencies.items():
            if _letters(word) >= SHORTEST_CORRECTED - 1:  # no shorter one is within reach
                index.create_dictionary_entry(word, practices)
        return index


def _begin_alike(typed: str, word: str, edits: int) -> bool:
    """Tell whether two words begin with the same letter, or one edit dropped, added or swapped the first.

    People seldom mistake the letter that a word begins with: "vapes" are no "rapes".
    """
    moved = typed[1:] == word or word[1:] == typed or typed[:2] == word[1::-1]
    return typed[0] == word[0] or (edits == 1 and moved)


def _is_slip(typed: str, word: str) -> bool:
    """Tell whether letters of a word were only left out, or only stand in another order.

    These are the commonest slips: "trafiking" is "trafficking" rather than "training", which is as near.
    """
    rest = iter(word)
    return all(letter in rest for letter in typed) or sorted(typed) == sorted(word)


def _letters(word: str) -> int:
    """Return how many letters a folded word has; 0 if it holds anything but letters and apostrophes."""
    letters = word.replace("'", "")
    return len(letters) if letters.isalpha() else 0
