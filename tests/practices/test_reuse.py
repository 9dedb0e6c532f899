"""What a build may take over from the last one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search_service.practices.reuse import Reuse

KNOWN = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 2)), unique_by=lambda one: one[0])


@given(KNOWN, KNOWN)
def test_only_practices_that_stood_there_unchanged_have_an_origin(
    previous: list[tuple[str, int]], current: list[tuple[str, int]]
) -> None:
    """A row is taken over from the very same practice, and everything else is done anew."""
    reuse = Reuse.between(previous, current)
    for row in reuse.kept:
        assert previous[reuse.origin[row]] == current[row]
    assert not {current[row] for row in reuse.changed} & set(previous)
    assert sorted([*reuse.kept, *reuse.changed]) == list(range(len(current)))
