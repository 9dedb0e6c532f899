"""A list of similar practice as a whole: what was compared, what was left out, and why."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from search_service.answers.browse import OrganisationKind, organisations
from search_service.answers.shapes import Answer, Label, label
from search_service.gaps.sentences import counted
from search_service.library import Library, SimilarList
from search_service.similar.filter_values import FILTERED_LISTS, ids_by_filter
from search_service.similar.filters import ListFilters
from search_service.similar.index import FLOOR
from search_service.similar.query import TextQuery

FILTER_LABELS = {
    "promising": "evidence at least promising",
    "not_organisation": "other organisations than yours",
    "region": "region",
    "theme": "theme",
}

MIN_KNOWN = 0.5
"""Share of a text's words that practices use, below which likeness says little. Of the shipped practices
none, taken for a draft, has less than 0.68; texts on baking, cricket, choirs and physics have 0.36 or less
(docs/similar-drafts.md)."""


class Filter(Answer):
    """A filter in use: the parameter, its value, and how it is shown."""

    name: str
    id: str
    label: str


class Without(Answer):
    """Filters that can be taken off a list that is empty, and how many practices it would have then."""

    filters: list[str]
    label: str
    results: int


class Scope(Answer):
    """What a list of similar practice was compared with, and what was left out."""

    compared: Annotated[
        int, Field(description="How many practices were compared: those that the filters leave.")
    ]
    floor: Annotated[float, Field(description="Nothing whose likeness is lower is listed.")]
    sentence: Annotated[str, Field(description="The same in words, and why the list is short where it is.")]
    filters: list[Filter]
    without: Annotated[list[Without], Field(description="Given where the filters leave nothing to list.")]


class Choice(Label):
    """A value that a filter can have."""

    selected: bool


class ChoiceList(Answer):
    """A filter with all its values."""

    name: str
    label: str
    values: list[Choice]


class FilterChoices(Answer):
    """What the form of a list offers: every value, and which are chosen."""

    promising: bool
    not_organisation: list[Label]
    organisations: list[OrganisationKind]
    lists: list[ChoiceList]
    chosen: list[Filter]


def scope(library: Library, similar: SimilarList, noun: str) -> Scope:
    """Present what was compared (as `noun`) and what was left out."""
    return {
        "compared": similar.compared,
        "floor": FLOOR,
        "sentence": _sentence(similar, noun),
        "filters": chosen(library, similar.filters),
        "without": [
            {
                "filters": list(names),
                "label": FILTER_LABELS[names[0]] if len(names) == 1 else "all filters",
                "results": number,
            }
            for names, number in similar.without.items()
        ],
    }


def _sentence(similar: SimilarList, noun: str) -> str:
    """Say how many practices were compared, from where on they are shown, and why they are few."""
    practices, listed = counted(similar.total, noun), len(similar.found)
    if not similar.compared:
        return f"None of {practices} passes the filters." if similar.total else "There is no other practice."
    if similar.compared < similar.total:
        start = f"Compared with the {similar.compared:,} of {practices} that the filters leave."
    else:
        start = f"Compared with {'all ' if similar.total > 1 else ''}{practices}."
    floor = f"What is hardly alike is not shown: below {FLOOR}, where 1 is the same words."
    if 0 < listed < similar.limit:
        return f"{start} {floor} Only {listed} {'reaches' if listed == 1 else 'reach'} that."
    return f"{start} {floor}"


def few_known(query: TextQuery, similar: SimilarList) -> str:
    """Warn about a text of which practices use few words: what is listed may be similar by chance."""
    known, words = query.words_known, query.words
    if known >= MIN_KNOWN * words:
        return ""
    chance = ": what is alike may be so by chance" if similar.found else ""
    if not known:
        return f" None of its {words} different words is compared, since practices use none of them."
    verb = "is" if known == 1 else "are"
    return (
        f" Of its {words} different words only {known} {verb} compared, since practices do not use the "
        f"others{chance}."
    )


def chosen(library: Library, filters: ListFilters) -> list[Filter]:
    """Present the filters in use, each as the parameter and value that make it."""
    found: list[Filter] = []
    if filters.promising:
        found.append({"name": "promising", "id": "yes", "label": "Evidence at least promising"})
    for name, keys in ids_by_filter(filters).items():
        for key in keys:
            shown = label(library, FILTERED_LISTS[name], key)
            wording = "Not run by {} alone" if name == "not_organisation" else "{}"
            found.append({"name": name, "id": key, "label": wording.format(shown["label"])})
    return found


def filter_choices(library: Library, filters: ListFilters) -> FilterChoices:
    """Present what the form of a list offers."""
    return {
        "promising": filters.promising,
        "not_organisation": [label(library, "organisation", key) for key in filters.not_organisation],
        "organisations": organisations(library),
        "lists": [
            {
                "name": name,
                "label": name.capitalize(),
                "values": [
                    {"id": key, "label": shown, "selected": key in keys}
                    for key, shown in library.taxonomy.labels[name].items()
                ],
            }
            for name, keys in (("region", filters.region), ("theme", filters.theme))
        ],
        "chosen": chosen(library, filters),
    }
