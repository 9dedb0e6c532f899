"""The draft of a call for practice, made from the gaps and meant for editing.

A draft is a list of blocks, so that a page, Markdown and a document can be made from the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from search_service.gaps.reach import Reach, ThemeReach
from search_service.gaps.report import GapReport, ThemeGap
from search_service.gaps.sentences import counted, in_sentence, listed
from search_service.gaps.statistics import Status

MAX_THEMES = 8
"""Themes asked for in one call; a call that asks for everything asks for nothing."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (level 1 to 3), a paragraph (level 0), or the items of a list."""

    text: str = ""
    level: int = 0
    items: tuple[str, ...] = ()


WHAT_TO_SEND = (
    Block("What to send", 2),
    Block("A page is enough. Practice that did not work is as welcome as practice that did. Tell us:"),
    Block(
        items=(
            "What was the problem, and whom did it harm?",
            "What do you do, step by step, and who does it with you?",
            "What did you hope would change, and what has changed? How do you know?",
            "What did it cost, in money and in people's time?",
            "What would you tell another force that wants to do the same? What did not work?",
        )
    ),
    Block("Please leave out the names of victims, witnesses, suspects and members of staff."),
    Block("Send it to [address] by [date]. Questions: [contact]."),
)
"""What a description needs to be of use to others: the sections of a practice as questions."""


def draft(
    report: GapReport, reach: Reach, definitions: Mapping[str, str], labels: Mapping[str, str], made: str
) -> tuple[Block, ...]:
    """Draft a call from one report; `definitions` is by theme, `labels` names the other references.

    Likely gaps are asked for first, then possible ones; `made` is the day of the figures.
    """
    wanted = _wanted(report)
    reaches = {theme.theme: theme for theme in reach.themes}
    start = (
        f"This is a draft for editing, made from the figures of {made}. Square brackets mark what only "
        "you can say."
    )
    return (
        Block("Draft: a call for practice", 1),
        Block(start),
        Block("Why we ask", 2),
        Block(report.summary),
        Block("What we are looking for", 2),
        *(() if wanted else (_no_gap(report),)),
        *(
            block
            for gap in wanted
            for block in _theme(gap, reaches[gap.theme], definitions.get(gap.theme, ""), labels)
        ),
        *_evidence(report, wanted),
        Block("Whom to ask", 2),
        *_whom_to_ask(reach),
        *WHAT_TO_SEND,
        Block("What these figures cannot say", 2),
        Block(items=report.caveats),
    )


def as_markdown(blocks: Iterable[Block]) -> str:
    """Write a draft as Markdown."""
    return "\n\n".join(map(_markdown, blocks)) + "\n"


def _markdown(block: Block) -> str:
    if block.items:
        return "\n".join(f"- {item}" for item in block.items)
    return f"{'#' * block.level} {block.text}" if block.level else block.text


def _wanted(report: GapReport) -> tuple[ThemeGap, ...]:
    """Return the themes to ask for: likely gaps first, then those agreed on, then the thinnest."""
    gaps = [gap for gap in report.themes if gap.status in (Status.LIKELY_GAP, Status.POSSIBLE_GAP)]
    gaps.sort(key=lambda gap: (gap.status is not Status.LIKELY_GAP, not gap.robust_under, gap.ratio))
    return tuple(gaps[:MAX_THEMES])


def _no_gap(report: GapReport) -> Block:
    """Explain why the figures name no theme."""
    if report.with_status(Status.NO_SIGN):
        return Block("No theme is a likely or possible gap, so the figures name none. [Name what you want.]")
    return Block("There is too little data to say which themes are thin. [Name what you want.]")


def _theme(gap: ThemeGap, reach: ThemeReach, definition: str, labels: Mapping[str, str]) -> Iterator[Block]:
    """Yield what is wanted on one theme, with the figures behind it."""
    items = [gap.sentence]
    if gap.robust_under:
        names = listed([in_sentence(labels[key]) for key in gap.robust_under])
        also = "also " if gap.status is Status.LIKELY_GAP else ""
        items.append(f"It is {also}a likely gap compared with {names}.")
    items.append(f"Evidence: {_evaluated(gap)}.")
    if gap.observed:
        items.append(f"Where it is from: {reach.sentence}")
        missing = {
            "What is done": reach.approaches_without,
            "For whom": reach.target_groups_without,
            "Where": reach.regions_without,
        }
        items += [f"{what}: no practice yet for {listed(names)}." for what, names in missing.items() if names]
    yield Block(f"{gap.label}: {gap.status.label.lower()}", 3)
    if definition:
        yield Block(definition)
    yield Block(items=tuple(items))


def _evaluated(gap: ThemeGap) -> str:
    if not gap.observed:
        return "there is no practice yet, tested or not"
    if not gap.evaluated:
        return "nobody is known to have tested any of it"
    return f"{gap.evaluated} of {counted(gap.observed, 'practice')} tested by anyone"


def _evidence(report: GapReport, wanted: Sequence[ThemeGap]) -> Iterator[Block]:
    """Yield the other themes that have practice but no evaluation, if any."""
    untested = [gap for gap in report.themes if gap.is_evidence_gap and gap not in wanted]
    if untested:
        yield Block("Evidence that is missing elsewhere", 2)
        start = "On these themes there is practice, but nobody is known to have tested any"
        yield Block(f"{start}: evaluations are wanted.")
        yield Block(items=tuple(f"{gap.label} ({counted(gap.observed, 'practice')})" for gap in untested))


def _whom_to_ask(reach: Reach) -> Iterator[Block]:
    """Yield who has no practice at all, and the themes with most practices from one organisation."""
    yield Block(reach.sentence)
    missing = {
        "Forces without any practice here": reach.forces_without,
        "Regions": reach.regions_without,
        "Target groups": reach.target_groups_without,
    }
    items = [f"{what}: {', '.join(names)}" for what, names in missing.items() if names]
    items += [
        f"{theme.label} rests on one organisation ({theme.sentence.rstrip('.')}): ask others"
        for theme in reach.concentrated
    ]
    if items:
        yield Block(items=tuple(items))
