"""Measure the service as a user meets it: build, start, and searches over HTTP.

    python tests/benchmarks/service.py [--corpus DIR]

Prints one table. Timings belong here and in docs/performance.md, never in tests.
"""

from __future__ import annotations

import argparse
import http.client
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


def command(corpus: Path, index: Path, *arguments: str) -> list[str]:
    """Return the command line of the project on one corpus and index."""
    base = [sys.executable, "-W", "ignore", "-m", "search_service"]
    return [*base, "--corpus", str(corpus), "--index", str(index), *arguments]


def timed_start(corpus: Path, index: Path) -> tuple[subprocess.Popen[str], int, float]:
    """Start the service; return it, its port, and the seconds to its first answered search."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command(corpus, index, "serve", "--port", "0"), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    line = next(line for line in process.stdout if "http://" in line)
    port = int(line.rsplit(":", 1)[1].strip(" /\n"))
    timed_search(http.client.HTTPConnection("127.0.0.1", port), "stalking")
    return process, port, time.perf_counter() - started


def timed_search(connection: http.client.HTTPConnection, query: str) -> float:
    """Return the milliseconds that one search over an open connection takes."""
    started = time.perf_counter()
    connection.request("GET", f"/api/v1/search?q={quote(query)}")
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200
    return (time.perf_counter() - started) * 1000


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
        for name, query in QUERIES.items():
            times = [timed_search(connection, query) for _ in range(ROUNDS)]
            percentiles = statistics.quantiles(times, n=20)
            print(f"{name:<20}{statistics.median(times):>8.2f}{percentiles[-1]:>8.2f}")
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
