"""What a service that runs for years must free."""

from __future__ import annotations

import gc
import platform
import subprocess
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from builders import practice_file

from search_service import memory
from search_service.downloads import word
from search_service.library import Library
from search_service.live import CHECK_SECONDS, TRIM_SECONDS, LiveLibrary
from search_service.search.index import SearchRequest
from search_service.snapshot.build import build, load


@contextmanager
def _without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def test_a_snapshot_is_freed_without_the_collector(corpus: Path, index: Path) -> None:
    """Its objects are set apart from what the collector looks at: one in a cycle would stay for good."""
    build(corpus, index)
    with _without_collector():
        library = Library(load(index))
        library.warm()
        key = library.practices[0].id
        library.similar.to_practice(key)
        library.similar.to_text(library.practices.by_id(key).summary)
        library.search.find(SearchRequest("police"))
        library.search.suggest("poli")
        freed = [weakref.ref(library), weakref.ref(library.search)]
        del library
        assert [one() for one in freed] == [None, None]


def test_the_snapshot_before_is_freed_though_a_cycle_holds_it(corpus: Path, index: Path) -> None:
    """An error keeps the frames it passed through, and they what they had in hand."""
    build(corpus, index)
    now = [0.0]
    live = LiveLibrary(index, lambda: now[0])
    with _without_collector():
        held: list[object] = [live.current()]
        held.append(held)
        before = weakref.ref(live.current())
        del held
        (corpus / "practices" / "added.md").write_text(practice_file("added"), encoding="utf-8")
        build(corpus, index)
        now[0] += CHECK_SECONDS
        assert live.current().practices.has("added")
        now[0] += TRIM_SECONDS
        live.current()
        assert before() is None


def test_what_is_set_apart_is_freed_when_nothing_needs_it() -> None:
    """A cycle of a request under way when all was set apart is found the next time."""

    class Node:
        """Something that refers to itself."""

    node = Node()
    node.itself = node  # type: ignore[attr-defined]
    gone = weakref.ref(node)
    memory.freeze_gc()
    del node
    gc.collect()
    assert gone() is not None
    memory.freeze_gc()
    assert gone() is None


def test_a_word_document_leaves_nothing_behind() -> None:
    """Each would hold 5 MB until the collector has counted enough other objects."""
    word.write("Warm", [])
    with _without_collector():
        word.write("A call", [{"text": "Theme", "level": 1, "items": []}])
        assert gc.collect() < 10


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="arenas are glibc's")
def test_threads_share_one_arena() -> None:
    """The C library says itself how many places there are that memory is taken from."""
    said = subprocess.run(
        [sys.executable, "-c", _ARENAS], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert said.count("<heap nr=") == 1


_ARENAS = """
import ctypes, threading
from search_service import memory
memory.limit_malloc_arenas()
together = threading.Barrier(4)
def allocate():
    together.wait()
    kept = [bytes(2000) for _ in range(500)]
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
stream = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, stream)
libc.fflush(stream)
"""
