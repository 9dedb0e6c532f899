"""Snapshots on disk: immutable folders, a pointer to the current one, and proof of what they are.

    index/
      current                 which build is served, and the checksum of its manifest
      20261123T101500-1a2b3c/ one build: its files and manifest.json, never changed once named
      .building-*/            a build under way; left behind by a crash, removed by the next build

A folder gets its final name only when complete, and the pointer is replaced in one step, so that
a reader sees the old build or the new one and never a mixture.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from search_service.errors import BuildInProgress, SnapshotDamaged, SnapshotMissing

FORMAT = 3
"""Raised whenever the files of a snapshot change their meaning."""

POINTER = "current"
MANIFEST = "manifest.json"
LOCK = ".lock"
UNFINISHED = ".building-"
BUILD_NAME = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9a-f]{8}")
"""What every build is called; a folder of any other name is somebody else's and is left alone."""

REMEDY = "Run “practice-finder build --force” to make it anew."


class FileProof(BaseModel):
    """What a file of a snapshot must be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    size: int


class Manifest(BaseModel):
    """What a snapshot is and was made from.

    `fingerprint` covers the corpus, the code and the libraries: while it stays the same there is
    nothing to rebuild. `grounds` covers the same but for the practices: while it stays the same, what was
    worked out of unchanged practices can be taken over. `left_out` names practice files that were
    skipped; `near_duplicates` pairs of practices that look like one initiative and are not declared
    versions of it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    build: str
    created: str
    corpus_sha256: str
    fingerprint: str
    grounds: str
    versions: dict[str, str]
    counts: dict[str, int]
    left_out: tuple[str, ...]
    near_duplicates: tuple[tuple[str, str], ...]
    files: dict[str, FileProof]


class Pointer(BaseModel):
    """Which build is current."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    build: str = Field(pattern=f"^{BUILD_NAME.pattern}$")
    manifest_sha256: str


@contextmanager
def build_lock(index: Path) -> Iterator[None]:
    """Hold the only right to build into `index`; the system frees it if the process dies."""
    index.mkdir(parents=True, exist_ok=True)
    lock = FileLock(index / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        message = f"Another build into {index} is under way; wait for it, then try again."
        raise BuildInProgress(message) from None
    try:
        yield
    finally:
        lock.release()


def new_folder(index: Path) -> Path:
    """Return a fresh private folder for a build under way; Whoosh's files hold pickles."""
    folder = index / f"{UNFINISHED}{uuid.uuid4().hex}"
    folder.mkdir(mode=0o700, parents=True)
    return folder


def proofs(folder: Path) -> dict[str, FileProof]:
    """Return what every file below `folder` is, by its path relative to it."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # reading and hashing let other threads run
        return {
            path.relative_to(folder).as_posix(): proof
            for path, proof in zip(paths, pool.map(_proof, paths), strict=True)
        }


def _proof(path: Path) -> FileProof:
    with path.open("rb") as file:
        return FileProof(sha256=hashlib.file_digest(file, "sha256").hexdigest(), size=file.tell())


def publish(index: Path, folder: Path, manifest: Manifest) -> None:
    """Give a finished build its name, make it current, and remove what nobody needs."""
    text = manifest.model_dump_json(indent=2)
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    with ThreadPoolExecutor() as pool:  # most of a flush is waiting
        list(pool.map(_flush, [folder, *sorted(folder.rglob("*"))]))
    previous = read_pointer(index) if (index / POINTER).exists() else None
    folder.rename(index / manifest.build)
    _flush(index)
    digest = hashlib.sha256(text.encode()).hexdigest()
    pointer = Pointer(build=manifest.build, manifest_sha256=digest)
    waiting = index / f"{UNFINISHED}pointer"
    waiting.write_text(pointer.model_dump_json(), encoding="utf-8")
    _flush(waiting)
    waiting.replace(index / POINTER)
    _flush(index)
    prune(index, {manifest.build, previous.build if previous else manifest.build})


def prune(index: Path, keep: set[str]) -> None:
    """Remove every build but those in `keep`, and what crashed builds left behind."""
    for path in list(index.iterdir()):
        if path.name.startswith(UNFINISHED):
            _remove(path)
        elif path.is_dir() and BUILD_NAME.fullmatch(path.name) and path.name not in keep:
            with suppress(OSError):  # Windows: it is being read; the next build tries again
                _remove(path.rename(index / f"{UNFINISHED}{path.name}"))  # should this be killed half-way


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def read_pointer(index: Path) -> Pointer | None:
    """Return which build is current, or None where the pointer cannot be read."""
    try:
        return Pointer.model_validate_json((index / POINTER).read_bytes())
    except (OSError, ValidationError):
        return None


def current(index: Path) -> tuple[Path, Manifest]:
    """Return the current build's folder and its manifest, both found sound.

    Raises SnapshotMissing where there is none, and SnapshotDamaged, naming what is wrong, where
    its files are not what the manifest says or another version of the program made them.
    """
    if not (index / POINTER).exists():
        message = f"There is no snapshot in {index} yet. Run “practice-finder build” to make one."
        raise SnapshotMissing(message)
    pointer = read_pointer(index)
    if pointer is None:
        raise SnapshotDamaged(f"The file {index / POINTER} names no build. {REMEDY}")
    folder = index / pointer.build
    return folder, _verified(folder, pointer)


def _verified(folder: Path, pointer: Pointer) -> Manifest:
    try:
        text = (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        message = f"The snapshot {pointer.build} has no {MANIFEST}. {REMEDY}"
        raise SnapshotDamaged(message) from error
    except OSError as error:
        raise _unreadable(pointer.build, error) from error
    found_format = _format_of(text)
    if found_format != FORMAT:
        message = (
            f"The snapshot {pointer.build} has format {found_format}; "
            f"this version reads format {FORMAT}. {REMEDY}"
        )
        raise SnapshotDamaged(message)
    if hashlib.sha256(text).hexdigest() != pointer.manifest_sha256:
        message = f"{MANIFEST} of the snapshot {pointer.build} was changed after it was built. {REMEDY}"
        raise SnapshotDamaged(message)
    try:
        manifest = Manifest.model_validate_json(text)
        present = proofs(folder)
    except ValidationError as error:
        message = f"{MANIFEST} of the snapshot {pointer.build} was made by another version. {REMEDY}"
        raise SnapshotDamaged(message) from error
    except OSError as error:
        raise _unreadable(pointer.build, error) from error
    present.pop(MANIFEST, None)
    for name in sorted(manifest.files.keys() | present.keys()):
        if manifest.files.get(name) != present.get(name):
            what = "is missing" if name not in present else "is not the file that was built"
            raise SnapshotDamaged(f"{name} of the snapshot {pointer.build} {what}. {REMEDY}")
    return manifest


def _unreadable(build: str, error: OSError) -> SnapshotDamaged:
    """Say that files cannot be read, and where they are closed to this user, who may read them."""
    remedy = REMEDY
    if isinstance(error, PermissionError):
        remedy = "Snapshots can be read only by the user that built them: build and serve as the same user."
    message = f"The snapshot {build} cannot be read ({error.strerror}: {error.filename}). {remedy}"
    return SnapshotDamaged(message)


def _format_of(text: bytes) -> object:
    try:
        return json.loads(text).get("format", "unknown")
    except (ValueError, AttributeError):
        return "unknown"


def _flush(path: Path) -> None:
    """Ask the system to put a file or folder on the disk now (folders: not on Windows)."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)  # Windows: only writable ones
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
