"""The rule kept here: a gap map counts every practice where it belongs, and draws empty cells."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.gaps.gap_map import GapMap, gap_map, shade

ROWS = {"fraud": "Fraud", "hate-crime": "Hate crime"}
COLUMNS = {"training": "Training", "tool": "Tool", "team": "Team"}
RATINGS = ("untested", "promising", "works")

Practice = tuple[Collection[str], Collection[str], str]


def make_map(*practices: Practice) -> GapMap:
    """Map practices given as (themes, approaches, evidence)."""
    return gap_map(
        [practice[0] for practice in practices],
        [practice[1] for practice in practices],
        [practice[2] for practice in practices],
        ROWS,
        COLUMNS,
        RATINGS,
    )


def counts(found: GapMap) -> list[list[int]]:
    """Return the numbers alone, row by row."""
    return found.counts.sum(axis=2).tolist()


def test_a_practice_counts_in_every_cell_it_belongs_to() -> None:
    """Two themes and two approaches make four cells."""
    found = make_map((["fraud", "hate-crime"], ["training", "team"], "works"))
    assert counts(found) == [[1, 0, 1], [1, 0, 1]]


def test_totals_are_distinct_practices_and_not_sums_of_cells() -> None:
    """One practice in two cells of a row is still one practice in its total."""
    found = make_map((["fraud"], ["training", "team"], "works"), (["fraud"], ["tool"], "works"))
    assert found.row_totals.tolist() == [2, 0]
    assert found.column_totals.tolist() == [1, 1, 1]
    assert sum(counts(found)[0]) == 3


def test_cells_split_by_evidence_in_the_order_given() -> None:
    """Every rating is present, zeros too."""
    found = make_map(
        (["fraud"], ["tool"], "works"),
        (["fraud"], ["tool"], "untested"),
        (["fraud"], ["tool"], "untested"),
    )
    assert found.ratings == RATINGS == ("untested", "promising", "works")
    assert found.counts[0, 1].tolist() == [2, 0, 1]


def test_empty_cells_are_present() -> None:
    """What is missing is the point of the map."""
    assert counts(make_map((["fraud"], ["tool"], "works"))) == [[0, 1, 0], [0, 0, 0]]


def test_rows_and_columns_keep_their_order_and_labels() -> None:
    """The map follows the taxonomy."""
    found = make_map()
    assert list(found.rows.items()) == list(ROWS.items())
    assert list(found.columns.items()) == list(COLUMNS.items())


def test_practices_without_a_row_or_a_column_are_counted_as_unplaced() -> None:
    """They are in a total where they can be, and in no cell."""
    found = make_map((["fraud"], [], "works"), ([], ["tool"], "works"), (["fraud"], ["tool"], "works"))
    assert (found.practices, found.unplaced) == (3, 2)
    assert found.row_totals.tolist() == [2, 0]


def test_ids_outside_the_map_are_passed_over() -> None:
    """A map may show some of the themes only."""
    found = make_map((["fraud", "stalking"], ["tool", "tool", "other"], "works"))
    assert counts(found) == [[0, 1, 0], [0, 0, 0]]


def test_a_map_of_nothing_has_only_empty_cells() -> None:
    """No practices, or no axes, are no error."""
    found = make_map()
    assert counts(found) == [[0] * 3] * 2
    assert gap_map([["a"]], [["b"]], ["works"], {}, {}, RATINGS).counts.size == 0


def test_an_unknown_rating_is_refused() -> None:
    """Segments would not add up to the cell."""
    with pytest.raises(ValueError, match="not in"):
        make_map((["fraud"], ["tool"], "magic"))


def test_lists_of_different_lengths_are_refused() -> None:
    """Each practice needs its rows, its columns and its rating."""
    with pytest.raises(ValueError, match="zip"):
        gap_map([["fraud"]], [], ["works"], ROWS, COLUMNS, RATINGS)


@pytest.mark.parametrize(
    ("count", "largest", "expected"),
    [
        (0, 0, 0),
        (0, 20, 0),
        (1, 1, 1),
        (2, 2, 2),
        (1, 3, 1),
        (3, 3, 3),
        (5, 20, 1),
        (6, 20, 2),
        (10, 20, 2),
        (11, 20, 3),
        (15, 20, 3),
        (16, 20, 4),
        (20, 20, 4),
    ],
)
def test_shades_follow_quarters_of_the_largest_cell(count: int, largest: int, expected: int) -> None:
    """Boundaries belong to the lighter shade, and one practice is never dark."""
    assert shade(count, largest) == expected


ratings = st.sampled_from(RATINGS)
practices = st.lists(
    st.tuples(st.sets(st.sampled_from(list(ROWS))), st.sets(st.sampled_from(list(COLUMNS))), ratings)
)


@given(practices)
def test_numbers_hold_together_for_any_practices(given_practices: Sequence[Practice]) -> None:
    """Every cell is counted as by hand, totals bound cells, shades grow with counts."""
    found = make_map(*given_practices)
    for row, row_id in enumerate(found.rows):
        for column, column_id in enumerate(found.columns):
            for place, rating in enumerate(RATINGS):
                assert found.counts[row, column, place] == sum(
                    row_id in themes and column_id in approaches and rating == given_rating
                    for themes, approaches, given_rating in given_practices
                )
    cells = found.counts.sum(axis=2)
    largest = int(cells.max())
    sizes = sorted(cells.flatten().tolist())
    shades = [shade(count, largest) for count in sizes]
    assert shades == sorted(shades)
    assert [one == 0 for one in shades] == [count == 0 for count in sizes]
    assert (cells.max(axis=0) <= found.column_totals).all()
    assert (found.column_totals <= found.practices).all()
