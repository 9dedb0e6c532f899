"""A practice: one immutable record, read from one file of the corpus."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

NOT_STATED = "Not stated in the sources read."
"""The text of a section on which the sources say nothing; shown, never indexed."""

UNTESTED = "untested"
"""The evidence rating of a practice that nobody is known to have evaluated."""

PARTIAL_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]

_ADDRESS = r"https?://[^\s/]+\.[^\s]+"
WebAddress = Annotated[str, StringConstraints(pattern=f"^{_ADDRESS}$", max_length=600)]
WebAddressOrNothing = Annotated[str, StringConstraints(pattern=f"^({_ADDRESS})?$", max_length=600)]


def _partial_date(value: object) -> str:
    """Return a date as text, also if YAML has parsed an unquoted one; refuse anything else."""
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    if not PARTIAL_DATE.fullmatch(text):
        raise ValueError(f"“{text}” is not a date")
    if len(text) == len("YYYY-MM-DD"):
        dt.date.fromisoformat(text)
    return text


PartialDate = Annotated[str, BeforeValidator(_partial_date)]
"""A date as exact as its source: "YYYY", "YYYY-MM" or "YYYY-MM-DD"."""


def is_before(date: str, other: str) -> bool:
    """Return whether a partial date is before another, to the precision that both have."""
    shared = min(len(date), len(other))
    return date[:shared] < other[:shared]


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of a practice: its key in the record and its heading in the file."""

    key: str
    heading: str


SECTIONS = (
    Section("aim", "Aim"),
    Section("what_it_does", "What it does"),
    Section("intended_outcome", "Intended outcome"),
    Section("impact", "Impact"),
    Section("learning", "Learning"),
    Section("cost", "Cost and resources"),
)


CLOSED_LISTS = {
    "theme": "themes",
    "approach": "approaches",
    "evidence": "rating",
    "organisation": "organisations",
    "region": "regions",
    "stage": "stage",
    "target_group": "target_groups",
    "call": "call",
    "partner": "partners",
    "focus": "focus",
    "scale": "scale",
    "recognition": "recognition",
}
"""Every closed list a practice draws on, and the attribute that holds its ids."""


class Record(BaseModel):
    """A frozen value that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Record):
    """A public document that was read for a practice."""

    url: WebAddress
    title: Line
    read: dt.date


class Evaluation(Record):
    """Who evaluated a practice, how, and what was found."""

    by: Line
    method: Line
    finding: Line
    url: WebAddress | None = None


class Evidence(Record):
    """How strong the evidence is, and why it was rated so."""

    rating: Slug
    basis: Line


class Practice(Record):
    """One practice: closed-list ids in the front matter, free text in the sections.

    `sections` maps every key of `SECTIONS` to Markdown. Sources are rarely more exact than a
    year, so dates may be partial.
    """

    id: Slug
    title: Line
    summary: Line
    organisations: tuple[Slug, ...]
    regions: tuple[Slug, ...]
    partners: tuple[Slug, ...] = ()
    themes: tuple[Slug, ...] = ()
    approaches: tuple[Slug, ...] = ()
    target_groups: tuple[Slug, ...] = ()
    focus: tuple[Slug, ...] = ()
    evidence: Evidence
    stage: Slug
    scale: Slug
    start: PartialDate | None = None
    end: PartialDate | None = None
    call: Slug | None = None
    recognition: tuple[Slug, ...] = ()
    variant_of: Slug | None = None
    evaluations: tuple[Evaluation, ...] = ()
    sources: tuple[Source, ...]
    sections: dict[str, str]

    @property
    def year(self) -> int | None:
        """The year it began, if a source states it."""
        return int(self.start[:4]) if self.start else None

    @property
    def is_evaluated(self) -> bool:
        """Whether anyone is known to have tested it, whatever the finding."""
        return self.evidence.rating != UNTESTED

    def values(self, list_name: str) -> tuple[str, ...]:
        """Return this practice's ids in one closed list (see `CLOSED_LISTS`)."""
        value = getattr(self, CLOSED_LISTS[list_name])
        if value is None:
            return ()
        return (value,) if isinstance(value, str) else value

    @property
    def rating(self) -> str:
        """The evidence rating, under a name like those of the other closed lists."""
        return self.evidence.rating

    def texts(self) -> Iterator[tuple[Section, str]]:
        """Yield each section that says something, in order, with its Markdown."""
        for section in SECTIONS:
            text = self.sections.get(section.key, "")
            if text and text != NOT_STATED:
                yield section, text
