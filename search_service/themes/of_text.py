"""A text read as a draft: its themes, found by signal phrases alone, and the parts that it lacks.

The themes that a build suggests for practices are learnt from all of them with scikit-learn (`tagging`). For
a text that is seen once signal phrases are enough, quick, and each can be shown as the reason
(docs/themes.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from search_service.drafts.parts import Part, missing_parts
from search_service.text.analysis import Token, analyse
from search_service.text.english import is_english_text
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


class Draft(NamedTuple):
    """The themes that a text is on and the parts that it lacks; neither unless it is English."""

    is_english: bool
    themes: tuple[TextTheme, ...] = ()
    missing_parts: tuple[Part, ...] = ()

    @classmethod
    def read(cls, text: str, signals: Signals) -> Draft:
        """Analyse a text once, and read everything off that."""
        tokens = list(analyse(text))
        if not is_english_text(text, tokens):
            return cls(is_english=False)
        return cls(True, themes_of_text(text, tokens, signals), missing_parts(text))


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
