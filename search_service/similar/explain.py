"""Why two texts are alike: the words that make up the score, and what else they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search_service.practices.model import Practice
from search_service.similar.lists import LATENT_SHARE
from search_service.similar.neighbours import Vector

MAX_TERMS = 6
"""Words named for each recommendation; more are not read."""

COMPARED_LISTS = ("theme", "approach", "partner", "target_group")
"""Closed lists whose shared values are a reason."""

CONTRASTED_LISTS = ("evidence", "stage", "scale", "target_group", "region")
"""Closed lists in which a difference matters to someone who wants to copy the practice."""


@dataclass(frozen=True, slots=True)
class SharedTerm:
    """A word both texts use, as people write it, and its part of the score (0 to 1)."""

    word: str
    weight: float


@dataclass(frozen=True, slots=True)
class SharedValues:
    """The ids of one closed list that are shared, or that only the other practice has."""

    list_name: str
    ids: tuple[str, ...]


def shared_terms(one: Vector, other: Vector, words: Sequence[str]) -> tuple[tuple[SharedTerm, ...], float]:
    """Return the shared words that contributed most to the score, and what all others did together.

    The cosine of two vectors is the sum of the products of their weights, and counts 1 - L in the
    likeness (see `lists`): so a word's part of the score is (1 - L) times its product.
    """
    places = np.searchsorted(one[0], other[0])
    places[places == len(one[0])] = 0  # beyond the last: the comparison below finds that it is another
    both = one[0][places] == other[0] if len(one[0]) else np.zeros(len(other[0]), dtype=bool)
    common = other[0][both]
    parts = (1 - LATENT_SHARE) * (one[1][places[both]] * other[1][both])
    order = np.argsort(-parts, kind="stable")
    named = tuple(SharedTerm(words[common[place]], float(parts[place])) for place in order[:MAX_TERMS])
    return named, float(parts[order[MAX_TERMS:]].sum())


def shared_values(one: Practice, other: Practice) -> tuple[SharedValues, ...]:
    """Return what two practices have in common in each compared list."""
    pairs = ((name, _common(one.values(name), other.values(name))) for name in COMPARED_LISTS)
    return tuple(SharedValues(name, ids) for name, ids in pairs if ids)


def differing_values(one: Practice, other: Practice) -> tuple[SharedValues, ...]:
    """Return the other practice's values where the two have none in common."""
    return tuple(
        SharedValues(name, other.values(name))
        for name in CONTRASTED_LISTS
        if other.values(name) and not _common(one.values(name), other.values(name))
    )


def _common(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    return tuple(key for key in other if key in one)
