"""Reading what a request carries: every fault at once, with a right example, unknown parameters included.

A model says which parameters there are and of which type; whether their values can be used is the library's
to say. `Reading.answered` collects what both find wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar, get_origin

from flask import Flask, request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from search_service.errors import Fault, InvalidRequest, NotFound
from search_service.practices.taxonomy import validation_faults

P = TypeVar("P", bound=BaseModel)
A = TypeVar("A")

MAX_PARAMETERS = 1_000
"""More than every value of every filter together; a request with more is not parsed."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[P]):
    """The parameters of a request, and what is wrong with it; a wrong parameter has its default.

    `is_json` says that they came as JSON, `is_unreadable` that none could be read.
    """

    params: P
    faults: tuple[Fault, ...]
    is_json: bool = False
    is_unreadable: bool = False

    def answered(self, answer: Callable[[P], A]) -> A:
        """Return the answer to the parameters; raises InvalidRequest with every fault of both.

        What `answer` finds wrong with the default of a parameter that was wrong itself is left out.
        """
        faults = list(self.faults)
        if self.is_unreadable:
            raise InvalidRequest(faults)
        try:
            result = answer(self.params)
        except InvalidRequest as error:
            wrong = set(map(_parameter, faults))
            found = map(_with_json_example, error.faults) if self.is_json else error.faults
            faults += [fault for fault in found if _parameter(fault) not in wrong]
        except NotFound:
            if not faults:
                raise
        if faults:
            raise InvalidRequest(faults)
        return result


def _parameter(fault: Fault) -> str:
    """Return the parameter that a fault spoils as a whole: "weights" for "body, weights 3, theme"."""
    first, comma, _ = fault.where.removeprefix("body, ").partition(",")
    return first.partition(" ")[0] if comma else first


def _with_json_example(fault: Fault) -> Fault:
    """Write an example such as limit=6 as it stands in JSON."""
    name, separator, value = fault.example.partition("=")
    return replace(fault, example=f'"{name}": {value}') if separator and name == fault.where else fault


def register(app: Flask) -> None:
    """Refuse a query or form of very many parts before it is parsed, which costs the most."""
    app.before_request(_refuse_too_many)


def _refuse_too_many() -> None:
    parts = [request.query_string]
    if request.mimetype == "application/x-www-form-urlencoded":
        parts.append(request.get_data(parse_form_data=False))
    given = sum(part.count(b"&") + 1 for part in parts if part)
    if given > MAX_PARAMETERS:
        raise InvalidRequest([_too_many("parameters", given)])


def _too_many(what: str, given: int) -> Fault:
    message = (
        f"there are {given:,} of them; at most {MAX_PARAMETERS:,} are read. Leave out what is not needed."
    )
    return Fault(what, message)


def query_examples(model: type[BaseModel]) -> dict[str, str]:
    """Return the example of each field that has one, as written in an address."""
    shown = {name: value[0] if isinstance(value, list) else value for name, value in _examples(model)}
    return {name: f"{name}={'yes' if value is True else value}" for name, value in shown.items()}


def json_examples(model: type[BaseModel]) -> dict[str, str]:
    """Return the example of each field that has one, as written in JSON."""
    return {name: f"{json.dumps(name)}: {json.dumps(value)}" for name, value in _examples(model)}


def _examples(model: type[BaseModel]) -> list[tuple[str, Any]]:
    return [(name, field.examples[0]) for name, field in model.model_fields.items() if field.examples]


def read_query(
    model: type[P], args: MultiDict[str, str], unknown: Literal["refuse", "ignore"] = "refuse"
) -> Reading[P]:
    """Read query parameters; an empty value counts as not given.

    The API refuses an unknown parameter, since a program would go on with wrong answers. A page ignores it:
    links are shared with `utm_source` and the like added, and must work.
    """
    values, faults = values_of(model, args)
    if unknown == "refuse":
        faults += [_unknown(name, model) for name in args if name not in model.model_fields]
    try:
        return Reading(model.model_validate(values), tuple(faults))
    except ValidationError as error:
        faults += [
            Fault(fault.where.removeprefix(", "), fault.message, fault.example)
            for fault in validation_faults("", error, query_examples(model))
        ]
        return Reading(model.model_validate(_usable(model, values, error)), tuple(faults))


def read_page_query(model: type[P]) -> Reading[P]:
    """Read the query parameters of a page."""
    return read_query(model, request.args, unknown="ignore")


def values_of(model: type[BaseModel], given: MultiDict[str, str]) -> tuple[dict[str, Any], list[Fault]]:
    """Return the values given for a model's fields, and a fault for each that is given too often."""
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
            example = query_examples(model).get(name, f"{name}={several[0][:80]}")
            faults.append(Fault(name, "this is given more than once.", example))
        elif several:
            values[name] = several[0]
    return values, faults


def _unknown(name: str, model: type[BaseModel]) -> Fault:
    known = list(model.model_fields)
    if not known:
        return Fault(name[:80], "this address takes no parameters; leave it out.")
    message = f"this parameter is not known here; known are {', '.join(known)}."
    return Fault(name[:80], message, f"{known[0]}=…")


def read_body(model: type[P], value: object, examples: Mapping[str, str] | None = None) -> Reading[P]:
    """Read a parsed JSON body, or a form with other `examples`; a missing required value is empty."""
    examples = json_examples(model) if examples is None else examples
    if not isinstance(value, dict):
        example = '{"text": "We visit every child who has been missing."}'
        unreadable = Fault("body", "the body must be a JSON object.", example)
        return Reading(model.model_construct(), (unreadable,), is_unreadable=True)
    if len(value) > MAX_PARAMETERS:
        unreadable = _too_many("body, keys", len(value))
        return Reading(model.model_construct(), (unreadable,), is_unreadable=True)
    try:
        return Reading(model.model_validate(value), (), is_json=True)
    except ValidationError as error:
        faults = tuple(_body_faults(model, error, examples))
        return Reading(model.model_validate(_usable(model, value, error)), faults, is_json=True)


def _body_faults(model: type[BaseModel], error: ValidationError, examples: Mapping[str, str]) -> list[Fault]:
    """Explain what is wrong with a body; for an unknown key, name the known ones."""
    known = list(model.model_fields)
    example = next(examples[name] for name in known if name in examples)
    message = f"this key is not known here; known are {', '.join(known)}."
    return [
        Fault(fault.where, message, example)
        if detail["type"] == "extra_forbidden" and len(detail["loc"]) == 1
        else fault
        for fault, detail in zip(validation_faults("body", error, examples), error.errors(), strict=True)
    ]


def _usable(model: type[BaseModel], values: Mapping[str, Any], error: ValidationError) -> dict[str, Any]:
    """Return the values without those at fault, and an empty one for each required field.

    Of a list of single values only those at fault are left out.
    """
    places = {detail["loc"] for detail in error.errors()}
    rest: dict[str, Any] = {}
    for name, value in values.items():
        if name not in model.model_fields or any(
            place[:1] == (name,) and len(place) != 2 for place in places
        ):
            continue
        is_list = isinstance(value, list)
        rest[name] = [one for at, one in enumerate(value) if (name, at) not in places] if is_list else value
    required = {name: field.annotation for name, field in model.model_fields.items() if field.is_required()}
    return {name: (get_origin(kind) or kind)() for name, kind in required.items() if kind} | rest
