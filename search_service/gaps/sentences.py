"""Gap figures in plain English: short, right in singular and plural, honest about doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search_service.gaps.statistics import MIN_EXPECTED, Status
from search_service.practices.taxonomy import ReferenceList

MAX_LISTED = 8
"""Themes named in a list meant to be read aloud; the rest are counted."""

MIN_STATED = 0.1
"""Smaller numbers are stated as “fewer than” or “at most” this."""

MIN_WHOLE = 10.0
"""Ratios from here on are stated without decimals: more would promise too much."""

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
    """Return a number with its noun: “no practices”, “1 practice”, “1,200 practices”."""
    plural = "" if number == 1 else "s"
    return f"{number:,} {noun}{plural}" if number else f"no {noun}s"


def in_sentence(label: str) -> str:
    """Return a label as it is written inside a sentence: in lower case, unless it begins with an acronym."""
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
    """State the figures of one theme against the reference with the given label."""
    found, under = counted(observed, "practice"), f"under {in_sentence(reference)}"
    if expected <= 0:
        return f"{label}: {found}, and none were expected {under}, so nothing can be compared."
    start = f"{label}: {found} where {_expected(expected)} expected {under}"
    if status is Status.TOO_LITTLE_DATA:
        return f"{start}; too few were expected to say whether there is a gap."
    return f"{start}; the share is probably {_between(*interval)} what was expected."


def _expected(expected: float) -> str:
    """State how many were expected, to one decimal, but never rounded up to `MIN_EXPECTED`."""
    if expected < MIN_STATED:
        return f"fewer than {MIN_STATED} were"
    text = f"{expected:,.1f}"
    if expected < MIN_EXPECTED <= float(text.replace(",", "")):
        text = f"{MIN_EXPECTED - 0.1:.1f}"
    return f"{text} were"


def _between(low: float, high: float) -> str:
    """State an interval of ratios with the fewest decimals that keep its ends apart and above zero."""
    after = "of" if round(high, 1) <= 1 else "times"
    if round(low, 1) < MIN_STATED:
        return f"at most {max(high, MIN_STATED):.1f} {after}"
    for decimals in (0, 1, 2):
        ends = f"{low:,.{decimals}f}", f"{high:,.{decimals}f}"
        if ends[0] != ends[1] and (decimals or low >= MIN_WHOLE):
            return f"between {ends[0]} and {ends[1]} {after}"
    return f"about {ends[0]} {after}"


def listed(labels: Sequence[str]) -> str:
    """Join labels for reading aloud, with semicolons because labels contain commas and “and”."""
    named, others = list(labels[:MAX_LISTED]), len(labels) - MAX_LISTED
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
    """Sum up a report in one paragraph, from the labels of its themes by status and of the robust gaps.

    Of `practices`, `compared` carry a theme of the reference, which has no figure for `left_out` themes.
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
    """State which themes are gaps of a kind."""
    if not labels:
        return f"no theme is a {kind} gap."
    what = f"a {kind} gap" if len(labels) == 1 else f"{kind} gaps"
    return f"{counted(len(labels), 'theme')} {_verb(len(labels), 'are')} {what}: {listed(labels)}."


def caveats(
    reference: ReferenceList, left_out: Sequence[str], untagged: int, *, few_themes: bool
) -> tuple[str, ...]:
    """Return what must be in view beside the figures, the reference's own caveat first."""
    found = [reference.caveat] if reference.caveat else []
    found += [SUBMISSION_CAVEAT, CONFIRMED_CAVEAT]
    if left_out:
        number = len(left_out)
        found.append(
            f"{counted(number, 'theme')} {_verb(number, 'have')} no figure under "
            f"{in_sentence(reference.label)} and {_verb(number, 'are')} left out: {'; '.join(left_out)}."
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
