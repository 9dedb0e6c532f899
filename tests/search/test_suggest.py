"""The rule kept here: every word typed begins a word of every suggestion, and the likeliest come first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from builders import make_practice, make_taxonomy
from hypothesis import given
from hypothesis import strategies as st

from search_service.practices.reuse import Reuse
from search_service.search.suggest import FEWEST_USES, Suggester, Suggestion, phrases_of
from search_service.text.analysis import analyse, fold

SUGGESTIONS = (
    Suggestion("theme", "Stalking and harassment", "stalking-harassment", 10, "being followed"),
    Suggestion("organisation", "West Midlands Police", "wmp", 7, "WMP"),
    Suggestion("organisation", "Café Sécurité", "cafe", 1),
    Suggestion("phrase", "county lines", "", 4),
    Suggestion("phrase", "stalking protection", "", 3),
    Suggestion("practice", "Harm reduction for people who are stalked", "harm", 1),
    Suggestion("practice", "Lines of the county", "lines", 1),
    Suggestion("practice", "Stalking clinic", "clinic", 1),
)
SUGGESTER = Suggester.of(SUGGESTIONS)


def texts(typed: str, limit: int = 8, suggester: Suggester = SUGGESTER) -> list[str]:
    """Return the texts suggested."""
    return [one.text for one in suggester.suggest(typed, limit)]


def test_what_begins_as_typed_comes_first() -> None:
    """Then themes, organisations, phrases and titles, each in its order."""
    assert texts("stal") == [
        "Stalking and harassment",
        "stalking protection",
        "Stalking clinic",
        "Harm reduction for people who are stalked",
    ]


def test_words_may_come_in_any_order() -> None:
    """All of them must begin a word of the suggestion, and the one in the order typed comes first."""
    assert texts("county lin") == ["county lines", "Lines of the county"]
    assert texts("lin county") == ["county lines", "Lines of the county"]
    assert texts("lines of c") == ["Lines of the county"]


def test_case_and_accents_do_not_matter() -> None:
    """People type neither on a telephone."""
    assert texts("SECUR") == texts("cafe") == ["Café Sécurité"]


def test_other_names_are_known() -> None:
    """An organisation is suggested for its short form, a theme for everyday words."""
    assert texts("wmp") == ["West Midlands Police"]
    assert texts("foll") == ["Stalking and harassment"]


def test_no_more_than_asked_for() -> None:
    """The first of what there is."""
    assert texts("stal", 2) == ["Stalking and harassment", "stalking protection"]


def test_nothing_typed_suggests_nothing() -> None:
    """Nor do signs, nor words that nothing holds."""
    assert texts("") == texts("  -- ") == texts("zebra") == []


def test_a_snapshot_suggests_what_it_holds(tmp_path: Path) -> None:
    """Titles, and the themes and organisations that have a practice, with how many; saved and read again."""
    practices = [make_practice("one", title="Night buses"), make_practice("two", title="Safe rooms")]
    built = Suggester.build(practices, make_taxonomy())
    built.save(tmp_path)
    for suggester in (built, Suggester.load(tmp_path)):
        assert suggester.suggest("nig", 8) == [Suggestion("practice", "Night buses", "one", 1)]
        (theme,) = [one for one in suggester.suggest("domestic", 8) if one.kind == "theme"]
        assert (theme.id, theme.practices) == ("domestic-abuse", 2)
        assert suggester.suggest("missing", 8) == []


def test_phrases_are_runs_that_practices_share() -> None:
    """Between content words, within a clause, the longest that is used as often as its parts."""
    practices = [
        make_practice(
            f"p{number}", title="A plan", summary=f"Number {number}: the county lines taskforce, it meets."
        )
        for number in range(FEWEST_USES)
    ]
    practices.append(make_practice("q", title="County lines", summary="Other."))
    assert sorted(phrases_of(practices)) == [
        ("county lines", FEWEST_USES + 1),
        ("county lines taskforce", FEWEST_USES),
    ]


@given(
    st.text(max_size=12) | st.sampled_from(["s", "st", "lines c", "west pol", "Stalking A"]),
    st.integers(1, 5),
)
def test_every_suggestion_holds_what_was_typed(typed: str, limit: int) -> None:
    """Each word typed begins one of its words or of its other names; none is suggested twice."""
    found = SUGGESTER.suggest(typed, limit)
    words = [fold(typed[token.start : token.end]) for token in analyse(typed)]
    assert len(found) == len(set(found)) <= limit
    for one in found:
        own = f"{one.text} {one.names}"
        held = [fold(own[token.start : token.end]) for token in analyse(own)]
        assert all(any(word.startswith(part) for word in held) for part in words[:8])


@given(
    st.lists(st.sampled_from(["night", "nights", "nightly", "nurse", "new"]), min_size=1, max_size=5),
    st.integers(1, 8),
)
def test_a_bound_on_the_work_leaves_no_gap(words: list[str], limit: int) -> None:
    """As many are suggested as there are, up to the limit, though several words of one begin alike."""
    suggester = Suggester.of([Suggestion("practice", f"{' '.join(words)} {n}", str(n), 1) for n in range(40)])
    assert len(suggester.suggest("n", limit)) == limit


def test_phrases_are_counted_anew_once_many_practices_have_changed() -> None:
    """Until then they are taken over; titles and themes are always those of the new snapshot."""
    before = [make_practice(f"p{n}", title=f"Plan {n}", summary="County lines.") for n in range(20)]
    after = [make_practice(f"p{n}", title=f"Scheme {n}", summary="Night buses.") for n in range(20)]
    previous = Suggester.build(before, make_taxonomy())
    for changed, phrases in ((2, ["county lines"]), (3, ["night buses"])):
        reuse = Reuse(np.array([*[-1] * changed, *range(changed, 20)], dtype=np.int32))
        practices = [*after[:changed], *before[changed:17], *after[17:]]
        suggester = Suggester.build(practices, make_taxonomy(), previous, reuse)
        assert set(phrases) <= {
            *texts("county lines", suggester=suggester),
            *texts("night buses", suggester=suggester),
        }
        assert texts("scheme 0", suggester=suggester) == ["Scheme 0"]
        assert texts("plan 0", suggester=suggester) == []
