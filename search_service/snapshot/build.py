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

import search_service
from search_service.errors import (
    Fault,
    InvalidCorpus,
    SnapshotDamaged,
    SnapshotMissing,
)
from search_service.practices.checks import Corpus, Readings, check_content
from search_service.practices.collection import Practices
from search_service.practices.files import CorpusBytes, read_corpus_bytes
from search_service.practices.reuse import Reuse
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

FINGERPRINTS = "fingerprints.json"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One build in memory: nothing in it changes, and the disk is no longer needed."""

    practices: Practices
    taxonomy: Taxonomy
    search: SearchIndex
    similar: SimilarIndex
    suggestions: Suggestions
    manifest: Manifest
    fingerprints: tuple[str, ...]

    @property
    def readings(self) -> Readings:
        """What each file of a practice was read as."""
        lines = map(self.practices.line, range(len(self.practices)))
        return dict(zip(self.fingerprints, lines, strict=True))


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
        content, unread = read_corpus_bytes(corpus)
        previous = None if force else _previous(index, content)
        checked = check_content(content, unread, previous.readings if previous else {})
        if checked.corpus is None or not checked.corpus.practices:
            raise InvalidCorpus(checked.faults)
        if checked.faults and not skip_invalid:
            raise InvalidCorpus(checked.faults)
        fingerprint = fingerprint_of(content.digest)
        current = previous.manifest if previous else None
        unchanged = current is not None and current.fingerprint == fingerprint
        if current and unchanged and (skip_invalid or not current.left_out):
            return BuildOutcome(current, built=False, left_out=checked.faults)
        folder = store.new_folder(index)
        try:
            manifest = _write(folder, checked.corpus, checked.broken, previous, progress)
            progress("Making it the current snapshot")
            store.publish(index, folder, manifest)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return BuildOutcome(manifest, built=True, left_out=checked.faults)


def load(index: Path) -> Snapshot:
    """Read the current snapshot into memory; raises SnapshotMissing or SnapshotDamaged."""
    return _loaded(*store.current(index))


def _loaded(folder: Path, manifest: Manifest) -> Snapshot:
    """Read one snapshot, found sound, into memory."""
    try:
        practices = Practices.load(folder)
        taxonomy = Taxonomy.model_validate_json((folder / "taxonomy.json").read_bytes())
        search = SearchIndex.load(folder, practices, taxonomy)
        similar = SimilarIndex.load(folder, practices)
        suggestions = Suggestions.load(folder)
        fingerprints = tuple(json.loads((folder / FINGERPRINTS).read_bytes()))
    except (OSError, ValueError, KeyError) as error:
        message = f"The snapshot {manifest.build} cannot be read ({error}). {store.REMEDY}"
        raise SnapshotDamaged(message) from error
    return Snapshot(practices, taxonomy, search, similar, suggestions, manifest, fingerprints)


def _previous(index: Path, content: CorpusBytes) -> Snapshot | None:
    """Return the current snapshot if a build of `content` may take over what it holds.

    It may where only practices can differ: the lists, the code, the format and the libraries are the same.
    """
    try:
        folder, manifest = store.current(index)
        return _loaded(folder, manifest) if manifest.grounds == fingerprint_of(content.lists_digest) else None
    except (SnapshotMissing, SnapshotDamaged):
        return None


def is_current(corpus_digest: str, index: Path) -> bool:
    """Tell whether the current snapshot is sound and was made from this very corpus and code."""
    manifest = _current_manifest(index)
    return manifest is not None and manifest.fingerprint == fingerprint_of(corpus_digest)


def fingerprint_of(digest: str) -> str:
    """Return a checksum of all that shapes a snapshot: what was read, format, code and libraries."""
    parts = [digest, str(FORMAT), _code_digest(), json.dumps(_versions(), sort_keys=True)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _write(
    folder: Path,
    corpus: Corpus,
    left_out: tuple[str, ...],
    previous: Snapshot | None,
    progress: Progress,
) -> Manifest:
    """Write every part of a snapshot into `folder` and return its manifest."""
    practices, taxonomy = corpus.practices, corpus.taxonomy
    reuse = Reuse.between(previous.fingerprints, corpus.fingerprints) if previous else None
    if previous and reuse:
        practices.take_over(previous.practices, reuse)
    practices.save(folder)
    (folder / FINGERPRINTS).write_text(json.dumps(corpus.fingerprints), encoding="utf-8")
    (folder / "taxonomy.json").write_text(taxonomy.model_dump_json(by_alias=True), encoding="utf-8")
    changed = len(practices) if reuse is None else len(reuse.changed)
    progress(f"Indexing {changed} of {len(practices)} practices for search")
    search = SearchIndex.build(practices, taxonomy, previous.search if previous else None, reuse)
    search.save(folder)
    progress("Comparing practices with one another")
    similar = SimilarIndex.build(practices, previous.similar if previous else None, reuse)
    similar.save(folder)
    progress("Looking for themes that practices lack")
    Suggestions.build(practices, taxonomy, previous.suggestions if previous else None, reuse).save(folder)
    created = dt.datetime.now(dt.UTC)
    fingerprint = fingerprint_of(corpus.digest)
    ids = practices.columns.ids
    return Manifest(
        format=FORMAT,
        build=f"{created:%Y%m%dT%H%M%S%f}-{fingerprint[:8]}",
        created=created.isoformat(timespec="seconds"),
        corpus_sha256=corpus.digest,
        fingerprint=fingerprint,
        grounds=fingerprint_of(corpus.lists_digest),
        versions=_versions(),
        counts={
            "practices": len(practices),
            "themes": len(taxonomy.themes),
            "approaches": len(taxonomy.approaches),
        },
        left_out=left_out,
        near_duplicates=tuple((ids[one], ids[other]) for one, other in similar.near_duplicates()),
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
        for path in sorted((root / package).rglob("*.py")):
            total.update(path.read_bytes())
    return total.hexdigest()
