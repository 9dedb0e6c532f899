"""Checking a corpus: every problem at once, each with its file, its field and a right example.

A corpus is checked whole before it is built, and a practice that cannot be trusted is left out
only when a person says so.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

from pydantic import BaseModel, ValidationError

from search_service.errors import Fault
from search_service.practices import files
from search_service.practices.collection import Practices, line_of
from search_service.practices.families import cycles
from search_service.practices.files import CorpusBytes
from search_service.practices.model import CLOSED_LISTS, Practice, is_before
from search_service.practices.personal_data import personal_data_faults, without_personal_data
from search_service.practices.taxonomy import (
    LIST_EXAMPLES,
    LIST_MODELS,
    Taxonomy,
    duplicate_faults,
    list_faults,
    validation_faults,
)

M = TypeVar("M", bound=BaseModel)

EXAMPLES = {
    "id": "operation-encompass",
    "title": "Operation Encompass",
    "summary": "Police tell a child's school about domestic abuse at home before the next school day.",
    "organisations": "[durham-constabulary]",
    "regions": "[north-east]",
    "partners": "[police, education]",
    "themes": "[domestic-abuse]",
    "approaches": "[information-sharing]",
    "target_groups": "[children]",
    "focus": "[prevention]",
    "evidence": "{rating: untested, basis: No evaluation was found.}",
    "stage": "implemented",
    "scale": "local",
    "start": '"2011-02"',
    "end": '"2015"',
    "call": "public-sources-2026",
    "recognition": "[tilley-award]",
    "variant_of": "operation-encompass",
    "evaluations": "- {by: University of X, method: before and after, finding: fewer repeat calls}",
    "sources": '- {url: "https://www.example.org/page", title: "The page", read: 2026-11-23}',
}
"""A right value of every key of the front matter."""

_PRACTICE_LINK = re.compile(r"\]\(practice:([^)\s]*)\)")
_REFERENCE_MARKERS = (b"](practice:", b'"variant_of":"')
"""One of these is in the JSON line of every practice that names another."""

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
Readings = Mapping[str, bytes]
"""Faultless practices as JSON lines, by the fingerprint of their file."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The valid practices of a corpus in order of id, and the closed lists.

    `fingerprints` are those of the practices' files, in the same order; with equal lists, an equal
    fingerprint means an equal practice.
    """

    practices: Practices
    taxonomy: Taxonomy
    digest: str
    lists_digest: str
    fingerprints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckedCorpus:
    """A corpus and its faults.

    `corpus` is None if the lists themselves cannot be used; `broken` names the practice files left out of it.
    """

    corpus: Corpus | None
    faults: tuple[Fault, ...]
    broken: tuple[str, ...]


def check_corpus(folder: Path) -> CheckedCorpus:
    """Read and check the corpus in `folder`; never raises for anything a person wrote."""
    return check_content(*files.read_corpus_bytes(folder), {})


def check_content(content: CorpusBytes, unread: Sequence[Fault], before: Readings) -> CheckedCorpus:
    """Check a corpus; `unread` are the faults of files that could not be read.

    Files in `before` are not parsed again: the lists and this code must be those they were parsed with.
    """
    taxonomy, list_faults = read_taxonomy(content.lists)
    marks = content.fingerprints
    read = {
        name: (before[marks[name]], []) if marks[name] in before else _read_to_json_line(name, raw, taxonomy)
        for name, raw in content.practices.items()
    }
    lines = {name: line for name, (line, _) in read.items() if line}
    referring = _referring(lines)
    dangling = dict(_cross_reference_faults(referring, set(map(_id_of, content.practices))))
    cyclic = dict(_cycle_faults(referring))
    faults = [*unread, *list_faults]
    faults += [fault for _, found in read.values() for fault in found]
    faults += [without_personal_data(fault) for found in dangling.values() for fault in found]
    faults += cyclic.values()
    broken = [fault.where for fault in unread if fault.where.startswith(files.PRACTICES_FOLDER)]
    if not content.practices and not broken and content.folder.is_dir():
        where = f"{files.PRACTICES_FOLDER}/"
        faults.append(Fault(where, "there is no practice in the corpus.", "practices/my-practice.md"))
    broken += [name for name, (line, found) in read.items() if found or not line]
    left_out = dict.fromkeys([*broken, *dangling, *cyclic])
    kept = [name for name in lines if name not in left_out]
    sound = {marks[name]: lines[name] for name in kept}
    corpus = _corpus(content, taxonomy, sound) if taxonomy else None
    return CheckedCorpus(corpus, tuple(faults), tuple(left_out))


def _id_of(name: str) -> str:
    """Return the id of the practice that a file of this name must hold."""
    return name.removeprefix(f"{files.PRACTICES_FOLDER}/").removesuffix(".md")


def _corpus(content: CorpusBytes, taxonomy: Taxonomy, kept: Readings) -> Corpus:
    practices = Practices.of_lines(list(kept.values()))
    return Corpus(practices, taxonomy, content.digest, content.lists_digest, tuple(kept))


def _read_to_json_line(name: str, raw: bytes, taxonomy: Taxonomy | None) -> tuple[bytes | None, list[Fault]]:
    """Return a practice as a JSON line, and its faults without personal data."""
    practice, faults = read_practice(name, raw, taxonomy)
    return line_of(practice) if practice else None, [without_personal_data(fault) for fault in faults]


def read_taxonomy(lists: Mapping[str, bytes]) -> tuple[Taxonomy | None, list[Fault]]:
    """Return the closed lists, or None with the faults that keep them from being used."""
    faults: list[Fault] = []
    parsed: dict[str, Any] = {}
    for name, content in lists.items():
        parsed[name], found = _read_list(name, content)
        faults += map(without_personal_data, found)
    if faults or len(parsed) < len(LIST_MODELS):
        return None, faults
    faults += map(without_personal_data, list_faults(parsed))
    taxonomy = Taxonomy(
        themes=parsed["taxonomy.yaml"].themes,
        approaches=parsed["taxonomy.yaml"].approaches,
        vocabulary=parsed["vocabulary.yaml"],
        synonyms=parsed["synonyms.yaml"],
        calls=parsed["calls.yaml"].calls,
        references=parsed["references.yaml"].references,
    )
    return (None if faults else taxonomy), faults


def _read_list(name: str, content: bytes) -> tuple[BaseModel | None, list[Fault]]:
    """Return one list file as its model, and the faults within it."""
    text, faults = files.decode(name, content)
    scanned = personal_data_faults(name, enumerate(text.split("\n"), start=1))
    if faults:
        return None, faults + scanned
    value, faults = files.parse_yaml(name, text)
    if faults:
        return None, faults + scanned
    model, faults = _validated(LIST_MODELS[name], name, value or {}, LIST_EXAMPLES)
    return model, faults + scanned


def read_practice(
    name: str, content: bytes, taxonomy: Taxonomy | None
) -> tuple[Practice | None, list[Fault]]:
    """Return one practice and its faults; None instead of a practice that cannot be parsed."""
    text, faults = files.decode(name, content)
    if not text:
        return None, faults or [Fault(name, "the file is empty.")]
    front, body, body_line, found = files.split_front_matter(name, text)
    if found:
        return None, faults + found
    values, found = files.parse_yaml(name, front)
    faults += found
    sections, found_in_body = files.parse_sections(name, body)
    faults += found_in_body
    faults += personal_data_faults(name, _lines_to_scan(front, body, body_line))
    if found:
        return None, faults
    if not isinstance(values, dict):
        message = "the front matter must be keys and values."
        return None, [*faults, Fault(name, message, "id: my-practice")]
    practice, found = _practice_of(name, values, sections, taxonomy)
    return practice, faults + found


def _practice_of(
    name: str, values: Mapping[str, Any], sections: Mapping[str, str], taxonomy: Taxonomy | None
) -> tuple[Practice | None, list[Fault]]:
    """Return the record made of front matter and sections, and the faults of its values."""
    faults: list[Fault] = []
    if "sections" in values:
        faults.append(Fault(f"{name}, sections", "sections are headings in the text.", "## Aim"))
    meant = {key: nearest(key, EXAMPLES) for key in values if key not in EXAMPLES}
    practice, found = _validated(Practice, name, {**values, "sections": sections}, {**meant, **EXAMPLES})
    faults += found
    faults += _closed_list_faults(name, values, taxonomy)
    if practice:
        faults += _practice_faults(name, practice)
    return practice, faults


def _validated(
    model: type[M], name: str, value: Any, examples: Mapping[str, str]
) -> tuple[M | None, list[Fault]]:
    """Return the record, or the faults that keep it from being one."""
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        return None, validation_faults(name, error, examples)


def _lines_to_scan(front: str, body: str, body_line: int) -> Iterator[tuple[int, str]]:
    yield from enumerate(front.split("\n"), start=1)
    yield from enumerate(body.split("\n"), start=body_line)


def _practice_faults(name: str, practice: Practice) -> list[Fault]:
    """Return the faults of a well-formed practice that do not depend on the closed lists."""
    faults: list[Fault] = []
    stem = _id_of(name)
    if practice.id != stem:
        message = f"“{practice.id}” must be the same as the file name."
        faults.append(Fault(f"{name}, id", message, f"id: {stem}"))
    if not practice.sources:
        faults.append(Fault(f"{name}, sources", "at least one source is needed.", EXAMPLES["sources"]))
    if not practice.organisations:
        faults.append(Fault(f"{name}, organisations", "at least one is needed.", EXAMPLES["organisations"]))
    if practice.start and practice.end and is_before(practice.end, practice.start):
        message = f"it ends ({practice.end}) before it starts ({practice.start})."
        faults.append(Fault(f"{name}, end", message, EXAMPLES["end"]))
    return faults


def _closed_list_faults(name: str, values: Mapping[str, Any], taxonomy: Taxonomy | None) -> list[Fault]:
    """Return a fault for each unknown or repeated id, even if other fields are broken."""
    faults: list[Fault] = []
    evidence = values.get("evidence")
    given = {**values, "rating": evidence.get("rating") if isinstance(evidence, dict) else None}
    for list_name, attribute in CLOSED_LISTS.items():
        where = f"{name}, {attribute if attribute != 'rating' else 'evidence, rating'}"
        value = given.get(attribute)
        ids = [one for one in (value if isinstance(value, list) else [value]) if _is_slug(one)]
        faults += duplicate_faults(where, ids)
        if taxonomy:
            faults += _unknown_value_faults(where, ids, taxonomy, list_name)
    return faults


def _is_slug(value: object) -> TypeGuard[str]:
    """Return whether a value has the form of an id; validation reports those that do not."""
    return isinstance(value, str) and _SLUG.fullmatch(value) is not None


def nearest(value: str, known: Iterable[str]) -> str:
    """Return the known values most similar to `value`, or the first few if none is similar."""
    candidates = sorted(known)
    close = difflib.get_close_matches(value, candidates, n=3, cutoff=0.6)
    return ", ".join(close or candidates[:3])


def _unknown_value_faults(
    where: str, values: Iterable[str], taxonomy: Taxonomy, list_name: str
) -> list[Fault]:
    known = taxonomy.terms(list_name)
    home = {"theme": "taxonomy.yaml", "approach": "taxonomy.yaml", "call": "calls.yaml"}
    listed = home.get(list_name, "vocabulary.yaml")
    return [
        Fault(where, f"“{value}” is not in {listed}.", nearest(value, known))
        for value in values
        if value not in known
    ]


def _referring(lines: Mapping[str, bytes]) -> dict[str, Practice]:
    """Return, by file, the practices that may name another: the only ones that must be parsed again."""
    return {
        name: Practice.model_validate_json(line)
        for name, line in lines.items()
        if any(mark in line for mark in _REFERENCE_MARKERS)
    }


def _cycle_faults(practices: Mapping[str, Practice]) -> Iterator[tuple[str, Fault]]:
    """Yield (file, fault) for each practice that is declared, through others, a version of itself."""
    files_of = {practice.id: name for name, practice in practices.items()}
    version_of = {p.id: p.variant_of for p in practices.values() if p.variant_of and p.variant_of != p.id}
    for cycle in cycles(version_of):
        way = " → ".join([*cycle, cycle[0]])
        for key in cycle:
            message = (
                f"it is declared a version of itself by way of others ({way}); the one that came first is a "
                "version of none."
            )
            yield files_of[key], Fault(f"{files_of[key]}, variant_of", message, "variant_of: null")


def _cross_reference_faults(
    practices: Mapping[str, Practice], known: Set[str]
) -> Iterator[tuple[str, list[Fault]]]:
    """Yield (file, faults) for each practice that names one that does not exist."""
    for name, practice in practices.items():
        named = [("variant_of", practice.variant_of)] if practice.variant_of else []
        for section, text in practice.texts():
            named += [(f"section {section.heading}", key) for key in _PRACTICE_LINK.findall(text)]
        faults = [
            Fault(
                f"{name}, {where}",
                f"there is no other practice “{key}”.",
                nearest(key, known - {practice.id}),
            )
            for where, key in named
            if key not in known or key == practice.id
        ]
        if faults:
            yield name, faults
