"""Record what the service answers to some thousands of requests and commands, and compare two such records.

    python tests/benchmarks/recorded_requests.py record FOLDER [--corpus DIR]
    python tests/benchmarks/recorded_requests.py compare BEFORE AFTER

The rule it keeps: a change that is not meant to be seen changes nothing that a reader, a program or a shell
is given: no byte, no status, no header. Record before such a change and after it, from the same corpus, and
compare: whatever differs is shown, each cause once. `SAME` and `UNCOMPARED` list what may differ, and why;
/metrics is left out, for it tells of time. What is asked is in asked_requests.py and wrong_requests.py.
Exit code 1: answers differ, an answer failed (5xx), or there is a route that nothing asks for.
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from itertools import zip_longest
from pathlib import Path
from typing import Any

from asked_requests import COMMANDS, KINDS, Asked, Corpus, word_file
from flask import Flask
from werkzeug.exceptions import HTTPException
from wrong_requests import wrong

import search_service
from search_service.settings import Settings
from search_service.snapshot.build import build
from search_service.web.app import create_app

Record = dict[str, Any]
"""What was asked (`key`, `kind`, `route`) and answered (`status`, `headers`, `body`)."""

CHECKOUT = Path(search_service.__file__).parents[1]
ANSWERS = "answers.jsonl.gz"
MOST_SHOWN = 30
"""Causes, and lines of a cause, that a comparison shows."""

SAME = (
    (r"\b\d{8}T\d{12}-[0-9a-f]{8}\b", "‹build›", "the id of a build: when it was made, and of which code"),
    (r"\b[0-9a-f]{64}\b", "‹checksum›", "fingerprints of code and corpus"),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", "‹time›", "when the snapshot was built"),
    (r"(last updated|as of|put together on) \d+ \w+ \d{4}", r"\1 ‹day›", "likewise; on a pack, today"),
    (r"((?:Practice Finder|[Vv]ersion\"?:?) ?\"?)\d+\.\d+\.\d+\w*", r"\1‹version›", "the version"),
    (r"([?&;]v=)[0-9a-f]{10}", r"\1‹assets›", "a checksum of static files, which are compared themselves"),
    (r"[^\s\"']*/recorded-\w+", "‹temporary›", "where the snapshot and copied corpus of a recording are"),
    (r"\d[\d,]* MB free", "‹room› MB free", "what is free on the disk, from doctor"),
)  # fmt: skip
"""Pattern, what stands for it when bodies are compared, and what it is."""

UNCOMPARED = {
    "Date": "the time of day",
    "ETag": "tells of the time of a static file",
    "Last-Modified": "likewise",
    "Content-Length": "follows from the body, which is compared; that of a Word file is packed with the time",
}
"""Headers of which only the presence is compared, and why."""

UNORDERED = {"Allow"}
"""Headers that name methods, which Flask answers OPTIONS with in any order."""


def ask(app: Flask, asked: Asked, kind: str) -> Record:
    """Return the record of one request: what was asked and answered; of a Word file its text alone."""
    answer = app.test_client(use_cookies=False).open(
        asked.path, method=asked.method, data=asked.body, headers=list(asked.headers)
    )
    content = answer.get_data()
    if answer.headers.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    if content.startswith(b"PK"):
        content = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")
    try:
        path = asked.path.partition("?")[0]
        rule, _ = app.url_map.bind("localhost").match(path, asked.method, return_rule=True)
        route = _plain(rule.rule)
    except HTTPException:
        route = "none"
    body, headers = content.decode("utf-8", "backslashreplace"), sorted(answer.headers.items())
    return {"key": asked.key, "kind": kind, "route": f"{asked.method} {route}", "status": answer.status_code,
            "headers": headers, "body": body}  # fmt: skip


def run(line: str, folder: Path) -> Record:
    """Return the record of one command."""
    command = [sys.executable, "-W", "ignore", "-m", "search_service"]
    command += ["--corpus", str(folder / "corpus"), "--index", str(folder / "index"), *shlex.split(line)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PRACTICE_FINDER_")}
    own = {"PYTHONPATH": str(CHECKOUT), "COLUMNS": "120", "NO_COLOR": "1", "PRACTICE_FINDER_PORT": "0"}
    done = subprocess.run(
        command, cwd=folder, env=kept | own, capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    body = b"\n--- standard error ---\n".join((done.stdout, done.stderr)).decode("utf-8", "backslashreplace")
    return {"key": f"practice-finder {line}", "kind": "commands", "route": line.partition(" ")[0],
            "status": done.returncode, "headers": [], "body": body}  # fmt: skip


def answers(source: Path) -> tuple[list[Record], set[str]]:
    """Return the records of all requests and commands, and the routes that nothing asks for."""
    with tempfile.TemporaryDirectory(prefix="recorded-") as name:
        folder = Path(name)
        shutil.copytree(source, folder / "corpus")
        build(folder / "corpus", folder / "index")
        corpus = Corpus(folder / "corpus")
        (folder / "draft.txt").write_text(corpus.texts[0], "utf-8")
        (folder / "draft.docx").write_bytes(word_file(corpus.texts[1]))
        (folder / "own.csv").write_text("theme,weight\nfraud,2\nhate-crime,1\n", "utf-8")
        usual = Settings(index=folder / "index", rate_limit=0)
        development = usual.model_copy(update={"development": True})
        apps = {"plain": create_app(usual), "development": create_app(development)}
        wanted = {asked.key: (asked, kind.__name__) for kind in (*KINDS, wrong) for asked in kind(corpus)}
        records = [ask(apps[asked.site], asked, kind) for asked, kind in wanted.values()]
        with ThreadPoolExecutor(2) as pool:
            records += pool.map(lambda line: run(line, folder), COMMANDS)
    rules = apps["plain"].url_map.iter_rules()
    there = {f"{way} {_plain(one.rule)}" for one in rules for way in {"GET", "POST"} & (one.methods or set())}
    return records, there - {one["route"] for one in records} - {"GET /metrics"}


def record(target: Path, source: Path) -> int:
    """Write a record of everything, say what there is, and return the exit code."""
    records, missed = answers(source)
    target.mkdir(parents=True, exist_ok=True)
    with gzip.open(target / ANSWERS, "wt", compresslevel=4, encoding="utf-8") as file:
        file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in records)
    for (kind, status), number in sorted(Counter((one["kind"], one["status"]) for one in records).items()):
        print(f"{number:6,} {kind}, {status}")
    print(f"{len(records):6,} in all")
    failed = [one["key"] for one in records if one["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR]
    for line in (*(f"failed: {key[:200]}" for key in failed), *(f"not asked: {route}" for route in missed)):
        print(line)
    return 1 if failed or missed else 0


def compared(one: Record) -> tuple[int, str, str]:
    """Return status, headers and body with what may differ between two builds put aside."""
    kept = {name: "…" if name in UNCOMPARED else value for name, value in one["headers"]}
    kept |= {name: ", ".join(sorted(kept[name].split(", "))) for name in UNORDERED & kept.keys()}
    headers, body = "\n".join(f"{name}: {value}" for name, value in kept.items()), one["body"]
    for pattern, instead, _ in SAME:
        headers, body = (re.sub(pattern, instead, text) for text in (headers, body))
    return one["status"], headers, body


def lines(answer: tuple[int, str, str] | None, raw: bool = False) -> list[str]:
    """Return an answer as lines to compare: JSON value by value, anything else tag by tag."""
    if answer is None:
        return ["not asked"]
    status, headers, body = answer
    try:
        shown = body if raw else json.dumps(json.loads(body), indent=1, ensure_ascii=False)
    except ValueError:
        shown = body.replace(">", ">\n")
    return [f"status {status}", *headers.split("\n"), *shown.split("\n")]


def differences(before: tuple[int, str, str] | None, after: tuple[int, str, str] | None) -> list[str]:
    """Return the lines in which two answers differ, those of the first with a minus in front."""
    for raw in (False, True):
        changes = difflib.unified_diff(lines(before, raw), lines(after, raw), n=0, lineterm="")
        if found := [line for line in list(changes)[2:] if not line.startswith("@@")]:
            return found
    return []


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    return len(os.path.commonprefix((one, other)))  # noqa: RUF071 - characters are meant


def cause(changes: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Return what makes differences the same: what stood there and what stands there now, numbers aside."""
    gone, come = ([re.sub(r"\d+", "#", line[1:]) for line in changes if line[0] == sign] for sign in "-+")
    found = set()
    for old, new in zip_longest(gone, come, fillvalue=""):
        start = _alike(old, new)
        end = _alike(old[start:][::-1], new[start:][::-1])
        found.add((old[start : len(old) - end], new[start : len(new) - end]))
    return frozenset(found)


def compare(before: Path, after: Path) -> int:
    """Print what differs between two folders of records, each cause once, and return the exit code."""
    old, new = ({one["key"]: one for one in _read(folder)} for folder in (before, after))
    same, other = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    causes: defaultdict[frozenset[tuple[str, str]], list[tuple[Record, list[str]]]] = defaultdict(list)
    for key in dict.fromkeys((*old, *new)):
        one = old.get(key) or new[key]
        was = now = None
        if old.get(key) != new.get(key):
            was, now = (compared(records[key]) if key in records else None for records in (old, new))
        (same if was == now else other)[one["kind"], one["route"]] += 1
        if was != now:
            changes = differences(was, now)
            causes[cause(changes)].append((one, changes))
    print("identical  differing")
    for group in sorted(same.keys() | other.keys()):
        print(f"{same[group]:9,}  {other[group]:9,}  {': '.join(group)}")
    print(f"{same.total():9,}  {other.total():9,}  in all, of {len(causes):,} causes")
    for found in sorted(causes.values(), key=len, reverse=True)[:MOST_SHOWN]:
        first, changes = found[0]
        routes = Counter(f"{one['kind']}: {one['route']}" for one, _ in found).most_common(5)
        print(f"\n{len(found):,} × {', '.join(f'{route} ({number})' for route, number in routes)}")
        print(f"  first: {first['key'][:200]}")
        print(*(f"  {line[:300]}" for line in changes[:MOST_SHOWN]), sep="\n")
    return 1 if other else 0


def _read(folder: Path) -> Iterator[Record]:
    with gzip.open(folder / ANSWERS, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _plain(rule: str) -> str:
    """Return a route without the names of its parts, which nobody sees."""
    return re.sub("<[^>]*>", "<…>", rule)


def main() -> int:
    """Record or compare."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    actions = options.add_subparsers(dest="action", required=True)
    recording = actions.add_parser("record", help="ask everything, and write the answers into a folder")
    recording.add_argument("folder", type=Path)
    recording.add_argument("--corpus", type=Path, default=CHECKOUT / "corpus")
    comparing = actions.add_parser("compare", help="show what differs between two such folders")
    comparing.add_argument("folders", type=Path, nargs=2, metavar=("BEFORE", "AFTER"))
    given = options.parse_args()
    if given.action == "record":
        return record(given.folder, given.corpus)
    return compare(*given.folders)


if __name__ == "__main__":
    raise SystemExit(main())
