"""What of a practice is searched: its fields, and how much a word in each is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search_service.practices.model import Practice
from search_service.practices.taxonomy import Organisation, Taxonomy
from search_service.text.markup import to_plain


@dataclass(frozen=True, slots=True)
class TextField:
    """A searched field: its BM25F weight and length normalisation (b)."""

    name: str
    weight: float
    b: float


TEXT_FIELDS = (
    TextField("title", weight=4.0, b=0.75),
    TextField("summary", weight=2.0, b=0.75),
    TextField("body", weight=1.0, b=0.75),
    TextField("labels", weight=1.0, b=0.75),
)
"""Origin and measured effect of each weight: docs/relevancy.md."""

LABELLED_LISTS = ("theme", "approach", "organisation", "region", "target_group")
"""The closed lists whose labels are words people search by."""


def searched_text(practice: Practice, taxonomy: Taxonomy) -> dict[str, str]:
    """Return the plain text of each field of `TEXT_FIELDS`."""
    return {
        "title": practice.title,
        "summary": practice.summary,
        "body": "\n".join(to_plain(text) for _, text in practice.texts()),
        "labels": "\n".join(_labels(practice, taxonomy)),
    }


def _labels(practice: Practice, taxonomy: Taxonomy) -> list[str]:
    labels: list[str] = []
    for name in LABELLED_LISTS:
        terms = taxonomy.terms(name)
        for key in practice.values(name):
            term = terms.get(key)
            labels.append(term.label if term else key)
            if isinstance(term, Organisation):
                labels += term.also
    return labels


def names_by_field(taxonomy: Taxonomy, lists: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return, for each field, every name a person may type for a value, folded, with its id.

    `lists` maps a field's name in the query language to the closed list behind it.
    """
    names: dict[str, dict[str, str]] = {}
    for field, list_name in lists.items():
        known: dict[str, str] = {}
        for term in taxonomy.terms(list_name).values():
            also = term.also if isinstance(term, Organisation) else ()
            for name in (*also, term.label, term.id, term.id.replace("-", " ")):
                known[name.casefold()] = term.id
        names[field] = known
    return names
