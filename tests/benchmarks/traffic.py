"""What the load and throughput measurements share: requests, what their answers must be, and servers.

A right answer is known exactly: the application over a `Library` in this process gives the body that the
service must give, byte by byte, for the same snapshot's corpus.
"""

from __future__ import annotations

import csv
import hashlib
import http.client
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

from generated import CORPUS

from search_service.library import Library
from search_service.settings import PREFIX, Settings
from search_service.snapshot.build import build, load
from search_service.web.app import create_app

PATIENCE = 30.0
"""Seconds that a server may take before it is given up."""

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

TICKS = os.sysconf("SC_CLK_TCK")
"""Units of processor time in a second, as /proc counts them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that the traffic is made of."""

    kind: str
    address: str
    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is compared of an answer: its status, its format, and a checksum of what it says."""

    status: int
    content_type: str
    content: str

    @classmethod
    def of(cls, status: int, content_type: str, body: bytes) -> Answer:
        """Return an answer; of a Word document the text counts, for the archive holds the time."""
        if "wordprocessingml" in content_type and body[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                body = archive.read("word/document.xml")
        return cls(status, content_type, hashlib.sha256(body).hexdigest())


WEIGHTS = {
    "search": 30,
    "search page": 20,
    "filters": 10,
    "practice": 15,
    "similar": 8,
    "gaps": 7,
    "export": 5,
    "wrong input": 5,
}
"""Shares of the mixed set: people search most, read what they found, and now and then take it away."""


GAPS = ("/gaps", "/gaps/map", "/gaps/brief")
FILES = ("/gaps.csv", "/gaps/map.csv", "/gaps/map.svg", "/gaps/reach.csv", "/gaps/brief.docx")


def queries() -> list[str]:
    """Return the judged queries."""
    with (CORPUS / "judgements.csv").open(encoding="utf-8", newline="") as file:
        return list(dict.fromkeys(row["query"] for row in csv.DictReader(file)))


def mixed(library: Library) -> dict[str, list[Asked]]:
    """Return the requests of each kind, about what stands in a corpus."""
    ids = [practice.id for practice in library.practices][::4]
    themes = list(library.taxonomy.labels["theme"])
    texts = [practice.summary for practice in library.practices][::10]
    asked = queries()
    return {
        "search": [_get("search", "/api/v1/search", q=query) for query in asked],
        "search page": [_get("search page", "/search", q=query) for query in asked],
        "filters": [
            *(_get("filters", "/api/v1/search", theme=theme, evidence="promising") for theme in themes),
            *(_get("filters", "/search", theme=theme, sort="newest") for theme in themes),
            _get("filters", "/api/v1/facets"),
            _get("filters", "/browse"),
        ],
        "practice": [
            one
            for key in ids
            for one in (
                _get("practice", f"/practices/{key}"),
                _get("practice", f"/api/v1/practices/{key}"),
                _get("practice", f"/api/v1/practices/{key}/related"),
            )
        ],
        "similar": [one for text in texts for one in _similar(text)],
        "gaps": [
            _get("gaps", path)
            for path in (*GAPS, "/api/v1/gaps", "/api/v1/gap-map", "/api/v1/gaps/reach")
        ],
        "export": [
            *(_get("export", "/search.csv", q=query) for query in asked[::8]),
            *(_get("export", "/search.atom", q=query) for query in asked[::8]),
            *(_get("export", f"/practices/{key}.md") for key in ids[::4]),
            *(
                _get("export", path)
                for path in FILES
            ),
        ],
        "wrong input": _wrong(),
    }  # fmt: skip


def drawn(kinds: Mapping[str, Sequence[Asked]], chance: random.Random) -> Iterator[Asked]:
    """Yield requests without end, each kind as often as `WEIGHTS` says."""
    names, weights = list(WEIGHTS), list(WEIGHTS.values())
    while True:
        [kind] = chance.choices(names, weights)
        yield chance.choice(kinds[kind])


def _get(kind: str, path: str, **query: str) -> Asked:
    return Asked(kind, f"{path}?{urlencode(query)}" if query else path)


def _similar(text: str) -> Iterator[Asked]:
    yield Asked("similar", "/api/v1/similar", "POST", json.dumps({"text": text}).encode(), JSON)
    yield Asked("similar", "/similar", "POST", urlencode({"text": text}).encode(), FORM)


def _wrong() -> list[Asked]:
    gets = (
        "/search?page=-1", "/search?theme=nope", "/api/v1/search?page=x&colour=red", "/practices/nothing",
        "/api/v1/practices/nothing", "/api/v1/gap-map?rows=shoe", "/nothing", "/gaps.csv?reference=nope",
        "/api/v1/search?q=%00%ff%22%3Cscript%3E", "/compare?id=nothing",
    )  # fmt: skip
    return [
        *(Asked("wrong input", address) for address in gets),
        Asked("wrong input", "/api/v1/similar", "POST", b"{", JSON),
        Asked("wrong input", "/api/v1/similar", "POST", b'{"text": 5, "more": 1}', JSON),
        Asked("wrong input", "/api/v1/similar", "POST", b"text", {"Content-Type": "text/plain"}),
        Asked("wrong input", "/similar", "POST", b"text=x", FORM),
        Asked("wrong input", "/api/v1/search", "DELETE"),
    ]


def right_answers(corpus: Path, asked: Sequence[Asked], host: str) -> dict[Asked, Answer]:
    """Return what the service must answer to each request while it serves `corpus`."""
    with tempfile.TemporaryDirectory() as folder:
        build(corpus, Path(folder))
        client = create_app(Settings(index=Path(folder), rate_limit=0)).test_client()
        answers = {}
        for one in asked:
            answer = client.open(
                one.address,
                method=one.method,
                data=one.body,
                headers=dict(one.headers),
                base_url=f"http://{host}",
            )
            answers[one] = Answer.of(answer.status_code, answer.content_type, answer.get_data())
        return answers


def library_of(corpus: Path) -> Library:
    """Return the library over a corpus, its snapshot in memory only."""
    with tempfile.TemporaryDirectory() as folder:
        build(corpus, Path(folder))
        return Library(load(Path(folder)))


class Connection:
    """A connection that is kept, as browsers and proxies keep theirs."""

    def __init__(self, port: int) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def ask(self, one: Asked) -> Answer:
        """Return the answer to a request; raises OSError or HTTPException where there is none."""
        self._http.request(one.method, one.address, one.body or None, dict(one.headers))
        answer = self._http.getresponse()
        return Answer.of(answer.status, answer.headers["Content-Type"] or "", answer.read())

    def close(self) -> None:
        """End the connection."""
        self._http.close()


LOST = (OSError, http.client.HTTPException)
"""What `Connection.ask` raises where no answer came."""


@contextmanager
def waitress(index: Path, log: IO[bytes]) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Serve as `practice-finder serve` does, on a free port, with `CONSTANT`; give process and port."""
    command = [sys.executable, "-W", "ignore", "-c", _SERVE, str(index)]
    with _running(command, index, stdout=subprocess.PIPE, stderr=log) as process:
        assert process.stdout is not None
        yield process, int(process.stdout.readline().decode().strip(" /\n").rsplit(":", 1)[1])


@contextmanager
def gunicorn(index: Path, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Serve with the profile for gunicorn, on a free port; give the master's process and the port."""
    profile = "python:search_service.web.serve.gunicorn"
    command = [sys.executable, "-W", "ignore", "-m", "gunicorn", "-c", profile, "--bind", "127.0.0.1:0"]
    with (
        log.open("wb") as stream,
        _running(command, index, stderr=stream) as process,
    ):
        said = "Listening at: http://127.0.0.1:"
        wait_for(lambda: said in log.read_text(errors="replace"))
        yield process, int(log.read_text(errors="replace").split(said)[1].split(" ")[0])


CONSTANT = "/constant"
"""A route that only the measured application has: it gives the answer to one search, kept as bytes."""

_SERVE = f"""
import sys
from pathlib import Path
from search_service.settings import Settings
from search_service.web.http import request_log
from search_service.web.serve import waitress
settings = Settings(index=Path(sys.argv[1]), port=0, rate_limit=0)
request_log.configure(settings)
create_app = waitress.create_app
def with_constant(settings):
    body = create_app(settings).test_client().get("/api/v1/search?q=stalking").get_data()
    app = create_app(settings)
    app.add_url_rule("{CONSTANT}", view_func=lambda: app.response_class(body, mimetype="application/json"))
    return app
waitress.create_app = with_constant
waitress.serve(settings)
"""
"""What `practice-finder serve` does, log included, and the constant route."""


@contextmanager
def _running(
    command: Sequence[str], index: Path, stdout: int | None = None, stderr: IO[bytes] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server from this folder's parents, and end it."""
    env = os.environ | {PREFIX + "INDEX": str(index), PREFIX + "RATE_LIMIT": "0"}
    process = subprocess.Popen(command, env=env, stdout=stdout, stderr=stderr)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def wait_for(holds: Callable[[], bool]) -> None:
    """Wait until something holds; raises TimeoutError where it never does."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("the service did not start")
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """Return the child processes of a process, the oldest first."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(one) for one in text.split()]


def processor_seconds(pid: int) -> float:
    """Return the processor time a process has taken; 0 where it has ended."""
    try:
        values = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(values[11]) + int(values[12])) / TICKS


def ended_children_seconds(pid: int) -> float:
    """Return the processor time of children that a process has seen end."""
    values = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(values[13]) + int(values[14])) / TICKS


def memory_mb(pid: int) -> tuple[float, float]:
    """Return the resident memory of a process and its share of it (PSS) in MB; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0, 0.0
    found = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.endswith("kB")}
    return found.get("Rss", 0.0), found.get("Pss", 0.0)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the values do not exceed (nearest rank); 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
