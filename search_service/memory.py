"""Keeping the memory of a long-lived process flat: malloc arenas, the garbage collector, the heap.

Measured with tests/benchmarks/reliability.py; docs/reliability.md has the figures.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable

_M_ARENA_MAX = -8
"""mallopt's parameter for the maximum number of arenas (malloc.h of glibc)."""


def limit_malloc_arenas() -> None:
    """Make all threads share one malloc arena (glibc only); call before any thread starts.

    glibc gives each thread its own arena to avoid contention. Here threads allocate while they hold the
    interpreter's lock, and any of them may load a snapshot, so in time every arena would grow to hold one.
    """
    if mallopt := _glibc("mallopt"):
        mallopt(_M_ARENA_MAX, 1)


def freeze_gc() -> None:
    """Exclude all objects that exist now from garbage collection; they live as long as the snapshot.

    Snapshots are freed by reference counting. Unfrozen, their objects are scanned in every full collection,
    which stops the process for 50 to 60 ms instead of 4. Cycles of a request in progress are frozen too,
    until the next call.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def collect_cycles() -> None:
    """Free objects that are kept alive only by referring to each other.

    The collector counts objects, not bytes: on its own it may let fifteen documents of 5 MB wait.
    """
    gc.collect()


def trim_heap() -> None:
    """Return freed memory to the system (glibc only, which would keep it).

    After five publications of 10,000 practices the service held 514 MB without this and 313 MB with it.
    """
    if malloc_trim := _glibc("malloc_trim"):
        malloc_trim(0)


def _glibc(name: str) -> Callable[..., int] | None:
    """Return a function of the C library, or None if it has no such function."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
