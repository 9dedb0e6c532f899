"""Query relaxation: when nothing matches, drop one constraint at a time until something does.

Steps add up. What a person would miss least goes first: words to leave out, then phrases, prefixes and values
written as field:value, and the filters last. Whatever is dropped is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
"""What can be dropped, in order, with its label."""

_CLAUSES: dict[str, Callable[[Clause], bool]] = {
    "phrases": lambda clause: clause.kind in ("phrase", "word") and clause.field == "text",
    "prefixes": lambda clause: clause.kind == "prefix",
    "fields": lambda clause: clause.field != "text",
}
"""Which required clauses a step drops."""

Label = Callable[[str, str], str]
"""Returns the label of a value, given its closed list and id."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A query without some of its constraints; `dropped` names the `STEPS`."""

    query: Query
    dropped: tuple[str, ...]


def relaxations(query: Query, has_filters: bool, label: Label) -> Iterator[Relaxed]:
    """Yield ever more relaxed versions of a query."""
    dropped: tuple[str, ...] = ()
    if query.excluded:
        query, dropped = replace(query, excluded=()), ("exclusions",)
        yield Relaxed(query, dropped)
    for step, is_dropped in _CLAUSES.items():
        clauses = [clause for clause in query.required if is_dropped(clause)]
        if clauses:
            query, dropped = _ranked_instead(query, clauses, label), (*dropped, step)
            yield Relaxed(query, dropped)
    if has_filters:
        yield Relaxed(query, (*dropped, "filters"))


def _ranked_instead(query: Query, clauses: Sequence[Clause], label: Label) -> Query:
    """Return a query that ranks by the words of some required clauses instead of requiring them."""
    typed = dict(query.typed)
    for clause in clauses:
        shown = label(clause.field, clause.terms[0]) if clause.kind == "value" else " ".join(clause.terms)
        for stem in content_stems(shown):
            typed.setdefault(stem, stem)
    words = (*query.words, *(stem for stem in typed if stem not in query.typed))
    kept = tuple(clause for clause in query.required if clause not in clauses)
    return replace(query, words=words, typed=typed, required=kept)
