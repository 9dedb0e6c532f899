"""The library of the current snapshot, replaced whole as soon as a new one is published."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from search_service import memory
from search_service.library import Library
from search_service.snapshot import store
from search_service.snapshot.build import load

log = logging.getLogger(__name__)

CHECK_SECONDS = 0.1
"""How often a running service checks for a new snapshot: one small read, 0.03 ms."""

RETRY_SECONDS = 30.0
"""How long to wait before trying again to load a snapshot that could not be loaded."""

TRIM_SECONDS = 2.0
"""How long after a new snapshot the memory of the previous one is freed: longer than a request takes."""


class LiveLibrary:
    """The current snapshot's library, replaced whole when a new snapshot is published.

    A snapshot that cannot be loaded is logged, and the last good one stays; `refusal` then says why, and is
    None while the newest snapshot is the one served.
    """

    def __init__(self, index: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._index = index
        self._clock = clock
        self._lock = threading.Lock()
        self._library = _ready(index)
        self._free_at: float | None = None
        self._next_check = clock() + CHECK_SECONDS
        self._failed: store.Pointer | None = None
        self.refusal: str | None = None
        self._retry_at = 0.0

    def current(self) -> Library:
        """Return the library to answer with; now and then check for a new snapshot first.

        The request that finds a new snapshot loads it; the others go on with the old one.
        """
        if self._clock() >= self._next_check and self._lock.acquire(blocking=False):
            try:
                self._next_check = self._clock() + CHECK_SECONDS
                self._load_new()
                self._free_previous()
            finally:
                self._lock.release()
        return self._library

    def _load_new(self) -> None:
        pointer = store.read_pointer(self._index)
        if pointer is None:
            return
        if pointer.build == self._library.manifest.build:
            self._failed, self.refusal = None, None  # a refused snapshot, if any, has been withdrawn
            return
        if pointer == self._failed and self._clock() < self._retry_at:
            return
        try:
            library = _ready(self._index)
        except Exception as error:  # noqa: BLE001 - whatever it is, the old snapshot is still served
            self._failed, self._retry_at = pointer, self._clock() + RETRY_SECONDS
            self.refusal = str(error) or type(error).__name__  # MemoryError has no message
            log.error("The new snapshot is not used: %s", self.refusal)  # noqa: TRY400 - the message is enough
            return
        self._library, self.refusal = library, None
        self._free_at = self._clock() + TRIM_SECONDS
        log.info("Now serving snapshot %s", library.manifest.build)

    def _free_previous(self) -> None:
        """Free the memory of the previous snapshot once the requests that used it have ended."""
        if self._free_at is not None and self._clock() >= self._free_at:
            self._free_at = None
            memory.freeze_gc()
            memory.trim_heap()


def _ready(index: Path) -> Library:
    """Load the current snapshot and do the work of its first requests in advance."""
    library = Library(load(index))
    library.warm()
    return library
