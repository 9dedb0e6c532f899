"""The closed lists of a corpus: themes, approaches, vocabulary, calls, references, synonyms.

Each list is one YAML file; the models below are its format. Lists that must agree (a practice's ids with the
vocabulary, a reference's themes with the taxonomy) are checked here and in `checks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from search_service.errors import Fault
from search_service.practices.model import (
    Line,
    PartialDate,
    Record,
    Slug,
    WebAddress,
    WebAddressOrNothing,
    is_before,
)

OWN_REFERENCE = "own"
"""The id of a reference that a person brings, beside those of the corpus."""

LIST_EXAMPLES = {
    "opened": '"2020-01"',
    "closed": '"2020-06"',
    "source": '"https://www.example.org/page"',
    "weight": "2",
}
"""Right values for keys that are often wrong in a list."""


class Term(Record):
    """One value of a closed list: its id, how it is shown, and what it means."""

    id: Slug
    label: Line
    definition: str = ""


class Concept(Term):
    """A theme or approach: what it includes and excludes, and the wording that points to it."""

    includes: str = ""
    excludes: str = ""
    signals: tuple[Line, ...] = ()
    everyday: tuple[Line, ...] = ()


class Organisation(Term):
    """Who runs a practice; `also` holds the short and older names people type."""

    kind: Slug
    region: Slug
    also: tuple[Line, ...] = ()


class Call(Term):
    """A call for practice, or a collection that practices came through."""

    kind: Literal["call", "collection"]
    opened: PartialDate | None = None
    closed: PartialDate | None = None
    asked_for: tuple[Slug, ...] = ()
    wanted: str = ""
    source: WebAddress | None = None


class ReferenceWeight(Record):
    """The weight of one theme in a reference, and the source of the figure."""

    theme: Slug
    weight: float = Field(ge=0, allow_inf_nan=False)
    unit: str = ""
    year: str = ""
    why: str = ""
    source: WebAddressOrNothing = ""
    caveat: str = ""


class ReferenceList(Term):
    """A distribution over themes against which coverage is compared."""

    kind: Literal["equal", "weights", "volumes"]
    description: str = ""
    caveat: str = ""
    weights: tuple[ReferenceWeight, ...] = ()

    def weigh(self, themes: Iterable[str]) -> dict[str, float]:
        """Return the weight of each theme that this reference has a figure for, in the order of `themes`."""
        if self.kind == "equal":
            return dict.fromkeys(themes, 1.0)
        given = {one.theme: one.weight for one in self.weights}
        return {theme: given[theme] for theme in themes if theme in given}


class OneWay(Record):
    """A wording that people type, and what the texts say instead; not the other way round."""

    from_: Line = Field(alias="from")
    to: tuple[Line, ...] = Field(min_length=1)


class SynonymGroup(Record):
    """Wordings that mean the same, so that each finds the others."""

    terms: tuple[Line, ...] = Field(min_length=2)


class TaxonomyFile(Record):
    """The format of taxonomy.yaml."""

    themes: tuple[Concept, ...] = Field(min_length=1)
    approaches: tuple[Concept, ...] = Field(min_length=1)


class VocabularyFile(Record):
    """The format of vocabulary.yaml."""

    evidence: tuple[Term, ...] = Field(min_length=1)
    stage: tuple[Term, ...] = Field(min_length=1)
    scale: tuple[Term, ...] = Field(min_length=1)
    region: tuple[Term, ...] = Field(min_length=1)
    partner: tuple[Term, ...] = Field(min_length=1)
    target_group: tuple[Term, ...] = Field(min_length=1)
    focus: tuple[Term, ...] = Field(min_length=1)
    recognition: tuple[Term, ...] = ()
    organisation_kind: tuple[Term, ...] = Field(min_length=1)
    organisation: tuple[Organisation, ...] = Field(min_length=1)


class SynonymsFile(Record):
    """The format of synonyms.yaml."""

    groups: tuple[SynonymGroup, ...] = ()
    one_way: tuple[OneWay, ...] = ()


class CallsFile(Record):
    """The format of calls.yaml."""

    calls: tuple[Call, ...] = ()


class ReferencesFile(Record):
    """The format of references.yaml."""

    references: tuple[ReferenceList, ...] = Field(min_length=1)


LIST_MODELS: dict[str, type[BaseModel]] = {
    "taxonomy.yaml": TaxonomyFile,
    "vocabulary.yaml": VocabularyFile,
    "synonyms.yaml": SynonymsFile,
    "calls.yaml": CallsFile,
    "references.yaml": ReferencesFile,
}


class Taxonomy(Record):
    """All closed lists of a corpus together.

    `terms(name)` gives one list by name: the vocabulary's own names, and "theme", "approach"
    and "call", in the order of their files.
    """

    themes: tuple[Concept, ...]
    approaches: tuple[Concept, ...]
    vocabulary: VocabularyFile
    synonyms: SynonymsFile
    calls: tuple[Call, ...]
    references: tuple[ReferenceList, ...]

    def terms(self, name: str) -> Mapping[str, Term]:
        """Return the values of one closed list by id."""
        return self._terms_by_list[name]

    @cached_property
    def _terms_by_list(self) -> dict[str, dict[str, Term]]:
        lists: dict[str, tuple[Term, ...]] = {
            "theme": self.themes,
            "approach": self.approaches,
            "call": self.calls,
            "reference": self.references,
            **{name: getattr(self.vocabulary, name) for name in VocabularyFile.model_fields},
        }
        return {name: {term.id: term for term in terms} for name, terms in lists.items()}

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """The label of every value of every closed list: by the list's name, then by id."""
        return {
            name: {key: term.label for key, term in terms.items()}
            for name, terms in self._terms_by_list.items()
        }

    def label(self, name: str, key: str) -> str:
        """Return the label of a value, or its id if it is unknown."""
        return self.labels[name].get(key, key)


def validation_faults(where: str, error: ValidationError, examples: Mapping[str, str]) -> list[Fault]:
    """Turn every fault of a pydantic error into one a person can act on.

    `examples` holds right values by key; the outermost key of a location that has one is used.
    """
    return [
        Fault(
            f"{where}, {_place(detail['loc'])}" if detail["loc"] else where,
            _plain(detail),
            next((examples[step] for step in map(str, detail["loc"]) if step in examples), ""),
        )
        for detail in error.errors(include_url=False)
    ]


def _place(location: tuple[int | str, ...]) -> str:
    """Write a location as people count: "themes 3, label"."""
    parts: list[str] = []
    for step in location:
        if isinstance(step, int) and parts:
            parts[-1] += f" {step + 1}"
        else:
            parts.append(str(step)[:80])
    return ", ".join(parts)


_PLAIN = {
    "missing": "this is required and is missing.",
    "extra_forbidden": "this key is not known here; check its spelling.",
    "string_too_short": "this is empty.",
    "string_pattern_mismatch": "{shown} does not have the right form.",
    "string_too_long": "this has {length:,} characters; at most {max_length:,} can be used.",
    "int_parsing": "{shown} is not a whole number.",
    "bool_parsing": "{shown} is neither yes nor no.",
    "bool_type": "{shown} is neither true nor false.",
    "list_type": "{shown} is not a list.",
    "greater_than_equal": "{shown} is less than {ge:,}.",
    "less_than_equal": "{shown} is more than {le:,}.",
    "value_error": "{error}.",
}
"""Pydantic's kinds of error in plain words; other kinds keep pydantic's own."""


def _plain(detail: Mapping[str, Any]) -> str:
    """Explain in plain words what is wrong with one value."""
    value = str(detail.get("input"))
    context = {"shown": f"“{value[:80]}”", "length": len(value), **detail.get("ctx", {})}
    template = _PLAIN.get(detail["type"])
    if template is None:
        return f"{context['shown']} cannot be used: {str(detail['msg']).lower()}."
    return template.format_map(context)


def list_faults(files: Mapping[str, Any]) -> list[Fault]:
    """Return the inconsistencies within and between the closed lists."""
    return [
        *_repeated_id_faults(files),
        *_theme_faults(files),
        *_call_faults(files["calls.yaml"].calls),
        *_reference_faults(files["references.yaml"].references),
        *_organisation_faults(files["vocabulary.yaml"]),
    ]


def _repeated_id_faults(files: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault for each id that is in one list twice."""
    taxonomy, vocabulary = files["taxonomy.yaml"], files["vocabulary.yaml"]
    named = {
        "taxonomy.yaml, themes": taxonomy.themes,
        "taxonomy.yaml, approaches": taxonomy.approaches,
        "calls.yaml": files["calls.yaml"].calls,
        "references.yaml": files["references.yaml"].references,
        **{f"vocabulary.yaml, {name}": getattr(vocabulary, name) for name in VocabularyFile.model_fields},
    }
    for where, terms in named.items():
        yield from duplicate_faults(where, [term.id for term in terms])


def _theme_faults(files: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault for each theme that a call or reference names and the taxonomy lacks."""
    themes = [theme.id for theme in files["taxonomy.yaml"].themes]
    used = [(f"calls.yaml, {call.id}", call.asked_for) for call in files["calls.yaml"].calls]
    used += [
        (f"references.yaml, {reference.id}", [weight.theme for weight in reference.weights])
        for reference in files["references.yaml"].references
    ]
    for where, names in used:
        for theme in names:
            if theme not in themes:
                yield Fault(where, f"“{theme}” is not a theme of taxonomy.yaml.", themes[0])


def _call_faults(calls: Iterable[Call]) -> Iterator[Fault]:
    """Yield a fault for each call that closes before it opens."""
    for call in calls:
        if call.opened and call.closed and is_before(call.closed, call.opened):
            message = f"it closes ({call.closed}) before it opens ({call.opened})."
            yield Fault(f"calls.yaml, {call.id}, closed", message, LIST_EXAMPLES["closed"])


def _reference_faults(references: Iterable[ReferenceList]) -> Iterator[Fault]:
    """Yield a fault for each reference from which no shares can be computed."""
    for reference in references:
        where = f"references.yaml, {reference.id}"
        if reference.id == OWN_REFERENCE:
            message = (
                f"“{OWN_REFERENCE}” is what a reference that somebody sends is called; give it another id."
            )
            yield Fault(f"{where}, id", message, "id: our-plan")
        yield from duplicate_faults(where, [weight.theme for weight in reference.weights])
        if reference.kind == "equal" and reference.weights:
            message = "a reference of kind equal takes no weights; leave them out, or write another kind."
            yield Fault(f"{where}, weights", message, "kind: weights")
        if reference.kind != "equal" and not any(weight.weight for weight in reference.weights):
            message = f"a reference of kind {reference.kind} needs a weight above 0 for at least one theme."
            yield Fault(f"{where}, weights", message, "- {theme: domestic-abuse, weight: 2}")


def _organisation_faults(vocabulary: VocabularyFile) -> Iterator[Fault]:
    """Yield a fault for each unknown kind and region of an organisation."""
    kinds = {term.id for term in vocabulary.organisation_kind}
    regions = {term.id for term in vocabulary.region}
    for organisation in vocabulary.organisation:
        for name, value, known in (
            ("kind", organisation.kind, kinds),
            ("region", organisation.region, regions),
        ):
            if value not in known:
                where = f"vocabulary.yaml, organisation {organisation.id}, {name}"
                yield Fault(where, f"“{value}” is not in the list.", sorted(known)[0])


def duplicate_faults(where: str, keys: Iterable[str]) -> list[Fault]:
    """Return a fault for each repeated id."""
    seen: set[str] = set()
    faults: list[Fault] = []
    for key in keys:
        if key in seen:
            faults.append(Fault(where, f"“{key}” is there twice; an id names one thing."))
        seen.add(key)
    return faults
