"""Themes that a text seems to be on, told from signal phrases alone: quick enough to ask on each request.

What a build suggests for practices is learnt from all of them, and needs scikit-learn (`tagging`). Of a text
that is seen once, the taxonomy's phrases say enough, and each can be shown as the reason (docs/themes.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from search_service.text.analysis import Token
from search_service.themes.records import Floats
from search_service.themes.signals import Signals, wordings, words_of_text

LEAST_SHARE = 0.4
"""Share of all signal phrases in a text from which a theme is suggested; so it is never more than two. On the
shipped practices, read as if they were drafts, precision is then 0.77 to 0.89 and recall 0.63 to 0.64; with
0.3 precision falls to 0.69, with 0.5 recall to 0.57 (docs/themes.md)."""

MOST_WORDINGS = 4
"""Phrases shown for a theme: more are not read."""


@dataclass(frozen=True, slots=True)
class TextTheme:
    """A theme that a text seems to be on, and the phrases that say so as they stand in it, lower case."""

    theme: str
    wording: tuple[str, ...]


def themes_of_text(text: str, tokens: Iterable[Token], signals: Signals) -> tuple[TextTheme, ...]:
    """Return the themes that a text's signal phrases point to, the clearest first; there may be none."""
    words = words_of_text(text, tokens)
    strengths = signals.strengths(words)
    shares = strengths / max(float(strengths.sum()), 1.0)
    found = wordings(signals, words)
    return tuple(
        TextTheme(theme, found[theme][:MOST_WORDINGS])
        for theme, share in _by_share(signals, shares)
        if share >= LEAST_SHARE
    )


def _by_share(signals: Signals, shares: Floats) -> list[tuple[str, float]]:
    """Return each theme with its share, the greatest first, equals in the order of the taxonomy."""
    return sorted(zip(signals.themes, shares.tolist(), strict=True), key=lambda pair: -pair[1])
