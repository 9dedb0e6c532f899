"""Plain English for the gap figures: short, right in singular and plural, honest about doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search_service.gaps.statistics import ENOUGH_EXPECTED, Status

MOST_NAMED = 8
"""Themes named in a list meant to be read aloud; the rest are counted."""

SMALLEST_SAID = 0.1
"""The smallest number said as it is: below it a sentence says “fewer than” or “at most”."""

COARSE_FROM = 10.0
"""Ratios from here on are said without decimals: more would promise too much."""

SUBMISSION_CAVEAT = (
    "A gap means that few practices on the theme have been collected, not that little is being "
    "done: under-submission is not under-practice."
)
CONFIRMED_CAVEAT = "Only themes confirmed by a person are counted; suggested themes are not."
FIXED_SHRINKAGE_CAVEAT = (
    "Fewer than 10 themes can be compared, too few to learn how much themes differ; the least "
    "shrinkage is used, so the ratios of small themes move easily."
)

NOTHING_COMPARED = "none carries a confirmed theme that can be compared, so nothing can be said about gaps."

_SINGULAR = {"are": "is", "carry": "carries", "have": "has", "show": "shows"}


def counted(number: int, noun: str) -> str:
    """Say how many there are: “no practices”, “1 practice”, “1,200 practices”."""
    plural = "" if number == 1 else "s"
    return f"{number:,} {noun}{plural}" if number else f"no {noun}s"


def in_sentence(label: str) -> str:
    """Make a label fit inside a sentence: a small first letter, unless it is an acronym."""
    first = label.split(" ", 1)[0]
    return label if first[1:] != first[1:].lower() else label[:1].lower() + label[1:]


def theme_sentence(
    label: str,
    observed: int,
    expected: float,
    interval: tuple[float, float],
    status: Status,
    reference: str,
) -> str:
    """Say what was found for one theme against the reference with the given label."""
    found, under = counted(observed, "practice"), f"under {in_sentence(reference)}"
    if expected <= 0:
        return f"{label}: {found}, and none were expected {under}, so nothing can be compared."
    start = f"{label}: {found} where {_expected(expected)} expected {under}"
    if status is Status.TOO_LITTLE_DATA:
        return f"{start}; too few were expected to say whether there is a gap."
    return f"{start}; the share is probably {_between(*interval)} what was expected."


def _expected(expected: float) -> str:
    """Say how many were expected, to one decimal but never across the line of “enough”."""
    if expected < SMALLEST_SAID:
        return f"fewer than {SMALLEST_SAID} were"
    text = f"{expected:,.1f}"
    if expected < ENOUGH_EXPECTED <= float(text.replace(",", "")):
        text = f"{ENOUGH_EXPECTED - 0.1:.1f}"
    return f"{text} were"


def _between(low: float, high: float) -> str:
    """Say an interval of ratios, with as few decimals as keep its ends apart and above zero."""
    after = "of" if round(high, 1) <= 1 else "times"
    if round(low, 1) < SMALLEST_SAID:
        return f"at most {max(high, SMALLEST_SAID):.1f} {after}"
    for decimals in (0, 1, 2):
        ends = f"{low:,.{decimals}f}", f"{high:,.{decimals}f}"
        if ends[0] != ends[1] and (decimals or low >= COARSE_FROM):
            return f"between {ends[0]} and {ends[1]} {after}"
    return f"about {ends[0]} {after}"


def listed(labels: Sequence[str]) -> str:
    """Join labels for reading aloud, by semicolons because labels hold commas and “and”."""
    named, others = list(labels[:MOST_NAMED]), len(labels) - MOST_NAMED
    if others > 0:
        named.append(f"{others} more")
    if len(named) > 1:
        named[-1] = f"and {named[-1]}"
    return "; ".join(named)


def summary(
    practices: int,
    compared: int,
    reference: str,
    by_status: Mapping[Status, Sequence[str]],
    robust: Sequence[str],
    left_out: int = 0,
) -> str:
    """Say in one paragraph what a report found; labels of themes by status, robust ones again.

    `practices` is all there are, `compared` those that carry a theme of the reference, and `left_out`
    how many themes it has no figure for.
    """
    themes = sum(map(len, by_status.values()))
    if not practices:
        return "There are no practices yet, so nothing can be said about gaps."
    if not compared:
        return f"There {_verb(practices, 'are')} {counted(practices, 'practice')}, but {NOTHING_COMPARED}"
    start = f"Compared with {in_sentence(reference)}, across {counted(compared, 'practice')}"
    if left_out:
        start = f"{counted(left_out, 'theme')} {_verb(left_out, 'have')} no figure to compare with. {start}"
    likely = _gaps(by_status[Status.LIKELY_GAP], "likely")
    sentences = [f"{start} and {counted(themes, 'theme')}: {likely}"]
    if robust:
        sentences.append(f"Another reference agrees on {listed(robust)}.")
    if possible := by_status[Status.POSSIBLE_GAP]:
        sentences.append(_gaps(possible, "possible"))
    if unknown := len(by_status[Status.TOO_LITTLE_DATA]):
        sentences.append(f"For {counted(unknown, 'theme')} there is too little data to say.")
    if quiet := len(by_status[Status.NO_SIGN]):
        sentences.append(f"{counted(quiet, 'theme')} {_verb(quiet, 'show')} no sign of a gap.")
    return " ".join([*sentences, SUBMISSION_CAVEAT])


def _gaps(labels: Sequence[str], kind: str) -> str:
    """Say which themes are gaps of a kind."""
    if not labels:
        return f"no theme is a {kind} gap."
    what = f"a {kind} gap" if len(labels) == 1 else f"{kind} gaps"
    return f"{counted(len(labels), 'theme')} {_verb(len(labels), 'are')} {what}: {listed(labels)}."


def caveats(
    own: Sequence[str], reference: str, left_out: Sequence[str], untagged: int, few_themes: bool
) -> tuple[str, ...]:
    """Return what must be in view beside the figures, the reference's own caveat first."""
    found = [*own, SUBMISSION_CAVEAT, CONFIRMED_CAVEAT]
    if left_out:
        number = len(left_out)
        found.append(
            f"{counted(number, 'theme')} {_verb(number, 'have')} no figure under "
            f"{in_sentence(reference)} and {_verb(number, 'are')} left out: {'; '.join(left_out)}."
        )
    if untagged:
        found.append(
            f"{counted(untagged, 'practice')} {_verb(untagged, 'carry')} no confirmed theme and "
            f"{_verb(untagged, 'are')} not counted."
        )
    if few_themes:
        found.append(FIXED_SHRINKAGE_CAVEAT)
    return tuple(found)


def _verb(number: int, plural: str) -> str:
    """Agree a verb with the number of its subject."""
    return _SINGULAR[plural] if number == 1 else plural
