"""Say the same in other words: a deterministic reworder for texts about police practice.

Words and phrases are replaced by a table made by hand, some are dropped, some added, some put into another
form, and the sentences are put into another order. What comes out need not be good English; it must say
the same of the same initiative, with a third of its telling words changed.
"""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

REPLACED = 0.6
"""The share of words with an entry that are replaced: with the table below a third of all telling words."""

DROPPED, ADDED = 0.04, 0.05
"""The share of words left out, and the chance of one more after a word."""

FILLERS = (
    "generally", "locally", "usually", "basically", "overall", "broadly", "currently", "simply", "therefore",
    "additionally", "essentially", "typically", "initially", "jointly", "directly", "gradually",
)  # fmt: skip

INSTEAD = {
    row["said"]: row["instead"]
    for row in csv.DictReader(Path(__file__).with_suffix(".csv").read_text(encoding="utf-8").splitlines())
}
"""What is said instead of a word or a run of words: made by hand."""

PHRASES = sorted((said for said in INSTEAD if " " in said), key=len, reverse=True)

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_PHRASE = re.compile(rf"\b(?:{'|'.join(PHRASES)})\b", re.I)

FORMS = (
    (re.compile(r"(?<=[a-z]{3})ies\b"), "y"),
    (re.compile(r"(?<=[a-rt-z]{4})s\b"), ""),
    (re.compile(r"(?<=[a-z]{4})ation\b"), "ating"),
    (re.compile(r"(?<=[a-z]{4})ment\b"), "ing"),
)
"""Other forms of a word that is left as it is: most keep their stem, some do not."""


def reworded(sentences: list[str], chance: random.Random) -> str:
    """Return sentences in other words and another order."""
    said = [_said_otherwise(sentence, chance) for sentence in sentences]
    chance.shuffle(said)
    return " ".join(said)


def _said_otherwise(sentence: str, chance: random.Random) -> str:
    text = _PHRASE.sub(lambda found: _like(found[0], INSTEAD[found[0].lower()]), sentence)
    return re.sub(r"  +", " ", _WORD.sub(lambda found: _word(found[0], chance), text)).strip()


def _word(word: str, chance: random.Random) -> str:
    """Return what stands for one word: another, another form of it, nothing, or it and one more."""
    if chance.random() < DROPPED:
        return ""
    replacement = INSTEAD.get(word.lower())
    if replacement and chance.random() < REPLACED:
        word = _like(word, replacement)
    else:
        for ending, other in FORMS:
            word = ending.sub(other, word)
    return f"{word} {chance.choice(FILLERS)}" if chance.random() < ADDED else word


def _like(model: str, word: str) -> str:
    """Return a word with a capital where its model has one."""
    return word[0].upper() + word[1:] if model[0].isupper() else word
