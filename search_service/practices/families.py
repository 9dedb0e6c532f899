"""Families: a practice and all versions of it, versions of versions included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def families_of(ids: Sequence[str], version_of: Sequence[str | None]) -> tuple[str, ...]:
    """Return, for each practice, the id at the root of its family: its own where it is a version of none.

    `version_of` holds what each is declared a version of, which need not be among `ids`. A circle, which a
    checked corpus never has, is one family, known by the first of its ids in the alphabet.
    """
    parents = dict(zip(ids, version_of, strict=True))
    roots: dict[str, str] = {}
    for key in ids:
        line = _line(key, parents, roots)
        last = line[-1]
        parent = parents.get(last)
        if last in roots:
            root = roots[last]
        elif parent is None:
            root = last
        else:
            root = min(line[line.index(parent) :])
        roots.update(dict.fromkeys(line, root))
    return tuple(roots[key] for key in ids)


def _line(key: str, parents: Mapping[str, str | None], known: Mapping[str, str]) -> list[str]:
    """Return a practice and what it is a version of, as far as is unknown and nothing comes twice."""
    line = {key: None}
    while key not in known and (parent := parents.get(key)) is not None and parent not in line:
        line[parent] = None
        key = parent
    return list(line)


def circles(version_of: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield each circle of practices that are declared versions of one another, in that order."""
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
