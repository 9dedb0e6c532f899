"""Whether a text is English."""

from __future__ import annotations

import pytest

from search_service.library import Library
from search_service.text.analysis import analyse
from search_service.text.english import is_english_text

FRENCH = "La police rend visite à chaque enfant qui a fugué, et convient d'un plan avec le foyer."
GERMAN = (
    "Unser Projekt hilft Opfern häuslicher Gewalt. In der Wache sitzt an drei Tagen in der Woche eine "
    "Beraterin, die zuhört, informiert und eine Unterkunft vermittelt; also war die Stelle gut ausgelastet."
)
WELSH = (
    "Mae'r heddlu yn ymweld â phob plentyn sydd wedi bod ar goll, ac yn cytuno ar gynllun gyda'r gofalwyr."
)
POLISH = "Nasz projekt pomaga ofiarom przemocy domowej. Na komisariacie jest doradczyni, która słucha."


def is_english(text: str) -> bool:
    """Return whether a text is English."""
    return is_english_text(text, list(analyse(text)))


@pytest.mark.parametrize("text", [FRENCH, GERMAN, WELSH, POLISH, "পুলিশ প্রতিটি শিশুকে দেখতে যায়", "", "123"])
def test_another_language_is_not_taken_for_english(text: str) -> None:
    """Also German, which writes some English function words."""
    assert not is_english(text)


def test_every_practice_is_taken_for_english(library: Library) -> None:
    """Its summary alone is enough, and curly apostrophes do not matter."""
    assert [p.id for p in library.practices if not is_english(p.summary)] == []
    assert is_english("We don’t know whether they’re safe.")
