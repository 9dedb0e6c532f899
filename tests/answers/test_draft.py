"""A draft is told its themes, and how little there is on them."""

from __future__ import annotations

from builders import gap_reports, make_reference

from search_service.answers import draft as answers
from search_service.answers.draft import gap_sentence, ordinal
from search_service.gaps.report import GapReport, ThemeGap
from search_service.library import Library
from search_service.themes.of_text import Draft
from search_service.themes.signals import Signals

FGM = (
    "Trained volunteers in GP surgeries teach staff to spot the signs of female genital mutilation, and to "
    "refer girls at risk before the school holidays."
)


def draft_on(library: Library, text: str) -> answers.Draft:
    """Return what is presented of a text as a draft."""
    return answers.draft(library, Draft.read(text, Signals(library.taxonomy.themes)))


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
