"""Whether a word, or a text, is English: texts of another language match the corpus by chance only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from search_service.text.analysis import STOP_WORDS, Token

DICTIONARY = "frequency_dictionary_en_82_765.txt"
"""symspellpy's own list of English words, one a line, each followed by its count."""

MIN_FUNCTION_WORDS = 0.15
"""The share of function words from which a text is taken for English. Every shipped practice has 0.32 or
more, and any 40 words of one 0.19 or more; of eight paragraphs in French, German, Welsh and Polish none has
over 0.13. English notes without function words have less too (docs/similar-drafts.md)."""


def is_english(word: str) -> bool:
    """Return whether a folded word is in the dictionary."""
    return f"\n{word} ".encode() in _dictionary()


def is_english_text(text: str, tokens: Sequence[Token]) -> bool:
    """Return whether a text, analysed into `tokens`, is English by its share of function words."""
    words = [text[token.start : token.end].casefold().replace("’", "'") for token in tokens]
    return bool(words) and sum(word in STOP_WORDS for word in words) / len(words) >= MIN_FUNCTION_WORDS


@cache
def _dictionary() -> bytes:
    """Return the dictionary as it is stored: looking through it takes 0.6 ms, and a set would hold 9 MB."""
    return b"\n" + files("symspellpy").joinpath(DICTIONARY).read_bytes().replace(b"\r\n", b"\n")
