"""The rule kept here: each figure is its formula, by hand, by scikit-learn and by its properties."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from search_service.evaluation.metrics import (
    average_precision,
    ndcg,
    randomisation_test,
    recall,
    reciprocal_rank,
)

GRADES = st.lists(st.integers(0, 4), min_size=1, max_size=30)


@st.composite
def rankings(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Draw what was judged, and a ranking of some of it with unjudged ones (grade 0) between."""
    judged = draw(GRADES)
    kept = draw(st.integers(0, len(judged)))
    unjudged = [0] * draw(st.integers(0, 5))
    return draw(st.permutations(draw(st.permutations(judged))[:kept] + unjudged)), judged


def test_ndcg_is_the_sum_done_by_hand() -> None:
    """Grades 3, 2, 0, 1 found and another 3 missed: gains 7, 3, 0, 1 over log2 of 2, 3, 4, 5."""
    dcg = 7 / 1 + 3 / math.log2(3) + 0 / 2 + 1 / math.log2(5)
    ideal = 7 / 1 + 7 / math.log2(3) + 3 / 2 + 1 / math.log2(5)
    assert ndcg([3, 2, 0, 1], [3, 3, 2, 1, 0], 10) == pytest.approx(dcg / ideal)
    assert ndcg([3, 2, 0, 1], [3, 3, 2, 1, 0], 2) == pytest.approx(
        (7 + 3 / math.log2(3)) / (7 + 7 / math.log2(3))
    )


def test_average_precision_is_the_sum_done_by_hand() -> None:
    """Relevant at ranks 1, 3 and 6 of four relevant ones: (1/1 + 2/3 + 3/6) / 4."""
    found, judged = [2, 1, 3, 0, 1, 2], [2, 1, 3, 0, 1, 2, 3]
    assert average_precision(found, judged, relevant=2) == pytest.approx((1 + 2 / 3 + 3 / 6) / 4)


def test_recall_counts_the_relevant_of_the_first_k_over_all_relevant() -> None:
    """Two of the three relevant ones are within the cut-off."""
    assert recall([3, 0, 2, 2], [3, 2, 2, 1], k=3, relevant=2) == pytest.approx(2 / 3)
    assert recall([3, 0, 2, 2], [3, 2, 2, 1], k=100, relevant=2) == 1


def test_reciprocal_rank_is_that_of_the_first_relevant_one() -> None:
    """What only touches the matter does not end the search for it."""
    assert reciprocal_rank([1, 0, 1, 2, 3], relevant=2) == pytest.approx(1 / 4)
    assert reciprocal_rank([1, 0, 1, 2, 3], relevant=1) == 1
    assert reciprocal_rank([1, 1], relevant=2) == 0


@pytest.mark.parametrize("found", [[], [0, 0, 0]])
def test_a_query_with_nothing_relevant_found_or_judged_scores_nothing(found: list[int]) -> None:
    """No division by nothing, and no figure that is not a number."""
    for judged in ([], [0, 0], [3, 1]):
        assert ndcg(found, judged, 10) == 0
        assert average_precision(found, judged, 1) == 0
        assert recall(found, judged, 100, 1) == 0
        assert reciprocal_rank(found, 1) == 0


@given(GRADES.filter(lambda grades: len(grades) > 1), st.integers(1, 30), st.randoms())
def test_ndcg_is_that_of_scikit_learn(grades: list[int], k: int, random: object) -> None:
    """A second implementation agrees wherever everything judged is ranked."""
    found = list(grades)
    random.shuffle(found)  # type: ignore[attr-defined]
    gains = [[2**grade - 1 for grade in found]]
    scores = [list(range(len(found), 0, -1))]
    assert ndcg(found, grades, k) == pytest.approx(ndcg_score(gains, scores, k=k))


@given(rankings(), st.integers(1, 40), st.integers(1, 4))
def test_every_figure_is_between_nothing_and_one(
    ranking: tuple[list[int], list[int]], k: int, relevant: int
) -> None:
    """No ranking is worse than nothing or better than the best."""
    found, judged = ranking
    for figure in (
        ndcg(found, judged, k),
        average_precision(found, judged, relevant),
        recall(found, judged, k, relevant),
        reciprocal_rank(found, relevant),
    ):
        assert 0 <= figure <= 1


@given(GRADES, st.integers(1, 40))
def test_the_best_order_scores_one(judged: list[int], k: int) -> None:
    """All that was judged, best first, cannot be improved on."""
    judged = [*judged, 2]
    best = sorted(judged, reverse=True)
    assert ndcg(best, judged, k) == 1
    assert average_precision(best, judged, 2) == pytest.approx(1)
    assert recall(best, judged, len(best), 2) == 1
    assert reciprocal_rank(best, 2) == 1


@given(rankings(), st.data())
def test_moving_a_better_one_up_never_lowers_a_figure(
    ranking: tuple[list[int], list[int]], data: st.DataObject
) -> None:
    """Swapping two places so that the better comes first can only help."""
    found, judged = ranking
    if len(found) < 2:
        return
    high, low = sorted(data.draw(st.sets(st.integers(0, len(found) - 1), min_size=2, max_size=2)))
    better, worse = list(found), list(found)
    better[high], better[low] = max(found[high], found[low]), min(found[high], found[low])
    worse[high], worse[low] = better[low], better[high]
    k = data.draw(st.integers(1, 12))
    tolerance = 1e-12
    assert ndcg(better, judged, k) >= ndcg(worse, judged, k) - tolerance
    assert average_precision(better, judged, 2) >= average_precision(worse, judged, 2) - tolerance
    assert recall(better, judged, k, 2) >= recall(worse, judged, k, 2)
    assert reciprocal_rank(better, 2) >= reciprocal_rank(worse, 2)


def test_the_test_finds_the_exact_p_where_it_can_be_counted() -> None:
    """Of the 32 sign patterns of five equal gains only two are as far from 0: p is 1/16."""
    p = randomisation_test([0.1] * 5, [0.3] * 5)
    assert p == pytest.approx(2 / 32, abs=0.01)


def test_two_equal_runs_do_not_differ() -> None:
    """No difference at all has a p of 1, over one query as over many."""
    assert randomisation_test([0.5], [0.5]) == 1
    assert randomisation_test([0.1, 0.7, 0.3], [0.1, 0.7, 0.3]) == 1


def test_a_gain_on_every_query_is_significant_and_noise_is_not() -> None:
    """What a person would believe is what the test believes, in either direction."""
    generator = np.random.default_rng(1)
    before = generator.uniform(0.2, 0.6, size=60)
    gain = before + generator.uniform(0.01, 0.1, size=60)
    noise = before + np.tile([-0.1, 0.1], 30)
    assert randomisation_test(list(before), list(gain)) < 0.001
    assert randomisation_test(list(gain), list(before)) < 0.001
    assert randomisation_test(list(before), list(noise)) > 0.5


def test_the_same_figures_always_give_the_same_p() -> None:
    """The generator is seeded, so a figure in a document can be had again."""
    before, after = [0.1, 0.5, 0.2, 0.9, 0.4], [0.3, 0.4, 0.6, 0.9, 0.7]
    assert randomisation_test(before, after) == randomisation_test(before, after)
    assert randomisation_test(before, after) == pytest.approx(randomisation_test(after, before), abs=0.02)


def test_runs_of_different_length_are_refused() -> None:
    """Figures that are not paired cannot be tested as pairs."""
    with pytest.raises(ValueError, match="paired"):
        randomisation_test([0.1], [0.1, 0.2])
