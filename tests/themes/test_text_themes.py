"""The rule kept here: a draft is told themes by phrases that stand in it, rightly more often than not."""

from __future__ import annotations

from typing import Any

from builders import gap_reports, make_reference, make_taxonomy
from hypothesis import given
from hypothesis import strategies as st

from search_service.answers.draft import draft, gap_sentence, ordinal
from search_service.gaps.report import GapReport, ThemeGap
from search_service.library import Library
from search_service.practices.model import Practice
from search_service.text.analysis import analyse
from search_service.text.markup import to_plain
from search_service.themes.of_text import LEAST_SHARE, MOST_WORDINGS, Draft, TextTheme, themes_of_text
from search_service.themes.signals import Signals, words_of_text

SIGNALS = Signals(make_taxonomy().themes)
"""Of domestic abuse (that and “coercive control”), stalking (and “harassment”) and missing people."""

FGM = (
    "Trained volunteers in GP surgeries teach staff to spot the signs of female genital mutilation, and to "
    "refer girls at risk before the school holidays."
)

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


def draft_on(library: Library, text: str) -> dict[str, Any]:
    """Return what is presented of a text as a draft."""
    return draft(library, Draft.read(text, Signals(library.taxonomy.themes)))


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


def test_a_draft_on_a_thin_theme_is_told_how_thin(library: Library) -> None:
    """The gap label stands there, with the number it would be, and that this is about the collection."""
    gap = library.gaps.of_theme("female-genital-mutilation")
    assert gap is not None
    (theme,) = draft_on(library, FGM)["themes"]
    assert theme["label"] == "Female genital mutilation"
    assert theme["wording"] == ["female genital mutilation"]
    assert theme["gap"]["status"]["label"] == gap.status.label
    assert f"{gap.observed} practices" in theme["gap"]["sentence"]
    assert f"Yours would be the {ordinal(gap.observed + 1)}." in theme["gap"]["sentence"]
    assert "not how little is being done" in theme["gap"]["sentence"]


def test_a_draft_on_a_full_theme_is_told_of_no_gap(library: Library) -> None:
    """Nothing is made of a theme on which there is enough."""
    (theme,) = draft_on(library, "A form for carers of a missing person: missing children are found sooner.")[
        "themes"
    ]
    assert theme["id"] == "missing-people"
    assert theme["gap"] is None


def test_a_text_that_is_not_english_is_told_no_themes(library: Library) -> None:
    """A name that happens to be a phrase says nothing in another language."""
    assert draft_on(library, "Le stalking est un délit que la police prend au sérieux.")["themes"] == []


def report_on(thin: int, other: int) -> GapReport:
    """Compare a collection in which one of two themes has few practices, none of them tested."""
    practices = [["thin"]] * thin + [["other"]] * other
    labels = {"thin": "Thin", "other": "Other"}
    tested = [themes == ["other"] for themes in practices]
    return gap_reports(practices, tested, labels, [make_reference("equal", "Equal shares")])["equal"]


def gap_of(report: GapReport) -> ThemeGap:
    """Return the thin theme of a report."""
    return next(gap for gap in report.themes if gap.theme == "thin")


def test_a_likely_gap_is_said_more_firmly_than_a_possible_one() -> None:
    """The words follow the label."""
    assert gap_sentence(gap_of(report_on(2, 40)), "Equal shares").startswith("Little is known on this theme")
    possible = gap_sentence(gap_of(report_on(25, 40)), "Equal shares")
    assert possible.startswith("Little may be known on this theme")


def test_one_practice_and_none_are_said_right() -> None:
    """Singular, nothing at all, and that none of it was tested."""
    one = gap_sentence(gap_of(report_on(1, 40)), "Equal shares")
    assert "1 practice where about" in one
    assert "Yours would be the 2nd." in one
    assert "Nobody is known to have tested any of it." in one
    nothing = gap_sentence(gap_of(report_on(0, 40)), "Equal shares")
    assert "no practices where about" in nothing
    assert "Yours would be the 1st." in nothing
    assert "tested" not in nothing


def test_places_in_a_row_are_written_as_people_do() -> None:
    """The teens are the trap."""
    written = [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 22, 103, 111, 1_000)]
    assert " ".join(written) == "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 103rd 111th 1,000th"
