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


class InvalidRequest(PracticeFinderError):
    """A request that cannot be answered; `faults` lists every reason at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(str(fault) for fault in self.faults))


class InvalidCorpus(PracticeFinderError):
    """The corpus has problems; `faults` lists all of them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        noun = "problem" if len(self.faults) == 1 else "problems"
        super().__init__(f"The corpus has {len(self.faults)} {noun}; nothing was built.")


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
