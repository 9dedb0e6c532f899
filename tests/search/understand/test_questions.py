"""The rule kept here: a question is read as its topic, and other text is left whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.search.understand.query import QueryReader
from search_service.search.understand.questions import Question, read_question

READER = QueryReader({})


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("what works to stop knife crime?", "knife crime?"),
        ("What works best for repeat victims", "repeat victims"),
        ("what is the best way to tackle cuckooing", "cuckooing"),
        ("Is there any evidence on street triage", "street triage"),
        ("what evidence is there for tagging", "tagging"),
        ("how effective are stalking orders", "stalking orders"),
        ("has anyone tried nurses in the control room", "nurses in the control room"),
        ("have any other forces used spit tests", "spit tests"),
        ("does anyone know of a scheme for carers", "a scheme for carers"),
        ("which forces have a stalking clinic", "a stalking clinic"),
        ("how do police deal with hoarding", "hoarding"),
        ("how to prevent spiking", "spiking"),
        ("we're looking for examples of custody diversion", "custody diversion"),
        ("any ideas for night buses", "night buses"),
        ("good practice on hate crime", "hate crime"),
    ],
)
def test_question_words_are_ignored(typed: str, topic: str) -> None:
    """They are in many practices and would rank by chance."""
    assert read_question(typed).topic == topic


@pytest.mark.parametrize(
    "typed", ["does street triage work?", "Do body cams actually work", "is tagging effective"]
)
def test_whether_something_works_is_asked_about_the_thing(typed: str) -> None:
    """Beginning and end are the question; it asks for evidence."""
    found = read_question(typed)
    assert found.topic in ("street triage", "body cams", "tagging")
    assert found.asks_evidence


@pytest.mark.parametrize(
    "typed",
    [
        "sex work", "work with families", "evidence led prosecution", "does", "what works", "how to",
        "whatever works", "is the child at risk", "looking after children",
    ],
)  # fmt: skip
def test_what_is_no_question_is_left_whole(typed: str) -> None:
    """Nothing is taken from a search in plain words, nor from a question about nothing."""
    assert read_question(typed).topic == typed


@pytest.mark.parametrize(
    ("typed", "asks"),
    [("what works for stalking", True), ("proven schemes for carers", True), ("kids stealing", False),
     ("evidence:works", False)],
)  # fmt: skip
def test_asking_what_is_known_to_work_is_noticed(typed: str, asks: bool) -> None:
    """So that evaluated practice can be offered; it decides nothing by itself."""
    assert read_question(typed).asks_evidence == asks


def test_what_was_passed_over_is_told() -> None:
    """A query says which of its words did not count, in their order."""
    query = READER.read("what works to stop knife crime")
    assert query.words == ("knife", "crime")
    assert query.stop_words == ("what", "works", "to", "stop")


def test_conditions_in_a_question_are_conditions() -> None:
    """Quotation marks and exclusions after the asking mean what they always mean."""
    query = READER.read('has anyone tried "night buses" -london')
    assert [clause.terms for clause in query.required] == [("night", "buse")]
    assert [clause.terms for clause in query.excluded] == [("london",)]


@given(
    st.text()
    | st.sampled_from(["what works ", "does ", "how to "]).flatmap(lambda a: st.text().map(a.__add__))
)
def test_what_is_asked_about_is_a_part_of_what_was_typed(text: str) -> None:
    """Nothing is made up, and something is always left of a text that says anything."""
    found = read_question(text)
    assert isinstance(found, Question)
    assert found.topic in text
    assert any(map(str.isalnum, found.topic)) == any(map(str.isalnum, text))
