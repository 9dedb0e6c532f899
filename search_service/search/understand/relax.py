"""Where nothing is found: the same search with less insisted on, a step at a time.

Each step keeps what the one before it gave up, and what a person would miss least comes first: a word to be
left out, then that words stand side by side, then that they begin so, then values written as field:value,
and the chosen filters last. What was given up is always said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from search_service.search.match.engine import Clause
from search_service.search.understand.query import Query
from search_service.text.analysis import content_stems

STEPS = {
    "exclusions": "words to leave out",
    "phrases": "words side by side",
    "prefixes": "beginnings of words",
    "fields": "values written as field:value",
    "filters": "the chosen filters",
}
"""What can be given up, in the order in which it is, and how it is called."""

Label = Callable[[str, str], str]
"""Takes a closed list and an id and returns how the value is shown."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A search that insists on less than the one that was typed: `given_up` names the `STEPS`."""

    query: Query
    given_up: tuple[str, ...]
    keeps_filters: bool = True


def relaxations(query: Query, has_filters: bool, label: Label) -> Iterator[Relaxed]:
    """Yield what to search for instead, the nearest to what was asked first."""
    at = Relaxed(query, ())
    if query.excluded:
        at = Relaxed(replace(query, excluded=()), (*at.given_up, "exclusions"))
        yield at
    for step, concerns in (("phrases", _is_phrase), ("prefixes", _is_prefix), ("fields", _is_field)):
        loosened = _as_words(at.query, concerns, label)
        if loosened is not None:
            at = Relaxed(loosened, (*at.given_up, step))
            yield at
    if has_filters:
        yield Relaxed(at.query, (*at.given_up, "filters"), keeps_filters=False)


def _is_phrase(clause: Clause) -> bool:
    return clause.kind in ("phrase", "word") and clause.field == "text"


def _is_prefix(clause: Clause) -> bool:
    return clause.kind == "prefix"


def _is_field(clause: Clause) -> bool:
    return clause.field != "text"


def _as_words(query: Query, concerns: Callable[[Clause], bool], label: Label) -> Query | None:
    """Return a query that ranks by the words of some clauses instead of insisting on them."""
    given_up = [clause for clause in query.required if concerns(clause)]
    if not given_up:
        return None
    typed = dict(query.typed)
    for clause in given_up:
        shown = label(clause.field, clause.terms[0]) if clause.kind == "value" else " ".join(clause.terms)
        for stem in content_stems(shown):
            typed.setdefault(stem, stem)
    words = (*query.words, *(stem for stem in typed if stem not in query.typed))
    kept = tuple(clause for clause in query.required if not concerns(clause))
    return replace(query, words=words, typed=typed, required=kept)
