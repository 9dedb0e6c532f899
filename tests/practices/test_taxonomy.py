"""The rule kept here: the closed lists agree with themselves and with one another."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from builders import as_yaml, make_lists, make_taxonomy
from pydantic import ValidationError

from search_service.errors import Fault
from search_service.practices.checks import nearest, read_taxonomy
from search_service.practices.model import CLOSED_LISTS
from search_service.practices.taxonomy import LIST_MODELS, ReferenceList, duplicate_faults


def read(**overrides: Any) -> tuple[bool, list[Fault]]:
    """Read the lists with overrides; tell whether they can be used, and their faults."""
    lists = {f"{name}.yaml": as_yaml(value).encode() for name, value in make_lists(**overrides).items()}
    taxonomy, faults = read_taxonomy(lists)
    return taxonomy is not None, faults


def test_the_lists_are_read_in_the_order_of_their_files() -> None:
    """The order in a file is the order in every facet and table."""
    lists = {f"{name}.yaml": as_yaml(value).encode() for name, value in make_lists().items()}
    taxonomy, faults = read_taxonomy(lists)
    assert faults == []
    assert taxonomy == make_taxonomy()
    assert list(taxonomy.terms("theme")) == ["domestic-abuse", "stalking-harassment", "missing-people"]


@pytest.mark.parametrize("name", [*CLOSED_LISTS, "reference", "organisation_kind"])
def test_every_closed_list_can_be_asked_for_by_name(name: str) -> None:
    """Each list a practice draws on gives its terms by id."""
    terms = make_taxonomy().terms(name)
    assert terms
    assert all(key == term.id for key, term in terms.items())


def test_a_label_is_what_is_shown_and_an_unknown_id_is_shown_as_it_stands() -> None:
    """A page never fails for an id that a list has lost."""
    taxonomy = make_taxonomy()
    assert taxonomy.label("theme", "domestic-abuse") == "Domestic abuse"
    assert taxonomy.label("theme", "gone") == "gone"


def test_a_reference_of_equal_shares_has_no_weights_and_others_have_one_for_each_theme() -> None:
    """Equal shares need no figures; the others give them by theme."""
    equal, priorities = make_taxonomy().references
    assert equal.weigh(["fraud", "stalking-harassment"]) == {"fraud": 1, "stalking-harassment": 1}
    assert priorities.weigh(["missing-people", "fraud", "domestic-abuse"]) == {
        "missing-people": 1,
        "domestic-abuse": 2,
    }


@pytest.mark.parametrize("kind", ["weights", "volumes"])
@pytest.mark.parametrize("weights", [[], [0], [0, 0.0]])
def test_a_reference_that_weighs_nothing_is_named(kind: str, weights: list[float]) -> None:
    """No share can be computed from it, so the service could not start with it."""
    named = [
        {"theme": theme, "weight": weight}
        for theme, weight in zip(("domestic-abuse", "missing-people"), weights, strict=False)
    ]
    usable, [fault] = read(references={"references": [{**TERM, "kind": kind, "weights": named}]})
    assert not usable
    assert fault.where == "references.yaml, same, weights"
    assert "needs a weight above 0" in fault.message
    assert "weight: 2" in fault.example


def test_no_reference_of_a_corpus_is_called_as_ones_own() -> None:
    """Whoever sends a reference of theirs would be told that its id is used twice."""
    own = {**TERM, "id": "own", "kind": "equal", "weights": []}
    usable, [fault] = read(references={"references": [own]})
    assert not usable
    assert fault.where == "references.yaml, own, id"
    assert "give it another id" in fault.message


@pytest.mark.parametrize("weight", [-1, float("nan"), float("inf"), None, "many"])
def test_a_weight_that_is_no_usable_number_is_named(weight: object) -> None:
    """Anything a file may hold is answered with a fault, not with a crash."""
    weights = [{"theme": "domestic-abuse", "weight": weight}]
    _, [fault, *_] = read(references={"references": [{**TERM, "kind": "weights", "weights": weights}]})
    assert fault.where == "references.yaml, references 1, weights 1, weight"
    assert fault.example == "2"


def test_a_reference_of_equal_shares_takes_no_weights() -> None:
    """Weights that would be passed over in silence are named."""
    weights = [{"theme": "domestic-abuse", "weight": 2}]
    usable, [fault] = read(references={"references": [{**TERM, "kind": "equal", "weights": weights}]})
    assert not usable
    assert fault.where == "references.yaml, same, weights"
    assert "takes no weights" in fault.message


@pytest.mark.parametrize(
    "source", ["javascript:alert(1)", "ftp://a.b/c", "the ONS", "https://a", "https://a.b/c d"]
)
def test_the_source_of_a_weight_is_a_web_address_or_nothing(source: str) -> None:
    """It is shown as a link, so nothing else may stand there."""
    weight = {"theme": "domestic-abuse", "weight": 2}

    def read_with(source: str) -> tuple[bool, list[Fault]]:
        reference = {**TERM, "kind": "weights", "weights": [{**weight, "source": source}]}
        return read(references={"references": [*make_lists()["references"]["references"], reference]})

    usable, [fault] = read_with(source)
    assert not usable
    assert fault.where == "references.yaml, references 3, weights 1, source"
    assert "https://www.example.org" in fault.example
    assert read_with("") == read_with("https://www.example.org/page") == (True, [])


@pytest.mark.parametrize("key", ["opened", "closed"])
@pytest.mark.parametrize("date", ["2011-13", "2011-02-30", "spring 2011", "", True])
def test_a_date_of_a_call_that_is_none_is_named(key: str, date: object) -> None:
    """The dates of calls are held to what those of practices are."""
    usable, [fault] = read(calls={"calls": [{**TERM, "kind": "call", key: date}]})
    assert not usable
    assert fault.where == f"calls.yaml, calls 1, {key}"
    assert "is not a date" in fault.message or "day" in fault.message
    assert "2020" in fault.example


def test_a_call_may_be_dated_as_exactly_as_its_source_and_closes_after_it_opens() -> None:
    """Dates are compared as far as both are exact."""

    def read_with(opened: object, closed: object) -> list[Fault]:
        call = {**TERM, "kind": "call", "opened": opened, "closed": closed}
        return read(calls={"calls": [call]})[1]

    assert (
        read_with("2020-03", "2020") == read_with(2020, dt.date(2020, 6, 1)) == read_with("2020", None) == []
    )
    [fault] = read_with("2020-03", "2020-02")
    assert fault.where == "calls.yaml, same, closed"
    assert "before it opens" in fault.message


@pytest.mark.parametrize("weight", [-1, float("nan"), float("inf"), "many"])
def test_a_weight_is_a_number_of_nought_or_more(weight: object) -> None:
    """No share can be computed from a weight that is negative or no number."""
    with pytest.raises(ValidationError):
        ReferenceList.model_validate(
            {"id": "a", "label": "A", "kind": "weights", "weights": [{"theme": "b", "weight": weight}]}
        )


TERM = {"id": "same", "label": "Same"}


@pytest.mark.parametrize(
    ("overrides", "where"),
    [
        ({"themes": [*make_lists()["taxonomy"]["themes"], TERM, TERM]}, "taxonomy.yaml, themes"),
        ({"approaches": [*make_lists()["taxonomy"]["approaches"], TERM, TERM]}, "taxonomy.yaml, approaches"),
        ({"stage": [TERM, TERM]}, "vocabulary.yaml, stage"),
        ({"calls": {"calls": [{**TERM, "kind": "call"}] * 2}}, "calls.yaml"),
        ({"references": {"references": [{**TERM, "kind": "equal"}] * 2}}, "references.yaml"),
    ],
)
def test_an_id_that_stands_twice_in_a_list_is_named(overrides: dict[str, Any], where: str) -> None:
    """An id names one thing; the fault says in which list it names two."""
    usable, [fault] = read(**overrides)
    assert not usable
    assert fault.where == where
    assert "“same” is there twice" in fault.message


def test_a_theme_that_a_call_or_reference_names_must_be_in_the_taxonomy() -> None:
    """Lists that name themes are held to the themes there are, and offered one."""
    call = {**TERM, "kind": "call", "asked_for": ["no-such-theme"]}
    reference = {**TERM, "kind": "weights", "weights": [{"theme": "no-theme", "weight": 1}]}
    usable, faults = read(calls={"calls": [call]}, references={"references": [reference]})
    assert not usable
    assert [fault.where for fault in faults] == ["calls.yaml, same", "references.yaml, same"]
    assert all("not a theme of taxonomy.yaml" in fault.message for fault in faults)
    assert all(fault.example == "domestic-abuse" for fault in faults)


def test_a_theme_weighed_twice_in_one_reference_is_named() -> None:
    """Two weights for one theme leave open which is meant."""
    weights = [{"theme": "missing-people", "weight": 1}, {"theme": "missing-people", "weight": 2}]
    _, [fault] = read(references={"references": [{**TERM, "kind": "weights", "weights": weights}]})
    assert fault.where == "references.yaml, same"
    assert "“missing-people” is there twice" in fault.message


def test_an_organisation_must_have_a_known_kind_and_region() -> None:
    """Both faults of one organisation are named at once."""
    organisation = {**TERM, "kind": "circus", "region": "moon"}
    _, faults = read(organisation=[organisation])
    assert [fault.where for fault in faults] == [
        "vocabulary.yaml, organisation same, kind",
        "vocabulary.yaml, organisation same, region",
    ]


def test_faults_of_form_in_several_lists_are_named_at_once() -> None:
    """Unknown keys, missing keys, empty labels and wrong forms are all found in one reading."""
    usable, faults = read(
        themes=[{"id": "a"}, {"id": "B C", "label": "D"}, {"id": "c", "label": " ", "colour": "red"}],
        calls={"calls": [{**TERM, "kind": "meeting"}]},
        synonyms={"groups": [{"terms": ["alone"]}], "one_way": [{"from": "a", "to": []}]},
    )
    assert not usable
    found = {fault.where: fault.message for fault in faults}
    assert found["taxonomy.yaml, themes 1, label"] == "this is required and is missing."
    assert found["taxonomy.yaml, themes 2, id"] == "“B C” does not have the right form."
    assert found["taxonomy.yaml, themes 3, label"] == "this is empty."
    assert found["taxonomy.yaml, themes 3, colour"].startswith("this key is not known here")
    assert "meeting" in found["calls.yaml, calls 1, kind"]
    assert {"synonyms.yaml, groups 1, terms", "synonyms.yaml, one_way 1, to"} <= found.keys()


@pytest.mark.parametrize("name", LIST_MODELS)
@pytest.mark.parametrize(
    "content", [b"", b"[]", b"- a", b"word", b"3", b"a: {b: c}", b"\xff", b"a: [", b"\x00"]
)
def test_a_list_that_is_something_else_is_a_fault_or_an_empty_list(name: str, content: bytes) -> None:
    """Whatever a list file holds, it is read to a fault that names it and never raises."""
    lists = {f"{key}.yaml": as_yaml(value).encode() for key, value in make_lists().items()}
    taxonomy, faults = read_taxonomy({**lists, name: content})
    assert (taxonomy is None) == bool(faults)
    assert all(fault.where.startswith(name) for fault in faults)


def test_each_repeat_of_an_id_is_one_fault() -> None:
    """An id that stands three times is a fault twice."""
    assert len(duplicate_faults("x", ["a", "b", "a", "a"])) == 2
    assert duplicate_faults("x", []) == []


def test_the_nearest_known_values_are_offered_first() -> None:
    """A misspelt value is shown what was meant, and any other the first few there are."""
    known = ["domestic-abuse", "hate-crime", "missing-people", "stalking"]
    assert nearest("domestic-abus", known) == "domestic-abuse"
    assert nearest("zzz", known) == "domestic-abuse, hate-crime, missing-people"
    assert nearest("zzz", []) == ""
