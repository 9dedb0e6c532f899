"""The rule kept here: a version of a version belongs to the same family, and no family runs in a cycle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from builders import make_practice, practice_file, write_corpus
from hypothesis import given
from hypothesis import strategies as st

from search_service.library import Library
from search_service.practices.checks import check_corpus
from search_service.practices.collection import Columns, Practices, line_of
from search_service.practices.families import cycles, families_of
from search_service.practices.reuse import Reuse

DECLARED = st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=10)
"""What each of up to ten practices is declared a version of, by number; some are not there."""


def named(number: int | None) -> str | None:
    """Return the id of a numbered practice."""
    return None if number is None else f"p{number}"


def test_families_are_followed_to_the_root() -> None:
    """However the practices are ordered."""
    version_of = {"cumbria": "northumbria", "northumbria": "cleveland", "cleveland": None, "other": None}
    for ids in (list(version_of), list(reversed(version_of))):
        found = families_of(ids, [version_of[key] for key in ids])
        assert dict(zip(ids, found, strict=True)) == {
            "cumbria": "cleveland", "northumbria": "cleveland", "cleveland": "cleveland", "other": "other"
        }  # fmt: skip


def test_the_original_of_a_family_need_not_be_there() -> None:
    """It may have been left out of a build for its faults."""
    assert families_of(["b", "c"], ["a", "b"]) == ("a", "a")


@given(DECLARED)
def test_a_version_is_of_the_family_of_its_original(declared: list[int | None]) -> None:
    """Whatever is declared, cycles and practices that are not there included."""
    ids = [f"p{number}" for number in range(len(declared))]
    version_of = list(map(named, declared))
    families = dict(zip(ids, families_of(ids, version_of), strict=True))
    for key, parent in zip(ids, version_of, strict=True):
        expected = key if parent is None else families.get(parent, parent)
        assert families[key] == expected or (parent is None and families[key] == key)


@given(DECLARED)
def test_cycles_are_all_there_and_each_once(declared: list[int | None]) -> None:
    """A practice is in a cycle where following the declarations leads back to it."""
    version_of = {f"p{number}": f"p{of}" for number, of in enumerate(declared) if of is not None}

    def comes_back(start: str) -> bool:
        key = version_of.get(start)
        for _ in version_of:
            if key is None or key == start:
                break
            key = version_of.get(key)
        return key == start

    found = [key for cycle in cycles(version_of) for key in cycle]
    assert sorted(found) == sorted(key for key in version_of if comes_back(key))
    for cycle in cycles(version_of):
        assert [version_of[key] for key in cycle] == [*cycle[1:], cycle[0]]


def test_a_cycle_of_versions_is_a_fault_of_each_in_it(tmp_path: Path) -> None:
    """What leads into the cycle is not to blame, and what is sound is kept."""
    files = {
        "one": practice_file("one", variant_of="two"),
        "two": practice_file("two", variant_of="three"),
        "three": practice_file("three", variant_of="one"),
        "four": practice_file("four", variant_of="three"),
        "five": practice_file("five"),
    }
    checked = check_corpus(write_corpus(tmp_path, files))
    assert sorted(fault.where for fault in checked.faults) == [
        f"practices/{key}.md, variant_of" for key in ("one", "three", "two")
    ]
    assert all("one → two → three → one" in rotated(fault.message) for fault in checked.faults)
    assert all(fault.example for fault in checked.faults)
    assert checked.corpus is not None
    assert [practice.id for practice in checked.corpus.practices] == ["five", "four"]


def rotated(message: str) -> str:
    """Return a message with the cycle begun anew at each of its practices."""
    way = message.split("(")[1].split(")", maxsplit=1)[0].split(" → ")[:-1]
    return "\n".join(" → ".join([*way[at:], *way[:at], way[at]]) for at in range(len(way)))


def test_a_practice_that_is_a_version_of_itself_is_told_once(tmp_path: Path) -> None:
    """It names no other practice, which is the fault."""
    checked = check_corpus(write_corpus(tmp_path, {"one": practice_file("one", variant_of="one")}))
    assert ["there is no other practice" in fault.message for fault in checked.faults] == [True]


def practices_of(version_of: dict[str, str | None]) -> Practices:
    """Keep practices of which only this is of interest."""
    return Practices.of_lines(
        [line_of(make_practice(key, variant_of=parent)) for key, parent in version_of.items()]
    )


@pytest.mark.parametrize("middle", [None, "other", "root"])
def test_a_change_in_the_middle_moves_the_unchanged_below_it(middle: str | None) -> None:
    """A build that takes over what did not change sees their families anew."""
    before = practices_of({"leaf": "middle", "middle": "root", "other": None, "root": None})
    now = practices_of({"leaf": "middle", "middle": middle, "other": None, "root": None})
    now.take_over(before, Reuse(np.array([0, -1, 2, 3], dtype=np.int32)))
    assert now.columns == Columns.read(now)
    assert now.columns.families[0] == (middle or "middle")


def test_columns_written_and_read_hold_the_same_families() -> None:
    """What is stored is what was declared."""
    columns = practices_of({"leaf": "middle", "middle": "root", "root": None}).columns
    assert Columns.from_json(columns.as_json().encode()) == columns
    assert columns.families == ("root", "root", "root")


def test_the_page_of_a_version_of_a_version_names_the_whole_family(library: Library) -> None:
    """The original first."""
    ids = {
        "street-triage-cleveland", "street-triage-northumbria", "street-triage-cumbria",
        "street-triage-sussex", "multi-agency-triage-team-northern-ireland",
    }  # fmt: skip
    for key in ids:
        others = [one.id for one in library.practices.versions_of(library.practices.by_id(key))]
        assert set(others) == ids - {key}
        assert key == "street-triage-cleveland" or others[0] == "street-triage-cleveland"
        listed = {
            library.practices[row].id
            for one in library.similar.to_practice(key).found
            for row in (one.row, *one.variants)
        }
        assert listed.isdisjoint(ids)
