"""Whether a draft is English: the corpus is, and words of another language match it by chance only."""

from __future__ import annotations

from search_service.text.analysis import STOP_WORDS, analyse

ENOUGH_ENGLISH = 0.15
"""The share of function words from which a text is taken for English. Every shipped practice has 0.32 or
more, and any 40 words of one 0.19 or more; of eight paragraphs in French, German, Welsh and Polish none has
over 0.13. English notes without function words have less too (docs/similar-drafts.md)."""


def function_word_share(text: str) -> float:
    """Return the share of English function words among the words of a text, 0 where it has none."""
    words = [text[token.start : token.end].casefold().replace("’", "'") for token in analyse(text)]
    return sum(word in STOP_WORDS for word in words) / len(words) if words else 0.0


def is_english(text: str) -> bool:
    """Tell whether a text is English, as far as its function words show; only English can be compared."""
    return function_word_share(text) >= ENOUGH_ENGLISH
