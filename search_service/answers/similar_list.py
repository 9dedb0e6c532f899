"""What is said of a list of similar practice as a whole: what was compared, what was left out, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from search_service.answers.browse import organisations
from search_service.answers.practices import Json, label
from search_service.gaps.sentences import counted
from search_service.library import NO_FILTERS, Library
from search_service.similar.filter_values import FILTERED_LISTS, ids_by_filter
from search_service.similar.filters import ListFilters
from search_service.similar.index import FLOOR, Recommendation

Ask = Callable[[ListFilters], Sequence[Recommendation]]

FILTER_LABELS = {
    "promising": "evidence at least promising",
    "not_organisation": "other organisations than yours",
    "region": "region",
    "theme": "theme",
}

LEAST_KNOWN = 0.5
"""Share of a text's words that practices use, below which likeness says little. Of the shipped practices
none, taken for a draft, has less than 0.68; texts on baking, cricket, choirs and physics have 0.36 or less
(docs/similar-drafts.md)."""

_OFF: Mapping[str, Callable[[ListFilters], ListFilters]] = {
    "promising": lambda filters: replace(filters, promising=False),
    "not_organisation": lambda filters: replace(filters, not_organisations=()),
    "region": lambda filters: replace(filters, regions=()),
    "theme": lambda filters: replace(filters, themes=()),
}
"""What it is to take off each filter."""


def about_the_list(
    library: Library,
    listed: int,
    limit: int,
    filters: ListFilters,
    ask: Ask,
    ids: Sequence[str] = (),
) -> Json:
    """Present what was compared and what was left out; `ask` lists again under other filters.

    `ids` are the practices that the list is for, none where it is for a text.
    """
    compared, whole = library.similar.compared(filters, ids), library.similar.compared(NO_FILTERS, ids)
    return {
        "compared": compared,
        "floor": FLOOR,
        "sentence": _sentence(listed, limit, compared, whole, "other practice" if ids else "practice"),
        "filters": chosen(library, filters),
        "without": [] if listed else list(_without(filters, ask)),
    }


def _sentence(listed: int, limit: int, compared: int, whole: int, noun: str) -> str:
    """Say how many practices were compared, from where on they are shown, and why they are few."""
    practices = counted(whole, noun)
    if not compared:
        return f"None of {practices} passes the filters." if whole else "There is no other practice."
    if compared < whole:
        start = f"Compared with the {compared:,} of {practices} that the filters leave."
    else:
        start = f"Compared with {'all ' if whole > 1 else ''}{practices}."
    floor = f"What is hardly alike is not shown: below {FLOOR}, where 1 is the same words."
    if 0 < listed < limit:
        return f"{start} {floor} Only {listed} {'reaches' if listed == 1 else 'reach'} that."
    return f"{start} {floor}"


def few_known(known: int, words: int, listed: int) -> str:
    """Say of a text that practices use few of its words, and that what is listed may be alike by chance."""
    if known >= LEAST_KNOWN * words:
        return ""
    chance = ": what is alike may be so by chance" if listed else ""
    if not known:
        return f" None of its {words} different words is compared, since practices use none of them."
    verb = "is" if known == 1 else "are"
    return (
        f" Of its {words} different words only {known} {verb} compared, since practices do not use the "
        f"others{chance}."
    )


def _without(filters: ListFilters, ask: Ask) -> Iterable[Json]:
    """Yield, for a list that is empty, each filter that can be taken off and what there would be then."""
    used = [name for name, off in _OFF.items() if off(filters) != filters]
    for name in used:
        if number := len(ask(_OFF[name](filters))):
            yield {"filters": [name], "label": FILTER_LABELS[name], "results": number}
    if len(used) > 1 and (number := len(ask(NO_FILTERS))):
        yield {"filters": used, "label": "all filters", "results": number}


def chosen(library: Library, filters: ListFilters) -> list[Json]:
    """Present the filters in use, each as the parameter and value that make it."""
    found = [{"name": "promising", "id": "yes", "label": "Evidence at least promising"}] * filters.promising
    for name, keys in ids_by_filter(filters).items():
        for key in keys:
            shown = label(library, FILTERED_LISTS[name], key)
            wording = "Not run by {} alone" if name == "not_organisation" else "{}"
            found.append({"name": name, "id": key, "label": wording.format(shown["label"])})
    return found


def filter_choices(library: Library, filters: ListFilters) -> Json:
    """Present what can be chosen in the form of a list: every value, and which are chosen."""
    return {
        "promising": filters.promising,
        "not_organisation": [label(library, "organisation", key) for key in filters.not_organisations],
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
            for name, keys in (("region", filters.regions), ("theme", filters.themes))
        ],
        "chosen": chosen(library, filters),
    }
