"""The rule kept here: what is recommended is alike, not the same thing twice, and says why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import make_practice, similar_to_text

from search_service.errors import InvalidRequest
from search_service.practices.model import Practice
from search_service.similar.counts import practice_counts
from search_service.similar.diversify import mmr
from search_service.similar.explain import differing_values, shared_values
from search_service.similar.index import FLOOR, MIN_CONTENT_WORDS, Recommendation, SimilarIndex
from search_service.similar.neighbours import Neighbours
from search_service.similar.parts import Parts
from search_service.text.analysis import stem


def practice_of(id: str, text: str, **more: Any) -> Practice:  # noqa: A002 - the field's own name
    """Build a practice of one text; title and summary hold words of no other practice."""
    name = id.replace("-", "")
    return make_practice(id, title=f"Named{name}", summary=f"Summed{name}", sections={"aim": text}, **more)


VISITS = "Officers visit children at home after missing episodes and plan return talks with carers."
LOCKS = "Locks alarms doors cameras and safety plans protect victims from violent partners at night."

PRACTICES = (
    practice_of("visits", VISITS),
    practice_of("visits-again", VISITS + " A youth worker joins.", variant_of="visits", rating="works"),
    practice_of("visits-north", VISITS + " Youth workers join in the north.", variant_of="visits"),
    practice_of("talks", "Youth workers hold return talks with missing children.", themes=["missing-people"]),
    practice_of("locks", LOCKS, themes=["stalking-harassment"]),
    practice_of("alarms", "Alarms and cameras protect victims at night.", regions=["wales"]),
    practice_of("buses", "Buses, trains, trams."),
    practice_of("trams", "Trams and trains and ships."),
    practice_of("ships", "Ships. Children draw planes."),
    practice_of("planes", "Planes and buses and trams."),
    practice_of("alone", "Zebras quilt plums."),
    practice_of("dogs", "Dogs bark."),
)

ROW = {practice.id: row for row, practice in enumerate(PRACTICES)}

INDEX = SimilarIndex.build(PRACTICES)

COPIES = (
    practice_of("question", "Alpha beta. Gamma delta. Epsilon zeta."),
    practice_of("copy", "Alpha beta. Gamma delta."),
    practice_of("copy-two", "Alpha beta. Gamma delta."),
    practice_of("new", "epsilon zeta theta"),
    *(practice_of(f"other-{at}", f"theta iota kappa{at}") for at in range(6)),
)
"""A practice, two near copies of most of it, one new to it, and others."""

PASTED = "We want carers and officers to plan return talks after children go missing from home."


def ids(recommendations: tuple[Recommendation, ...]) -> list[str]:
    """Return the ids recommended, in order."""
    return [PRACTICES[one.row].id for one in recommendations]


def all_lists(index: SimilarIndex = INDEX) -> list[tuple[Recommendation, ...]]:
    """Return the recommendations for every practice and for a pasted text."""
    return [*(index.related(row) for row in range(len(PRACTICES))), similar_to_text(index, PASTED)]


def test_practices_about_the_same_thing_are_recommended() -> None:
    """And those about something else are not."""
    assert ids(INDEX.related(ROW["locks"])) == ["alarms"]
    (nearest, *others) = ids(INDEX.related(ROW["talks"]))
    assert nearest.startswith("visits")
    assert {"locks", "alarms", "dogs", "buses"}.isdisjoint(others)


def test_a_practice_is_never_recommended_to_itself() -> None:
    """Neither as a recommendation nor among its variants."""
    for row in range(len(PRACTICES)):
        for one in INDEX.related(row):
            assert row != one.row
            assert row not in one.variants


def test_recommendations_are_sorted_and_above_the_floor() -> None:
    """Scores are cosines of 0 to 1; nothing weakly alike is shown."""
    for recommendations in all_lists():
        scores = [one.score for one in recommendations]
        assert scores == sorted(scores, reverse=True)
        assert all(FLOOR <= score <= 1 for score in scores)


def test_what_is_below_the_floor_is_not_shown() -> None:
    """One common word among many others is not enough."""
    filler = " ".join(f"word{at}x" for at in range(60))
    practices = [
        practice_of("long", f"Trains {filler}"),
        practice_of("other", f"Trains {filler.replace('x', 'y')}"),
        practice_of("near", filler),
        practice_of("next", filler.replace("x", "y")),
    ]
    neighbours = Neighbours.build(practices)
    rows, scores = neighbours.neighbours_of(0)
    assert dict(zip(rows.tolist(), scores.tolist(), strict=True))[1] < FLOOR
    assert [one.row for one in SimilarIndex(practices, Parts.around(neighbours, practices)).related(0)] == [2]


def test_variants_of_one_initiative_are_folded_under_the_nearest() -> None:
    """The list names the initiative once, and the others with it."""
    for recommendations in (INDEX.related(ROW["talks"]), similar_to_text(INDEX, PASTED)):
        families = [PRACTICES[one.row].variant_of or PRACTICES[one.row].id for one in recommendations]
        assert len(families) == len(set(families))
        (visits,) = (one for one in recommendations if families[recommendations.index(one)] == "visits")
        members = {visits.row, *visits.variants}
        assert members == {ROW["visits"], ROW["visits-again"], ROW["visits-north"]}
        assert visits.row not in visits.variants


def test_the_nearest_of_a_family_stands_for_it() -> None:
    """Its score is the family's best, and its variants follow by likeness."""
    neighbours = Neighbours.build(PRACTICES)
    rows, scores = neighbours.neighbours_of(ROW["talks"])
    family = [row for row in rows.tolist() if (PRACTICES[row].variant_of or PRACTICES[row].id) == "visits"]
    visits = next(one for one in INDEX.related(ROW["talks"]) if one.row in family)
    assert [visits.row, *visits.variants] == family
    assert visits.score == pytest.approx(scores[rows.tolist().index(family[0])])


def test_practices_without_variants_have_none() -> None:
    """Their families are their own."""
    assert [one.variants for one in INDEX.related(ROW["locks"])] == [()]


def test_no_more_are_recommended_than_asked_for() -> None:
    """A longer list holds the shorter one."""
    everything = INDEX.related(ROW["planes"], limit=50)
    assert len(everything) > 1
    for limit in (0, 1):
        shorter = INDEX.related(ROW["planes"], limit=limit)
        assert len(shorter) == limit
        assert set(shorter) <= set(everything)


def test_a_list_is_diverse() -> None:
    """Of near copies one is shown before something new, though the copy scores more."""
    neighbours = Neighbours.build(COPIES)
    index = SimilarIndex(COPIES, Parts.around(neighbours, COPIES))
    assert neighbours.neighbours_of(0)[0][:3].tolist() == [1, 2, 3]
    assert [one.row for one in index.related(0, limit=2)] == [1, 3]
    rows, scores = neighbours.neighbours_of(0)
    chosen = mmr(scores, neighbours.cosines_among(rows), 2)
    assert [one.row for one in index.related(0, limit=2)] == rows[chosen].tolist()


def test_near_copies_are_one_entry() -> None:
    """Though nobody declared them versions of one another; each is named in the entry."""
    copy, *others = SimilarIndex.build(COPIES).related(0, limit=3)
    assert (copy.row, copy.variants) == (1, (2,))
    assert 2 not in {row for one in others for row in (one.row, *one.variants)}


def test_reasons_add_up_to_the_score() -> None:
    """Of words that stand in both texts, largest first, of the other words and of related wording."""
    for one in similar_to_text(INDEX, PASTED):
        weights = [term.weight for term in one.terms]
        assert sum(weights) + one.other_words + one.wording == pytest.approx(one.score, abs=1e-5)
    for row, practice in enumerate(PRACTICES):
        for one in INDEX.related(row):
            weights = [term.weight for term in one.terms]
            assert weights
            assert weights == sorted(weights, reverse=True)
            assert sum(weights) + one.other_words + one.wording == pytest.approx(one.score, abs=1e-5)
            both = practice_counts(practice).keys() & practice_counts(PRACTICES[one.row]).keys()
            assert {stem(term.word) for term in one.terms} <= both


def test_a_practice_is_compared_value_by_value() -> None:
    """What both have, and where the other one differs."""
    (alarms,) = INDEX.related(ROW["locks"])
    locks, other = PRACTICES[ROW["locks"]], PRACTICES[ROW["alarms"]]
    assert alarms.shared == shared_values(locks, other) != ()
    assert alarms.differs == differing_values(locks, other) != ()


def test_a_pasted_text_is_compared_by_its_words_alone() -> None:
    """It has no closed lists to share."""
    recommendations = similar_to_text(INDEX, PASTED)
    assert PRACTICES[recommendations[0].row].id.startswith("visits")
    assert all(one.terms and one.shared == one.differs == () for one in recommendations)


def test_a_practices_own_text_finds_it_first() -> None:
    """The practice itself, wholly alike."""
    (first, *_) = similar_to_text(INDEX, LOCKS)
    assert PRACTICES[first.row].id == "locks"
    assert first.score == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "children",
        "the and of it is to be or not at all in my own",
        "kids visit homes daily",
        "1 2 3 4 5 6 7",
    ],
)
def test_too_short_a_text_is_refused_with_an_example(text: str) -> None:
    """The example given is itself long enough."""
    with pytest.raises(InvalidRequest) as refused:
        similar_to_text(INDEX, text)
    (fault,) = refused.value.faults
    assert fault.where == "text"
    assert str(MIN_CONTENT_WORDS) in fault.message
    assert isinstance(similar_to_text(INDEX, fault.example), tuple)


def test_just_enough_words_are_accepted() -> None:
    """Function words and numbers do not count among them."""
    assert len(similar_to_text(INDEX, "Officers visit children with carers in 7 homes")) > 0
    with pytest.raises(InvalidRequest):
        similar_to_text(INDEX, "Officers visit children in 7 homes")


def test_an_unrelated_text_gives_nothing() -> None:
    """Words the collection does not know are like nothing in it."""
    assert similar_to_text(INDEX, "Recipes whisk butter flour sugar vanilla eggs") == ()


def test_a_practice_like_no_other_has_no_recommendations() -> None:
    """An empty list is an answer."""
    assert INDEX.related(ROW["alone"]) == ()


def test_one_practice_has_nothing_beside_it() -> None:
    """Neither it nor a text finds anything: no word tells practices apart."""
    index = SimilarIndex.build(PRACTICES[:1])
    assert index.related(0) == ()
    assert similar_to_text(index, VISITS) == ()


def test_practices_without_a_shared_word_have_no_recommendations() -> None:
    """No error, however little there is to compare."""
    index = SimilarIndex.build([practice_of("one", "Zebras quilt."), practice_of("two", "Plums fall.")])
    assert [index.related(row) for row in (0, 1)] == [(), ()]
    assert similar_to_text(index, "Zebras quilt plums and fall twice a day") == ()


def test_identical_practices_recommend_each_other() -> None:
    """With a score of 1, and every reason they have."""
    index = SimilarIndex.build([practice_of("one", LOCKS), practice_of("two", LOCKS)])
    (found,) = index.related(0)
    assert found.row == 1
    assert found.score == pytest.approx(1)
    assert found.differs == ()


def test_a_saved_index_recommends_the_same_once_loaded(tmp_path: Path) -> None:
    """Rows, scores, reasons and variants."""
    INDEX.save(tmp_path)
    loaded = SimilarIndex.load(tmp_path, PRACTICES)
    assert all_lists(loaded) == all_lists()
    assert any(all_lists())


def test_a_practices_own_versions_are_not_recommended_to_it() -> None:
    """Its page lists them anyway; the list is for what else there is."""
    for name in ("visits", "visits-again"):
        listed = {row for one in INDEX.related(ROW[name]) for row in (one.row, *one.variants)}
        assert listed
        assert listed.isdisjoint({ROW["visits"], ROW["visits-again"], ROW["visits-north"]})


FORCES = 43
"""As many as could each run a version of a national initiative, and hardly fewer than a list is made from."""

NATIONAL = (
    *(practice_of(f"home-{at:02}", VISITS, variant_of="home-00" if at else None) for at in range(FORCES)),
    *(
        practice_of(f"lock-{at:02}", f"{VISITS} {LOCKS}", variant_of="lock-00" if at else None)
        for at in range(FORCES)
    ),
    *(practice_of(f"near-{at}", f"{VISITS} Word{at}q. Word{at + 1}q.") for at in range(9)),
    *(practice_of(f"other-{at}", f"Thing{at // 2}q, thing{at // 3}q.") for at in range(100)),
)


def test_versions_take_no_place_of_other_initiatives() -> None:
    """A practice that all forces run, and a text like it, are compared beyond its versions; so is a set."""
    index = SimilarIndex.build(NATIONAL)
    anything = np.ones(len(NATIONAL), dtype=bool)
    for found, others in (
        (index.related(0, 20), {"lock", "near"}),
        (index.related(0, 20, keep=anything), {"lock", "near"}),
        (index.related_to_set([0, FORCES], 20), {"near"}),
        (similar_to_text(index, VISITS, 20), {"home", "lock", "near"}),
    ):
        shown = [NATIONAL[row].id for one in found for row in (one.row, *one.variants)]
        assert {key.split("-")[0] for key in shown} == others
        assert sum(key.startswith("near") for key in shown) == 9
        assert sum(key.startswith("lock") for key in shown) == FORCES * ("lock" in others)
