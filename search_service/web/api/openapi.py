"""The OpenAPI 3.1 description, made from the table of operations and their types."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel, TypeAdapter

import search_service
from search_service.web.http.errors import Problem
from search_service.web.http.params import NoParams

REFERENCE = "#/components/schemas/{model}"

MEANINGS = {
    400: "The body is not JSON.",
    404: "There is nothing with this id.",
    413: "The body is too large.",
    415: "The body is of a content type that is not taken here.",
    422: "Parameters or body cannot be used; errors lists every fault.",
    429: "Too much was asked from this address within a minute; Retry-After says when to ask again.",
}

HEADERS = {429: {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}}
"""Headers of an answer, by status."""

PATH_PARAMETERS = {"key": "Id of a practice, such as operation-encompass."}
"""The descriptions of path parameters."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One route of the API, and the function that answers.

    The signature of `answer` says the rest: path parameters by name, `query` for query parameters, `body` for
    JSON (a second type of `body` is a form with a file), and the shape that it returns.
    """

    method: str
    path: str
    summary: str
    answer: Callable[..., Mapping[str, object]]

    @property
    def name(self) -> str:
        """The operation's id."""
        return self.answer.__name__

    @property
    def path_parameters(self) -> list[str]:
        """The names of the path parameters."""
        return re.findall(r"<(\w+)>", self.path)

    @property
    def query(self) -> type[BaseModel]:
        """The query parameters."""
        query: type[BaseModel] = get_type_hints(self.answer).get("query", NoParams)
        return query

    @property
    def bodies(self) -> tuple[type[BaseModel], ...]:
        """The accepted bodies: none, JSON, or JSON and a form with a file."""
        body = get_type_hints(self.answer).get("body")
        return get_args(body) or ((body,) if body else ())

    @property
    def result(self) -> type:
        """The shape of the answer."""
        shape: type = get_type_hints(self.answer)["return"]
        return shape

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status except 200; a practice or reference may be unknown."""
        body = (400, 413, 415) if self.bodies else ()
        unknown = (404,) if self.path_parameters or "reference" in self.query.model_fields else ()
        return (*body, *unknown, 422, 429)


def describe(base: str, operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of `operations` as plain values."""
    shapes = [Problem, *(one.result for one in operations)]
    shapes += [model for one in operations for model in one.bodies]
    _, schemas = TypeAdapter.json_schemas(
        [(shape.__name__, "serialization", TypeAdapter(shape)) for shape in shapes], ref_template=REFERENCE
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        path = base + re.sub(r"<(\w+)>", r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Practice Finder",
            "version": search_service.__version__,
            "description": "Search, similar practice and thematic gaps over calls for practice.",
        },
        "paths": paths,
        "components": {"schemas": schemas["$defs"]},
    }


def with_values(description: Mapping[str, Any], lists: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return a description that lists the values in a snapshot for each query parameter in `lists`."""
    made = copy.deepcopy(dict(description))
    for item in made["paths"].values():
        for operation in item.values():
            for parameter in operation["parameters"]:
                if parameter["in"] == "query" and parameter["name"] in lists:
                    schema = parameter["schema"]
                    schema.get("items", schema)["enum"] = list(lists[parameter["name"]])
    return made


def readable(description: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the operations of a description as the reference page shows them."""
    schemas = description["components"]["schemas"]
    shown = []
    for path, item in description["paths"].items():
        for method, operation in item.items():
            bodies = operation.get("requestBody", {}).get("content", {})
            answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
            shown.append(
                {
                    "method": method.upper(),
                    "path": path,
                    "name": operation["operationId"],
                    "summary": operation["summary"],
                    "description": operation["description"],
                    "parameters": operation.get("parameters", []),
                    "bodies": {kind: _fields(schemas, body["schema"]) for kind, body in bodies.items()},
                    "answer": _fields(schemas, answer),
                    "statuses": [(s, r["description"]) for s, r in operation["responses"].items()],
                }
            )
    return shown


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": (operation.answer.__doc__ or "").strip(),
        "parameters": [*_path_parameters(operation), *_query_parameters(operation.query)],
        "responses": {
            "200": {"description": "The answer.", "content": _json(operation.result)},
            **{str(status): _problem(status) for status in operation.statuses},
        },
    }
    if operation.bodies:
        types = zip(("application/json", "multipart/form-data"), operation.bodies, strict=False)
        content = {name: {"schema": _reference(model)} for name, model in types}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": PATH_PARAMETERS[name],
            "schema": {"type": "string"},
        }
        for name in operation.path_parameters
    ]


def _query_parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    """Describe the parameters; an empty value counts as not given, and only some lists are required."""
    schema = model.model_json_schema()
    return [
        {
            "name": name,
            "in": "query",
            "required": "minItems" in value,
            "allowEmptyValue": "minItems" not in value,
            "description": value.pop("description", ""),
            "schema": {key: part for key, part in value.items() if key != "title"},
        }
        for name, value in schema.get("properties", {}).items()
    ]


def _json(shape: type) -> dict[str, Any]:
    return {"application/json": {"schema": _reference(shape)}}


def _reference(shape: type) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=shape.__name__)}


def _problem(status: int) -> dict[str, Any]:
    content = {"application/problem+json": _json(Problem)["application/json"]}
    described: dict[str, Any] = {"description": MEANINGS[status], "content": content}
    return described | ({"headers": HEADERS[status]} if status in HEADERS else {})


def _fields(schemas: dict[str, Any], schema: dict[str, Any]) -> Sequence[dict[str, str]]:
    """Return the name, type and description of each field of a schema."""
    whole = schemas[_name(schema)]
    return [
        {"name": name, "type": _type(value), "description": value.get("description", "")}
        for name, value in whole.get("properties", {}).items()
    ]


def _name(schema: dict[str, Any]) -> str:
    return str(schema["$ref"]).rsplit("/", 1)[-1]


def _type(schema: dict[str, Any]) -> str:
    """Name the type of a value in a word or two."""
    if "$ref" in schema:
        return _name(schema)
    if "anyOf" in schema:
        return " or ".join(_type(part) for part in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type", "any"))
