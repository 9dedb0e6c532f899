"""The rule kept here: where nothing is found, less is insisted on, a step at a time, and nothing is added."""

from __future__ import annotations

from builders import make_taxonomy
from hypothesis import given
from hypothesis import strategies as st

from search_service.search.match.facets import value_names
from search_service.search.understand.query import QueryReader
from search_service.search.understand.relax import STEPS, Relaxed, relaxations

TAXONOMY = make_taxonomy()
READER = QueryReader(value_names(TAXONOMY))


def relaxed(text: str, has_filters: bool = False) -> list[Relaxed]:
    """Return every relaxation of a query."""
    return list(relaxations(READER.read(text), has_filters, TAXONOMY.label))


def test_steps_come_in_the_order_of_what_would_be_missed_least() -> None:
    """Exclusions first, the filters last, and each step keeps what was dropped before."""
    steps = relaxed('"night buses" -kids loc* theme:domestic-abuse', has_filters=True)
    assert [step.dropped for step in steps] == [tuple(STEPS)[: number + 1] for number in range(len(STEPS))]


def test_a_phrase_becomes_words() -> None:
    """The words still rank, in their order, after those that were bare."""
    (step,) = relaxed('safe "the night buses"')
    assert (step.query.words, step.query.required) == (("safe", "night", "buse"), ())


def test_a_beginning_becomes_a_word() -> None:
    """What was typed before the asterisk is searched as it stands."""
    (step,) = relaxed("stalk*")
    assert (step.query.words, step.query.required) == (("stalk",), ())


def test_a_value_becomes_the_words_of_its_label() -> None:
    """A practice that speaks of a theme is near to one that has it."""
    (step,) = relaxed("theme:domestic-abuse")
    assert step.query.words == ("domest", "abus")


def test_filters_are_dropped_with_nothing_else_to_drop() -> None:
    """Bare words have no conditions."""
    (step,) = relaxed("kids", has_filters=True)
    assert (step.query.words, step.dropped) == (("kid",), ("filters",))


def test_bare_words_alone_have_nothing_to_drop() -> None:
    """What holds none of the words is not near."""
    assert relaxed("zebra quilting") == []


@given(
    st.lists(
        st.sampled_from(['"night buses"', "-kids", "loc*", "theme:domestic-abuse", "title:safe", "kids"])
    )
)
def test_nothing_is_insisted_on_that_was_not_before(parts: list[str]) -> None:
    """Every step asks for a part of the conditions of the one before it."""
    before = READER.read(" ".join(parts))
    for step in relaxed(" ".join(parts), has_filters=True):
        assert set(step.query.required) <= set(before.required)
        assert set(step.query.excluded) <= set(before.excluded)
        assert set(before.words) <= set(step.query.words)
        before = step.query
