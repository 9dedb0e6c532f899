"""Who else runs an initiative is counted, named and worded right."""

from __future__ import annotations

import pytest
from builders import make_practice

from search_service.answers.run_by import AlsoRunBy, also_run_by
from search_service.library import Library

FORCE, OTHER_FORCE, THIRD_FORCE = "durham-constabulary", "kent-police", "norfolk-constabulary"
CHARITY, OTHER_CHARITY = "nspcc", "barnardos"


def versions(library: Library, leader: list[str], *others: list[str]) -> AlsoRunBy | None:
    """Present who else runs a practice with these organisations, its versions being run by the others."""
    made = [make_practice(f"version-{at}", organisations=one) for at, one in enumerate(others)]
    return also_run_by(library, make_practice(organisations=leader), made)


@pytest.mark.parametrize(
    ("leader", "others", "said"),
    [
        ([FORCE], [[OTHER_FORCE]], "Also run by another force"),
        ([FORCE], [[OTHER_FORCE], [THIRD_FORCE]], "Also run by 2 other forces"),
        ([FORCE], [[OTHER_FORCE, FORCE], [OTHER_FORCE]], "Also run by another force"),
        ([CHARITY], [[FORCE]], "Also run by a force"),
        ([CHARITY], [[FORCE], [OTHER_FORCE]], "Also run by 2 forces"),
        ([FORCE], [[CHARITY]], "Also run by another organisation"),
        ([FORCE], [[CHARITY], [OTHER_FORCE]], "Also run by 2 other organisations"),
        ([CHARITY], [[CHARITY, OTHER_CHARITY]], "Also run by another organisation"),
    ],
)
def test_who_else_runs_it_is_counted_and_worded_right(
    library: Library, leader: list[str], others: list[list[str]], said: str
) -> None:
    """One or several, forces or not, each organisation once."""
    found = versions(library, leader, *others)
    assert found is not None
    assert found["sentence"] == said


def test_who_else_runs_it_is_named_with_its_version(library: Library) -> None:
    """Each name leads to what that organisation does."""
    found = versions(library, [FORCE], [FORCE, OTHER_FORCE], [OTHER_FORCE, CHARITY])
    assert found is not None
    assert found["organisations"] == [
        {"id": OTHER_FORCE, "label": "Kent Police", "practice": "version-0"},
        {"id": CHARITY, "label": library.taxonomy.label("organisation", CHARITY), "practice": "version-1"},
    ]


def test_nobody_else_is_not_said(library: Library) -> None:
    """Versions of one's own are other versions, no more."""
    assert versions(library, [FORCE]) is None
    assert versions(library, [FORCE], [FORCE]) is None
