"""Ways into the collection without a question: lists with counts, letters, and one theme."""

from __future__ import annotations

from collections.abc import Sequence

from search_service.answers.practices import Json, practice_summary
from search_service.answers.results import facets
from search_service.answers.shapes import labels
from search_service.answers.themes import theme
from search_service.errors import NotFound
from search_service.gaps.overview import ThemeSummary
from search_service.library import Library
from search_service.practices.collection import columns_of
from search_service.search.index import SearchRequest
from search_service.text.analysis import fold

BROWSED = ("approach", "evidence", "region", "call")
"""The filters with few values that can be browsed beside themes and organisations."""

SHOWN = 5
"""Practices that a theme's page shows of the newest and of the best tested."""

OTHER_LETTERS = "0-9"
"""Where titles stand that do not begin with a letter from A to Z."""


def lists(library: Library) -> list[Json]:
    """Present the filters that can be browsed, each with its values and how many practices have them."""
    found = {facet["name"]: facet for facet in facets(library, library.search.facets())}
    return [found[name] for name in BROWSED if found[name]["values"]]


def organisations(library: Library) -> list[Json]:
    """Present the organisations by kind, each kind by name, with how many practices each has."""
    facet = next(one for one in facets(library, library.search.facets()) if one["name"] == "organisation")
    kinds: dict[str, list[Json]] = {key: [] for key in library.taxonomy.terms("organisation_kind")}
    for organisation in sorted(facet["values"], key=lambda one: fold(one["label"])):
        term = library.taxonomy.terms("organisation")[organisation["id"]]
        kinds[term.kind].append(organisation)  # type: ignore[attr-defined]  # terms of this list have one
    return [
        {"name": facet["name"], "label": library.taxonomy.label("organisation_kind", kind), "values": values}
        for kind, values in kinds.items()
        if values
    ]


def letter_of(title: str) -> str:
    """Return the letter a title stands under, from A to Z, or "0-9" for all others."""
    first = fold(title.strip())[:1].upper()
    return first if "A" <= first <= "Z" else OTHER_LETTERS


def letters(library: Library) -> list[str]:
    """Return the letters that a practice stands under, in order, the others last."""
    present = {letter_of(title) for title in columns_of(library.practices).titles}
    return sorted(present - {OTHER_LETTERS}) + [OTHER_LETTERS] * (OTHER_LETTERS in present)


def under_letter(library: Library, letter: str) -> list[Json]:
    """Present the practices whose titles begin with a letter, by title."""
    titles = columns_of(library.practices).titles
    rows = [row for row, title in enumerate(titles) if letter_of(title) == letter]
    rows.sort(key=lambda row: fold(titles[row]))
    return [practice_summary(library, library.practices.columns.summary(row)) for row in rows]


def theme_page(library: Library, key: str) -> Json:
    """Present one theme: what it covers, how much there is, its gap label, and where to begin.

    Raises NotFound.
    """
    summary = next((one for one in library.gaps.themes if one.concept.id == key), None)
    if summary is None:
        raise NotFound("theme", key)
    report = library.gaps.report()
    gap = next((one for one in report.themes if one.theme == key), None)
    return {
        **theme(summary),
        "everyday": list(summary.concept.everyday),
        "evidence": _by_evidence(library, summary),
        "gap": {"status": {"id": gap.status.value, "label": gap.status.label}, "sentence": gap.sentence}
        if gap
        else None,
        "newest": _first(library, key, "newest"),
        "strongest": _first(library, key, "evidence"),
    }


def _by_evidence(library: Library, summary: ThemeSummary) -> Sequence[Json]:
    """Return the ratings that the theme's practices have, the strongest first, with how many have each."""
    counts = summary.by_evidence
    ratings = [key for key in library.taxonomy.terms("evidence") if counts.get(key)]
    return [one | {"practices": counts[one["id"]]} for one in labels(library, "evidence", ratings)]


def _first(library: Library, key: str, order: str) -> list[Json]:
    """Return the first practices of a theme in one order."""
    found = library.search.find(SearchRequest(selection={"theme": (key,)}, sort=order, per_page=SHOWN))
    return [practice_summary(library, library.practices.columns.summary(hit.row)) for hit in found.hits]
