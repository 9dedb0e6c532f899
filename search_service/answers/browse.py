"""Ways into the collection without a question: lists with counts, letters, and one theme."""

from __future__ import annotations

from search_service.answers.facets import Facet, FacetValue, facets
from search_service.answers.practice import PracticeSummary, practice_summary
from search_service.answers.shapes import Answer, Label, labels
from search_service.answers.themes import Theme, theme
from search_service.errors import NotFound
from search_service.gaps.overview import ThemeSummary
from search_service.library import Library
from search_service.search.index import SearchRequest
from search_service.search.match.filters import Filters
from search_service.text.analysis import fold

BROWSED = ("approach", "evidence", "region", "call")
"""The filters with few values that can be browsed beside themes and organisations."""

SHOWN = 5
"""Practices that a theme's page shows of the newest and of the best tested."""

OTHER_LETTERS = "0-9"
"""The heading for titles that do not begin with a letter from A to Z."""


class OrganisationKind(Answer):
    """The organisations of one kind, with how many practices each has."""

    name: str
    label: str
    values: list[FacetValue]


class RatingCount(Label):
    """An evidence rating and how many practices have it."""

    practices: int


class ThemeStatus(Answer):
    """The gap label of a theme, and its figures in a sentence."""

    status: Label
    sentence: str


class ThemePage(Theme):
    """A theme with its gap label, and where to begin."""

    everyday: list[str]
    evidence: list[RatingCount]
    gap: ThemeStatus | None
    newest: list[PracticeSummary]
    strongest: list[PracticeSummary]


def lists(library: Library) -> list[Facet]:
    """Present the filters that can be browsed, each with its values and how many practices have them."""
    found = {facet["name"]: facet for facet in facets(library, library.search.facets())}
    return [found[name] for name in BROWSED if found[name]["values"]]


def organisations(library: Library) -> list[OrganisationKind]:
    """Present the organisations by kind, each kind by name, with how many practices each has."""
    facet = next(one for one in facets(library, library.search.facets()) if one["name"] == "organisation")
    kinds: dict[str, list[FacetValue]] = {key: [] for key in library.taxonomy.terms("organisation_kind")}
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
    present = {letter_of(title) for title in library.practices.titles}
    return sorted(present - {OTHER_LETTERS}) + [OTHER_LETTERS] * (OTHER_LETTERS in present)


def under_letter(library: Library, letter: str) -> list[PracticeSummary]:
    """Present the practices whose titles begin with a letter, by title."""
    titles = library.practices.titles
    rows = [row for row, title in enumerate(titles) if letter_of(title) == letter]
    rows.sort(key=lambda row: fold(titles[row]))
    return [practice_summary(library, library.practices.summary(row)) for row in rows]


def theme_page(library: Library, key: str) -> ThemePage:
    """Present one theme: what it covers, how much there is, its gap label, and where to begin.

    Raises NotFound.
    """
    summary = next((one for one in library.gaps.themes if one.concept.id == key), None)
    if summary is None:
        raise NotFound("theme", key)
    gap = library.gaps.of_theme(key)
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


def _by_evidence(library: Library, summary: ThemeSummary) -> list[RatingCount]:
    """Return the ratings that the theme's practices have, the strongest first, with how many have each."""
    counts = summary.by_evidence
    ratings = [key for key in library.taxonomy.terms("evidence") if counts.get(key)]
    return [{**one, "practices": counts[one["id"]]} for one in labels(library, "evidence", ratings)]


def _first(library: Library, key: str, order: str) -> list[PracticeSummary]:
    """Return the first practices of a theme in one order."""
    found = library.search.find(SearchRequest(filters=Filters({"theme": (key,)}), sort=order, per_page=SHOWN))
    return [practice_summary(library, library.practices.summary(hit.row)) for hit in found.hits]
