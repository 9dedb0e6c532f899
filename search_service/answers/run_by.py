"""Who else runs an initiative: the organisations of its other versions, counted and named."""

from __future__ import annotations

from collections.abc import Sequence

from search_service.answers.shapes import Answer, Label, label
from search_service.library import Library
from search_service.practices.model import Practice
from search_service.practices.regions import POLICE_FORCE
from search_service.practices.taxonomy import Organisation

ONE = {"force": "a force", "organisation": "an organisation"}


class RunBy(Label):
    """An organisation that runs another version: `practice` is the id of that version."""

    practice: str


class AlsoRunBy(Answer):
    """Who else runs the initiative, counted in a sentence and named."""

    sentence: str
    organisations: list[RunBy]


def also_run_by(library: Library, practice: Practice, variants: Sequence[Practice]) -> AlsoRunBy | None:
    """Present the organisations that run another version and not this one, or None.

    Each leads to the first of the versions that it runs.
    """
    versions: dict[str, str] = {}
    for variant in variants:
        for organisation in variant.organisations:
            if organisation not in practice.organisations:
                versions.setdefault(organisation, variant.id)
    if not versions:
        return None
    noun = "force" if _forces(library, versions) == len(versions) else "organisation"
    is_one_too = noun == "organisation" or _forces(library, practice.organisations) > 0
    return {
        "sentence": f"Also run by {_others(len(versions), noun, is_one_too)}",
        "organisations": [
            {**label(library, "organisation", key), "practice": variant} for key, variant in versions.items()
        ],
    }


def _forces(library: Library, organisations: Sequence[str] | dict[str, str]) -> int:
    """Count the police forces among organisations."""
    terms = library.taxonomy.terms("organisation")
    known = (terms.get(key) for key in organisations)
    return sum(isinstance(term, Organisation) and term.kind == POLICE_FORCE for term in known)


def _others(number: int, noun: str, is_one_too: bool) -> str:
    """Say how many there are: “4 other forces”; “a force” where the first to run it is none."""
    if number == 1:
        return f"another {noun}" if is_one_too else ONE[noun]
    return f"{number} {'other ' if is_one_too else ''}{noun}s"
