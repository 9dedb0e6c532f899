"""Snapshots: whole or not at all, proved before use, and never lost."""

from __future__ import annotations

import errno
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from builders import practice_file, write_corpus

from search_service.errors import BuildInProgress, InvalidCorpus, SnapshotDamaged, SnapshotMissing
from search_service.library import Library
from search_service.search.index import SearchRequest
from search_service.snapshot import store
from search_service.snapshot.build import build, is_current, load

KILLS = 20
"""How often the build is killed; each time at another moment."""


def _builds(index: Path) -> list[str]:
    return sorted(path.name for path in index.iterdir() if (path / store.MANIFEST).exists())


def test_a_build_can_be_loaded_and_answers(corpus: Path, index: Path) -> None:
    """What was built is what is served."""
    outcome = build(corpus, index)
    library = Library(load(index))
    assert outcome.built
    assert outcome.manifest.counts["practices"] == len(library.practices)
    assert library.search.find(SearchRequest()).total == len(library.practices)


def test_an_unchanged_corpus_is_not_built_again(corpus: Path, index: Path) -> None:
    """A second build keeps the first; --force makes a new one."""
    first = build(corpus, index)
    second = build(corpus, index)
    forced = build(corpus, index, force=True)
    assert (second.built, second.manifest) == (False, first.manifest)
    assert forced.built
    assert forced.manifest.build != first.manifest.build


def test_a_changed_corpus_is_built_again(corpus: Path, index: Path) -> None:
    """A new practice makes a new snapshot, and the old pointer is gone."""
    first = build(corpus, index)
    (corpus / "practices" / "operation-new.md").write_text(practice_file(id="operation-new"))
    second = build(corpus, index)
    assert second.built
    assert second.manifest.corpus_sha256 != first.manifest.corpus_sha256
    assert Library(load(index)).practices.has("operation-new")


def test_a_broken_practice_refuses_the_build_and_keeps_what_is_served(corpus: Path, index: Path) -> None:
    """One bad file neither breaks the rest nor goes unseen."""
    first = build(corpus, index)
    (corpus / "practices" / "operation-bad.md").write_text("no front matter")
    with pytest.raises(InvalidCorpus) as refused:
        build(corpus, index)
    assert "practices/operation-bad.md" in refused.value.faults[0].where
    assert load(index).manifest == first.manifest


def test_skipping_invalid_practices_builds_the_rest_and_names_them(corpus: Path, index: Path) -> None:
    """What was left out is in the manifest, and a plain build still refuses afterwards."""
    (corpus / "practices" / "operation-bad.md").write_text("no front matter")
    outcome = build(corpus, index, skip_invalid=True)
    assert outcome.manifest.left_out == ("practices/operation-bad.md",)
    assert outcome.left_out
    assert len(load(index).practices) == outcome.manifest.counts["practices"] > 0
    with pytest.raises(InvalidCorpus):
        build(corpus, index)


def test_a_corpus_without_one_usable_practice_is_refused_even_when_skipping(
    index: Path, tmp_path: Path
) -> None:
    """An empty service is never built by accident."""
    corpus = write_corpus(tmp_path / "other", {"operation-bad": "no front matter"})
    with pytest.raises(InvalidCorpus):
        build(corpus, index, skip_invalid=True)


def test_only_the_current_build_and_the_one_before_it_are_kept(corpus: Path, index: Path) -> None:
    """Disk use does not grow with the number of builds."""
    names = [build(corpus, index, force=True).manifest.build for _ in range(4)]
    assert _builds(index) == sorted(names[-2:])


def test_a_build_killed_while_it_removes_an_old_one_leaves_nothing_for_ever(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is half removed can no longer be told from a folder that is somebody else's."""

    def killed(path: Path, **_: object) -> NoReturn:
        (path / store.MANIFEST).unlink(missing_ok=True)
        raise KeyboardInterrupt

    for _ in range(2):
        build(corpus, index, force=True)
    with monkeypatch.context() as patched:
        patched.setattr(store.shutil, "rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            build(corpus, index, force=True)
    build(corpus, index, force=True)
    assert sorted(path.name for path in index.iterdir()) == [store.LOCK, *_builds(index), store.POINTER]
    assert len(_builds(index)) == 2


def test_all_of_a_build_is_on_the_disk_before_it_has_a_name(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files, and the folders that name them: after a power cut the pointer leads to all of it."""
    flushed: list[Path] = []
    flush = store._flush
    monkeypatch.setattr(store, "_flush", lambda path: (flushed.append(path), flush(path)))
    folder = index / build(corpus, index).manifest.build
    nameless = {path.relative_to(index).parts for path in flushed} - {(), (f"{store.UNFINISHED}pointer",)}
    assert {parts[1:] for parts in nameless} == {
        (), *(path.relative_to(folder).parts for path in folder.rglob("*"))
    }  # fmt: skip


def test_two_builds_into_one_folder_at_once_are_refused(corpus: Path, index: Path) -> None:
    """The second build says so instead of waiting or mixing."""
    with store.build_lock(index), pytest.raises(BuildInProgress, match="under way"):
        build(corpus, index)


def test_without_a_snapshot_the_remedy_is_named(index: Path) -> None:
    """Whoever asks too early is told what to run."""
    with pytest.raises(SnapshotMissing, match="practice-finder build"):
        load(index)


def _edit_manifest(folder: Path, **changes: object) -> None:
    path = folder / store.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


DAMAGES: dict[str, Callable[[Path, Path], object]] = {
    "is not the file that was built": lambda folder, _: (folder / "impacts.npz").write_bytes(b"x"),
    "is missing": lambda folder, _: (folder / "passages.npz").unlink(),
    "was changed after it was built": lambda folder, _: _edit_manifest(folder, created="never"),
    "has format 0": lambda folder, _: _edit_manifest(folder, format=0),
    "has format unknown": lambda folder, _: (folder / store.MANIFEST).write_text("{"),
    "has no manifest.json": lambda folder, _: (folder / store.MANIFEST).unlink(),
    "names no build": lambda _, index: (index / store.POINTER).write_text('{"build": "2'),
    "extra.bin": lambda folder, _: (folder / "extra.bin").write_bytes(b"x"),
}


@pytest.mark.parametrize("message", DAMAGES)
def test_a_damaged_or_foreign_snapshot_is_named_and_can_be_made_anew(
    corpus: Path, index: Path, message: str
) -> None:
    """Nothing that is not exactly what was built is ever served."""
    folder = index / build(corpus, index).manifest.build
    DAMAGES[message](folder, index)
    with pytest.raises(SnapshotDamaged, match=message) as damaged:
        load(index)
    assert "practice-finder build --force" in str(damaged.value)
    build(corpus, index)
    assert load(index).practices


@pytest.mark.parametrize(
    ("number", "remedy"), [(errno.EACCES, "as the same user"), (errno.ENOENT, "build --force")]
)
def test_what_to_do_about_files_that_cannot_be_read_depends_on_why(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch, number: int, remedy: str
) -> None:
    """Closed to this user, or gone: two builds published while the first was being read, say."""
    build(corpus, index)

    def unreadable(path: Path) -> NoReturn:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(store, "_proof", unreadable)
    with pytest.raises(SnapshotDamaged, match=remedy) as damaged:
        load(index)
    assert os.strerror(number) in str(damaged.value)


def test_whether_a_snapshot_is_of_this_corpus_is_known_without_building(corpus: Path, index: Path) -> None:
    """A start with nothing changed does no work."""
    digest = build(corpus, index).manifest.corpus_sha256
    assert is_current(digest, index)
    assert not is_current("another", index)


def test_a_snapshot_folder_is_private(corpus: Path, index: Path) -> None:
    """Whoosh's files hold pickles, so nobody else may write there."""
    folder = index / build(corpus, index).manifest.build
    assert os.name == "nt" or folder.stat().st_mode & 0o077 == 0


BUILDER = """
import os, signal, sys, time
from pathlib import Path
import sklearn.feature_extraction.text
from search_service.snapshot.build import build
for kill_after in map(float, sys.stdin):
    started = time.monotonic()
    child = os.fork()
    if not child:
        build(Path(sys.argv[1]), Path(sys.argv[2]))
        os._exit(0)
    if kill_after >= 0:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    print(time.monotonic() - started, flush=True)
"""
"""A process that has imported everything and builds in a child of its own whenever it is told to, so
that a kill falls into the build and not into a second of imports. It alone reaps its child, so the
number it kills is always its child's."""

UNDISTURBED = -1.0


class Builder:
    """Builds in another process, and kills it."""

    def __init__(self, corpus: Path, index: Path) -> None:
        command = [sys.executable, "-W", "ignore", "-c", BUILDER, str(corpus), str(index)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def build(self, kill_after: float = UNDISTURBED) -> float:
        """Build, killed after so many seconds if it is still at work; return the seconds it took."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{kill_after}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


@pytest.fixture
def builder(corpus: Path, index: Path) -> Iterator[Builder]:
    """Give a builder in another process, ended with the test."""
    made = Builder(corpus, index)
    with made.process:
        yield made
        made.process.kill()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has neither fork nor SIGKILL")
def test_killing_the_build_at_any_moment_never_harms_what_is_served(
    corpus: Path, index: Path, builder: Builder
) -> None:
    """After each of twenty kills the old or the new snapshot is served whole, never a mixture.

    Half of the builds take over from the last snapshot; the others are in full, for a list has changed.
    """
    moment = random.Random(2026)
    durations = [builder.build()]
    (corpus / "practices" / "operation-added.md").write_text(practice_file(id="operation-added"))
    durations.append(builder.build())
    serving = {practice.id for practice in load(index).practices}
    for kill in range(KILLS):
        key = f"operation-kill-{kill}"
        (corpus / "practices" / f"{key}.md").write_text(practice_file(id=key))
        if kill % 2 == 0:
            with (corpus / "calls.yaml").open("a", encoding="utf-8") as calls:
                calls.write(f"# {kill}\n")
        builder.build(kill_after=moment.uniform(0, 1.1) * durations[kill % 2])
        on_disk = {path.stem for path in (corpus / "practices").glob("*.md")}
        snapshot = load(index)
        found = {practice.id for practice in snapshot.practices}
        assert found in (serving, on_disk)
        assert Library(snapshot).search.find(SearchRequest()).total == len(found)
        serving = found
    builder.build()
    assert {practice.id for practice in load(index).practices} == on_disk
    found = Library(load(index)).search.find(SearchRequest("school", per_page=100))
    build(corpus, index, force=True)
    assert Library(load(index)).search.find(SearchRequest("school", per_page=100)) == found
    assert not list(index.glob(f"{store.UNFINISHED}*"))


def test_practices_that_look_like_one_initiative_are_named_unless_declared(corpus: Path, index: Path) -> None:
    """The same text under two ids is told to whoever builds; a declared version is not."""
    text = " ".join(f"word{number}" for number in range(80))
    for key in ("operation-one", "operation-two"):
        (corpus / "practices" / f"{key}.md").write_text(practice_file(id=key, body=text))
    pair = ("operation-one", "operation-two")
    assert pair in build(corpus, index).manifest.near_duplicates
    declared = practice_file(id="operation-two", body=text, variant_of="operation-one")
    (corpus / "practices" / "operation-two.md").write_text(declared)
    assert pair not in build(corpus, index).manifest.near_duplicates


def test_a_folder_that_is_no_build_is_left_alone(corpus: Path, index: Path) -> None:
    """An index folder may have been pointed at one that is in use."""
    other = index / "website"
    other.mkdir(parents=True)
    (other / "manifest.json").write_text("{}", encoding="utf-8")
    for _ in range(3):
        build(corpus, index, force=True)
    assert (other / "manifest.json").exists()


def test_a_pointer_leads_to_nothing_but_a_build(corpus: Path, index: Path) -> None:
    """Whatever a folder elsewhere holds, it is not read."""
    manifest = build(corpus, index).manifest
    (index / manifest.build).rename(index.parent / "elsewhere")
    pointer = index / store.POINTER
    pointer.write_text(pointer.read_text().replace(manifest.build, "../elsewhere"), encoding="utf-8")
    with pytest.raises(SnapshotDamaged):
        load(index)
