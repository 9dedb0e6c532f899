"""What a long-lived process does about its memory: three habits of Python and of the C library to know of.

Measured with tests/benchmarks/reliability.py; docs/reliability.md has the figures.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable

_M_ARENA_MAX = -8
"""What mallopt calls the greatest number of arenas (malloc.h of glibc)."""


def share_one_arena() -> None:
    """Let all threads take memory from one place, where the C library is glibc; before there are threads.

    It gives each thread a place of its own, so that they need not wait for one another. Here they hold
    the interpreter's lock when they ask for memory, and any of them may load a snapshot, so that in time
    each place has had room for one.
    """
    mallopt = _glibc("mallopt")
    if mallopt:
        mallopt(_M_ARENA_MAX, 1)


def set_apart() -> None:
    """Spare the collector of cycles all that there is now, which lives as long as a snapshot or the process.

    Snapshots are freed by counting references. Left among the rest, their objects are looked at in every
    full collection, which stops the process for 50 to 60 ms; set apart, they make it 4. What a request
    under way has in a cycle is set apart too, but only until this is called again.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def collect_cycles() -> None:
    """Free what only refers to itself, now.

    The collector counts objects, not their size: it may let fifteen documents of 5 MB wait.
    """
    gc.collect()


def give_back() -> None:
    """Hand what was freed back to the system, where the C library is glibc, which would keep it.

    After five publications of 10,000 practices the service held 514 MB, and with this 313.
    """
    trim = _glibc("malloc_trim")
    if trim:
        trim(0)


def _glibc(name: str) -> Callable[..., int] | None:
    """Return a function of the C library, None where it has no such one."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
