"""Practice similar to a text, a practice or several, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from search_service.answers.draft import Draft, draft
from search_service.answers.practice import PracticeSummary, practice_summary
from search_service.answers.run_by import AlsoRunBy, also_run_by
from search_service.answers.shapes import Answer, Label, Values, labels, values
from search_service.answers.similar_list import Scope, few_known, scope
from search_service.library import Library
from search_service.practices.model import Practice
from search_service.similar import index
from search_service.similar.filters import NO_FILTERS, ListFilters
from search_service.similar.index import DEFAULT_LIMIT

CHECKED_LISTS = ("target_group", "scale", "evidence", "stage")
"""What decides whether a practice can be copied, and cannot be read off a text: its writer has to compare."""


class Term(Answer):
    """A word both texts use, and its part of the score."""

    word: str
    weight: float


class Passages(Answer):
    """The two passages that are most alike, as plain text."""

    here: Annotated[str, Field(description="From the text or practice that the list is for.")]
    there: Annotated[str, Field(description="From the practice listed.")]


class Version(Label):
    """Another version of the same initiative, and who runs it."""

    organisations: list[Label]


class Recommendation(PracticeSummary):
    """A similar practice, with the reasons."""

    partners: list[Label]
    score: Annotated[
        float,
        Field(
            description=(
                "Likeness, 0 to 1: the sum of the weights of `terms`, of `other_words` and of `wording`."
            )
        ),
    ]
    terms: list[Term]
    other_words: Annotated[float, Field(description="The part of further words that both use.")]
    wording: Annotated[float, Field(description="The part of wording that usually goes together.")]
    passages: Passages | None
    same_initiative: Annotated[
        bool, Field(description="Whether it looks like the very initiative asked about.")
    ]
    shared: list[Values]
    differs: Annotated[list[Values], Field(description="Its values where the two share none.")]
    to_check: Annotated[
        list[Values],
        Field(description="For a text or several practices: its own values, to check against yours."),
    ]
    variants: Annotated[list[Version], Field(description="Other versions of the same initiative.")]
    also_run_by: AlsoRunBy | None


class SimilarPractice(Scope):
    """A list of similar practice, with what was compared and what was left out."""

    results: list[Recommendation]


class Related(SimilarPractice):
    """Practices similar to one."""

    practice: Label


class RelatedToSet(SimilarPractice):
    """Practices similar to several together; empty where none is alike enough."""

    practices: list[Label]


class SameInitiative(Label):
    """A practice that the text seems to describe, with what it is to be cited by."""

    url: Annotated[str, Field(description="The page of the practice, relative to this service.")]
    organisations: list[Label]
    year: int | None


class SimilarToText(SimilarPractice, Draft):
    """Practices similar to a text; empty where none is alike enough."""

    same_initiative: Annotated[
        list[SameInitiative], Field(description="What the text looks the same as, filters or not.")
    ]
    words: Annotated[int, Field(description="Different words of the text that carry meaning.")]
    words_known: Annotated[
        int, Field(description="How many of them practices use: the others are not compared.")
    ]
    main_words: Annotated[
        list[str],
        Field(description="Words that tell the text apart and that practices use, the most telling first."),
    ]


def similar_to_text(
    library: Library, text: str, limit: int = DEFAULT_LIMIT, filters: ListFilters = NO_FILTERS
) -> SimilarToText:
    """Present practices similar to a text, and remarks on the text itself; raises InvalidRequest."""
    query, similar, same_initiative, remarks = library.similar.to_text(text, limit, filters)
    about = scope(library, similar, "practice")
    return {
        "same_initiative": [_same(library, library.practices[row]) for row in same_initiative],
        "results": recommendations(library, similar.found, to_check=True),
        **about,
        "sentence": f"{about['sentence']}{few_known(query, similar)}",
        "words": query.words,
        "words_known": query.words_known,
        "main_words": list(query.main_words),
        **draft(library, remarks),
    }


def related_to_practice(
    library: Library, key: str, limit: int = DEFAULT_LIMIT, filters: ListFilters = NO_FILTERS
) -> Related:
    """Present practices similar to one; raises NotFound and InvalidRequest."""
    similar = library.similar.to_practice(key, limit, filters)
    return {
        "practice": {"id": key, "label": library.practices.by_id(key).title},
        "results": recommendations(library, similar.found),
        **scope(library, similar, "other practice"),
    }


def related_to_set(
    library: Library, ids: Sequence[str], limit: int = DEFAULT_LIMIT, filters: ListFilters = NO_FILTERS
) -> RelatedToSet:
    """Present practices similar to several together; raises InvalidRequest."""
    similar = library.similar.to_set(ids, limit, filters)
    return {
        "practices": [{"id": one.id, "label": one.title} for one in library.practices.known(ids)],
        "results": recommendations(library, similar.found, to_check=True),
        **scope(library, similar, "other practice"),
    }


def recommendations(
    library: Library, found: Sequence[index.Recommendation], *, to_check: bool = False
) -> list[Recommendation]:
    """Present similar practices with their reasons, and `to_check` what their reader has to compare."""
    return [_recommendation(library, one, CHECKED_LISTS if to_check else ()) for one in found]


def _recommendation(library: Library, one: index.Recommendation, checked: Sequence[str]) -> Recommendation:
    practice = library.practices[one.row]
    versions = [library.practices[row] for row in one.variants]
    return {
        **practice_summary(library, practice),
        "partners": labels(library, "partner", practice.partners),
        "score": round(one.score, 4),
        "terms": [{"word": term.word, "weight": round(term.weight, 4)} for term in one.terms],
        "other_words": round(one.other_words, 4),
        "wording": round(one.wording, 4),
        "passages": {"here": one.passages.here, "there": one.passages.there} if one.passages else None,
        "same_initiative": one.same_initiative,
        "shared": [values(library, shared.list_name, shared.ids) for shared in one.shared],
        "differs": [values(library, own.list_name, own.ids) for own in one.differs],
        "to_check": [
            values(library, name, practice.values(name)) for name in checked if practice.values(name)
        ],
        "variants": [_version(library, version) for version in versions],
        "also_run_by": also_run_by(library, practice, versions),
    }


def _version(library: Library, practice: Practice) -> Version:
    return {
        "id": practice.id,
        "label": practice.title,
        "organisations": labels(library, "organisation", practice.organisations),
    }


def _same(library: Library, practice: Practice) -> SameInitiative:
    """Present a practice that a text seems to describe: whatever the filters, its writer has to know."""
    return {
        "id": practice.id,
        "label": practice.title,
        "url": f"/practices/{practice.id}",
        "organisations": labels(library, "organisation", practice.organisations),
        "year": practice.year,
    }
