"""Measure how many requests a second are answered, and how long they wait at 80 % of that.

    python tests/benchmarks/throughput.py [--seconds 20] [--out FILE]

Serves the shipped corpus in turn with waitress (`practice-finder serve`) and with gunicorn (the profile), and
asks three sets: searches (the judged queries, over the API), pages (of practices), and the mixed set of
`reliability.py`. The rate is found with 16 kept connections that ask one request after the other; the
waiting times with an open loop: requests fall due at random moments, 80 in 100 of that rate, whether or not
the ones before are answered, and each is timed from the moment it was due. Then searches are set against a
route of the same application that returns a constant, over one connection and over 16, and against /healthz.

Clients run on the same cores: what they take is in the table, and a machine with two cores has the rest for
the service. Every answer's status is checked. Linux only: it reads /proc.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import traffic
from generated import CORPUS
from service import command
from traffic import Asked

CONNECTIONS = 16
OPEN_CONNECTIONS = 64
"""Clients of the open loop: enough that one is free when a request falls due, unless the service stalls."""

LOAD = 0.8
WANTED = 0.5
"""What a search must reach of the constant's rate."""

TURNS = 4
"""Searches and constants take turns, so that what else the machine does meets both; the middle counts."""

SEED = 8


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second, and processor time of service and clients in cores."""

    requests: float
    service: float
    clients: float


class Server:
    """A running service: where it is, and what processor time it has taken."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    def processor_seconds(self) -> float:
        """Return the processor time of the service so far."""
        pids = [self.process.pid, *traffic.children(self.process.pid)]
        return sum(traffic.processor_seconds(pid) for pid in pids)


def closed_loop(server: Server, asked: Sequence[Asked], connections: int, seconds: float) -> Rate:
    """Ask one request after the other over each connection, and return the rate."""
    counts = [0] * connections
    ends = time.monotonic() + seconds

    def client(number: int) -> None:
        chance, connection = random.Random(SEED + number), traffic.Connection(server.port)
        while time.monotonic() < ends:
            _checked(connection, chance.choice(asked))
            counts[number] += 1
        connection.close()

    service, own, started = server.processor_seconds(), time.process_time(), time.monotonic()
    _all(client, connections)
    took = time.monotonic() - started
    used = (server.processor_seconds() - service) / took, (time.process_time() - own) / took
    return Rate(sum(counts) / took, *used)


def open_loop(server: Server, asked: Sequence[Asked], rate: float, seconds: float) -> list[float]:
    """Ask `rate` times a second at random moments; return the milliseconds from due to answered."""
    chance = random.Random(SEED)
    due = [time.monotonic() + 0.5]
    while due[-1] < due[0] + seconds:
        due.append(due[-1] + chance.expovariate(rate))
    waiting = iter([(at, chance.choice(asked)) for at in due])
    lock, times = threading.Lock(), []

    def client(_number: int) -> None:
        connection = traffic.Connection(server.port)
        while True:
            with lock:
                at, one = next(waiting, (0.0, None))
            if one is None:
                break
            time.sleep(max(0.0, at - time.monotonic()))
            _checked(connection, one)
            times.append((time.monotonic() - at) * 1000)
        connection.close()

    _all(client, OPEN_CONNECTIONS)
    return times


def _checked(connection: traffic.Connection, one: Asked) -> None:
    """Ask; a connection that was closed for being silent is opened again. Raises where an answer is wrong."""
    try:
        answer = connection.ask(one)
    except traffic.LOST:
        connection.close()
        answer = connection.ask(one)
    if answer.status >= (500 if one.kind == "wrong input" else 400):
        raise AssertionError(f"{one.method} {one.address}: {answer.status}")


def _all(client: Callable[[int], None], number: int) -> None:
    threads = [threading.Thread(target=client, args=(one,)) for one in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def sets() -> dict[str, list[Asked]]:
    """Return the requests of each set, those of the mixed one as often as they are asked."""
    kinds = traffic.mixed(traffic.library_of(CORPUS))
    drawn = traffic.drawn(kinds, random.Random(SEED))
    return {
        "search": kinds["search"],
        "page": [one for one in kinds["practice"] if one.address.startswith("/practices/")],
        "mixed": [next(drawn) for _ in range(5_000)],
    }


def table(servers: Mapping[str, Callable[[], object]], seconds: float) -> Iterator[str]:
    """Yield the table of rates and waiting times, then that of constants."""
    asked = sets()
    yield "| server | set | a second | cores of service, clients | at 80 %: p50 ms | p99 ms | longest ms |"
    yield "|---|---|---|---|---|---|---|"
    constants: list[str] = []
    for name, serve in servers.items():
        with serve() as (process, port):  # type: ignore[attr-defined]
            server = Server(process, port)
            for kind, requests in asked.items():
                closed_loop(server, requests, CONNECTIONS, 1.0)  # warms up
                rate = closed_loop(server, requests, CONNECTIONS, seconds)
                times = open_loop(server, requests, LOAD * rate.requests, seconds)
                shown = " | ".join(f"{traffic.percentile(times, share):.1f}" for share in (0.5, 0.99, 1))
                cores = f"{rate.service:.2f}, {rate.clients:.2f}"
                yield f"| {name} | {kind} | {rate.requests:,.0f} | {cores} | {shown} |"
            if name == "waitress":
                constants = list(against_constants(server, asked["search"], seconds))
    yield ""
    yield from constants


def against_constants(server: Server, searches: Sequence[Asked], seconds: float) -> Iterator[str]:
    """Yield the table that sets searches against routes that return a constant, taking turns."""
    asked = {
        "search": searches,
        "constant answer of that size": [Asked("constant", traffic.CONSTANT)],
        "/healthz": [Asked("constant", "/healthz")],
    }
    yield "| waitress, over | asked | a second | ratio | processor ms of the service each | ratio |"
    yield "|---|---|---|---|---|---|"
    for connections in (1, CONNECTIONS):
        turns = [
            [closed_loop(server, one, connections, seconds / TURNS) for one in asked.values()]
            for _ in range(TURNS)
        ]
        rates = [statistics.median(rate.requests for rate in turn) for turn in zip(*turns, strict=True)]
        each = [
            statistics.median(rate.service / rate.requests * 1000 for rate in turn)
            for turn in zip(*turns, strict=True)
        ]
        for name, rate, spent in zip(asked, rates, each, strict=True):
            under = " (**under 0.5**)" if rates[0] / rate < WANTED else ""
            ratios = f"{rates[0] / rate:.2f}{under}", f"{each[0] and spent / each[0]:.2f}"
            yield f"| {connections} kept | {name} | {rate:,.0f} | {ratios[0]} | {spent:.2f} | {ratios[1]} |"


def main() -> None:
    """Measure, and print the tables in Markdown."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--seconds", type=float, default=20.0, help="of each measurement")
    options.add_argument("--out", type=Path, help="write the tables to this file too")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(command(CORPUS, folder / "index", "build"), check=True, capture_output=True)
        with (folder / "waitress.log").open("wb") as log:
            servers = {
                "waitress": lambda: traffic.waitress(folder / "index", log),
                "gunicorn": lambda: traffic.gunicorn(folder / "index", folder / "gunicorn.log"),
            }
            lines = [
                f"{datetime.now(UTC):%d %B %Y %H:%M} UTC, {given.seconds:g} s each, {os.cpu_count()} cores,",
                f"Python {platform.python_version()}; load of the machine before {os.getloadavg()[0]:.1f}.",
                "",
            ]
            print("\n".join(lines), flush=True)
            for line in table(servers, given.seconds):
                print(line, flush=True)
                lines.append(line)
    if given.out:
        given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
