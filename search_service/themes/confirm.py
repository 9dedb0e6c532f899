"""Writing what a person decided: a confirmed theme into its practice's file, a declined one into a list.

Of a practice's file only the themes of the front matter change; every other byte stays as it was. The file
is replaced whole, so that a crash leaves either the old one or the new.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from search_service.errors import Fault, InvalidRequest
from search_service.practices.files import PRACTICES_FOLDER, decode, parse_yaml, split_front_matter

DECLINED = "declined-themes.json"
"""In the index folder: what was declined need not be asked again. Losing it costs only the asking."""

_FENCE = re.compile(rb"^(?:\xef\xbb\xbf)?---[ \t]*\r?$", re.MULTILINE)
_ON_A_LINE = re.compile(rb"^(themes:[ \t]*\[)([^\[\]\r\n#]*)(\])", re.MULTILINE)
_AS_A_LIST = re.compile(rb"^themes:[ \t]*\r?\n((?:[ \t]*-[ \t]+[^\r\n]*\r?\n)+)", re.MULTILINE)
_LAST_ITEM = re.compile(rb"([ \t]*-[ \t]+)[^\r\n]*(\r?\n)\Z")
_ANY = re.compile(rb"^themes:", re.MULTILINE)


def confirm(corpus: Path, practice: str, theme: str) -> bool:
    """Add a theme to a practice's file; return False where the file has it already.

    Raises InvalidRequest where the file is not there, cannot be read, or has its themes in a form that
    cannot be changed without changing more.
    """
    path = corpus / PRACTICES_FOLDER / f"{practice}.md"
    name = f"{PRACTICES_FOLDER}/{path.name}"
    if not path.is_file():
        message = (
            "the file is not there; the corpus is not the one the index was built from. Build, then review "
            "again."
        )
        raise InvalidRequest([Fault(name, message, "practice-finder build")])
    before = path.read_bytes()
    after = with_theme(name, before, theme)
    if after == before:
        return False
    _replace(path, after)
    return True


def with_theme(name: str, content: bytes, theme: str) -> bytes:
    """Return a practice file with one theme more; unchanged where it has it already."""
    values = _front_matter(name, content)
    themes = values.get("themes") or []
    if theme in themes:
        return content
    fences = list(_FENCE.finditer(content))
    changed = content
    if len(fences) > 1:
        start, end = fences[0].end(), fences[1].start()
        changed = content[:start] + _added(content[start:end], theme.encode()) + content[end:]
    if _front_matter(name, changed) != {**values, "themes": [*themes, theme]}:
        message = "the themes are written in a form that cannot be added to."
        raise InvalidRequest([Fault(f"{name}, themes", message, f"themes: [{', '.join([*themes, theme])}]")])
    return changed


def _added(front: bytes, theme: bytes) -> bytes:
    """Return front matter with a theme added in the form its themes have."""
    if found := _ON_A_LINE.search(front):
        others = found[2].strip().rstrip(b",").rstrip()
        inside = others + b", " + theme if others else theme
        return front[: found.start(2)] + inside + front[found.end(2) :]
    if found := _AS_A_LIST.search(front):
        item = _LAST_ITEM.search(found[1])
        line = item[1] + theme + item[2] if item else b""
        return front[: found.end()] + line + front[found.end() :]
    if _ANY.search(front):
        return front
    ending = b"\r\n" if b"\r\n" in front else b"\n"
    return front + b"themes: [" + theme + b"]" + ending


def _front_matter(name: str, content: bytes) -> dict[str, Any]:
    """Return the values of a practice's front matter; raises InvalidRequest where it has none."""
    text, faults = decode(name, content)
    front, _, _, unsplit = split_front_matter(name, text)
    values, unparsed = parse_yaml(name, front)
    if faults := [*faults, *unsplit, *unparsed]:
        raise InvalidRequest(faults)
    if not isinstance(values, dict) or not isinstance(values.get("themes") or [], list):
        raise InvalidRequest([Fault(f"{name}, themes", "this is not a list.", "themes: [domestic-abuse]")])
    return values


def _replace(path: Path, content: bytes) -> None:
    """Put new content in a file's place in one step, with the same permissions."""
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def declined(index: Path) -> set[tuple[str, str]]:
    """Return the (practice, theme) pairs that were declined; none where the list cannot be read."""
    try:
        pairs = json.loads((index / DECLINED).read_text(encoding="utf-8"))
        return {(str(practice), str(theme)) for practice, theme in pairs}
    except (OSError, ValueError, TypeError):
        return set()


def decline(index: Path, pairs: Iterable[tuple[str, str]]) -> None:
    """Add pairs to what was declined."""
    known = sorted(declined(index) | set(pairs))
    _replace(index / DECLINED, json.dumps(known, indent=1).encode())
