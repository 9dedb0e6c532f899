"""The rule kept here: flat columns behave as the lists of lists they stand for."""

from __future__ import annotations

from itertools import chain

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search_service.search.rank.ragged import Ragged, smallest

NUMBERS = st.sampled_from([0, 1, 255, 256, 70_000])
ROWS = st.lists(st.lists(NUMBERS, max_size=4), max_size=6)


def ragged(rows: list[list[int]]) -> Ragged:
    """Return rows of one column, and of another with each number one larger."""
    flat = list(chain.from_iterable(rows))
    return Ragged.of([len(row) for row in rows], value=flat, next=[number + 1 for number in flat])


def lists(table: Ragged, column: str = "value") -> list[list[int]]:
    """Return one column as a list of rows."""
    return [table.row(column, row).tolist() for row in range(len(table))]


@given(ROWS, st.data())
def test_rows_can_be_taken_in_any_order_and_more_than_once(
    rows: list[list[int]], data: st.DataObject
) -> None:
    """Columns stay in step, and numbers as small as they can be."""
    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=8)) if rows else []
    taken = ragged(rows).take(np.array(wanted, dtype=np.int32))
    assert lists(taken) == [rows[row] for row in wanted]
    assert lists(taken, "next") == [[number + 1 for number in rows[row]] for row in wanted]
    most = max((number for row in wanted for number in rows[row]), default=0)
    assert taken.columns["value"].dtype == np.min_scalar_type(most)


@given(ROWS, st.data())
def test_the_places_of_rows_are_where_their_numbers_stand(rows: list[list[int]], data: st.DataObject) -> None:
    """Row after row, in the order asked."""
    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=8)) if rows else []
    table = ragged(rows)
    places = table.places(np.array(wanted, dtype=np.int64))
    assert table.columns["value"][places].tolist() == [number for row in wanted for number in rows[row]]


@given(st.lists(st.tuples(st.booleans(), st.lists(NUMBERS, max_size=4)), max_size=8))
def test_kept_and_fresh_rows_are_woven_in_their_places(marked: list[tuple[bool, list[int]]]) -> None:
    """None is lost, and each comes where it is wanted."""
    kept = ragged([row for is_kept, row in marked if is_kept])
    fresh = ragged([row for is_kept, row in marked if not is_kept])
    woven = kept.woven(fresh, np.array([is_kept for is_kept, _ in marked], dtype=bool))
    assert lists(woven) == [row for _, row in marked]


@given(ROWS)
def test_saved_arrays_make_the_same_rows(rows: list[list[int]]) -> None:
    """Under their own name, beside those of others."""
    stored = {**ragged(rows).arrays("one"), **ragged([[1]]).arrays("other")}
    read = Ragged.from_arrays("one", stored)
    assert lists(read) == rows
    assert set(read.columns) == {"value", "next"}


def test_numbers_are_replaced_by_what_stands_in_their_place() -> None:
    """Only in the column named."""
    mapped = ragged([[2], [0, 1]]).mapped("value", np.array([10, 300, 5]))
    assert lists(mapped) == [[5], [10, 300]]
    assert lists(mapped, "next") == [[3], [1, 2]]


def test_no_number_is_cut_to_fit() -> None:
    """The type grows with the largest."""
    assert [smallest([n]).itemsize for n in (0, 255, 256, 65_535, 65_536)] == [1, 1, 2, 2, 4]
    assert smallest([]).tolist() == []
