"""The wording that led to a suggestion, as it stands in the practice's text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search_service.practices.model import Practice
from search_service.text.analysis import content_stems
from search_service.text.markup import to_plain
from search_service.text.sentences import sentence_spans
from search_service.themes.signals import Signals, Words, wordings

MOST_PHRASES, MOST_WORDS = 3, 3
"""Signal phrases and further words that are shown: enough to judge by, few enough to read."""


def wording_of(theme: str, words: Words, signals: Signals, weights: Mapping[str, float]) -> tuple[str, ...]:
    """Return the theme's signal phrases in the text, then the words that weigh most for it.

    `weights` holds what each stem weighs; only those that speak for the theme are named.
    """
    phrases = wordings(signals, words).get(theme, ())[:MOST_PHRASES]
    told = {stem for phrase in phrases for stem in content_stems(phrase)}
    telling = sorted(
        (stem for stem, weight in weights.items() if weight > 0 and stem not in told and not stem.isdigit()),
        key=lambda stem: (-weights[stem], stem),
    )
    return (*phrases, *(_as_written(stem, words) for stem in telling[:MOST_WORDS]))


def _as_written(stem: str, words: Words) -> str:
    """Return a word as the text has it where it stands last, which is seldom its title."""
    token = next(token for token in reversed(words.tokens) if token.stem == stem)
    return words.text[token.start : token.end]


def quote_of(practice: Practice, wording: Sequence[str]) -> str:
    """Return the sentence that holds most of the wording, the earliest of equals."""
    wanted = {stem for phrase in wording for stem in content_stems(phrase)}
    text = "\n".join([practice.summary, *(to_plain(section) for _, section in practice.texts())])
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    return max(sentences, key=lambda said: len(wanted.intersection(content_stems(said))), default="")
