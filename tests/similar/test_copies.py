"""The rule kept here: what looks like one initiative is found, kept, and found anew where it changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from builders import make_practice

from search_service.practices.collection import Columns
from search_service.practices.model import Practice
from search_service.practices.reuse import Reuse
from search_service.similar.copies import Copies
from search_service.similar.index import SimilarIndex
from search_service.similar.lists import NEIGHBOURS
from search_service.similar.neighbours import Neighbours
from search_service.similar.sentences import SentenceTable

PLAN = "Carers agree a plan with officers before a child goes missing. A youth worker listens on return."
LOCKS = "A locksmith fits stronger doors for stalked victims. Cameras watch the street every night."


def practice_of(key: str, text: str, variant_of: str | None = None) -> Practice:
    """Build a practice of one text."""
    name = key.replace("-", "")
    return make_practice(
        key, title=f"T{name}", summary=f"S{name}", sections={"aim": text}, variant_of=variant_of
    )


OTHERS = tuple(
    practice_of(f"other-{at:02}", f"Word{at} and word{at + 1} meet word{at + 2}. Word{at + 3} leads.")
    for at in range(NEIGHBOURS + 5)
)
"""So many that the next build may take over."""

BEFORE = (
    *OTHERS,
    practice_of("plan", PLAN),
    practice_of("plan-again", "A youth worker listens well on return. " + PLAN[: PLAN.index(".") + 1]),
    practice_of("plan-version", PLAN, variant_of="plan"),
    practice_of("locks", LOCKS),
    practice_of("locks-again", "Doors and cameras. Nurses row."),
)


def named(practices: tuple[Practice, ...], pairs: object) -> set[tuple[str, str]]:
    """Return pairs of rows as pairs of ids."""
    return {(practices[one].id, practices[other].id) for one, other in pairs}  # type: ignore[attr-defined]


def test_the_same_said_in_another_order_is_found_and_a_like_text_is_not() -> None:
    """Declared versions are pairs too, and no news to whoever builds."""
    index = SimilarIndex.build(BEFORE)
    assert named(BEFORE, index.parts.copies.pairs.tolist()) == {
        ("plan", "plan-again"), ("plan", "plan-version"), ("plan-again", "plan-version")
    }  # fmt: skip
    assert named(BEFORE, index.near_duplicates()) == {("plan", "plan-again"), ("plan-again", "plan-version")}


def test_pairs_are_known_from_either_side() -> None:
    """Likeness has no direction."""
    copies = SimilarIndex.build(BEFORE).parts.copies
    ids = Columns.read(BEFORE).ids
    one, other = ids.index("plan"), ids.index("plan-again")
    assert other in copies.of(one)
    assert one in copies.of(other)
    assert not copies.of(ids.index("locks"))


NOW = (
    practice_of("new", "Named after nothing else. " + LOCKS),
    *OTHERS[1:],
    *(BEFORE[at] for at in range(len(OTHERS), len(BEFORE)) if BEFORE[at].id != "plan-version"),
)
"""One new, two gone, and every other in another row."""


@pytest.fixture
def reuse() -> Reuse:
    """Tell what the second build may take over."""
    return Reuse.between([one.id for one in BEFORE], [one.id for one in NOW])


def test_a_build_that_takes_over_finds_what_one_in_full_finds(reuse: Reuse) -> None:
    """What was found before stays, a copy that is new is found, and one that is gone is forgotten."""
    before = SimilarIndex.build(BEFORE)
    now = SimilarIndex.build(NOW, before, reuse)
    assert now.parts.neighbours.idf is before.parts.neighbours.idf
    in_full = Copies.build(now.parts.neighbours, now.parts.sentences)
    assert named(NOW, now.parts.copies.pairs.tolist()) == {("new", "locks"), ("plan", "plan-again")}
    assert now.parts.copies.pairs.tolist() == in_full.pairs.tolist()


def test_a_build_by_other_words_takes_nothing_over() -> None:
    """Sentences hold numbers of words, which mean others then."""
    fewer = BEFORE[-9:]
    index = SimilarIndex.build(
        fewer, SimilarIndex.build(BEFORE), Reuse(np.arange(len(BEFORE) - 9, len(BEFORE), dtype=np.int32))
    )
    fresh = SimilarIndex.build(fewer)
    assert index.parts.sentences.of([8])[0].terms.tolist() == fresh.parts.sentences.of([8])[0].terms.tolist()
    assert index.parts.copies.pairs.tolist() == fresh.parts.copies.pairs.tolist()


def test_saved_pairs_are_the_same_once_loaded(tmp_path: Path) -> None:
    """Also where there are none."""
    for practices in (BEFORE, OTHERS[:3]):
        neighbours = Neighbours.build(practices)
        copies = Copies.build(neighbours, SentenceTable.build(practices, neighbours.number))
        copies.save(tmp_path)
        assert Copies.load(tmp_path).pairs.tolist() == copies.pairs.tolist()


def test_lists_say_which_is_the_same_initiative() -> None:
    """Of a practice, of several together, and of what is folded under another."""
    index = SimilarIndex.build(BEFORE)
    row = Columns.read(BEFORE).ids.index("plan")
    for found in (index.related(row), index.related_to_set([row, row + 3])):
        same = [BEFORE[one.row].id for one in found if one.same_initiative]
        assert same == ["plan-again"]
    assert not any(one.same_initiative for one in index.related(row + 3))
