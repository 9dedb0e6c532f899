"""Suggested themes and topics as values: what learning returns and a snapshot keeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A theme that a practice may lack: how likely, and the wording that led to it.

    `probability` is that a person tagging the practice would have chosen the theme, as learnt from those
    they have tagged. `wording` holds signal phrases as they stand in the text, then other telling words;
    `quote` is the sentence with most of them.
    """

    practice: str
    theme: str
    probability: float
    wording: tuple[str, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class Topic:
    """Practices of several themes that share words outside the taxonomy: a theme that may be missing."""

    words: tuple[str, ...]
    practices: tuple[str, ...]
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well themes are found again in practices held back; None where nothing could be measured."""

    precision: float | None
    recall: float | None


NOT_MEASURED = Accuracy(None, None)
