"""Which themes have fewer practices than a reference leads one to expect, and how sure we are.

Only themes that a person has confirmed may be passed in: suggested ones are shown apart and never
counted. For a reference with shares q (summing to 1), O practices carry a theme, M is the sum of
O, and E = M q are expected; the model, its formulae and their sources (Clayton & Kaldor 1987;
DuMouchel 1999) are in `statistics`. Everything here is a pure function of what it is given.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from search_service.errors import InvalidRequest
from search_service.gaps.reference import Reference, reference_faults, shares_of
from search_service.gaps.sentences import caveats, summary, theme_sentence
from search_service.gaps.statistics import (
    FEWEST_THEMES,
    Estimates,
    Floats,
    IntervalFrom,
    Status,
    classify,
    estimate,
    shrinkage,
)
from search_service.gaps.tally import Tally, tally_of, theme_faults

__all__ = [
    "GapReport",
    "IntervalFrom",
    "Reference",
    "Status",
    "ThemeGap",
    "compare",
    "gap_reports",
    "shrinkage",
]


@dataclass(frozen=True, slots=True)
class ThemeGap:
    """One theme against one reference; `low` and `high` bound the ratio with 90 % probability.

    `ratio` is the shrunk (O + k) / (E + k), and 1 where nothing is expected. `robust_under` holds
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

    `practices` were given, `counted` of them carry a theme that is compared, `untagged` carry no
    theme at all; `tags` is M. `left_out` holds the ids of themes without a figure.
    """

    reference: str
    reference_label: str
    sources: tuple[str, ...]
    practices: int
    counted: int
    untagged: int
    tags: int
    k: float
    themes: tuple[ThemeGap, ...]
    left_out: tuple[str, ...]
    summary: str
    caveats: tuple[str, ...]

    def with_status(self, status: Status) -> tuple[ThemeGap, ...]:
        """Return the themes of which the given thing is said."""
        return tuple(gap for gap in self.themes if gap.status is status)


def gap_reports(
    theme_sets: Sequence[Collection[str]],
    evaluated: Sequence[bool],
    themes: Mapping[str, str],
    references: Sequence[Reference],
) -> dict[str, GapReport]:
    """Compare the practices with every reference, and say which gaps they agree on.

    `theme_sets` holds the confirmed theme ids of each practice and `evaluated` whether it has been
    tested; `themes` maps id to label, in the order wanted. The result is by reference id, in the
    order given. Raises InvalidRequest with every fault of the references, or when a practice carries
    a theme that is not in `themes`.
    """
    if faults := list(theme_faults(theme_sets, themes)):
        raise InvalidRequest([*reference_faults(references, themes), *faults])
    return compare(tally_of(theme_sets, evaluated, list(themes)), themes, references)


def compare(tally: Tally, themes: Mapping[str, str], references: Sequence[Reference]) -> dict[str, GapReport]:
    """Compare tallied practices with every reference, as `gap_reports` does.

    Resampling is in the tally, so that a reference brought to a running service costs milliseconds.
    """
    if faults := list(reference_faults(references, themes)):
        raise InvalidRequest(faults)
    reports = [_compare(tally, themes, reference) for reference in references]
    return {report.reference: _worded(_agreed(report, reports), themes) for report in reports}


def _compare(tally: Tally, themes: Mapping[str, str], reference: Reference) -> GapReport:
    """Work out one report, but for what depends on the other references."""
    weights = dict.fromkeys(themes, 1.0) if reference.weights is None else reference.weights
    columns = [at for at, theme in enumerate(themes) if theme in weights]
    carried = tally.patterns[:, columns]
    observed = tally.sizes @ carried
    shares = shares_of([weights[theme] for theme in themes if theme in weights])
    figures = estimate(observed, shares, tally.resampled[:, columns])
    return GapReport(
        reference=reference.id,
        reference_label=reference.label,
        sources=reference.sources,
        practices=tally.practices,
        counted=int(tally.sizes[carried.any(axis=1)].sum()),
        untagged=tally.practices - int(tally.sizes.sum()),
        tags=int(observed.sum()),
        k=figures.k,
        themes=_theme_gaps(
            {theme: label for theme, label in themes.items() if theme in weights},
            observed,
            tally.evaluated @ carried,
            figures,
            reference.label,
        ),
        left_out=tuple(theme for theme in themes if theme not in weights),
        summary="",
        caveats=(reference.caveat,) if reference.caveat else (),
    )


def _theme_gaps(
    themes: Mapping[str, str],
    observed: Floats,
    evaluated: Floats,
    figures: Estimates,
    reference_label: str,
) -> tuple[ThemeGap, ...]:
    """Put each theme's figures into a record with its label and sentence."""
    gaps = []
    for at, (theme, label) in enumerate(themes.items()):
        found, expected = int(observed[at]), float(figures.expected[at])
        interval = float(figures.low[at]), float(figures.high[at])
        under = float(figures.probability_under[at])
        status = classify(under, expected)
        gap = ThemeGap(
            theme=theme,
            label=label,
            observed=found,
            expected=expected,
            ratio=float(figures.ratio[at]),
            low=interval[0],
            high=interval[1],
            interval_from=figures.interval_from[at],
            probability_under=under,
            status=status,
            sentence=theme_sentence(label, found, expected, interval, status, reference_label),
            evaluated=int(evaluated[at]),
        )
        gaps.append(gap)
    return tuple(gaps)


def _agreed(report: GapReport, reports: Sequence[GapReport]) -> GapReport:
    """Fill in which other references call each theme a likely gap."""
    likely = {
        other.reference: {gap.theme for gap in other.with_status(Status.LIKELY_GAP)}
        for other in reports
        if other.reference != report.reference
    }
    gaps = tuple(
        replace(gap, robust_under=tuple(key for key in likely if gap.theme in likely[key]))
        for gap in report.themes
    )
    return replace(report, themes=gaps)


def _thinness(gap: ThemeGap) -> float:
    return gap.ratio


def _worded(report: GapReport, themes: Mapping[str, str]) -> GapReport:
    """Fill in the summary and the caveats."""
    return replace(
        report,
        summary=summary(
            report.practices,
            report.counted,
            report.reference_label,
            {
                status: [gap.label for gap in sorted(report.with_status(status), key=_thinness)]
                for status in Status
            },
            [gap.label for gap in report.themes if gap.is_robust],
            len(report.left_out),
        ),
        caveats=caveats(
            report.caveats,
            report.reference_label,
            [themes[theme] for theme in report.left_out],
            report.untagged,
            sum(gap.expected > 0 for gap in report.themes) < FEWEST_THEMES,
        ),
    )
