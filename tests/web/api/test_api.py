"""The API: answers of the promised form, and every fault at once in problem+json."""

from __future__ import annotations

import io
from inspect import isfunction
from typing import Any
from urllib.parse import quote

import pytest
from draft_files import IDEA, docx, pdf, upload
from flask.testing import FlaskClient
from pydantic import BaseModel, TypeAdapter

from search_service.answers.search import Results
from search_service.answers.similar import SimilarToText
from search_service.limits import MAX_QUERY_LENGTH
from search_service.web.api import operations
from search_service.web.api.openapi import Operation
from search_service.web.api.operations import OPERATIONS
from search_service.web.api.views import BASE
from search_service.web.app import MAX_BODY_BYTES
from search_service.web.http.errors import MAX_FAULTS, Problem
from search_service.web.http.uploads import MAX_UPLOAD_BYTES

DRAFT = "Carers fill in a form about a child who may go missing, so that police can search at once."

ADDRESSES = [
    ("/search?q=stalking&theme=stalking-harassment&sort=newest&per_page=3", "search"),
    ("/search?q=%22kids+stalking%22+-theft", "search"),
    ("/gaps?reference=recorded-volumes", "gaps"),
    ("/gaps/brief?reference=recorded-volumes", "brief"),
    ("/gap-map?rows=theme&columns=evidence", "gap_map"),
]
"""Requests whose answers differ in form from those to the examples."""

GET_OPERATIONS = [one for one in OPERATIONS if one.method == "GET"]


def problem(response: Any, status: int) -> dict[str, Any]:
    """Return a problem document, having checked its form and status."""
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    TypeAdapter(Problem).validate_python(response.get_json())
    assert response.get_json()["status"] == status
    return dict(response.get_json())


def address_of(operation: Operation) -> str:
    """Return the address of an operation, of a known practice where it is of one."""
    return BASE + operation.path.replace("<key>", "operation-encompass")


def examples(model: type[BaseModel], *, optional: bool) -> dict[str, Any]:
    """Return the example of each field that is needed, or of each that has one."""
    return {
        name: field.examples[0]
        for name, field in model.model_fields.items()
        if field.examples
        and (optional or field.is_required() or "minItems" in dict(field.json_schema_extra or {}))
    }


@pytest.mark.parametrize("optional", [False, True], ids=["needed", "all"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_each_operation_answers_its_examples_in_the_promised_form(
    client: FlaskClient, operation: Operation, optional: bool
) -> None:
    """What the description promises is what is sent, no key more and none less."""
    response = client.open(
        address_of(operation),
        method=operation.method,
        query_string=examples(operation.query, optional=optional),
        json=examples(operation.bodies[0], optional=optional) if operation.bodies else None,
    )
    assert response.status_code == 200, response.text
    TypeAdapter(operation.result).validate_python(response.get_json())


@pytest.mark.parametrize(("address", "name"), ADDRESSES)
def test_each_answer_has_the_promised_form(client: FlaskClient, address: str, name: str) -> None:
    """Also of other requests than the examples."""
    [result] = [one.result for one in OPERATIONS if one.name == name]
    TypeAdapter(result).validate_python(client.get(BASE + address).get_json())


def test_every_function_that_answers_is_an_operation() -> None:
    """A function without a row in the table has no route."""
    answering = {
        one for one in vars(operations).values() if isfunction(one) and one.__module__ == operations.__name__
    }
    assert answering == {operation.answer for operation in OPERATIONS}


def test_a_pasted_text_finds_practice_like_it(client: FlaskClient) -> None:
    """A description of a known idea brings that idea first, with reasons."""
    response = client.post("/api/v1/similar", json={"text": DRAFT, "limit": 3})
    found = TypeAdapter(SimilarToText).validate_python(response.get_json())["results"]
    assert "philomena" in found[0]["id"]
    assert found[0]["terms"]


@pytest.mark.parametrize(
    ("name", "content"), [("draft.docx", docx()), ("draft.pdf", pdf(IDEA)), ("draft.txt", IDEA.encode())]
)
def test_an_uploaded_file_finds_practice_like_it(client: FlaskClient, name: str, content: bytes) -> None:
    """A file brings what its text would bring, and what it lacks is named."""
    response = client.post("/api/v1/similar", **upload(name, content, limit="9"))
    found = TypeAdapter(SimilarToText).validate_python(response.get_json())
    assert "philomena-protocol" in {one["id"] for one in found["results"]}
    assert "cost" in {part["id"] for part in found["missing_parts"]}
    assert response.get_json() == client.post("/api/v1/similar", json={"text": IDEA, "limit": 9}).get_json()


@pytest.mark.parametrize(
    ("form", "where"),
    [
        ({}, {"file"}),
        ({"file": "its text, sent as a field"}, {"file"}),
        ({"text": IDEA}, {"file", "body, text"}),
        ({"file": (io.BytesIO(b"two words"), "draft.txt")}, {"file"}),
        ({"file": (io.BytesIO(b"x " * 60_000), "draft.txt")}, {"file"}),
        ({"file": (io.BytesIO(b"x"), "photo.jpg"), "limit": "ten", "colour": "red"},
         {"file", "body, limit", "body, colour"}),
    ],
)  # fmt: skip
def test_every_fault_of_an_uploaded_file_is_named_at_once(
    client: FlaskClient, form: dict[str, Any], where: set[str]
) -> None:
    """What is wrong with the file, or with the text that was in it, is said of the file."""
    response = client.post("/api/v1/similar", data=form, content_type="multipart/form-data")
    faults = problem(response, 422)["errors"]
    assert {fault["where"] for fault in faults} == where
    assert all(fault["message"] for fault in faults)


def test_only_a_file_may_be_larger_than_a_text(client: FlaskClient) -> None:
    """Two megabytes are read as a file and refused as JSON; what is larger still is not read at all."""
    large = upload("draft.txt", IDEA.encode() + b" " * 2_000_000)
    assert client.post("/api/v1/similar", **large).status_code == 200
    problem(client.post("/api/v1/similar", json={"text": "x" * 2_000_000}), 413)
    larger = upload("draft.txt", b"x" * MAX_UPLOAD_BYTES)
    assert "2 MB" in problem(client.post("/api/v1/similar", **larger), 413)["detail"]


def test_a_text_in_another_language_is_said_not_to_be_english(client: FlaskClient) -> None:
    """A program can tell its user why little was found, and no parts are said to be missing."""
    text = (
        "La police rend visite à chaque enfant qui a fugué, demande pourquoi, et convient d'un plan avec lui."
    )
    answer = client.post("/api/v1/similar", json={"text": text}).get_json()
    assert answer["is_english"] is False
    assert answer["missing_parts"] == []


def test_every_fault_of_a_search_is_named_at_once(client: FlaskClient) -> None:
    """Unknown parameters, wrong numbers and unknown values come in one answer, with examples."""
    response = client.get("/api/v1/search?page=-1&colour=red&theme=nope&sort=best&q=a&q=b&per_page=ten")
    faults = problem(response, 422)["errors"]
    assert {fault["where"] for fault in faults} == {"page", "colour", "theme", "sort", "q", "per_page"}
    assert all(fault["message"] for fault in faults)
    assert all(fault["example"] for fault in faults)


@pytest.mark.parametrize("page", ["0", "-1", str(10**9), str(10**30), "1.5", "one", "１"])
def test_a_page_out_of_bounds_is_refused(client: FlaskClient, page: str) -> None:
    """No page number is an error of ours; digits of other scripts count as digits."""
    response = client.get("/api/v1/search", query_string={"page": page})
    assert response.status_code in ((200, 422) if page == "１" else (422,))


def test_a_page_beyond_the_last_is_empty_with_the_total(client: FlaskClient) -> None:
    """A program that pages to the end sees the end."""
    answer = client.get("/api/v1/search?page=9999").get_json()
    assert answer["results"] == []
    assert answer["pages"] < 9999
    assert answer["total"] > 0


STRANGE = [
    "", " ", '"', '""', '"unbalanced', "-", "--", "NOT", "*", "a*", "not and or", "theme:", "theme:nope",
    ":::", "(((", "C++ (draft", "\x00\x01\x1f", "日本語 текст العربية", "🙂", "'; DROP TABLE x; --",
    "^(a+)+$", "[a-z]{1000}", "<script>alert(1)</script>", "x" * MAX_QUERY_LENGTH, "a " * 500,
]  # fmt: skip


@pytest.mark.parametrize("q", STRANGE)
def test_no_query_is_an_error(client: FlaskClient, q: str) -> None:
    """Whatever is typed within the length is searched."""
    response = client.get("/api/v1/search", query_string={"q": q})
    assert response.status_code == 200
    TypeAdapter(Results).validate_python(response.get_json())


@pytest.mark.parametrize("query", ["q=\xed\xa0\x80", "q=\xff&theme=fraud", "\xff=1"])
def test_a_byte_that_is_no_text_is_read_as_if_it_were_encoded(client: FlaskClient, query: str) -> None:
    """A server may hand over such bytes, which no browser sends, and they break nothing."""
    raw, encoded = (
        client.get("/api/v1/search", environ_overrides={"QUERY_STRING": one})
        for one in (query, quote(query, "=&", "latin-1"))
    )
    assert (raw.status_code, raw.get_data()) == (encoded.status_code, encoded.get_data())
    assert raw.status_code in (200, 422)


def test_too_long_a_query_is_refused_with_its_length(client: FlaskClient) -> None:
    """Ten thousand characters are a text to compare, and the message says where."""
    response = client.get("/api/v1/search", query_string={"q": "x" * 10_000})
    assert "10,000" in problem(response, 422)["errors"][0]["message"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/practices/no-such-practice", 404),
        ("/api/v1/practices/no-such-practice/related", 404),
        ("/api/v1/practices/%00", 404),
        ("/api/v1/gaps?reference=nope", 404),
        ("/api/v1/gap-map?rows=shoe", 422),
        ("/api/v1/gap-map?rows=theme&columns=theme", 422),
        ("/api/v1/practices/operation-encompass?x=1", 422),
        ("/api/v1/practices/operation-encompass/related?limit=0", 422),
        ("/api/v1/nothing", 404),
        ("/api/", 404),
    ],
)
def test_what_is_not_there_is_a_problem_of_the_right_status(
    client: FlaskClient, address: str, status: int
) -> None:
    """Errors under the API are always problem+json."""
    problem(client.get(address), status)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": "text", "content_type": "text/plain"}, 415),
        ({"data": {"text": "x"}}, 415),
        ({"data": "{", "content_type": "application/json"}, 400),
        ({"data": b"\xff\xfe", "content_type": "application/json"}, 400),
        ({"data": "[" * 100_000, "content_type": "application/json"}, 400),
        ({"json": []}, 422),
        ({"data": "null", "content_type": "application/json"}, 422),
        ({"json": {"text": 5}}, 422),
        ({"json": {}}, 422),
        ({"json": {"text": "two words"}}, 422),
        ({"json": {"text": DRAFT, "limit": 0}}, 422),
        ({"json": {"text": DRAFT, "more": True}}, 422),
        ({"json": {"text": "\ud800" * 10}}, 422),
        ({"json": {"text": DRAFT, "half a character \ud800": 1}}, 422),
        ({"data": b"x" * (MAX_BODY_BYTES + 1), "content_type": "application/json"}, 413),
    ],
)
def test_a_wrong_body_is_a_problem_of_the_right_status(
    client: FlaskClient, sent: dict[str, Any], status: int
) -> None:
    """A wrong content type, broken JSON, wrong values and too much of it are told apart."""
    problem(client.post("/api/v1/similar", **sent), status)


@pytest.mark.parametrize("operation", GET_OPERATIONS, ids=lambda operation: operation.name)
def test_an_unknown_parameter_is_refused(client: FlaskClient, operation: Operation) -> None:
    """A program whose parameter does nothing would go on with wrong answers."""
    query = examples(operation.query, optional=False) | {"utm_source": "mail"}
    [fault] = problem(client.get(address_of(operation), query_string=query), 422)["errors"]
    assert fault["where"] == "utm_source"


def test_faults_are_named_up_to_a_number_and_then_counted(client: FlaskClient) -> None:
    """Neither wrong parameters, wrong values nor wrong keys make an answer without end."""
    names = "&".join(f"unknown{at}=1" for at in range(600))
    values = "&".join(f"theme=unknown{at}" for at in range(600))
    keys = {"text": DRAFT, **{f"unknown{at}": 1 for at in range(600)}}
    for response in (
        client.get(f"/api/v1/search?{names}"),
        client.get(f"/api/v1/search?{values}"),
        client.post("/api/v1/similar", json=keys),
    ):
        faults = problem(response, 422)["errors"]
        assert len(faults) == MAX_FAULTS + 1
        assert faults[-1]["message"] == "and 550 more."
        assert len(response.get_data()) < 30_000


def test_very_many_parameters_or_keys_are_counted_and_not_read(client: FlaskClient) -> None:
    """The number is the one fault there is, and a parameter with a long name is cut short."""
    for response in (
        client.get("/api/v1/search?" + "&".join(f"a{at}=1" for at in range(10_000))),
        client.post("/api/v1/similar", json={f"a{at}": 1 for at in range(10_000)}),
    ):
        [fault] = problem(response, 422)["errors"]
        assert "10,000" in fault["message"]
        assert "1,000" in fault["message"]
    for response in (
        client.get("/api/v1/search", query_string={"a" * 20_000: 1}),
        client.post("/api/v1/similar", json={"text": DRAFT, "a" * 20_000: 1}),
    ):
        problem(response, 422)
        assert len(response.get_data()) < 2_000


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    """405 comes with Allow."""
    response = client.delete("/api/v1/search")
    problem(response, 405)
    assert "GET" in response.headers["Allow"]


def test_an_unforeseen_error_shows_no_traceback(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw is logged for us and says nothing of the inside to others."""
    broken = type("Broken", (), {"current": lambda _: 1 / 0})()
    monkeypatch.setitem(client.application.extensions, "library", broken)
    answer = client.get("/api/v1/search")
    assert "division" not in answer.get_data(as_text=True)
    problem(answer, 500)


def test_suggestions_name_their_kind_and_where_they_lead(client: FlaskClient) -> None:
    """A theme, an organisation and a practice have an id, a phrase has none."""
    found = client.get("/api/v1/suggest?q=wmp").get_json()["suggestions"]
    assert [(one["kind"], one["text"]) for one in found] == [("organisation", "West Midlands Police")]
    found = client.get("/api/v1/suggest?q=ask+for+ang&limit=1").get_json()["suggestions"]
    assert found == [
        {
            "kind": "practice",
            "text": "Ask for Angela",
            "id": "ask-for-angela",
            "practices": 1,
            "url": "/practices/ask-for-angela",
        }
    ]


@pytest.mark.parametrize("typed", ["stalking", "west midlands", "missing", "philomena"])
def test_every_suggestion_leads_to_a_page_that_there_is(client: FlaskClient, typed: str) -> None:
    """A phrase alone leads nowhere: it is searched for."""
    found = client.get(f"/api/v1/suggest?q={typed}").get_json()["suggestions"]
    assert found
    for one in found:
        assert (one["url"] is None) == (one["kind"] == "phrase")
        if one["url"]:
            assert client.get(one["url"]).status_code == 200


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=21", "limit=many", f"q={'a' * (MAX_QUERY_LENGTH + 1)}", "n=1"]
)
def test_a_wrong_request_for_suggestions_says_what_was_wrong(client: FlaskClient, query: str) -> None:
    """As every other request does."""
    assert problem(client.get(f"/api/v1/suggest?{query}"), 422)["errors"]


def test_a_search_says_what_it_understood(client: FlaskClient) -> None:
    """Another phrase that may be meant, organisations named, and that evidence was asked for."""
    understood = client.get("/api/v1/search?q=count+lines").get_json()["query"]
    assert understood["offer"] == "county lines"
    understood = client.get("/api/v1/search?q=what+works+for+stalking+WMP").get_json()["query"]
    assert understood["organisations"] == [{"id": "west-midlands-police", "label": "West Midlands Police"}]
    assert understood["asks_evidence"]


def test_a_search_without_results_names_the_nearest_and_what_was_given_up(client: FlaskClient) -> None:
    """The total stays 0: the near is not what was asked for."""
    answer = client.get("/api/v1/search?q=%22kids+stalking%22").get_json()
    assert (answer["total"], answer["results"]) == (0, [])
    assert [step["id"] for step in answer["nearest"]["given_up"]] == ["phrases"]
    assert answer["nearest"]["results"]
    assert answer["nearest"]["themes"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"text": "two words", "limit": 0}, {"text", "limit"}),
        ({"text": "two words", "theme": ["nope"], "more": True}, {"text", "theme", "body, more"}),
        ({"limit": "ten", "region": [1, "nope"]}, {"body, text", "body, limit", "body, region 1", "region"}),
        ({"text": "x" * 50_001, "promising": "nope"}, {"text", "body, promising"}),
    ],
)
def test_every_fault_of_a_body_is_named_at_once_with_an_example_in_json(
    client: FlaskClient, body: dict[str, Any], where: set[str]
) -> None:
    """What only comparing shows is said with what is wrong with the form, and examples can be pasted."""
    faults = problem(client.post("/api/v1/similar", json=body), 422)["errors"]
    assert {fault["where"] for fault in faults} == where
    assert all(fault["example"] for fault in faults)
    assert not any("=" in fault["example"] for fault in faults)


def test_faults_of_the_address_and_of_the_body_are_named_together(client: FlaskClient) -> None:
    """Also where the body can be read."""
    response = client.post("/api/v1/similar?utm_source=mail", json={"text": "two words"})
    faults = problem(response, 422)["errors"]
    assert {fault["where"] for fault in faults} == {"utm_source", "text"}
    weights = {"weights": [{"theme": "nope", "weight": -1}], "more": True}
    faults = problem(client.post("/api/v1/gaps", json=weights), 422)["errors"]
    assert [fault["where"] for fault in faults] == ["body, more", "weights 1", "weights 1"]


def test_an_unknown_key_is_answered_with_the_known_ones(client: FlaskClient) -> None:
    """As an unknown parameter is."""
    [fault] = problem(client.post("/api/v1/similar", json={"text": DRAFT, "txt": 1}), 422)["errors"]
    assert "text, limit" in fault["message"]


def test_a_form_is_read_as_an_address_is(client: FlaskClient) -> None:
    """Empty fields are none, as browsers send them; what is there twice is refused, and not chosen from."""
    empty = upload("draft.txt", IDEA.encode(), limit="", promising="", region="")
    plain = upload("draft.txt", IDEA.encode())
    answers = [client.post("/api/v1/similar", **sent) for sent in (empty, plain)]
    assert answers[0].status_code == 200
    assert answers[0].get_json() == answers[1].get_json()
    twice = upload("draft.txt", b"two words", limit=["3", "5"], promising="perhaps")
    faults = problem(client.post("/api/v1/similar", **twice), 422)["errors"]
    assert {fault["where"] for fault in faults} == {"body, limit", "body, promising", "file"}
    assert {fault["example"] for fault in faults} >= {"limit=6", "promising=yes"}


def test_of_two_files_none_is_chosen(client: FlaskClient) -> None:
    """A program that sends two would take the answer for one of both."""
    files = [(io.BytesIO(IDEA.encode()), "one.txt"), (io.BytesIO(b"another"), "two.txt")]
    response = client.post("/api/v1/similar", data={"file": files}, content_type="multipart/form-data")
    [fault] = problem(response, 422)["errors"]
    assert fault["where"] == "file"
    assert "2 files" in fault["message"]


def test_a_parameter_given_twice_is_shown_with_a_value_that_can_be_used(client: FlaskClient) -> None:
    """What was typed is no example where it is wrong itself."""
    [fault] = problem(client.get("/api/v1/search?page=x&page=y"), 422)["errors"]
    assert fault["example"] == "page=1"


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("/api/v1/gap-map?rows=shoe&columns=hat&z=1", ["z", "rows", "columns"]),
        (f"/api/v1/gap-map?rows={'x' * 90}&columns=hat", ["rows", "columns"]),
        (f"/api/v1/search?q={'x' * 1001}", ["q"]),
        (f"/api/v1/suggest?q={'x' * 1001}&limit=0", ["q", "limit"]),
    ],
)
def test_every_fault_of_an_address_is_named_at_once_with_an_example(
    client: FlaskClient, address: str, where: list[str]
) -> None:
    """Also what only the library can tell to be wrong."""
    faults = problem(client.get(address), 422)["errors"]
    assert [fault["where"] for fault in faults] == where
    assert all(fault["example"] for fault in faults)


@pytest.mark.parametrize("year", ["1", "1899", "2101", "9" * 400])
def test_a_number_that_is_no_year_is_refused_with_years_as_they_are_written(
    client: FlaskClient, year: str
) -> None:
    """1900 and not 1,900; the description names the bounds as well."""
    faults = problem(client.get(f"/api/v1/search?from={year}&to={year}"), 422)["errors"]
    shown = year if len(year) < 20 else f"{year[:20]}…"
    assert [fault["message"] for fault in faults] == [f"{shown} is not a year from 1900 to 2100."] * 2
    described = client.get("/api/v1/openapi.json").get_json()["paths"]["/api/v1/search"]["get"]["parameters"]
    schema = next(one["schema"] for one in described if one["name"] == "from")
    assert schema["anyOf"][0] == {"type": "integer", "minimum": 1900, "maximum": 2100}
