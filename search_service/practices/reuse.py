"""What a build may take over: which practices are still, word for word, those of the last snapshot.

A part of a snapshot that is given the same part of the snapshot before, and a `Reuse`, works out anew
only what belongs to changed practices, and must answer as one built in full does.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Reuse:
    """Where the practices of a build were in the last snapshot.

    `origin` holds, for each practice, its row there, or -1 where it is new or changed. No row of the
    last snapshot stands twice; those that do not stand at all were changed or removed.
    """

    origin: NDArray[np.int32]

    @classmethod
    def between(cls, previous: Sequence[Hashable], current: Sequence[Hashable]) -> Reuse:
        """Compare two snapshots by what identifies each of their practices, content included."""
        rows: Mapping[Hashable, int] = {known: row for row, known in enumerate(previous)}
        return cls(np.array([rows.get(known, -1) for known in current], dtype=np.int32))

    @property
    def kept(self) -> NDArray[np.intp]:
        """The rows, in rising order, whose work can be taken over; `origin[kept]` says from where."""
        return np.flatnonzero(self.origin >= 0)

    @property
    def changed(self) -> NDArray[np.intp]:
        """The rows, in rising order, that are to be worked out anew."""
        return np.flatnonzero(self.origin < 0)

    def moved(self, rows: NDArray[np.int32], size: int) -> NDArray[np.int32]:
        """Return where rows of the last snapshot, of `size` practices, are now; -1 where nowhere."""
        now = np.full(size + 1, -1, dtype=np.int32)  # one more, so that a row of -1 stays what it is
        now[self.origin[self.kept]] = self.kept
        return now[rows]
