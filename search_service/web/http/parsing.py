"""Reading what a request carries: every fault at once, with a right example, unknown parameters included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from search_service.errors import Fault, InvalidRequest
from search_service.practices.taxonomy import validation_faults
from search_service.similar.index import EXAMPLE_TEXT

P = TypeVar("P", bound=BaseModel)
R = TypeVar("R", bound=BaseModel | None)

MAX_PARAMETERS = 1_000
"""More than every value of every filter together; a request with more is not taken apart."""

EXAMPLES = {
    "q": "q=missing from care",
    "from": "from=2015",
    "to": "to=2020",
    "evaluated": "evaluated=yes",
    "page": "page=1",
    "per_page": "per_page=10",
    "limit": "limit=6",
    "sort": "sort=ratio",
    "rows": "rows=theme",
    "columns": "columns=region",
    "title": "title=Learning event, March 2027",
    "weights": '[{"theme": "domestic-abuse", "weight": 2}]',
    "promising": "promising=yes",
}

JSON_EXAMPLES = EXAMPLES | {
    "text": f'"text": "{EXAMPLE_TEXT}"',
    "limit": '"limit": 6',
    "promising": '"promising": true',
    "not_organisation": '"not_organisation": ["kent-police"]',
    "region": '"region": ["wales"]',
    "theme": '"theme": ["missing-people"]',
}
"""As `EXAMPLES`, of what is in JSON only, or written otherwise there."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[R]):
    """What could be read of a request, and what could not (at its default in `params`)."""

    params: R
    faults: tuple[Fault, ...]

    def or_raise(self) -> R:
        """Return the parameters; raises InvalidRequest where anything is wrong with them."""
        if self.faults:
            raise InvalidRequest(self.faults)
        return self.params


def refuse_too_many(*parts: bytes) -> None:
    """Raise InvalidRequest where a query or form, not yet taken apart, holds very many parameters."""
    given = sum(part.count(b"&") + 1 for part in parts if part)
    if given > MAX_PARAMETERS:
        raise InvalidRequest([_too_many("parameters", given)])


def _too_many(what: str, given: int) -> Fault:
    message = (
        f"there are {given:,} of them; at most {MAX_PARAMETERS:,} are read. Leave out what is not needed."
    )
    return Fault(what, message)


def read_query(
    model: type[P], args: MultiDict[str, str], unknown: Literal["refuse", "ignore"] = "refuse"
) -> Reading[P]:
    """Read query parameters; an empty value counts as not given.

    A program is told of a parameter that does not exist, for it would go on with wrong answers. A
    page ignores it: links are shared with `utm_source` and the like added, and must work.
    """
    values, faults = values_of(model, args)
    if unknown == "refuse":
        faults += [_unknown(name, model) for name in args if name not in model.model_fields]
    return _validated(model, values, faults)


def values_of(model: type[BaseModel], given: MultiDict[str, str]) -> tuple[dict[str, Any], list[Fault]]:
    """Return what is given of a model's fields, and a fault for each that is given too often."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name in given:
        field = model.model_fields.get(name)
        if field is None:
            continue
        several = [value for value in given.getlist(name) if value != ""]
        if get_origin(field.annotation) is list:
            values[name] = list(dict.fromkeys(several))
        elif len(several) > 1:
            example = EXAMPLES.get(name, f"{name}={several[0][:80]}")
            faults.append(Fault(name, "this is given more than once.", example))
        elif several:
            values[name] = several[0]
    return values, faults


def read_body(
    model: type[P], value: object, examples: Mapping[str, str] = JSON_EXAMPLES
) -> Reading[P] | Reading[None]:
    """Read a body, or a form that was taken apart; what is wrong is left out, None where that is needed."""
    if not isinstance(value, dict):
        example = '{"text": "We visit every child who has been missing."}'
        return Reading(None, (Fault("body", "the body must be a JSON object.", example),))
    if len(value) > MAX_PARAMETERS:
        return Reading(None, (_too_many("body, keys", len(value)),))
    try:
        return Reading(model.model_validate(value), ())
    except ValidationError as error:
        faults = tuple(_body_faults(model, error, examples))
        rest = _without_wrong(value, error)
    try:
        return Reading(model.model_validate(rest), faults)
    except ValidationError:
        return Reading(None, faults)


def _body_faults(model: type[BaseModel], error: ValidationError, examples: Mapping[str, str]) -> list[Fault]:
    """Say what is wrong with a body, and of an unknown key which are known."""
    known = list(model.model_fields)
    example = next(examples[name] for name in known if name in examples)
    message = f"this key is not known here; known are {', '.join(known)}."
    return [
        Fault(fault.where, message, example)
        if detail["type"] == "extra_forbidden" and len(detail["loc"]) == 1
        else fault
        for fault, detail in zip(validation_faults("body", error, examples), error.errors(), strict=True)
    ]


def _without_wrong(values: Mapping[str, Any], error: ValidationError) -> dict[str, Any]:
    """Return the values with which nothing is wrong; a key that is no text is named nowhere, and stays."""
    wrong = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
    return {name: value for name, value in values.items() if name not in wrong}


def _unknown(name: str, model: type[BaseModel]) -> Fault:
    """Say of an unknown parameter which are known."""
    known = list(model.model_fields)
    if not known:
        return Fault(name[:80], "this address takes no parameters; leave it out.")
    message = f"this parameter is not known here; known are {', '.join(known)}."
    return Fault(name[:80], message, f"{known[0]}=…")


def _validated(model: type[P], values: Mapping[str, Any], faults: list[Fault]) -> Reading[P]:
    try:
        return Reading(model.model_validate(values), tuple(faults))
    except ValidationError as error:
        found = [
            Fault(fault.where.removeprefix(", "), fault.message, fault.example)
            for fault in validation_faults("", error, EXAMPLES)
        ]
        return Reading(model.model_validate(_without_wrong(values, error)), (*faults, *found))
