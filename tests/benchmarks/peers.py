"""Compare search with what people would use instead, in one run and one table.

    python tests/benchmarks/peers.py [--large] [--sizes 0,10000] [--seed 4]        or: make bench

Sizes are the real corpus (0) and generated ones (generated.py); --large adds 100,000 texts, which takes
most of an hour. Every engine gets the same queries: words that carry meaning, 2, 4 or 10 of them, in lower
case, from corpus/judgements.csv and from sentences of the corpus, each measured once; any word may match.
Each engine runs in a process of its own and they take turns, a block of queries each, so that what else the
machine does meets all of them alike: compare figures within a run.

What is printed is what was measured. "Did" is read off the answers. Engines that fail, or are left out, are
named with the reason. Times are those of the clock; the second table of ratios is of processor time, which
other processes on the machine cannot lengthen: where the two differ, the machine was busy.
"""

from __future__ import annotations

import argparse
import csv
import http.client
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engines import CORPUS, DOCUMENTS, ENGINES, FACETS, resident_mb
from generated import CORPUS as REAL_CORPUS
from generated import SEED, generate, sentences_of
from service import command, search, timed, timed_start

from search_service.practices.checks import check_corpus
from search_service.search.documents import searched_text
from search_service.text.analysis import analyse, is_stop

LENGTHS = (2, 4, 10)
BLOCK, BLOCKS = 25, 6
"""Queries an engine answers before the next has its turn, and turns: 150 of each length are measured."""

LEAD = 3
"""Queries before each turn that are not counted: the first after a pause finds the caches cold, which at one
in 25 would be most of what p95 shows."""

MAX_SECONDS = 5.0
"""An engine that took longer over one length is asked no more of it; the table says how many it answered."""

REAL, SERVED, LARGE = 0, 10_000, 100_000
"""Sizes: the real corpus, the first whose service is measured too, and the one that must be asked for."""

LEFT_OUT = {("stock Whoosh", LARGE): "building takes more than ten minutes"}

OURS = next(iter(ENGINES))
NEW_WORD = "zzpublished"
"""With a number a word no text holds, to see when a changed practice can be found."""

POLL_SECONDS = 0.02
PATIENCE_SECONDS = 60
PUBLICATIONS = 5
"""Practices changed one after another, each built and waited for."""

HERE = Path(__file__).parent


@dataclass(slots=True)
class Measured:
    """One row: an engine used one way on one corpus."""

    engine: str
    way: str
    build: dict[str, Any]
    load_seconds: float
    added_mb: float = 0.0
    did: list[dict[str, int | None]] = field(default_factory=list)
    wall: dict[int, list[float]] = field(default_factory=dict)
    cpu: dict[int, list[float]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How the row is called."""
        return f"{self.engine} {self.way}".strip()


class Peer:
    """An engine's process: built, then asked block by block."""

    def __init__(self, engine: str, folder: Path) -> None:
        report(f"building: {engine}")
        built = subprocess.run(
            self._command(engine, "build", folder), check=False, capture_output=True, text=True
        )
        if built.returncode:
            raise RuntimeError(_reason(built.stderr))
        self._process = subprocess.Popen(
            self._command(engine, "serve", folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        build, ready = json.loads(built.stdout), self._answer()
        self.rows = [Measured(engine, way, build, ready["seconds"]) for way in ready["ways"]]

    def ask(self, row: Measured, queries: Sequence[str]) -> tuple[list[float], list[float]]:
        """Return the milliseconds of each query by the clock, and of the processor."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"way": row.way, "queries": queries}) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        row.added_mb = answer["added_mb"]
        row.did += answer["did"]
        return answer["wall"], answer["cpu"]

    def end(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("its process ended while it was asked; see above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    @staticmethod
    def _command(engine: str, step: str, folder: Path) -> list[str]:
        return [sys.executable, "-W", "ignore", str(HERE / "engines.py"), engine, step, str(folder)]


def report(step: str) -> None:
    """Say on standard error what is being done."""
    print(f"{time.strftime('%H:%M:%S')} {step} …", file=sys.stderr, flush=True)


def _reason(stderr: str) -> str:
    lines = [line for line in stderr.splitlines() if line.strip()]
    return lines[-1] if lines else "without a message"


def queries_of(length: int, seed: int) -> list[str]:
    """Return distinct queries of `length` content words, judged ones first, then shuffled."""
    chance = random.Random(seed * 100 + length)
    with (REAL_CORPUS / "judgements.csv").open(encoding="utf-8", newline="") as file:
        judged = dict.fromkeys(_words(row["query"]) for row in csv.DictReader(file))
    found = dict.fromkeys(" ".join(words) for words in judged if len(words) == length)
    corpus = check_corpus(REAL_CORPUS).corpus
    assert corpus is not None
    pool = [
        words
        for practice in corpus.practices
        for sentences in sentences_of(practice).values()
        for words in map(_words, sentences)
        if len(words) >= length
    ]
    while len(found) < LEAD + BLOCK * BLOCKS:
        words = chance.choice(pool)
        start = chance.randrange(len(words) - length + 1)
        found[" ".join(words[start : start + length])] = None
    queries = list(found)[: LEAD + BLOCK * BLOCKS]
    chance.shuffle(queries)
    return queries


def _words(text: str) -> tuple[str, ...]:
    """Return the words of `text` that carry meaning and mean nothing to a query parser."""
    words = (text[t.start : t.end].lower() for t in analyse(text) if not is_stop(t.stem))
    return tuple(word for word in words if word.isascii() and word.isalnum())


def write_documents(folder: Path) -> int:
    """Write what the peers index, and return how many there are; the texts are those we search."""
    corpus = check_corpus(folder / CORPUS).corpus
    assert corpus is not None
    with (folder / DOCUMENTS).open("w", encoding="utf-8") as file:
        for practice in corpus.practices:
            text = "\n".join(searched_text(practice, corpus.taxonomy).values())
            values = {name: practice.values(name) for name in FACETS}
            line = {"key": practice.id, "title": practice.title, "text": text, **values}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return len(corpus.practices)


def measure(folder: Path, size: int, seed: int) -> list[Measured]:
    """Build and ask every engine on the corpus in `folder`; failures are reported and left out."""
    peers: list[Peer] = []
    for engine in ENGINES:
        try:
            if (engine, size) in LEFT_OUT:
                raise RuntimeError(LEFT_OUT[engine, size])
            peers.append(Peer(engine, folder))
        except RuntimeError as error:
            print(f"\nNot measured: {engine} on {size:,} texts: {error}")
    rows = [(peer, row) for peer in peers for row in peer.rows]
    for length in LENGTHS:
        report(f"asking: {length} words")
        queries = queries_of(length, seed)
        lead, blocks = queries[:LEAD], [queries[n : n + BLOCK] for n in range(LEAD, len(queries), BLOCK)]
        for block in blocks:
            for peer, row in rows:
                if sum(row.wall.get(length, [])) < MAX_SECONDS * 1000:
                    wall, cpu = peer.ask(row, [*lead, *block])
                    row.wall.setdefault(length, []).extend(wall[LEAD:])
                    row.cpu.setdefault(length, []).extend(cpu[LEAD:])
    for peer in peers:
        peer.end()
    return [row for _, row in rows]


def print_engines(title: str, rows: Sequence[Measured]) -> None:
    """Print what each engine did and took."""
    print(f"\n### {title}\n")
    heads = [f"{length} words, p50 / p95 ms" for length in LENGTHS]
    print("| engine | did | build s | peak MB | load s | memory MB |", " | ".join(heads), "| queries |")
    print("|---" * (7 + len(LENGTHS)) + "|")
    for row in rows:
        seconds = [f"{p50:.2f} / {p95:.2f}" for p50, p95 in (percentiles(row.wall[n]) for n in LENGTHS)]
        asked = ", ".join(str(len(row.wall[n])) for n in LENGTHS)
        if len({len(row.wall[n]) for n in LENGTHS}) == 1:
            asked = str(len(row.wall[LENGTHS[0]]))
        figures = f"{row.build['seconds']:.1f} | {row.build['peak_mb']:.0f} | {row.load_seconds:.2f}"
        print(
            f"| {row.name} | {_did(row)} | {figures} | {row.added_mb:.0f} |",
            " | ".join(seconds),
            f"| {asked} |",
        )
    for row in rows:
        if row.build["steps"]:
            steps = (f"{step.lower()} {seconds:.1f} s" for step, seconds in row.build["steps"].items())
            print(f"\nBuild of {row.engine}: {'; '.join(steps)}.")


def _did(row: Measured) -> str:
    """Return the most an engine gave for any query, and how many texts it found for the middle one."""
    most = {key: max(did[key] or 0 for did in row.did) for key in row.did[0]}
    parts = [f"top {most['titles']}"]
    parts += (
        [f"total ({statistics.median(did['total'] or 0 for did in row.did):,.0f})"] if most["total"] else []
    )
    parts += [f"{most['facets']} facets"] if most["facets"] else []
    parts += [f"{most['snippets']} snippets"] if most["snippets"] else []
    return ", ".join(parts)


def print_ratios(title: str, rows: Sequence[Measured], clock: str) -> None:
    """Print our time over each peer's by one clock, over the queries that both answered."""
    ours = next((row for row in rows if row.engine == OURS), None)
    if ours is None:
        return
    named = {"wall": "by the clock", "cpu": "in processor time"}[clock]
    print(f"\n{title}, {OURS} / peer {named}, p50 and p95 (below 1: we are faster)\n")
    print("| peer |", " | ".join(f"{length} words" for length in LENGTHS), "|")
    print("|---" * (1 + len(LENGTHS)) + "|")
    for row in rows:
        if row is not ours:
            cells = []
            for length in LENGTHS:
                peer = getattr(row, clock)[length]
                own = getattr(ours, clock)[length][: len(peer)]
                pairs = zip(percentiles(own), percentiles(peer[: len(own)]), strict=True)
                cells.append(" / ".join(_ratio(one / other) for one, other in pairs))
            print(f"| {row.name} |", " | ".join(cells), "|")


def _ratio(value: float) -> str:
    return f"{value:.2f}" if value >= 0.095 else f"1/{1 / value:.0f}"


def percentiles(times: Sequence[float]) -> tuple[float, float]:
    """Return p50 and p95."""
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def measure_service(folder: Path, seed: int) -> Iterator[tuple[str, str]]:
    """Yield what the running service takes: start, memory, and publishing one changed practice."""
    corpus, index = folder / CORPUS, folder / "index"
    report("measuring the service")
    process, port, seconds = timed_start(corpus, index)
    try:
        yield "start with a current snapshot to the first answered search", f"{seconds:.1f} s"
        connection = http.client.HTTPConnection("127.0.0.1", port)
        queries = [query for length in LENGTHS for query in queries_of(length, seed)]
        times = [timed(connection, search(query)) for query in queries]
        took = " / ".join(f"{value:.1f}" for value in percentiles(times))
        yield f"search over HTTP, {len(times)} queries of {LENGTHS} words, p50 / p95", f"{took} ms"
        yield "memory of the service after them", f"{resident_mb(process.pid):.0f} MB"
        published = [_published(corpus, index, port, number) for number in range(PUBLICATIONS)]
        for what, taken in (
            ("the build command", [built for built, _ in published]),
            ("found by the running service", [found for _, found in published]),
        ):
            times = f"{statistics.median(taken):.2f} / {max(taken):.2f} s"
            yield f"publish one changed practice: {what}, middle / longest of {PUBLICATIONS}", times
        yield "memory of the service after that", f"{resident_mb(process.pid):.0f} MB"
        peak = resident_mb(process.pid, "VmHWM")
        yield "… at most, while it held the old and the new snapshot", f"{peak:.0f} MB"
    finally:
        process.terminate()
        process.wait()


def _published(corpus: Path, index: Path, port: int, number: int) -> tuple[float, float]:
    """Change a practice and build; return the seconds to the end of the command, and until it is found."""
    path = sorted((corpus / "practices").glob("*.md"))[number * 7]
    word = f"{NEW_WORD}{number}"
    path.write_text(path.read_text(encoding="utf-8").replace("## Aim\n", f"## Aim\n{word}. ", 1), "utf-8")
    started = time.perf_counter()
    subprocess.run(command(corpus, index, "build"), check=True, capture_output=True)
    built = time.perf_counter() - started
    connection = http.client.HTTPConnection("127.0.0.1", port)  # a kept one is closed during a long build
    while not _found(connection, word):
        if time.perf_counter() - started > PATIENCE_SECONDS:
            raise RuntimeError(f"{word} was not found within {PATIENCE_SECONDS} s")
        time.sleep(POLL_SECONDS)
    return built, time.perf_counter() - started


def _found(connection: http.client.HTTPConnection, word: str) -> bool:
    connection.request("GET", f"/api/v1/search?q={word}")
    return bool(json.loads(connection.getresponse().read())["total"])


def main() -> None:
    """Run every comparison and print it."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--large", action="store_true", help=f"{LARGE:,} generated texts as well")
    options.add_argument(
        "--sizes", default=f"{REAL},{SERVED}", help="texts to generate; 0 is the real corpus"
    )
    options.add_argument("--seed", type=int, default=SEED)
    given = options.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")] + ([LARGE] if given.large else [])
    print(
        f"{time.strftime('%d %B %Y')}, {os.cpu_count()} cores, Python {platform.python_version()}, ", end=""
    )
    print(f"seed {given.seed}, {os.getloadavg()[0]:.1f} processes running at the start", flush=True)
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="practice-finder-bench-") as temporary:
            folder = Path(temporary)
            if size == REAL:
                (folder / CORPUS).symlink_to(REAL_CORPUS)
            else:
                report(f"generating {size:,} practices")
                generate(folder / CORPUS, size, given.seed)
            title = f"{write_documents(folder):,} {'real' if size == REAL else 'generated'} practices"
            rows = measure(folder, size, given.seed)
            print_engines(title, rows)
            print_ratios(title, rows, "wall")
            print_ratios(title, rows, "cpu")
            if size in (SERVED, LARGE) and any(row.engine == OURS for row in rows):
                print(f"\nThe service with {title}\n\n| what | measured |\n|---|---|")
                for what, value in measure_service(folder, given.seed):
                    print(f"| {what} | {value} |", flush=True)


if __name__ == "__main__":
    main()
