"""The draft of a call for practice, made from the gaps and meant for editing.

A draft is a list of blocks, so that a page, Markdown and a document can be made from the same words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from search_service.gaps.reach import Reach, ThemeReach
from search_service.gaps.report import GapReport, Status, ThemeGap
from search_service.gaps.sentences import counted, in_sentence, listed

MOST_THEMES = 8
"""Themes asked for in one call; a call that asks for everything asks for nothing."""

WANTED = (
    "What was the problem, and whom did it harm?",
    "What do you do, step by step, and who does it with you?",
    "What did you hope would change, and what has changed? How do you know?",
    "What did it cost, in money and in people's time?",
    "What would you tell another force that wants to do the same? What did not work?",
)
"""What a description needs to be of use to others: the sections of a practice as questions."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (level 1 to 3), a paragraph (level 0), or the items of a list."""

    text: str = ""
    level: int = 0
    items: tuple[str, ...] = ()


def draft(
    report: GapReport, reach: Reach, definitions: Mapping[str, str], labels: Mapping[str, str], made: str
) -> tuple[Block, ...]:
    """Draft a call from one report; `definitions` is by theme, `labels` names the other references.

    Likely gaps are asked for first, then possible ones; `made` is the day of the figures.
    """
    asked = _asked_for(report)
    reaches = {theme.theme: theme for theme in reach.themes}
    blocks = [
        Block("Draft: a call for practice", 1),
        Block(
            f"This is a draft for editing, made from the figures of {made}. Square brackets mark what only "
            "you can say."
        ),
        Block("Why we ask", 2),
        Block(report.summary),
        Block("What we are looking for", 2),
    ]
    blocks += _no_gap(report) if not asked else []
    for gap in asked:
        blocks += _theme(gap, reaches[gap.theme], definitions.get(gap.theme, ""), labels)
    blocks += _evidence(report, asked)
    blocks += _whom_to_ask(reach)
    blocks += [
        Block("What to send", 2),
        Block("A page is enough. Practice that did not work is as welcome as practice that did. Tell us:"),
        Block(items=WANTED),
        Block("Please leave out the names of victims, witnesses, suspects and members of staff."),
        Block("Send it to [address] by [date]. Questions: [contact]."),
        Block("What these figures cannot say", 2),
        Block(items=report.caveats),
    ]
    return tuple(blocks)


def as_markdown(blocks: Sequence[Block]) -> str:
    """Write a draft as Markdown."""
    parts = []
    for block in blocks:
        if block.items:
            parts.append("\n".join(f"- {item}" for item in block.items))
        else:
            parts.append(f"{'#' * block.level} {block.text}" if block.level else block.text)
    return "\n\n".join(parts) + "\n"


def _asked_for(report: GapReport) -> tuple[ThemeGap, ...]:
    """Return the themes to ask for: likely gaps first, then those agreed on, then the thinnest."""
    gaps = [gap for gap in report.themes if gap.status in (Status.LIKELY_GAP, Status.POSSIBLE_GAP)]
    gaps.sort(key=lambda gap: (gap.status is not Status.LIKELY_GAP, not gap.robust_under, gap.ratio))
    return tuple(gaps[:MOST_THEMES])


def _no_gap(report: GapReport) -> list[Block]:
    """Say that the figures name no theme, and why."""
    if report.with_status(Status.NO_SIGN):
        why = "No theme is a likely or possible gap, so the figures name none. [Name what you want.]"
    else:
        why = "There is too little data to say which themes are thin. [Name what you want.]"
    return [Block(why)]


def _theme(gap: ThemeGap, reach: ThemeReach, definition: str, labels: Mapping[str, str]) -> list[Block]:
    """Say what is wanted on one theme, with the figures behind it."""
    items = [gap.sentence]
    if gap.robust_under:
        names = listed([in_sentence(labels[key]) for key in gap.robust_under])
        also = "also " if gap.status is Status.LIKELY_GAP else ""
        items.append(f"It is {also}a likely gap compared with {names}.")
    items.append(f"Evidence: {_tested(gap)}.")
    if gap.observed:
        items.append(f"Where it is from: {reach.sentence}")
    for what, missing in (
        ("What is done", reach.approaches_without),
        ("For whom", reach.target_groups_without),
        ("Where", reach.regions_without),
    ):
        if missing and gap.observed:
            items.append(f"{what}: no practice yet for {listed(missing)}.")
    blocks = [Block(f"{gap.label}: {gap.status.label.lower()}", 3)]
    return [*blocks, *([Block(definition)] if definition else []), Block(items=tuple(items))]


def _tested(gap: ThemeGap) -> str:
    if not gap.observed:
        return "there is no practice yet, tested or not"
    if not gap.evaluated:
        return "nobody is known to have tested any of it"
    return f"{gap.evaluated} of {counted(gap.observed, 'practice')} tested by anyone"


def _evidence(report: GapReport, asked: Sequence[ThemeGap]) -> list[Block]:
    """Say on which other themes there is practice, but none that has been tested."""
    named = {gap.theme for gap in asked}
    untested = [gap for gap in report.themes if gap.is_evidence_gap and gap.theme not in named]
    if not untested:
        return []
    start = (
        "On these themes there is practice, but nobody is known to have tested any: evaluations are wanted."
    )
    items = tuple(f"{gap.label} ({counted(gap.observed, 'practice')})" for gap in untested)
    return [Block("Evidence that is missing elsewhere", 2), Block(start), Block(items=items)]


def _whom_to_ask(reach: Reach) -> list[Block]:
    """Say who is not in the collection at all, and where a theme rests on one organisation."""
    return [Block("Whom to ask", 2), *_absent(reach)]


def _absent(reach: Reach) -> Iterator[Block]:
    yield Block(reach.sentence)
    items = [
        f"{what}: {', '.join(names)}"
        for what, names in (
            ("Forces without any practice here", reach.forces_without),
            ("Regions", reach.regions_without),
            ("Target groups", reach.target_groups_without),
        )
        if names
    ]
    items += [
        f"{theme.label} rests on one organisation ({theme.sentence.rstrip('.')}): ask others"
        for theme in reach.concentrated
    ]
    if items:
        yield Block(items=tuple(items))
