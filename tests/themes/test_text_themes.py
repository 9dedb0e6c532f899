"""The rule kept here: a draft is told themes by phrases that stand in it, rightly more often than not."""

from __future__ import annotations

from builders import make_taxonomy
from hypothesis import given
from hypothesis import strategies as st

from search_service.library import Library
from search_service.practices.model import Practice
from search_service.text.analysis import analyse
from search_service.text.markup import to_plain
from search_service.themes.of_text import LEAST_SHARE, MOST_WORDINGS, TextTheme, themes_of_text
from search_service.themes.signals import Signals, words_of_text

SIGNALS = Signals(make_taxonomy().themes)
"""Of domestic abuse (that and “coercive control”), stalking (and “harassment”) and missing people."""

WORDS = st.lists(
    st.sampled_from(
        [
            "stalking",
            "harassment",
            "domestic",
            "abuse",
            "Coercive",
            "control",
            "missing person",
            "and",
            ".",
            "é",
        ]
    ),
    max_size=20,
).map(" ".join)


def themes_in(text: str, signals: Signals = SIGNALS) -> tuple[TextTheme, ...]:
    """Return the themes that a text seems to be on."""
    return themes_of_text(text, analyse(text), signals)


def test_the_theme_of_a_text_is_named_with_the_phrases_as_they_stand() -> None:
    """Whatever form the words have, and whatever stands between them."""
    (found,) = themes_in("Coercive and controlling men: domestic abuse, again domestic abuse.")
    assert found.theme == "domestic-abuse"
    assert found.wording == ("coercive and controlling", "domestic abuse")


def test_a_theme_that_is_only_touched_on_is_not_named() -> None:
    """One word in passing does not make a theme of it."""
    text = "Stalking, harassment and stalking and harassment; return interviews were not held."
    assert [one.theme for one in themes_in(text)] == ["stalking-harassment"]


def test_a_text_without_a_phrase_has_no_theme() -> None:
    """Nothing is guessed."""
    assert themes_in("") == ()
    assert themes_in("We mend bicycles on Tuesdays.") == ()


@given(WORDS)
def test_themes_are_few_clearest_first_and_shown_by_phrases_of_the_text(text: str) -> None:
    """At most as many as can have the least share, and no phrase that the reader cannot find."""
    found = themes_in(text)
    assert len(found) <= 1 / LEAST_SHARE
    for one in found:
        assert 1 <= len(one.wording) <= MOST_WORDINGS
        assert all(phrase in " ".join(text.split()).lower() for phrase in one.wording)
    strengths = dict(zip(SIGNALS.themes, SIGNALS.strengths(words_of_text(text, analyse(text))), strict=True))
    order = [strengths[one.theme] for one in found]
    assert order == sorted(order, reverse=True)


def test_themes_of_the_shipped_practices_are_found_again(library: Library) -> None:
    """The figures of docs/themes.md hold, with room for a changed corpus."""
    named = confirmed = right = 0
    signals = Signals(library.taxonomy.themes)
    for practice in library.practices:
        found = {one.theme for one in themes_in(as_draft(practice), signals)}
        named, confirmed = named + len(found), confirmed + len(practice.themes)
        right += len(found & set(practice.themes))
    assert right / named > 0.72
    assert right / confirmed > 0.57


def as_draft(practice: Practice) -> str:
    """Return what someone would write of a practice that is not yet running."""
    texts = {section.key: to_plain(text) for section, text in practice.texts()}
    return "\n".join([practice.summary, texts.get("aim", ""), texts.get("what_it_does", "")])
