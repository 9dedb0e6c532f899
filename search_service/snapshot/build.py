"""Corpus in, snapshot out; and back into memory.

Nothing is published unless all of it was built, and what was being served stays served.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter

import search_service
from search_service.errors import (
    Fault,
    InvalidCorpus,
    SnapshotDamaged,
    SnapshotMissing,
)
from search_service.practices.checks import Corpus, check_corpus
from search_service.practices.model import Practice
from search_service.practices.taxonomy import Taxonomy
from search_service.search.index import SearchIndex
from search_service.similar.index import SimilarIndex
from search_service.snapshot import store
from search_service.snapshot.store import FORMAT, Manifest
from search_service.themes.suggestions import Suggestions

LIBRARIES = ("whoosh", "scikit-learn", "numpy", "scipy", "PyStemmer")
"""Libraries whose version shapes what is in a snapshot."""

Progress = Callable[[str], None]
"""Told what a build is about to do."""

_PRACTICES = TypeAdapter(tuple[Practice, ...])


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One build in memory: nothing in it changes, and the disk is no longer needed."""

    practices: tuple[Practice, ...]
    taxonomy: Taxonomy
    search: SearchIndex
    similar: SimilarIndex
    suggestions: Suggestions
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class BuildOutcome:
    """What a build did; `built` is False where nothing had changed."""

    manifest: Manifest
    built: bool
    left_out: tuple[Fault, ...] = ()


def build(
    corpus: Path,
    index: Path,
    *,
    skip_invalid: bool = False,
    force: bool = False,
    progress: Progress = lambda _step: None,
) -> BuildOutcome:
    """Build a snapshot of `corpus` into `index` and make it current.

    Raises InvalidCorpus with every fault (unless `skip_invalid`, and the rest can be used) and
    BuildInProgress where another build is under way.
    """
    with store.build_lock(index):
        progress("Reading and checking the corpus")
        checked = check_corpus(corpus)
        if checked.corpus is None or not checked.corpus.practices:
            raise InvalidCorpus(checked.faults)
        if checked.faults and not skip_invalid:
            raise InvalidCorpus(checked.faults)
        current = _current_manifest(index)
        fingerprint = fingerprint_of(checked.corpus.digest)
        unchanged = current is not None and current.fingerprint == fingerprint
        if current and unchanged and not force and (skip_invalid or not current.left_out):
            return BuildOutcome(current, built=False, left_out=checked.faults)
        folder = store.new_folder(index)
        try:
            manifest = _write(folder, checked.corpus, fingerprint, checked.broken, progress)
            progress("Making it the current snapshot")
            store.publish(index, folder, manifest)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return BuildOutcome(manifest, built=True, left_out=checked.faults)


def load(index: Path) -> Snapshot:
    """Read the current snapshot into memory; raises SnapshotMissing or SnapshotDamaged."""
    folder, manifest = store.current(index)
    try:
        practices = _PRACTICES.validate_json((folder / "practices.json").read_bytes())
        taxonomy = Taxonomy.model_validate_json((folder / "taxonomy.json").read_bytes())
        search = SearchIndex.load(folder, practices, taxonomy)
        similar = SimilarIndex.load(folder, practices)
        suggestions = Suggestions.load(folder)
    except (OSError, ValueError, KeyError) as error:
        message = f"The snapshot {manifest.build} cannot be read ({error}). {store.REMEDY}"
        raise SnapshotDamaged(message) from error
    return Snapshot(practices, taxonomy, search, similar, suggestions, manifest)


def is_current(corpus_digest: str, index: Path) -> bool:
    """Tell whether the current snapshot is sound and was made from this very corpus and code."""
    manifest = _current_manifest(index)
    return manifest is not None and manifest.fingerprint == fingerprint_of(corpus_digest)


def fingerprint_of(corpus_digest: str) -> str:
    """Return a checksum of all that shapes a snapshot: corpus, format, code and libraries."""
    parts = [corpus_digest, str(FORMAT), _code_digest(), json.dumps(_versions(), sort_keys=True)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _write(
    folder: Path, corpus: Corpus, fingerprint: str, left_out: tuple[str, ...], progress: Progress
) -> Manifest:
    """Write every part of a snapshot into `folder` and return its manifest."""
    practices, taxonomy = corpus.practices, corpus.taxonomy
    (folder / "practices.json").write_bytes(_PRACTICES.dump_json(practices))
    (folder / "taxonomy.json").write_text(taxonomy.model_dump_json(by_alias=True), encoding="utf-8")
    progress(f"Indexing {len(practices)} practices for search")
    SearchIndex.build(practices, taxonomy).save(folder)
    progress("Comparing practices with one another")
    similar = SimilarIndex.build(practices)
    similar.save(folder)
    progress("Looking for themes that practices lack")
    Suggestions.build(practices, taxonomy).save(folder)
    created = dt.datetime.now(dt.UTC)
    return Manifest(
        format=FORMAT,
        build=f"{created:%Y%m%dT%H%M%S%f}-{fingerprint[:8]}",
        created=created.isoformat(timespec="seconds"),
        corpus_sha256=corpus.digest,
        fingerprint=fingerprint,
        versions=_versions(),
        counts={
            "practices": len(practices),
            "themes": len(taxonomy.themes),
            "approaches": len(taxonomy.approaches),
        },
        left_out=left_out,
        near_duplicates=tuple(
            (practices[one].id, practices[other].id) for one, other in similar.near_duplicates()
        ),
        files=store.proofs(folder),
    )


def _current_manifest(index: Path) -> Manifest | None:
    try:
        return store.current(index)[1]
    except (SnapshotMissing, SnapshotDamaged):
        return None


def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in LIBRARIES}
    return {
        "practice-finder": search_service.__version__,
        "python": platform.python_version(),
        **libraries,
    }


@cache
def _code_digest() -> str:
    """Return a checksum of the code that builds: a changed weight makes a new snapshot."""
    root = Path(search_service.__file__).parent
    total = hashlib.sha256()
    for package in ("practices", "text", "search", "similar", "themes", "snapshot"):
        for path in sorted((root / package).glob("*.py")):
            total.update(path.read_bytes())
    return total.hexdigest()
