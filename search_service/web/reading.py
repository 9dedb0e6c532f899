"""Reading what a request carries: every fault at once, with a right example, unknown parameters included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from search_service.errors import Fault, InvalidRequest
from search_service.practices.taxonomy import validation_faults

P = TypeVar("P", bound=BaseModel)

MAX_PARAMETERS = 1_000
"""More than every value of every filter together; a request with more is not taken apart."""

EXAMPLES = {
    "from": "from=2015",
    "to": "to=2020",
    "evaluated": "evaluated=yes",
    "page": "page=1",
    "per_page": "per_page=10",
    "limit": "limit=6",
    "sort": "sort=ratio",
    "title": "title=Learning event, March 2027",
    "weights": '[{"theme": "domestic-abuse", "weight": 2}]',
    "promising": "promising=yes",
}

BODY_EXAMPLES = EXAMPLES | {
    "promising": '"promising": true',
    "not_organisation": '"not_organisation": ["kent-police"]',
    "region": '"region": ["wales"]',
    "theme": '"theme": ["missing-people"]',
}
"""As `EXAMPLES`, of what is written otherwise in JSON."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[P]):
    """What could be read of a request, and what could not (at its default in `params`)."""

    params: P
    faults: tuple[Fault, ...]

    def or_raise(self) -> P:
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
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name in args:
        given = [value for value in args.getlist(name) if value != ""]
        field = model.model_fields.get(name)
        if field is None:
            if unknown == "refuse":
                faults.append(_unknown(name, model))
        elif takes_several(model, name):
            values[name] = list(dict.fromkeys(given))
        elif len(given) > 1:
            faults.append(Fault(name, "this is given more than once.", f"{name}={given[0][:80]}"))
        elif given:
            values[name] = given[0]
    return _validated(model, values, faults)


def takes_several(model: type[BaseModel], name: str) -> bool:
    """Tell whether a parameter may be given more than once."""
    field = model.model_fields.get(name)
    return field is not None and get_origin(field.annotation) is list


def read_body(model: type[P], value: object) -> P:
    """Read a JSON body; raises InvalidRequest with every fault."""
    if not isinstance(value, dict):
        example = '{"text": "We visit every child who has been missing."}'
        raise InvalidRequest([Fault("body", "the body must be a JSON object.", example)])
    if len(value) > MAX_PARAMETERS:
        raise InvalidRequest([_too_many("body, keys", len(value))])
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise InvalidRequest(validation_faults("body", error, BODY_EXAMPLES)) from None


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
        wrong = {str(detail["loc"][0]) for detail in error.errors()}
        found = [
            Fault(fault.where.removeprefix(", "), fault.message, fault.example)
            for fault in validation_faults("", error, EXAMPLES)
        ]
        rest = {name: value for name, value in values.items() if name not in wrong}
        return Reading(model.model_validate(rest), (*faults, *found))
