"""Which words of a text count in comparing it, and how much each does.

A word of the title or summary counts more than once; function words and bare numbers count nothing, and nor
do words that tell no practice apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from search_service.practices.model import Practice
from search_service.text.analysis import analyse, is_stop, stem
from search_service.text.markup import to_plain

TITLE_WEIGHT = 3
SUMMARY_WEIGHT = 2
"""How often a word of the title or summary is counted; see docs/similar.md."""

MAX_SHARE = 0.5
"""A word in more than half of the practices ("police", "force") is boilerplate here."""


def weighted_counts(title: str, summary: str, body: str, forms: Counter[str] | None = None) -> Counter[str]:
    """Count content stems of one text by field weight, and the words as written in `forms` if given."""
    counts: Counter[str] = Counter()
    for text, weight in ((title, TITLE_WEIGHT), (summary, SUMMARY_WEIGHT), (body, 1)):
        for token in analyse(text):
            if not is_stop(token.stem) and not token.stem.isdigit():
                counts[token.stem] += weight
                if forms is not None:
                    forms[text[token.start : token.end].casefold()] += 1
    return counts


Texts = tuple[str, str, str]
"""Title, summary and body of one practice or document, as plain text."""


def practice_texts(practice: Practice) -> Texts:
    """Return what a practice says; headings and "not stated" say nothing and are left out."""
    body = "\n".join(to_plain(text) for _, text in practice.texts())
    return practice.title, practice.summary, body


def practice_counts(practice: Practice) -> Counter[str]:
    """Count the stems of a practice."""
    return weighted_counts(*practice_texts(practice))


def kept_terms(counts: Sequence[Mapping[str, int]]) -> list[str]:
    """Return, sorted, the stems that tell practices apart: in two or more, not in most."""
    frequency = Counter(term for count in counts for term in count)
    most = max(2, int(MAX_SHARE * len(counts)))
    return sorted(term for term, n in frequency.items() if 2 <= n <= most)


def surface_words(forms: Mapping[str, int], terms: Sequence[str]) -> list[str]:
    """Return, for each stem, the form that people wrote most often, of equals the first."""
    best: dict[str, str] = {}
    for form in forms:
        known = best.setdefault(stem(form), form)
        if forms[form] > forms[known]:
            best[stem(form)] = form
    return [best.get(term, term) for term in terms]  # cut at its end, an endless word may fold otherwise
