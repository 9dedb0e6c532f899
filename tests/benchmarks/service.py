"""Measure the service as a user meets it: build, start, searches and pages over HTTP.

    python tests/benchmarks/service.py [--corpus DIR]

Prints two tables. Timings belong here and in docs/performance.md, never in tests.
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

ROUNDS = 300
QUERIES = {
    "1 word": "stalking",
    "2 words": "knife crime",
    "6 words": "kids running away from care homes",
    "11 words": "has anyone tried body worn cameras to help victims of domestic abuse",
    "phrase and prefix": '"risk assessment" stalk*',
    "filter": "theme:fraud",
}
PAGES = {
    "home": "/",
    "results": "/search?q=missing",
    "practice": "/practices/philomena-protocol",
    "gaps": "/gaps",
}


def command(corpus: Path, index: Path, *arguments: str) -> list[str]:
    """Return the command line of the project on one corpus and index."""
    base = [sys.executable, "-W", "ignore", "-m", "search_service"]
    return [*base, "--corpus", str(corpus), "--index", str(index), *arguments]


def timed_start(corpus: Path, index: Path) -> tuple[subprocess.Popen[str], int, float]:
    """Start the service; return it, its port, and the seconds to its first answered search."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command(corpus, index, "serve", "--port", "0"),
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PRACTICE_FINDER_RATE_LIMIT": "0"},
    )
    assert process.stdout is not None
    line = next(line for line in process.stdout if "http://" in line)
    port = int(line.rsplit(":", 1)[1].strip(" /\n"))
    timed(http.client.HTTPConnection("127.0.0.1", port), search("stalking"))
    return process, port, time.perf_counter() - started


def search(query: str) -> str:
    """Return the address of a search."""
    return f"/api/v1/search?q={quote(query)}"


def timed(connection: http.client.HTTPConnection, address: str, **headers: str) -> float:
    """Return the milliseconds that one request over an open connection takes."""
    started = time.perf_counter()
    connection.request("GET", address, headers=headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200
    return (time.perf_counter() - started) * 1000


def print_times(connection: http.client.HTTPConnection, addresses: dict[str, str], **headers: str) -> None:
    """Ask for each address some hundred times, and print the median and the 95th percentile."""
    for name, address in addresses.items():
        times = [timed(connection, address, **headers) for _ in range(ROUNDS)]
        percentiles = statistics.quantiles(times, n=20)
        print(f"{name:<20}{statistics.median(times):>8.2f}{percentiles[-1]:>8.2f}")


def main() -> None:
    """Build, start and search, and print what each took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--corpus", type=Path, default=Path(__file__).parents[2] / "corpus")
    corpus = options.parse_args().corpus
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder)
        started = time.perf_counter()
        subprocess.run(command(corpus, index, "build"), check=True, capture_output=True)
        practices = len(list((corpus / "practices").glob("*.md")))
        print(f"build of {practices} practices: {time.perf_counter() - started:.2f} s")
        process, port, seconds = timed_start(corpus, index)
        print(f"start to first answered search: {seconds:.2f} s")
        connection = http.client.HTTPConnection("127.0.0.1", port)
        print(f"{'search over HTTP':<20}{'p50 ms':>8}{'p95 ms':>8}")
        print_times(connection, {name: search(query) for name, query in QUERIES.items()})
        print(f"{'page, packed':<20}{'p50 ms':>8}{'p95 ms':>8}")
        print_times(connection, PAGES, **{"Accept-Encoding": "gzip"})
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
