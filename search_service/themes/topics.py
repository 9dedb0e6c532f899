"""Topics that no theme covers: practices of several themes that share words outside the taxonomy.

Practices are compared by TF-IDF over words that no theme, approach or closed list uses and that are no
names, and joined while the mean cosine between groups stays above a floor (average linkage, R. Sokal and
C. Michener 1958). A group that lies within one theme is part of it; one that lies across themes may be a
theme that is missing. They are candidates for people to judge, and often only a manner of working.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.feature_extraction.text import TfidfVectorizer

from search_service.practices.collection import columns_of
from search_service.practices.model import Practice
from search_service.practices.taxonomy import Taxonomy
from search_service.text.analysis import content_stems
from search_service.themes.records import Topic
from search_service.themes.signals import Signals, Words

FLOOR = 0.15
"""Mean cosine down to which groups are joined: at 0.2 only three groups across themes are left on the
real corpus, at 0.1 groups hold practices that have nothing in common."""

FEWEST_PRACTICES = 3
"""Initiatives that make a topic; two are a coincidence."""

MOST_OF_ONE_THEME = 0.5
"""Share of a group's practices that one theme may have; above it the theme covers the topic."""

SEEN_IN, MOST_SHARE = 3, 0.1
"""A word that fewer practices hold joins nothing; one that more hold is no topic."""

SHORTEST = 3
"""Letters of a stem: shorter ones are initials and units."""

MAX_COMPARED = 2_000
"""Practices compared with one another, which costs their square; of more, an even selection."""

MOST_WORDS, MOST_TOPICS = 6, 12


def candidates(
    practices: Sequence[Practice], words: Sequence[Words], taxonomy: Taxonomy
) -> tuple[Topic, ...]:
    """Return groups of practices that may make a theme, the closest first."""
    step = max(1, -(-len(practices) // MAX_COMPARED))
    compared, words = practices[::step], words[::step]
    families = columns_of(practices).families[::step]
    open_stems = _open_stems(words, taxonomy)
    if not open_stems:
        return ()
    vectorizer = TfidfVectorizer(analyzer=_as_they_are, vocabulary=open_stems, sublinear_tf=True)
    vectors = vectorizer.fit_transform([one.stems for one in words])
    cosines = (vectors @ vectors.T).toarray()
    found = []
    for rows in _groups(cosines):
        members = [compared[row] for row in rows]
        if _spans_themes(members, {families[row] for row in rows}):
            apart = cosines[np.ix_(rows, rows)][np.triu_indices(len(rows), 1)]
            stems = _telling(vectors[rows], open_stems)
            found.append((float(apart.mean()), _topic(members, stems, [words[row] for row in rows])))
    found.sort(key=lambda one: (-one[0], one[1].practices))
    return tuple(topic for _, topic in found[:MOST_TOPICS])


def _open_stems(words: Sequence[Words], taxonomy: Taxonomy) -> list[str]:
    """Return the stems that practices may be compared by: neither taken, nor names, nor rare, nor common."""
    taken = _taken(taxonomy) | _names(words)
    seen = Counter(stem for one in words for stem in set(one.stems))
    return sorted(
        stem
        for stem, times in seen.items()
        if SEEN_IN <= times <= MOST_SHARE * len(words)
        and len(stem) >= SHORTEST
        and not stem.isdigit()
        and stem not in taken
    )


def _taken(taxonomy: Taxonomy) -> set[str]:
    """Return the stems that themes, approaches and closed lists use already."""
    texts = [
        " ".join((one.label, one.definition, one.includes, *one.signals, *one.everyday))
        for one in (*taxonomy.themes, *taxonomy.approaches)
    ]
    vocabulary = taxonomy.vocabulary
    for terms in (vocabulary.region, vocabulary.partner, vocabulary.target_group, vocabulary.focus):
        texts += [term.label for term in terms]
    texts += [" ".join((one.label, *one.also)) for one in vocabulary.organisation]
    return {stem for text in texts for stem in content_stems(text)} | Signals(taxonomy.themes).stems


def _names(words: Sequence[Words]) -> set[str]:
    """Return the stems that are written with a capital more often than not."""
    written, capitals = Counter[str](), Counter[str]()
    for one in words:
        for token in one.tokens:
            written[token.stem] += 1
            capitals[token.stem] += one.text[token.start].isupper()
    return {stem for stem, times in written.items() if 2 * capitals[stem] > times}


def _as_they_are(stems: list[str]) -> list[str]:
    return stems


def _groups(cosines: NDArray[np.float64]) -> list[list[int]]:
    """Return the rows of each group of practices that are alike."""
    distances = np.clip(1 - cosines, 0, None)[np.triu_indices(len(cosines), 1)]
    labels = fcluster(linkage(distances, "average"), 1 - FLOOR, "distance")
    return [np.flatnonzero(labels == label).tolist() for label in range(1, labels.max() + 1)]


def _spans_themes(members: Sequence[Practice], families: Collection[str]) -> bool:
    """Tell whether a group is of several initiatives and no theme has more than half of it."""
    themes = Counter(theme for member in members for theme in member.themes)
    most = max(themes.values(), default=0)
    return len(families) >= FEWEST_PRACTICES and most <= MOST_OF_ONE_THEME * len(members)


def _telling(vectors: NDArray[np.float64], names: Sequence[str]) -> list[str]:
    """Return the stems that weigh most among those that two members or more share."""
    weights = np.asarray(vectors.mean(axis=0)).ravel()
    weights[np.asarray((vectors > 0).sum(axis=0)).ravel() < 2] = 0.0
    order = np.argsort(-weights, kind="stable")[:MOST_WORDS]
    return [str(names[at]) for at in order if weights[at] > 0]


def _topic(members: Sequence[Practice], stems: Sequence[str], words: Sequence[Words]) -> Topic:
    """Put a group into words: each stem in the form in which its practices have it most often."""
    forms: dict[str, Counter[str]] = {stem: Counter() for stem in stems}
    for one in words:
        for token in one.tokens:
            if token.stem in forms:
                forms[token.stem][one.text[token.start : token.end].lower()] += 1
    return Topic(
        words=tuple(max(sorted(forms[stem]), key=forms[stem].__getitem__) for stem in stems),
        practices=tuple(member.id for member in members),
        themes=tuple(dict.fromkeys(theme for member in members for theme in member.themes)),
    )
