"""The one analysis chain: tokens, folding, stems and stop words.

Matching, ranking, snippets and similarity all read text through `analyse`, so a word that matches is also
ranked, marked and explained.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

MAX_WORD_LENGTH = 60
"""Longer runs of letters are pasted noise; they are cut so that they cannot fill an index."""

MAX_TYPED_LENGTH = 2 * MAX_WORD_LENGTH
"""How much of a run of letters is read at all: folding may shorten it, and the cache of stems must not keep a
pasted page as one word."""

STOP_WORDS = frozenset(
    re.findall(
        r"[\w']+",
        """
        a about above after again all also am an and any are as at be because been before being
        below between both but by can cannot could did do does doing done down during each either
        else ever every few for from further get gets getting give given go goes going got had has have
        having he her here hers herself him himself his how however i if in into is it its itself
        just let like me might more most much must my myself neither no nor not now of off on once
        one only or other our ours ourselves out over own please same shall she should so some
        someone something such than that the their theirs them themselves then there these they
        thing things this those through to too tried tries try trying under until up upon us use
        used using very via was we were what when where whether which while who whom whose why
        will with within without would yes yet you your yours yourself yourselves anyone anybody
        anything everyone everything somebody don't doesn't didn't can't couldn't won't wouldn't isn't
        aren't wasn't weren't hasn't haven't hadn't shouldn't i'm i've i'd i'll we're we've we'd we'll
        they're they've they'd they'll you're you've
        """,
    )
)
"""Stop words: English function words, and the verbs that carry a question ("has anyone done anything").

Our own list: the usual long ones contain words that matter here (fire, cry, found, system, call).
"""

SOFT_HYPHEN = "\u00ad"
"""Where a line may break within a word; invisible otherwise, and part of what people copy from a page."""

WORD = re.compile(r"(?:[^\W_][\u00ad\u0300-\u036f]*)+(?:['’](?:[^\W_][\u00ad\u0300-\u036f]*)+)*")
"""What counts as a word: letters and digits with their accents and soft hyphens, and apostrophes between."""

_POSSESSIVE = re.compile(r"['’]s?$")


class Token(NamedTuple):
    """One word of a text: its stem and its character offsets (end exclusive)."""

    stem: str
    start: int
    end: int


_local = threading.local()


def _stemmer() -> Stemmer.Stemmer:
    """Return this thread's stemmer: one is not safe to share between threads."""
    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer.Stemmer("english")
    return _local.stemmer


def stem(word: str) -> str:
    """Return the Snowball (English) stem of a word, folded."""
    return _stem(word[:MAX_TYPED_LENGTH])


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(fold(word)))


def fold(word: str) -> str:
    """Return a word without case, accents or possessive: "Clare’s" is "clare"."""
    folded = word.casefold()
    if not folded.isascii():
        folded = folded.replace(SOFT_HYPHEN, "")
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", folded).casefold())
        folded = "".join(c for c in folded if not unicodedata.combining(c))
    return _POSSESSIVE.sub("", folded).replace("’", "'")[:MAX_WORD_LENGTH]


def folded_words(text: str) -> list[str]:
    """Return every word of `text`, folded, in order."""
    return [word for match in WORD.finditer(text) if (word := fold(match[0]))]


def analyse(text: str) -> Iterator[Token]:
    """Yield every word of `text` in order, stop words included: phrases need them."""
    for match in WORD.finditer(text):
        token = stem(match[0])
        if token:
            yield Token(token, match.start(), match.end())


STOP_STEMS = frozenset(stem(word) for word in STOP_WORDS)


def is_stop(token: str) -> bool:
    """Tell whether a stem is a stop word, which ranks and explains nothing."""
    return token in STOP_STEMS


def content_stems(text: str) -> list[str]:
    """Return the stems of `text` without stop words, in order, repeats kept."""
    return [token.stem for token in analyse(text) if token.stem not in STOP_STEMS]
