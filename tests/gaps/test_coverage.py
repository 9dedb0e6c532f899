"""The rule kept here: gap figures agree with independent calculations, and words with figures."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from builders import gap_reports, make_reference
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from search_service.gaps import statistics
from search_service.gaps.report import GapReport, ThemeGap
from search_service.gaps.sentences import counted, in_sentence, listed, theme_sentence
from search_service.gaps.statistics import Status, shrinkage
from search_service.practices.taxonomy import ReferenceList

EQUAL = make_reference("equal", "Equal shares", caveat="No theme is the same size.")


def make_themes(number: int) -> dict[str, str]:
    """Return that many theme ids with labels."""
    return {f"theme-{at}": f"Theme {at}" for at in range(number)}


def make_sets(counts: Mapping[str, int]) -> list[set[str]]:
    """Return practices of one theme each, so many for each theme."""
    return [{theme} for theme, count in counts.items() for _ in range(count)]


def gap_report(
    sets: Sequence[Collection[str]],
    evaluated: Sequence[bool],
    themes: Mapping[str, str],
    reference: ReferenceList,
) -> GapReport:
    """Compare practices with one reference alone."""
    return gap_reports(sets, evaluated, themes, [reference])[reference.id]


def make_report(counts: Sequence[int], *, untagged: int = 0, reference: ReferenceList = EQUAL) -> GapReport:
    """Report on practices of one theme each, so many for each theme in turn."""
    themes = make_themes(len(counts))
    sets: list[set[str]] = make_sets(dict(zip(themes, counts, strict=True)))
    sets += [set() for _ in range(untagged)]
    return gap_report(sets, [False] * len(sets), themes, reference)


def make_corpus(practices: int, themes: Sequence[str], seed: int = 7) -> list[set[str]]:
    """Return practices of one to four themes, the later themes rarer."""
    rng = np.random.default_rng(seed)
    weights = 1 / np.arange(1.0, len(themes) + 1)
    return [
        set(rng.choice(themes, rng.choice((1, 1, 2, 2, 3, 4)), p=weights / weights.sum()).tolist())
        for _ in range(practices)
    ]


def make_clumped_corpus() -> list[set[str]]:
    """Return practices on the first theme alone, and as many on six others at once."""
    others = {f"theme-{at}" for at in range(1, 7)}
    apart = [{"theme-11"}] * 10
    return [{"theme-0"}, others] * 200 + apart


def sentence(**changes: Any) -> str:
    """Return the sentence of a theme like the design's example, with changes."""
    usual = {
        "label": "Stalking and harassment",
        "observed": 2,
        "expected": 8.4,
        "interval": (0.17, 0.71),
        "status": Status.LIKELY_GAP,
        "reference": "Equal shares",
    }
    return theme_sentence(**{**usual, **changes})


# The statistic against calculations that share no code with it.


@pytest.mark.parametrize(
    ("observed", "expected", "k"),
    [(0, 5.0, 0.5), (2, 8.4, 3.0), (13, 21.6, 7.5), (60, 21.6, 1.2), (9, 10.0, 50.0)],
)
def test_the_posterior_agrees_with_quadrature_of_prior_times_likelihood(
    observed: int, expected: float, k: float
) -> None:
    """Mean, both ends of the interval and G come out of numerical integration alone."""

    def weight(ratio: float) -> float:
        prior = stats.gamma.pdf(ratio, k, scale=1 / k)
        return float(prior * stats.poisson.pmf(observed, expected * ratio))

    def mass(upper: float) -> float:
        # The square removes the prior's pole at 0 (k = 0.5) from the integrand.
        area, _ = integrate.quad(lambda root: 2 * root * weight(root * root), 0, math.sqrt(upper), limit=300)
        return float(area)

    top = 12.0
    whole = mass(top)
    moment, _ = integrate.quad(lambda ratio: ratio * weight(ratio), 0, top, limit=300)
    found = statistics.posterior([observed], [expected], k)
    assert found.ratio[0] == pytest.approx(moment / whole, rel=1e-5)
    assert mass(float(found.low[0])) / whole == pytest.approx(0.05, abs=1e-5)
    assert mass(float(found.high[0])) / whole == pytest.approx(0.95, abs=1e-5)
    assert found.probability_under[0] == pytest.approx(mass(0.8) / whole, abs=1e-5)


@pytest.mark.parametrize("spread", [0.3, 0.8, 3.0, 8.0, 40.0])
def test_k_agrees_with_a_brute_force_search_of_the_negative_binomial(spread: float) -> None:
    """No k of a fine grid is more likely under scipy's negative binomial than the one found."""
    rng = np.random.default_rng(11)
    expected = rng.uniform(3, 40, 25)
    observed = rng.poisson(expected * rng.gamma(spread, 1 / spread, 25))
    grid = np.geomspace(0.5, 10, 4_000)
    likelihoods = np.array([stats.nbinom.logpmf(observed, k, k / (k + expected)).sum() for k in grid])
    assert shrinkage(observed, expected) == pytest.approx(grid[likelihoods.argmax()], rel=3e-3)


def test_k_stays_within_its_range() -> None:
    """Themes that could not be more alike, or less, stop at the ends of the range."""
    assert shrinkage([20.0] * 25, [20.0] * 25) == pytest.approx(10.0)
    assert shrinkage([500.0] + [0.0] * 24, [20.0] * 25) == pytest.approx(0.5)


def test_k_is_fixed_below_ten_themes() -> None:
    """Nine themes are too few to learn from; a tenth with nothing expected does not help."""
    alike = [20.0] * 9
    assert shrinkage(alike, alike) == 0.5
    assert shrinkage([*alike, 0.0], [*alike, 0.0]) == 0.5
    assert shrinkage([*alike, 20.0], [*alike, 20.0]) == pytest.approx(10.0)


def test_the_bootstrap_agrees_with_drawing_practices_one_by_one() -> None:
    """Resampling sets of themes by number gives the interval of resampling practices."""
    themes = list(make_themes(6))
    sets = make_corpus(200, themes)
    members = np.array([[float(theme in held) for theme in themes] for held in sets])
    patterns, sizes = np.unique(members, axis=0, return_counts=True)
    shares = np.full(6, 1 / 6)
    low, high = statistics.bootstrap_interval(
        statistics.resampled_counts(patterns, sizes.astype(np.int64)), shares, 5.0
    )
    rng = np.random.default_rng(5)
    drawn = np.array([members[rng.integers(0, 200, 200)].sum(axis=0) for _ in range(3_000)])
    ratios = (drawn + 5) / (drawn.sum(axis=1, keepdims=True) / 6 + 5)
    assert low == pytest.approx(np.quantile(ratios, 0.05, axis=0), rel=0.06)
    assert high == pytest.approx(np.quantile(ratios, 0.95, axis=0), rel=0.06)


def test_the_wider_interval_is_shown_and_named() -> None:
    """A bootstrap wider than the posterior replaces it, a narrower one does not."""
    observed, shares = np.full(12, 20.0), np.full(12, 1 / 12)
    steady = np.tile(observed, (200, 1))
    jumpy = steady.copy()
    jumpy[::2, 0], jumpy[1::2, 0] = 1.0, 60.0
    calm = statistics.estimate(observed, shares, steady)
    wild = statistics.estimate(observed, shares, jumpy)
    assert set(calm.interval_from) == {"posterior"}
    assert wild.interval_from[0] == "bootstrap"
    assert wild.high[0] - wild.low[0] > calm.high[0] - calm.low[0]


def test_a_report_shows_an_interval_no_narrower_than_the_posterior() -> None:
    """Both intervals are worked out again from the report itself."""
    themes = make_themes(12)
    report = gap_report(make_corpus(400, list(themes)), [False] * 400, themes, EQUAL)
    for gap in report.themes:
        belief = statistics.posterior([gap.observed], [gap.expected], report.k)
        assert gap.high - gap.low >= float(belief.high[0] - belief.low[0]) - 1e-12


@pytest.mark.parametrize(
    ("probability", "expected", "status"),
    [
        (0.80, 5.0, Status.LIKELY_GAP),
        (0.7999, 5.0, Status.POSSIBLE_GAP),
        (0.50, 5.0, Status.POSSIBLE_GAP),
        (0.4999, 5.0, Status.NO_SIGN),
        (1.0, 4.9999, Status.TOO_LITTLE_DATA),
        (0.0, 0.0, Status.TOO_LITTLE_DATA),
    ],
)
def test_labels_follow_the_table_of_the_design(probability: float, expected: float, status: Status) -> None:
    """Each boundary belongs to the side the table puts it on."""
    assert statistics.classify(probability, expected) is status


def test_every_status_has_an_id_and_a_label() -> None:
    """Ids and labels are those of the design."""
    assert {status.value: status.label for status in Status} == {
        "likely-gap": "Likely gap",
        "possible-gap": "Possible gap",
        "too-little-data": "Too little data to say",
        "no-sign": "No sign of a gap",
    }


def test_the_rule_rarely_flags_sound_themes_and_often_finds_cut_ones() -> None:
    """In 60 made-up collections the rule keeps false flags under 2 % and far under the naive rule.

    300 practices, 25 themes whose shares vary as Gamma(4, 4), one tag each.
    """
    rng = np.random.default_rng(42)
    shares = np.full(25, 1 / 25)
    flagged = {"rule": np.zeros(2), "naive": np.zeros(2)}
    totals = np.zeros(2)
    for _ in range(60):
        true = rng.gamma(4, 1 / 4, 25)
        true /= true.mean()
        observed = rng.multinomial(540, true / 25).astype(float)
        found = statistics.estimate(observed, shares, observed[None, :])
        kinds = np.array([true >= 0.9, true <= 0.6])
        totals += kinds.sum(axis=1)
        flagged["rule"] += (kinds & (found.probability_under >= 0.8)).sum(axis=1)
        flagged["naive"] += (kinds & (observed < found.expected)).sum(axis=1)
    false_rate, power = flagged["rule"] / totals
    assert false_rate <= 0.02 < flagged["naive"][0] / totals[0]
    assert power >= 0.5


@pytest.mark.parametrize("before", [10, 13, 20, 40])
@pytest.mark.parametrize("share_left", [0.0, 0.2, 0.4])
def test_one_hole_in_an_even_collection_is_seen(before: int, share_left: float) -> None:
    """Themes that are all exactly as expected must not draw the one that lost 60 % back to them."""
    counts = np.array([float(before), *[12.0] * 25])
    shares = counts / counts.sum()
    counts[0] = np.floor(before * share_left)
    found = statistics.estimate(counts, shares, counts[None, :])
    statuses = [
        statistics.classify(under, expected)
        for under, expected in zip(found.probability_under, found.expected, strict=True)
    ]
    assert statuses[0] in (Status.LIKELY_GAP, Status.POSSIBLE_GAP)
    assert set(statuses[1:]) == {Status.NO_SIGN}


# The report.


def test_a_theme_with_far_too_few_practices_is_a_likely_gap() -> None:
    """Observed, expected, ratio, G and label of one thin theme among many."""
    report = make_report([2, *[20] * 11])
    thin = report.themes[0]
    assert (thin.observed, thin.status) == (2, Status.LIKELY_GAP)
    assert thin.expected == pytest.approx(222 / 12)
    assert thin.ratio == pytest.approx((2 + report.k) / (222 / 12 + report.k))
    assert thin.low < thin.ratio < thin.high < 0.8
    assert thin.probability_under > 0.95
    assert report.with_status(Status.LIKELY_GAP) == (thin,)


def test_a_theme_with_far_too_many_practices_is_never_a_gap() -> None:
    """Over-representation shows no sign of a gap."""
    rich = make_report([90, *[20] * 11]).themes[0]
    assert rich.status is Status.NO_SIGN
    assert rich.low > 1


def test_a_practice_counts_once_for_every_theme_it_carries() -> None:
    """M counts tags, not practices, and a theme listed twice counts once."""
    themes = make_themes(3)
    report = gap_report([["theme-0", "theme-1"], ["theme-0", "theme-0"]], [True, False], themes, EQUAL)
    assert [gap.observed for gap in report.themes] == [2, 1, 0]
    assert (report.practices, report.counted, report.tags) == (2, 2, 3)
    assert [gap.expected for gap in report.themes] == pytest.approx([1.0] * 3)


def test_evaluated_practices_are_counted_by_theme() -> None:
    """Practice without any evaluation is an evidence gap; no practice at all is not."""
    themes = make_themes(3)
    sets = [{"theme-0"}, {"theme-0", "theme-1"}, {"theme-1"}, set()]
    one, two, three = gap_report(sets, [True, False, False, True], themes, EQUAL).themes
    assert [one.evaluated, two.evaluated, three.evaluated] == [1, 0, 0]
    assert [one.is_evidence_gap, two.is_evidence_gap, three.is_evidence_gap] == [
        False,
        True,
        False,
    ]


def test_themes_keep_the_order_they_were_given_in() -> None:
    """Reports follow the taxonomy, not the alphabet or the counts."""
    themes = {"zeal": "Zeal", "art": "Art", "mud": "Mud"}
    report = gap_report([{"mud"}], [False], themes, EQUAL)
    assert [gap.theme for gap in report.themes] == ["zeal", "art", "mud"]


def test_the_same_practices_give_the_same_report_in_any_order() -> None:
    """The bootstrap's seed is fixed and practices are sorted before they are drawn."""
    themes = make_themes(12)
    sets = make_clumped_corpus()
    backwards = sets[::-1]
    first = gap_report(sets, [False] * len(sets), themes, EQUAL)
    assert first == gap_report(backwards, [False] * len(sets), themes, EQUAL)
    assert first.themes[0].interval_from == "bootstrap"


def test_themes_that_go_together_widen_the_interval() -> None:
    """The bootstrap sees that six tags of one practice are not six independent finds."""
    themes = make_themes(12)
    sets = make_clumped_corpus()
    weights = {theme: 1.0 for theme in themes if theme != "theme-11"}
    for reference in (EQUAL, make_reference("part", "Part", weights)):
        report = gap_report(sets, [False] * len(sets), themes, reference)
        first = report.themes[0]
        belief = statistics.posterior([first.observed], [first.expected], report.k)
        assert first.interval_from == "bootstrap"
        assert first.high - first.low > float(belief.high[0] - belief.low[0])
        assert first.low < first.ratio < first.high


def test_weights_are_scaled_to_shares() -> None:
    """Only proportions matter, however large or small the numbers are."""
    themes = make_themes(2)
    sets = make_sets({"theme-0": 30, "theme-1": 10})
    for scale in (1e-300, 1, 10**6, 5e307):
        weights = {"theme-0": 3 * scale, "theme-1": 1 * scale}
        report = gap_report(sets, [False] * 40, themes, make_reference("r", "Volumes", weights))
        assert [gap.expected for gap in report.themes] == pytest.approx([30, 10])


def test_themes_without_a_weight_are_left_out_and_listed() -> None:
    """M counts only the tags of themes compared, and practices without one are not counted."""
    themes = make_themes(3)
    sets: list[set[str]] = [{"theme-0", "theme-2"}, {"theme-1"}, {"theme-2"}, set()]
    reference = make_reference("volumes", "Recorded volumes", {"theme-0": 3, "theme-1": 1})
    report = gap_report(sets, [False] * 4, themes, reference)
    assert report.left_out == {"theme-2": "Theme 2"}
    assert [gap.theme for gap in report.themes] == ["theme-0", "theme-1"]
    assert (report.practices, report.counted, report.untagged, report.tags) == (4, 2, 1, 2)
    assert [gap.expected for gap in report.themes] == pytest.approx([1.5, 0.5])
    assert "1 theme has no figure under recorded volumes and is left out: Theme 2." in report.caveats


def test_a_theme_with_weight_zero_is_too_little_data() -> None:
    """Nothing expected means nothing learnt: the figures are the prior's, whatever is observed."""
    themes = make_themes(2)
    reference = make_reference("r", "Staff priorities", {"theme-0": 0, "theme-1": 2})
    report = gap_report(make_sets({"theme-0": 3, "theme-1": 9}), [False] * 12, themes, reference)
    none = report.themes[0]
    assert (none.observed, none.expected, none.ratio) == (3, 0.0, 1.0)
    assert (none.status, none.interval_from) == (Status.TOO_LITTLE_DATA, "posterior")
    assert none.sentence == (
        "Theme 0: 3 practices, and none were expected under staff priorities, so nothing can be compared."
    )


def test_the_report_carries_the_reference_and_its_caveat_first() -> None:
    """Source and caveat of a reference stay in view."""
    reference = make_reference("r", "Volumes", None, caveat="Counts overlap.")
    report = make_report([20], reference=reference)
    assert (report.reference.id, report.reference.label) == ("r", "Volumes")
    assert report.caveats[0] == "Counts overlap."


def test_every_report_says_what_it_cannot_say() -> None:
    """Under-submission, confirmed themes, untagged practices and a fixed k are all named."""
    text = " ".join(make_report([20, 20], untagged=1).caveats)
    assert "under-submission is not under-practice" in text
    assert "Only themes confirmed by a person are counted" in text
    assert "1 practice carries no confirmed theme and is not counted." in text
    assert "Fewer than 10 themes" in text
    assert "Fewer than 10 themes" not in " ".join(make_report([20] * 10).caveats)
    weights = {theme: float(at > 0) for at, theme in enumerate(make_themes(10))}
    nine = make_report([20] * 10, reference=make_reference("nine", "Nine", weights))
    assert "Fewer than 10 themes" in " ".join(nine.caveats)


def test_a_gap_is_robust_when_two_references_call_it_likely() -> None:
    """Each report names the others that agree, and never itself."""
    themes = make_themes(12)
    sets = make_sets({theme: 2 if theme == "theme-0" else 20 for theme in themes})
    same = make_reference("same", "Staff priorities", dict.fromkeys(themes, 2.0))
    low = make_reference("low", "Recorded volumes", {**dict.fromkeys(themes, 10.0), "theme-0": 1.0})
    reports = gap_reports(sets, [False] * len(sets), themes, [EQUAL, same, low])
    assert list(reports) == ["equal", "same", "low"]
    gaps = {key: report.themes[0] for key, report in reports.items()}
    assert gaps["equal"].robust_under == ("same",)
    assert gaps["same"].robust_under == ("equal",)
    assert gaps["low"].robust_under == ("equal", "same")
    assert [gap.is_robust for gap in gaps.values()] == [True, True, False]
    assert "Another reference agrees on Theme 0." in reports["equal"].summary
    assert "Another reference" not in reports["low"].summary


def test_one_reference_alone_makes_no_gap_robust() -> None:
    """A report on its own agrees with nobody."""
    assert not any(gap.is_robust for gap in make_report([2, *[20] * 11]).themes)


# Corpora with little or nothing in them.


def test_an_empty_corpus_gives_a_clear_report() -> None:
    """No practices, no figures, no exception."""
    report = make_report([0] * 12)
    assert report.summary == "There are no practices yet, so nothing can be said about gaps."
    assert {gap.status for gap in report.themes} == {Status.TOO_LITTLE_DATA}
    assert (report.practices, report.tags, report.k) == (0, 0, 0.5)


def test_practices_without_themes_give_a_clear_report() -> None:
    """Practices are there, but nothing about them can be compared."""
    report = make_report([0, 0], untagged=3)
    assert report.summary.startswith("There are 3 practices, but none carries a confirmed theme")
    assert (report.untagged, report.counted) == (3, 0)
    assert make_report([0], untagged=1).summary.startswith("There is 1 practice, but none")


def test_one_practice_is_too_little_data_for_every_theme() -> None:
    """A single practice says nothing about twelve themes."""
    report = make_report([1, *[0] * 11])
    assert {gap.status for gap in report.themes} == {Status.TOO_LITTLE_DATA}
    assert "For 12 themes there is too little data to say." in report.summary
    assert "across 1 practice and 12 themes: no theme is a likely gap." in report.summary


def test_a_taxonomy_without_themes_gives_an_empty_report() -> None:
    """Nothing to compare is not an error."""
    report = gap_report([set()], [False], {}, EQUAL)
    assert (report.themes, report.tags, report.untagged) == ((), 0, 1)


def test_no_references_give_no_reports() -> None:
    """An empty question has an empty answer."""
    assert gap_reports([{"theme-0"}], [True], make_themes(1), []) == {}


# Words.


def test_a_sentence_reads_like_the_example_of_the_design() -> None:
    """Count, expectation, reference and interval in one sentence."""
    assert sentence() == (
        "Stalking and harassment: 2 practices where 8.4 were expected under equal shares; "
        "the share is probably between 0.2 and 0.7 of what was expected."
    )


@pytest.mark.parametrize(
    ("observed", "text"),
    [(0, ": no practices where"), (1, ": 1 practice where"), (1200, ": 1,200 practices where")],
)
def test_a_sentence_is_right_in_singular_and_plural(observed: int, text: str) -> None:
    """Nought, one and many."""
    assert text in sentence(observed=observed)


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        ((0.01, 0.34), "probably at most 0.3 of what"),
        ((0.001, 0.02), "probably at most 0.1 of what"),
        ((0.63, 1.44), "probably between 0.6 and 1.4 times what"),
        ((0.93, 1.04), "probably between 0.9 and 1.0 of what"),
        ((0.61, 0.64), "probably between 0.61 and 0.64 of what"),
        ((0.612, 0.614), "probably about 0.61 of what"),
        ((77.3, 86.4), "probably between 77 and 86 times what"),
        ((20.1, 20.4), "probably between 20.1 and 20.4 times what"),
    ],
)
def test_an_interval_is_said_with_as_few_decimals_as_are_true(
    interval: tuple[float, float], text: str
) -> None:
    """Ends never read as the same number, nor as nought."""
    assert text in sentence(interval=interval)


@pytest.mark.parametrize(
    ("expected", "text"),
    [(4.99, "4.9 were"), (0.02, "fewer than 0.1 were"), (3.0, "3.0 were"), (0.199, "0.2 were")],
)
def test_too_little_data_is_said_and_no_interval_is_given(expected: float, text: str) -> None:
    """The number shown never contradicts that it was too small."""
    said = sentence(expected=expected, status=Status.TOO_LITTLE_DATA)
    assert f"where {text} expected under equal shares; too few were expected to say" in said
    assert "probably" not in said


@pytest.mark.parametrize(
    ("label", "text"),
    [("Equal shares", "equal shares"), ("ONS counts", "ONS counts"), ("", ""), ("X", "x")],
)
def test_labels_fit_inside_a_sentence(label: str, text: str) -> None:
    """A small first letter, unless the first word is an acronym."""
    assert in_sentence(label) == text


def test_long_lists_are_cut_for_reading_aloud() -> None:
    """Eight names and a number; semicolons because labels hold “and”."""
    assert listed(["A"]) == "A"
    assert listed(["A", "B and C"]) == "A; and B and C"
    assert listed(list("ABCDEFGHIJ")) == "A; B; C; D; E; F; G; H; and 2 more"


def test_the_summary_reads_as_one_paragraph() -> None:
    """What is likely, possible, unknown and quiet, then what it does not mean."""
    assert make_report([2, *[20] * 11]).summary == (
        "Compared with equal shares, across 222 practices and 12 themes: 1 theme is a likely gap: "
        "Theme 0. 11 themes show no sign of a gap. A gap means that few practices on the theme "
        "have been collected, not that little is being done: under-submission is not "
        "under-practice."
    )


def test_numbers_agree_with_their_nouns() -> None:
    """“no practices”, “1 practice”, “2 practices”."""
    assert [counted(number, "practice") for number in (0, 1, 2)] == [
        "no practices",
        "1 practice",
        "2 practices",
    ]


# Properties that hold for any corpus.

THEMES = make_themes(14)
theme_sets = st.lists(st.sets(st.sampled_from(list(THEMES)), max_size=5), max_size=60)
weight_maps = st.dictionaries(
    st.sampled_from(list(THEMES)),
    st.one_of(st.integers(0, 10**6), st.floats(0, 1e300, allow_subnormal=True)),
    min_size=1,
).filter(lambda weights: any(weights.values()))


@given(sets=theme_sets, weights=st.none() | weight_maps)
def test_figures_hold_together_for_any_corpus(
    sets: Sequence[Collection[str]], weights: Mapping[str, float] | None
) -> None:
    """Sums, ranges, labels and sentences are consistent whatever is counted."""
    report = gap_report(sets, [False] * len(sets), THEMES, make_reference("r", "R", weights))
    assert report.tags == sum(gap.observed for gap in report.themes)
    assert sum(gap.expected for gap in report.themes) == pytest.approx(report.tags)
    assert 0.5 <= report.k <= 50
    assert len(report.themes) + len(report.left_out) == len(THEMES)
    for gap in report.themes:
        assert 0 <= gap.low < gap.high < math.inf
        assert 0 <= gap.probability_under <= 1
        assert gap.status is statistics.classify(gap.probability_under, gap.expected)
        assert not re.search(r"nan|inf\b", gap.sentence)
        assert gap.sentence.startswith(f"{gap.label}: ")


@given(expected=st.floats(0.01, 500), k=st.floats(0.5, 50))
def test_more_practice_on_a_theme_never_makes_it_look_thinner(expected: float, k: float) -> None:
    """At the same k and E, the ratio rises and G falls as practices are added."""
    found = statistics.posterior(np.arange(30.0), np.full(30, expected), k)
    assert (np.diff(found.ratio) > 0).all()
    assert (np.diff(found.probability_under) <= 0).all()


def test_a_theme_gap_can_be_made_by_hand() -> None:
    """Pages and exports are tested with records made without a corpus."""
    gap = ThemeGap(
        theme="fraud",
        label="Fraud",
        observed=0,
        expected=8.0,
        ratio=0.1,
        low=0.0,
        high=0.4,
        interval_from="posterior",
        probability_under=0.99,
        status=Status.LIKELY_GAP,
        sentence="",
        evaluated=0,
        robust_under=("equal",),
    )
    assert gap.is_robust
    assert not gap.is_evidence_gap


def test_the_summary_names_the_thinnest_theme_first() -> None:
    """What is read aloud begins with what matters most."""
    report = make_report([9, 3, *[40] * 20, 6])
    assert [gap.label for gap in report.with_status(Status.LIKELY_GAP)] == ["Theme 0", "Theme 1", "Theme 22"]
    assert "Theme 1; Theme 22; and Theme 0" in report.summary


def test_the_summary_says_how_many_themes_could_not_be_compared() -> None:
    """A chief officer hears first that most themes have no figure."""
    themes = make_themes(4)
    reference = make_reference("r", "Volumes", {"theme-0": 1.0, "theme-1": 2.0})
    report = gap_report(make_sets({"theme-0": 3, "theme-2": 3}), [False] * 6, themes, reference)
    assert report.summary.startswith("2 themes have no figure to compare with.")
