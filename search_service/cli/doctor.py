"""doctor: check the installation, settings, corpus and snapshot, and say how to fix them."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import click

from search_service.cli.output import out, print_json, quantity
from search_service.cli.root import INVALID, main
from search_service.errors import SnapshotDamaged, SnapshotMissing
from search_service.practices.checks import check_corpus
from search_service.settings import Settings
from search_service.snapshot import store
from search_service.snapshot.build import is_current
from search_service.web.http import hosts

MIN_PYTHON = (3, 11)

BUILDS_KEPT = 3
"""The new snapshot, the current one and the one before are on disk at once."""

MIN_FREE_MB = 100
"""Free space needed for a first snapshot: twenty times that of the shipped corpus."""

State = Literal["ok", "look", "wrong"]

SIGNS: dict[State, str] = {"ok": "✓", "look": "!", "wrong": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check: fine, worth a look or wrong, with a remedy."""

    about: str
    state: State
    message: str
    remedy: str = ""


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_obj
def doctor(settings: Settings, as_json: bool) -> None:
    """Examine the installation, the settings, the corpus and the snapshot, and say what to do."""
    findings = [finding for check in CHECKS for finding in check(settings)]
    wrong = sum(finding.state == "wrong" for finding in findings)
    if as_json:
        print_json({"findings": [dataclasses.asdict(finding) for finding in findings]})
    else:
        for one in findings:
            out.print(f"{SIGNS[one.state]} {one.about}: {one.message}", soft_wrap=True)
            if one.remedy:
                out.print(f"    {one.remedy}", soft_wrap=True)
        out.print(f"{quantity(wrong, 'thing')} must be put right." if wrong else "All is well.")
    if wrong:
        sys.exit(INVALID)


def _installation(_settings: Settings) -> Iterator[Finding]:
    """Check Python and the libraries."""
    python = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < MIN_PYTHON:
        yield Finding("Python", "wrong", f"this is {python}.", "Install Python 3.11 or later.")
    else:
        yield Finding("Python", "ok", f"{python}.")
    others = [name for name in ("whoosh-reloaded", "whoosh3") if _version(name)]
    if others:
        yield Finding(
            "Libraries",
            "wrong",
            f"{others[0]} is installed over Whoosh 2.7.4, and loses changed practices.",
            f"pip uninstall {others[0]}, then pip install --force-reinstall whoosh==2.7.4",
        )
    else:
        yield Finding("Libraries", "ok", f"Whoosh {_version('whoosh')}, Flask {_version('flask')}.")


def _version(library: str) -> str | None:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None


def _corpus(settings: Settings) -> Iterator[Finding]:
    """Check the corpus and the snapshot made from it."""
    checked = check_corpus(settings.corpus)
    practices = len(checked.corpus.practices) if checked.corpus else 0
    if checked.faults:
        message = f"{quantity(len(checked.faults), 'problem')} in {settings.corpus}."
        yield Finding("Corpus", "wrong", message, "practice-finder check lists them.")
    else:
        yield Finding("Corpus", "ok", f"{quantity(practices, 'practice')} in {settings.corpus}.")
    try:
        manifest = store.current(settings.index)[1]
    except SnapshotMissing:
        yield Finding(
            "Snapshot", "look", f"none in {settings.index} yet.", "practice-finder build makes one."
        )
    except SnapshotDamaged as damaged:
        yield Finding("Snapshot", "wrong", str(damaged))  # its message says what to do
    else:
        name = f"{manifest.build}, {quantity(manifest.counts['practices'], 'practice')}"
        if checked.corpus and is_current(checked.corpus.digest, settings.index):
            yield Finding("Snapshot", "ok", f"{name}, sound and of this corpus.")
        else:
            message = f"{name}, sound, but not of this corpus as it is now."
            yield Finding("Snapshot", "look", message, "practice-finder build takes the changes up.")


def _index(settings: Settings) -> Iterator[Finding]:
    """Check that the index folder can be written to and has enough space."""
    folder = settings.index
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        message = f"{settings.index} cannot be written to, so nothing can be built there."
        yield Finding("Index", "wrong", message, "Choose another: PRACTICE_FINDER_INDEX=/srv/index.")
        return
    held = sum(path.stat().st_size for path in settings.index.rglob("*") if path.is_file())
    needed = max(MIN_FREE_MB, BUILDS_KEPT * held // 2_000_000)
    free = shutil.disk_usage(folder).free // 1_000_000
    state: State = "ok" if free >= needed else "wrong"
    remedy = "" if free >= needed else "Make room, or choose another disk with PRACTICE_FINDER_INDEX."
    yield Finding("Index", state, f"{settings.index}, {free:,} MB free where {needed:,} are enough.", remedy)


def _service(settings: Settings) -> Iterator[Finding]:
    """Check the address, host names and rate limit."""
    where = f"{settings.host}:{settings.port}"
    try:
        with socket.create_server((settings.host, settings.port), reuse_port=False):
            yield Finding("Address", "ok", f"{where} is free.")
    except OSError as error:
        message = f"{where} cannot be listened on ({error.strerror or error})."
        yield Finding("Address", "look", message, "Where the service is running already, all is well.")
    if hosts.trusted_names(settings) is None:
        message = f"{settings.host} is reached by others, and the service answers to any name."
        yield Finding(
            "Names", "look", message, "Set PRACTICE_FINDER_TRUSTED_HOSTS to the names it is known by."
        )
    if not settings.rate_limit:
        yield Finding("Limit", "look", "requests are not limited.", "PRACTICE_FINDER_RATE_LIMIT=1200")


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (_installation, _corpus, _index, _service)
