"""Which themes a practice looks to be about: a classifier, learnt from the themes people have confirmed.

For each theme a logistic regression over TF-IDF of the practice's words and two figures on the theme's
signal phrases: how strongly they speak, and their share of all signal phrases in the text. A theme with
few examples has only the signal phrases, weighed by what they are worth over all themes. A practice is
always judged by a model that has not seen it or its variants (cross-fitting), for one that has would say
what its tags say. Scores are made probabilities by Platt's logistic curve (J. Platt 1999).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from search_service.practices.collection import columns_of
from search_service.practices.model import Practice
from search_service.practices.taxonomy import Concept
from search_service.themes.evidence_phrases import quote_of, wording_of
from search_service.themes.records import Accuracy, Floats, Suggestion
from search_service.themes.signals import Signals, Words

FOLDS = 5
"""The usual number: four fifths to learn from, and each practice judged once."""

STRENGTH = 10.0
"""Inverse of the regularisation. Recall at a precision of 0.80 on the real corpus: 1 → 0.756, 3 → 0.775,
10 → 0.794, 30 → 0.797: where more gains nothing."""

FEWEST_EXAMPLES = 4
"""Practices with a theme, or without it, among those learnt from: with fewer only its phrases speak."""

SUGGESTED_FROM = 0.5
"""Probability from which a theme is suggested: more likely than not. On the real corpus precision
is then 0.86 and recall 0.74 (docs/themes.md)."""

MOST_LEARNT_FROM = 2_000
"""Practices that the models are learnt from; bounds a build, and more teach hardly anything new."""

STRONGEST = 6.0
"""Sum of 1 + ln n over phrases from which more of them say nothing new; four to six phrases."""

SEEN_IN, MOST_SHARE = 2, 0.5
"""A word in one practice teaches nothing, one in more than half of them is boilerplate."""

Matrix = Any
"""A sparse matrix of scipy, which has no types."""


@dataclass(frozen=True)
class Learnt:
    """What was learnt: suggestions, and how well held-back themes were found."""

    suggestions: tuple[Suggestion, ...]
    classifier: Accuracy
    signals_alone: Accuracy


@dataclass(frozen=True)
class Material:
    """What is learnt from: a row for each practice and a column for each theme."""

    stems: list[list[str]]
    phrases: Floats
    confirmed: NDArray[np.bool_]
    fold: NDArray[np.intp]

    def rows(self, chosen: NDArray[np.bool_]) -> list[list[str]]:
        """Return the words of the chosen practices."""
        return [stems for stems, wanted in zip(self.stems, chosen, strict=True) if wanted]


def learn(practices: Sequence[Practice], words: Sequence[Words], themes: Sequence[Concept]) -> Learnt:
    """Return the themes that practices seem to lack; none where there is too little to learn from."""
    signals = Signals(themes)
    material = material_of(practices, words, signals)
    if not _can_be_learnt(material):
        return Learnt((), Accuracy(None, None), Accuracy(None, None))
    scores, from_phrases, telling = cross_fitted(material)
    probabilities = calibrated(scores, material)
    missing = np.argwhere((probabilities >= SUGGESTED_FROM) & ~material.confirmed)
    suggestions = [
        _suggestion(
            practices[row],
            words[row],
            column,
            float(probabilities[row, column]),
            signals,
            telling[material.fold[row]],
        )
        for row, column in missing.tolist()
    ]
    suggestions.sort(key=lambda one: (one.practice, -one.probability, one.theme))
    return Learnt(
        tuple(suggestions),
        accuracy(probabilities >= SUGGESTED_FROM, material.confirmed),
        accuracy(from_phrases >= SUGGESTED_FROM, material.confirmed),
    )


def accuracy(suggested: NDArray[np.bool_], confirmed: NDArray[np.bool_]) -> Accuracy:
    """Return precision and recall over all pairs of practice and theme (micro)."""
    right = int((suggested & confirmed).sum())
    return Accuracy(
        right / int(suggested.sum()) if suggested.any() else None,
        right / int(confirmed.sum()) if confirmed.any() else None,
    )


def cross_fitted(material: Material) -> tuple[Floats, Floats, list[dict[str, Floats]]]:
    """Return the scores (log odds) of models that have not seen the practice.

    Also what signal phrases alone say (probabilities), and for each fold the weight of each word for
    every theme.
    """
    scores, from_phrases = np.zeros(material.confirmed.shape), np.zeros(material.confirmed.shape)
    telling = []
    for fold in range(FOLDS):
        held_back = material.fold == fold
        learnt = _learnt_from(~held_back)
        pooled = _pooled(material, learnt)
        from_phrases[held_back] = _pooled_probabilities(pooled, material.phrases[held_back])
        names, known, unseen = _vectors(material.rows(learnt), material.rows(held_back))
        weights = np.zeros((material.confirmed.shape[1], known.shape[1]))
        for theme in range(material.confirmed.shape[1]):
            is_confirmed = material.confirmed[learnt, theme]
            phrases = material.phrases[:, theme]
            if min(is_confirmed.sum(), (~is_confirmed).sum()) < FEWEST_EXAMPLES:
                scores[held_back, theme] = pooled.decision_function(phrases[held_back])
                continue
            model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0)
            model.fit(_beside(known, phrases[learnt]), is_confirmed)
            scores[held_back, theme] = model.decision_function(_beside(unseen, phrases[held_back]))
            weights[theme] = model.coef_[0, : known.shape[1]]
        telling.append(dict(zip(names, weights.T, strict=True)))
    return scores, from_phrases, telling


def calibrated(scores: Floats, material: Material) -> Floats:
    """Turn scores into probabilities; those of a fold by a curve fitted to the others."""
    probabilities = np.zeros(scores.shape)
    for fold in range(FOLDS):
        held_back = material.fold == fold
        others = material.confirmed[~held_back].ravel()
        curve = LogisticRegression(C=1e6).fit(scores[~held_back].reshape(-1, 1), others)
        found = curve.predict_proba(scores[held_back].reshape(-1, 1))[:, 1]
        probabilities[held_back] = found.reshape(-1, scores.shape[1])
    return probabilities


def material_of(practices: Sequence[Practice], words: Sequence[Words], signals: Signals) -> Material:
    """Lay out words, phrases, confirmed themes and folds."""
    strengths = np.array([signals.strengths(one) for one in words]).reshape(len(words), len(signals.themes))
    share = strengths / np.maximum(strengths.sum(axis=1, keepdims=True), 1.0)
    confirmed = [[theme in practice.themes for theme in signals.themes] for practice in practices]
    return Material(
        stems=[one.stems for one in words],
        phrases=np.stack([np.minimum(strengths, STRONGEST) / STRONGEST, share], axis=2),
        confirmed=np.array(confirmed, dtype=bool).reshape(strengths.shape),
        fold=np.array([_fold(family) for family in columns_of(practices).families], dtype=np.intp),
    )


def _fold(family: str) -> int:
    """Return the fold of a family's practices, the same in every build."""
    return int(hashlib.sha256(family.encode()).hexdigest(), 16) % FOLDS


def _can_be_learnt(material: Material) -> bool:
    """Tell whether every model would see practices with and without some theme, and words to go by."""
    for fold in range(FOLDS):
        learnt = material.fold != fold
        seen = material.confirmed[learnt]
        if len(set(material.fold.tolist())) < FOLDS or not seen.any() or seen.all():
            return False
        if seen.sum() < FEWEST_EXAMPLES * FOLDS:
            return False
    return True


def _learnt_from(known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return at most `MOST_LEARNT_FROM` of the known practices, evenly spread."""
    rows = np.flatnonzero(known)
    chosen = np.zeros(len(known), dtype=bool)
    chosen[rows[:: -(-len(rows) // MOST_LEARNT_FROM)]] = True
    return chosen


def _pooled(material: Material, learnt: NDArray[np.bool_]) -> LogisticRegression:
    """Learn over all themes at once what their signal phrases are worth."""
    phrases = material.phrases[learnt].reshape(-1, material.phrases.shape[2])
    return LogisticRegression(C=STRENGTH).fit(phrases, material.confirmed[learnt].ravel())


def _pooled_probabilities(pooled: LogisticRegression, phrases: Floats) -> Floats:
    found: Floats = pooled.predict_proba(phrases.reshape(-1, phrases.shape[2]))[:, 1]
    return found.reshape(phrases.shape[:2])


def _vectors(known: list[list[str]], unseen: list[list[str]]) -> tuple[list[str], Matrix, Matrix]:
    """Return the words worth learning from, and TF-IDF vectors over them of both; there may be no words."""
    seen = Counter(stem for stems in known for stem in set(stems))
    names = sorted(stem for stem, times in seen.items() if SEEN_IN <= times <= MOST_SHARE * len(known))
    if not names:
        return [], sparse.csr_matrix((len(known), 0)), sparse.csr_matrix((len(unseen), 0))
    vectorizer = TfidfVectorizer(analyzer=_as_they_are, vocabulary=names, sublinear_tf=True)
    return names, vectorizer.fit_transform(known), vectorizer.transform(unseen)


def _as_they_are(stems: list[str]) -> list[str]:
    return stems


def _beside(vectors: Matrix, phrases: Floats) -> Matrix:
    return sparse.hstack([vectors, sparse.csr_matrix(phrases)], format="csr")


def _suggestion(
    practice: Practice,
    words: Words,
    column: int,
    probability: float,
    signals: Signals,
    weights: dict[str, Floats],
) -> Suggestion:
    """Say why one theme is suggested; `weights` are those of each word for every theme."""
    by_stem = {stem: float(weights[stem][column]) for stem in set(words.stems) if stem in weights}
    wording = wording_of(signals.themes[column], words, signals, by_stem)
    return Suggestion(
        practice.id, signals.themes[column], round(probability, 3), wording, quote_of(practice, wording)
    )
