"""Which themes have fewer practices than a reference leads one to expect, and how sure that is.

For a reference with shares q (summing to 1), O practices carry a theme, M is the sum of O, and
E = M q are expected; the model, its formulae and their sources (Clayton & Kaldor 1987;
DuMouchel 1999) are in `statistics`. Everything here is a pure function of its arguments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from search_service.gaps.sentences import caveats, summary, theme_sentence
from search_service.gaps.statistics import (
    MIN_THEMES,
    Estimates,
    IntervalFrom,
    Status,
    classify,
    estimate,
    shares_of,
)
from search_service.gaps.tally import Tally
from search_service.practices.taxonomy import ReferenceList


@dataclass(frozen=True, slots=True)
class ThemeGap:
    """One theme against one reference; `low` and `high` bound the ratio with 90 % probability.

    `ratio` is the shrunk (O + k) / (E + k), and 1 if nothing is expected. `robust_under` holds
    the ids of the other references that also call the theme a likely gap.
    """

    theme: str
    label: str
    observed: int
    expected: float
    ratio: float
    low: float
    high: float
    interval_from: IntervalFrom
    probability_under: float
    status: Status
    sentence: str
    evaluated: int
    robust_under: tuple[str, ...] = ()

    @property
    def is_robust(self) -> bool:
        """Whether it is a likely gap here and under at least one other reference."""
        return self.status is Status.LIKELY_GAP and bool(self.robust_under)

    @property
    def is_evidence_gap(self) -> bool:
        """Whether there is practice on the theme, but none that anyone has evaluated."""
        return self.observed > 0 and self.evaluated == 0


@dataclass(frozen=True, slots=True)
class GapReport:
    """All themes against one reference, in the order of the taxonomy.

    Of `practices`, `counted` carry a theme that is compared and `untagged` no theme at all; `tags` is M.
    `left_out` holds id and label of the themes that the reference has no figure for.
    """

    reference: ReferenceList
    practices: int
    counted: int
    untagged: int
    tags: int
    k: float
    themes: tuple[ThemeGap, ...]
    left_out: Mapping[str, str]

    def with_status(self, status: Status) -> tuple[ThemeGap, ...]:
        """Return the themes with a status."""
        return tuple(gap for gap in self.themes if gap.status is status)

    @property
    def summary(self) -> str:
        """The report in one paragraph, the thinnest themes named first."""
        thinnest = sorted(self.themes, key=lambda gap: gap.ratio)
        return summary(
            self.practices,
            self.counted,
            self.reference.label,
            {status: [gap.label for gap in thinnest if gap.status is status] for status in Status},
            [gap.label for gap in self.themes if gap.is_robust],
            len(self.left_out),
        )

    @property
    def caveats(self) -> tuple[str, ...]:
        """What must be in view beside the figures."""
        few_themes = sum(gap.expected > 0 for gap in self.themes) < MIN_THEMES
        return caveats(self.reference, list(self.left_out.values()), self.untagged, few_themes=few_themes)


def compare(
    tally: Tally, themes: Mapping[str, str], references: Sequence[ReferenceList]
) -> dict[str, GapReport]:
    """Compare tallied practices with every reference, and find the gaps that references agree on.

    `themes` maps id to label, in the order wanted. The result is by reference id, in the order given.
    Resampling is in the tally, so that a reference sent to a running service costs milliseconds.
    """
    reports = {reference.id: _report(tally, themes, reference) for reference in references}
    likely = {
        key: {gap.theme for gap in report.with_status(Status.LIKELY_GAP)} for key, report in reports.items()
    }

    def robust(key: str, gap: ThemeGap) -> ThemeGap:
        others = (other for other, found in likely.items() if other != key and gap.theme in found)
        return replace(gap, robust_under=tuple(others))

    return {
        key: replace(report, themes=tuple(robust(key, gap) for gap in report.themes))
        for key, report in reports.items()
    }


def _report(tally: Tally, themes: Mapping[str, str], reference: ReferenceList) -> GapReport:
    """Compare with one reference, leaving out which others agree."""
    weights = reference.weigh(themes)
    columns = [at for at, theme in enumerate(themes) if theme in weights]
    carried = tally.patterns[:, columns]
    observed = tally.sizes @ carried
    figures = estimate(observed, shares_of(weights.values()), tally.resampled[:, columns])
    counts = zip(weights, observed.tolist(), (tally.evaluated @ carried).tolist(), strict=True)
    return GapReport(
        reference=reference,
        practices=tally.practices,
        counted=int(tally.sizes[carried.any(axis=1)].sum()),
        untagged=tally.practices - int(tally.sizes.sum()),
        tags=int(observed.sum()),
        k=figures.k,
        themes=tuple(
            _theme_gap(theme, themes[theme], (int(found), int(evaluated)), figures, at, reference.label)
            for at, (theme, found, evaluated) in enumerate(counts)
        ),
        left_out={theme: label for theme, label in themes.items() if theme not in weights},
    )


def _theme_gap(
    theme: str, label: str, counts: tuple[int, int], figures: Estimates, at: int, reference: str
) -> ThemeGap:
    """Return the figures of one theme, the one `at` that place, with its label and sentence."""
    (observed, evaluated), expected = counts, float(figures.expected[at])
    low, high = float(figures.low[at]), float(figures.high[at])
    under = float(figures.probability_under[at])
    status = classify(under, expected)
    return ThemeGap(
        theme=theme,
        label=label,
        observed=observed,
        expected=expected,
        ratio=float(figures.ratio[at]),
        low=low,
        high=high,
        interval_from=figures.interval_from[at],
        probability_under=under,
        status=status,
        sentence=theme_sentence(label, observed, expected, (low, high), status, reference),
        evaluated=evaluated,
    )
