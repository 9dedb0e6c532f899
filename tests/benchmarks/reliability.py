"""Load the service while snapshots are swapped and workers are killed, and count what went wrong.

    python tests/benchmarks/reliability.py [--minutes 30] [--rate 150] [--out FILE]

gunicorn serves with its profile (2 workers, no limit on requests). 32 clients ask the mixed set over kept
connections, each after a pause of random length, so that all of them together ask `--rate` times a second:
which keeps it at about half of one core, since clients and builds share the machine. Every 30 seconds the
other of two corpora (the shipped one with 40 generated practices, and with 40 others) is built into the
served index by the command line; every minute the youngest worker is killed (SIGKILL), so that the other
one lives through all the swaps and shows whether it grows.

Each answer must be, byte by byte, what the application over a `Library` of one of the two corpora gives;
an answer of the old one is wrong too once a publication is `GRACE` seconds old. A connection that ends
without an answer is put down to a kill only if a worker was killed since that connection last worked; the
client then asks once more over a new one, as a proxy does. Whatever else is lost is counted as lost.

Prints a summary in Markdown, and exits with 1 where anything was wrong. Linux only: it reads /proc.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import traffic
from generated import CORPUS, generate
from service import command
from traffic import Answer, Asked

CLIENTS = 32
RENEWED_AFTER = 200
"""Requests after which a client takes a new connection: browsers come and go, and load spreads again
over the workers after a kill."""

LONGEST_PAUSE = 3.0
"""Seconds; below the five for which the profile keeps a silent connection."""

SWAP_SECONDS, KILL_SECONDS, MEMORY_SECONDS = 30.0, 60.0, 1.0
KILL_AFTER = 45.0
"""The first kill falls between two swaps."""

GRACE = 5.0
"""Seconds after a publication in which the old snapshot may still be answered from: both workers must meet
a request, see that there is a new one, and load it on a busy machine."""

ADDED = 40
"""Generated practices that each corpus has for itself: enough to change nearly every answer, and more than
a tenth, so that either build analyses all texts anew. (Below that new texts are folded into the analysis
there is, which makes the last digits of scores depend on the build before.) Both corpora are of one size, so
that memory does not go up and down with them."""

FLAT_MINUTES, FLAT = 10, 0.02
"""Memory is called flat if the means of the last ten minutes lie within 2 % of one another. Means, since each
minute holds two swaps, with two snapshots in memory for a moment, and a kill, with one worker fewer."""


@dataclass(slots=True)
class Happened:
    """All that the clients, the swaps, the kills and the meters wrote down; times are of the same clock."""

    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    errors: list[tuple[float, float, float, str]] = field(default_factory=list)
    """Connection last sound, request sent, found broken, and what was asked. Sound it was when the last
    request that it answered was sent: the worker may have died while the client was reading."""
    lost: list[str] = field(default_factory=list)
    """Requests that a second connection did not answer either."""
    kills: list[float] = field(default_factory=list)
    publications: list[tuple[float, int]] = field(default_factory=list)
    """When a build was published, and of which corpus (0 or 1)."""
    failed_builds: list[str] = field(default_factory=list)
    memory: list[tuple[float, dict[int, tuple[float, float]]]] = field(default_factory=list)
    """When, and resident memory and share of each worker in MB."""


class Run:
    """One run: the served index, the right answers, and everything that happens to them."""

    def __init__(self, master: int, port: int, answers: Sequence[dict[Asked, Answer]], ends: float) -> None:
        self.master, self.port, self.answers, self.ends = master, port, answers, ends
        self.happened = Happened()
        self._lock = threading.Lock()

    def pause(self, seconds: float) -> bool:
        """Wait; tell whether the run goes on."""
        time.sleep(max(0.0, min(seconds, self.ends - time.monotonic())))
        return time.monotonic() < self.ends

    def client(self, kinds: dict[str, list[Asked]], pause: float, seed: int) -> None:
        """Ask the mixed set until the end, with pauses that are `pause` seconds in the mean."""
        chance = random.Random(seed)
        requests = traffic.drawn(kinds, chance)
        connection, sound, asked = traffic.Connection(self.port), time.monotonic(), 0
        while self.pause(min(LONGEST_PAUSE, chance.expovariate(1 / pause))):
            if asked >= RENEWED_AFTER:
                connection.close()
                connection, sound, asked = traffic.Connection(self.port), time.monotonic(), 0
            one = next(requests)
            started = sent = time.monotonic()
            try:
                answer = connection.ask(one)
            except traffic.LOST as error:
                self._note_error(sound, started, one, error)
                connection.close()
                connection, sent, asked = traffic.Connection(self.port), time.monotonic(), 0
                answer = self._again(connection, one)
            sound, asked = sent, asked + 1
            if answer:
                self._note(one, answer, started, time.monotonic())
        connection.close()

    def _again(self, connection: traffic.Connection, one: Asked) -> Answer | None:
        try:
            return connection.ask(one)
        except traffic.LOST as error:
            with self._lock:
                self.happened.lost.append(f"{one.method} {one.address}: {error!r}")
            connection.close()
            return None

    def _note_error(self, sound: float, started: float, one: Asked, error: Exception) -> None:
        with self._lock:
            self.happened.errors.append((sound, started, time.monotonic(), f"{one.address}: {error!r}"))

    def _note(self, one: Asked, answer: Answer, started: float, ended: float) -> None:
        right = [number for number, answers in enumerate(self.answers) if answers[one] == answer]
        with self._lock:
            self.happened.milliseconds.setdefault(one.kind, []).append((ended - started) * 1000)
            self.happened.statuses[answer.status] += 1
            told = f"{one.method} {one.address}: {answer.status} {answer.content_type}"
            if not right:
                self.happened.wrong.append(told)
            elif not set(right) & self._may_be_served(started, ended):
                self.happened.stale.append(told)

    def _may_be_served(self, started: float, ended: float) -> set[int]:
        """Return the corpora that may be answered from between two times.

        A build takes effect somewhat before its command ends, when it is noted, so the newest two are
        allowed while a build is under way; those are all there are, until the newest has stood alone.
        """
        last, served = self.happened.publications[-1]
        if started < last + GRACE or ended > last + SWAP_SECONDS / 2:
            return {0, 1}
        return {served}

    def swap(self, corpora: Sequence[Path], index: Path) -> None:
        """Build the other corpus every half minute."""
        which = 0
        due = time.monotonic() + SWAP_SECONDS
        while self.pause(due - time.monotonic()):
            which, due = 1 - which, due + SWAP_SECONDS
            done = subprocess.run(command(corpora[which], index, "build"), capture_output=True, check=False)
            with self._lock:
                if done.returncode:
                    self.happened.failed_builds.append(done.stderr.decode(errors="replace")[-300:])
                else:
                    self.happened.publications.append((time.monotonic(), which))

    def kill(self) -> None:
        """Kill the youngest worker every minute."""
        due = time.monotonic() + KILL_AFTER
        while self.pause(due - time.monotonic()):
            due += KILL_SECONDS
            youngest = traffic.children(self.master)[-1]
            with self._lock:
                self.happened.kills.append(time.monotonic())
            os.kill(youngest, signal.SIGKILL)

    def weigh(self) -> None:
        """Write down the memory of the workers every second."""
        while self.pause(MEMORY_SECONDS):
            weighed = {pid: traffic.memory_mb(pid) for pid in traffic.children(self.master)}
            self.happened.memory.append((time.monotonic(), weighed))


def two_corpora(folder: Path) -> list[Path]:
    """Make the two corpora: the shipped one, each time with other generated practices."""
    return [_with_generated(folder / f"{seed}", seed) for seed in (1, 2)]


def _with_generated(folder: Path, seed: int) -> Path:
    made = folder / "corpus"
    shutil.copytree(CORPUS, made)
    generate(folder / "generated", ADDED, seed)
    for path in (folder / "generated" / "practices").iterdir():
        shutil.copy(path, made / "practices")
    return made


def by_kill(happened: Happened) -> tuple[int, int, list[str]]:
    """Return how many connections a kill ended with a request in hand, how many without, and the others.

    The others are what was asked over connections that ended without a kill.
    """
    in_hand = idle = 0
    unexplained = []
    for sound, started, broken, told in happened.errors:
        kills = [kill for kill in happened.kills if sound <= kill <= broken]
        if not kills:
            before = [broken - kill for kill in happened.kills if kill < broken]
            last = f"{min(before):.2f} s after the last kill" if before else "before any kill"
            unexplained.append(
                f"{told}, {last}; sound {broken - sound:.2f} s before, sent {broken - started:.2f}"
            )
        elif max(kills) >= started:
            in_hand += 1
        else:
            idle += 1
    return in_hand, idle, unexplained


def memory_by_minute(
    happened: Happened, weigh: Callable[[dict[int, tuple[float, float]]], float]
) -> list[float]:
    """Return the mean of what was weighed in each minute of the run."""
    first = happened.memory[0][0] if happened.memory else 0.0
    minutes: dict[int, list[float]] = {}
    for at, weighed in happened.memory:
        minutes.setdefault(int((at - first) // 60), []).append(weigh(weighed))
    return [statistics.fmean(values) for values in minutes.values()]


def spread(values: Sequence[float]) -> float:
    """Return how far values lie apart, as a share of their middle; 0 of fewer than two."""
    return (max(values) - min(values)) / statistics.median(values) if len(values) > 1 else 0.0


def summary(happened: Happened, minutes: float, processor: dict[str, float]) -> Iterator[str]:
    """Yield the lines of the summary in Markdown."""
    answered = sum(happened.statuses.values())
    in_hand, idle, unexplained = by_kill(happened)
    fives = sum(count for status, count in happened.statuses.items() if status >= 500)
    veteran = happened.memory[-1][1] if happened.memory else {}
    oldest = next(iter(veteran), 0)  # not the least number: those begin again
    yield f"{datetime.now(UTC):%d %B %Y %H:%M} UTC, {minutes:g} minutes, {os.cpu_count()} cores, Python"
    yield f"{platform.python_version()}, load of the machine {os.getloadavg()[0]:.1f} at the end."
    yield ""
    yield "| what | measured |"
    yield "|---|---|"
    rate = answered / minutes / 60
    yield f"| requests answered | {answered:,} ({rate:.0f} a second) by {CLIENTS} clients |"
    yield f"| wrong answers | {len(happened.wrong)} |"
    yield f"| answers from the old snapshot {GRACE:g} s after a publication | {len(happened.stale)} |"
    yield f"| answers of 500 and more | {fives} |"
    yield f"| snapshots swapped | {len(happened.publications) - 1} |"
    yield f"| builds failed | {len(happened.failed_builds)} |"
    yield f"| workers killed | {len(happened.kills)} |"
    yield f"| requests in a killed worker's hands, answered when asked again | {in_hand} |"
    yield f"| silent connections that ended with a worker, answered over a new one | {idle} |"
    yield f"| connections lost that no kill explains | {len(unexplained)} |"
    yield f"| requests not answered when asked again either | {len(happened.lost)} |"
    statuses = ", ".join(f"{status}: {count:,}" for status, count in sorted(happened.statuses.items()))
    yield f"| answers by status | {statuses} |"
    for name, seconds in processor.items():
        yield f"| processor time, {name} | {seconds / minutes / 60:.0%} of a core |"
    weighings: dict[str, Callable[[dict[int, tuple[float, float]]], float]] = {
        "all workers, PSS": lambda weighed: sum(pss for _, pss in weighed.values()),
        "all workers, RSS": lambda weighed: sum(rss for rss, _ in weighed.values()),
        "the worker that lived throughout, RSS": lambda weighed: weighed.get(oldest, (0.0, 0.0))[0],
    }
    for name, weigh in weighings.items():
        last = memory_by_minute(happened, weigh)[-FLAT_MINUTES:]
        peak = max((weigh(weighed) for _, weighed in happened.memory), default=0.0)
        flat = "" if len(last) < FLAT_MINUTES else "; flat" if spread(last) <= FLAT else "; **not flat**"
        means = f"means of the last {len(last)} minutes {min(last):.0f} to {max(last):.0f} MB"
        yield f"| memory, {name} | {means} ({spread(last):.1%} apart{flat}); at most {peak:.0f} MB |"
        series = " ".join(f"{value:.0f}" for value in memory_by_minute(happened, weigh))
        yield f"| minute by minute, {name} | {series} |"
    yield ""
    yield "| kind | requests | p50 ms | p95 ms | p99 ms | p99.9 ms | longest ms |"
    yield "|---|---|---|---|---|---|---|"
    everything = [one for times in happened.milliseconds.values() for one in times]
    for kind, times in [*sorted(happened.milliseconds.items()), ("all", everything)]:
        shown = " | ".join(f"{traffic.percentile(times, share):.1f}" for share in (0.5, 0.95, 0.99, 0.999, 1))
        yield f"| {kind} | {len(times):,} | {shown} |"
    for name in ("wrong", "stale", "lost", "failed_builds"):
        yield from (f"- {name}: {told}" for told in getattr(happened, name)[:10])
    yield from (f"- unexplained: {told}" for told in unexplained[:10])


def measured(minutes: float, rate: float) -> tuple[Happened, dict[str, float], str]:
    """Serve, load, swap and kill; return what happened, processor time, and the errors in the log."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpora = two_corpora(folder)
        index, log = folder / "index", folder / "gunicorn.log"
        subprocess.run(command(corpora[0], index, "build"), check=True, capture_output=True)
        kinds = traffic.mixed(traffic.library_of(corpora[0]))
        everything = [one for asked in kinds.values() for one in asked]
        with traffic.gunicorn(index, log) as (process, port):
            traffic.wait_for(lambda: len(traffic.children(process.pid)) >= 2)
            print(f"working out {len(everything)} right answers of each of two corpora", file=sys.stderr)
            answers = [traffic.right_answers(one, everything, f"127.0.0.1:{port}") for one in corpora]
            print(f"loading for {minutes:g} minutes", file=sys.stderr)
            run = Run(process.pid, port, answers, time.monotonic() + minutes * 60)
            run.happened.publications.append((time.monotonic() - GRACE, 0))
            processor = _loaded(run, kinds, CLIENTS / rate, corpora, index)
        errors = [line for line in log.read_text(errors="replace").splitlines() if "rror" in line]
        return run.happened, processor, "\n".join(errors[:20])


def _loaded(
    run: Run, kinds: dict[str, list[Asked]], pause: float, corpora: Sequence[Path], index: Path
) -> dict[str, float]:
    """Let everything happen at once until the end; return the processor time of each part."""
    threads = [
        threading.Thread(target=run.client, args=(kinds, pause, seed), name=f"client {seed}")
        for seed in range(CLIENTS)
    ]
    threads += [
        threading.Thread(target=run.swap, args=(corpora, index)),
        threading.Thread(target=run.kill),
        threading.Thread(target=run.weigh),
    ]
    before = _processor(run.master)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = _processor(run.master)
    return {name: after[name] - before[name] for name in after}


def _processor(master: int) -> dict[str, float]:
    """Return the processor time so far of the service (ended workers included), the clients, and builds."""
    service = sum(traffic.processor_seconds(pid) for pid in traffic.children(master))
    own = os.times()
    return {
        "the service": service + traffic.ended_children_seconds(master),
        "the 32 clients": own.user + own.system,
        "builds": own.children_user + own.children_system,
    }


def main() -> int:
    """Run, print the summary, and tell whether all went well."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--minutes", type=float, default=30.0)
    options.add_argument(
        "--rate", type=float, default=150.0, help="requests a second of all clients together"
    )
    options.add_argument("--out", type=Path, help="write the summary to this file too")
    given = options.parse_args()
    happened, processor, errors = measured(given.minutes, given.rate)
    text = "\n".join(summary(happened, given.minutes, processor))
    print(text)
    print(f"\nerrors in gunicorn's log:\n{errors or 'none'}", file=sys.stderr)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")
    *_, unexplained = by_kill(happened)
    bad = [happened.wrong, happened.stale, happened.lost, happened.failed_builds, unexplained]
    fives = any(status >= 500 for status in happened.statuses)
    return int(fives or any(bad))


if __name__ == "__main__":
    raise SystemExit(main())
