"""The rule kept here: a name that can hardly mean anything else is taken for an organisation."""

from __future__ import annotations

import pytest
from builders import make_taxonomy

from search_service.search.understand.organisations import OrganisationNames


def organisation(
    key: str, label: str, kind: str = "charity", also: tuple[str, ...] = ()
) -> dict[str, object]:
    """Build the plain values of one organisation."""
    return {"id": key, "label": label, "kind": kind, "region": "wales", "also": list(also)}


NAMES = OrganisationNames(
    make_taxonomy(
        organisation=[
            organisation("wmp", "West Midlands Police", "police-force", ("WMP",)),
            organisation("wm-vru", "West Midlands Violence Reduction", also=("West Midlands VRU",)),
            organisation("met", "Metropolitan Police Service", "police-force", ("the Met", "MPS")),
            organisation("a-and-s", "Avon and Somerset Police", "police-force", ("A&S",)),
            organisation("durham", "Durham Constabulary", "police-force"),
            organisation("respect", "Respect"),
            organisation("missing-persons", "Missing person"),
            organisation("barnardos", "Barnardo's"),
            organisation("st-giles", "St Giles Trust"),
        ]
    )
)


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("WMP cuckooing", ("wmp",)),
        ("wmp", ("wmp",)),
        ("spiking west midlands police", ("wmp",)),
        ("stalking the met", ("met",)),
        ("A&S and a&s dementia", ("a-and-s",)),
        ("avon & somerset dementia", ("a-and-s",)),
        ("durham naloxone, WMP too", ("durham", "wmp")),
        ("st giles trust", ("st-giles",)),
        ("Barnardo's children", ("barnardos",)),
    ],
)
def test_names_and_short_forms_are_known(typed: str, keys: tuple[str, ...]) -> None:
    """In bare words, in any case, at any place."""
    assert NAMES.named_in(typed) == keys


def test_the_longest_name_wins() -> None:
    """A partnership whose name begins like a force's is not the force."""
    assert NAMES.named_in("west midlands vru") == ("wm-vru",)


@pytest.mark.parametrize(
    "typed", ["respect for victims", "missing person", "we met her", "a s", "saint giles", ""]
)
def test_a_name_that_is_also_a_wording_is_not_taken_for_one(typed: str) -> None:
    """Words of the field, ordinary words, and letters that only happen to be the same."""
    assert NAMES.named_in(typed) == ()


def test_a_name_of_one_word_counts_as_it_is_written() -> None:
    """A capital letter tells the charity from the word."""
    assert NAMES.named_in("Respect programmes") == ("respect",)
