"""Families: a practice and all versions of it, versions of versions included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def families_of(ids: Sequence[str], version_of: Sequence[str | None]) -> tuple[str, ...]:
    """Return, for each practice, the id at the root of its family: its own if it is a version of none.

    `version_of` holds what each is declared a version of, which need not be among `ids`. A cycle, which a
    checked corpus never has, is one family, named by the alphabetically first of its ids.
    """
    parents = dict(zip(ids, version_of, strict=True))
    roots: dict[str, str] = {}
    for key in ids:
        ancestry = _ancestry(key, parents, roots)
        last = ancestry[-1]
        parent = parents.get(last)
        if last in roots:
            root = roots[last]
        elif parent is None:
            root = last
        else:
            root = min(ancestry[ancestry.index(parent) :])
        roots.update(dict.fromkeys(ancestry, root))
    return tuple(roots[key] for key in ids)


def _ancestry(key: str, parents: Mapping[str, str | None], known: Mapping[str, str]) -> list[str]:
    """Return a practice and its ancestors, up to the first whose root is known or that comes again."""
    line = {key: None}
    while key not in known and (parent := parents.get(key)) is not None and parent not in line:
        line[parent] = None
        key = parent
    return list(line)


def cycles(version_of: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield each cycle of practices that are declared versions of one another, in that order."""
    done: set[str] = set()
    for start in version_of:
        line: dict[str, None] = {}
        key: str | None = start
        while key is not None and key not in done and key not in line:
            line[key] = None
            key = version_of.get(key)
        if key in line:
            ids = list(line)
            yield tuple(ids[ids.index(key) :])
        done.update(line)
