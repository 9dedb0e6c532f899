"""Errors that a person can act on: each says what was wrong and shows what would be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input: where, what, and a right example."""

    where: str
    message: str
    example: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}"
        return f"{text} For example: {self.example}" if self.example else text


class PracticeFinderError(Exception):
    """An error whose message is meant for a person."""


class Invalid(PracticeFinderError):
    """Something that cannot be used; `faults` lists every reason at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        self.faults = tuple(faults)


class InvalidRequest(Invalid):
    """A request that cannot be answered."""

    def __str__(self) -> str:
        return "; ".join(map(str, self.faults))


class InvalidCorpus(Invalid):
    """A corpus with problems."""

    def __str__(self) -> str:
        noun = "problem" if len(self.faults) == 1 else "problems"
        return f"The corpus has {len(self.faults)} {noun}; nothing was built."


class InvalidSettings(PracticeFinderError):
    """A setting that cannot be used."""


class SnapshotMissing(PracticeFinderError):
    """There is no current snapshot to serve."""


class SnapshotDamaged(PracticeFinderError):
    """A snapshot that differs from its manifest, or was made by another version."""


class BuildInProgress(PracticeFinderError):
    """Another process is building into the same index folder."""


class NotFound(PracticeFinderError):
    """No practice, theme or reference has the given id."""

    def __init__(self, kind: str, key: str) -> None:
        self.kind, self.key = kind, key
        super().__init__(f"There is no {kind} with the id “{key}”.")
