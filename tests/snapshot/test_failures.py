"""The rule kept here: whatever breaks, the service goes on from the last good snapshot, or says why not."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import pytest
from builders import practice_file, write_corpus
from paths import ROOT

from search_service.live import CHECK_SECONDS, LiveLibrary
from search_service.settings import PREFIX, Settings
from search_service.snapshot import store
from search_service.snapshot.build import Snapshot, build, load
from search_service.web.app import create_app

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has neither resource limits nor gunicorn")

PATIENCE = 30.0
"""Seconds that a server may take on a busy machine before a test gives up on it."""

CRAMPED_BUILD = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
from search_service.cli import main
main(["--corpus", sys.argv[1], "--index", sys.argv[2], "build"])
"""
"""A build on a system that takes no file beyond 4 kB, as a full disk takes none."""


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


@posix
def test_a_full_disk_stops_the_build_in_words_and_leaves_what_is_served(corpus: Path, index: Path) -> None:
    """Nothing half-written is published, nothing is left behind, and the next build works."""
    build(corpus, index)
    before = store.read_pointer(index)
    (corpus / "practices" / "operation-new.md").write_text(practice_file(id="operation-new"))
    command = [sys.executable, "-W", "ignore", "-c", CRAMPED_BUILD, str(corpus), str(index)]
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=unmeasured)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "File too large" in result.stderr
    assert store.read_pointer(index) == before
    assert not load(index).manifest.left_out
    assert not list(index.glob(f"{store.UNFINISHED}*"))
    assert build(corpus, index).built


READ_ONLY = """
import os, sys
from pathlib import Path
from builders import practice_file
from search_service.cli import main
from search_service.live import LiveLibrary
from search_service.snapshot.build import build

corpus, index = map(Path, sys.argv[1:])
build(corpus, index)
LiveLibrary(index)
(corpus / "practices" / "operation-new.md").write_text(practice_file(id="operation-new"))
if os.geteuid() == 0:  # nothing is closed to root
    for path in (index, *index.rglob("*")):
        os.chown(path, 65534, 65534)
index.chmod(0o555)
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    main(["--corpus", str(corpus), "--index", str(index), "build"])
except SystemExit as ended:
    print(ended.code)
print(len(LiveLibrary(index).current().practices))
"""
"""A build into a folder that its user may read only; what came before has imported all it needs."""


@posix
def test_an_index_that_may_only_be_read_is_said_to_be_and_goes_on_being_served() -> None:
    """The build ends in words and changes nothing, and what was there can be served from such a folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        corpus, index = write_corpus(folder / "corpus"), folder / "index"
        env = os.environ | {"PYTHONPATH": str(ROOT / "tests")}
        command = [sys.executable, "-W", "ignore", "-c", READ_ONLY, str(corpus), str(index)]
        result = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
        assert result.stdout.split()[-2:] == ["1", "3"], result.stderr
        assert "Permission denied" in result.stderr
        assert "PRACTICE_FINDER_INDEX" in result.stderr
        assert not list(index.glob(f"{store.UNFINISHED}*"))


def test_a_build_made_with_the_clock_set_back_is_the_one_that_is_served(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pointer says which build is current, and not which name comes last."""
    build(corpus, index)
    live = LiveLibrary(index, clock := Clock())

    class SetBack(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return dt.datetime(1999, 12, 31, tzinfo=tz)

    monkeypatch.setattr("search_service.snapshot.build.dt.datetime", SetBack)
    early = build(corpus, index, force=True).manifest.build
    monkeypatch.undo()
    clock.now += CHECK_SECONDS
    assert live.current().manifest.build == early
    assert early.startswith("1999")
    build(corpus, index, force=True)
    clock.now += CHECK_SECONDS
    assert not live.current().manifest.build.startswith("1999")


def test_a_corpus_that_changes_during_a_build_is_built_as_it_was_read(corpus: Path, index: Path) -> None:
    """One snapshot is of one moment, and the change is known to be missing from it."""
    late = corpus / "practices" / "operation-late.md"

    def meddle(step: str) -> None:
        if step.startswith("Indexing"):
            late.write_text(practice_file(id="operation-late"))

    build(corpus, index, progress=meddle)
    assert not any(practice.id == "operation-late" for practice in load(index).practices)
    outcome = build(corpus, index)
    assert outcome.built
    assert any(practice.id == "operation-late" for practice in load(index).practices)


def test_a_half_written_pointer_is_passed_over_until_it_is_whole(corpus: Path, index: Path) -> None:
    """A copy of the index folder under way, say, never takes the service down."""
    build(corpus, index)
    live = LiveLibrary(index, clock := Clock())
    old = live.current()
    build(corpus, index, force=True)
    pointer = index / store.POINTER
    whole = pointer.read_bytes()
    pointer.write_bytes(whole[: len(whole) // 2])
    clock.now += CHECK_SECONDS
    assert live.current() is old
    pointer.write_bytes(whole)
    clock.now += CHECK_SECONDS
    assert live.current() is not old


def test_a_clock_that_jumps_only_makes_the_service_look_sooner(corpus: Path, index: Path) -> None:
    """A machine that slept for a year finds the new snapshot with its first request."""
    build(corpus, index)
    live = LiveLibrary(index, clock := Clock())
    old = live.current()
    build(corpus, index, force=True)
    clock.now += 365 * 86_400
    assert live.current() is not old


def test_what_was_refused_is_said_until_it_is_mended(corpus: Path, index: Path) -> None:
    """Whoever watches the service sees that a publication failed, and why."""
    build(corpus, index)
    live = LiveLibrary(index, clock := Clock())
    folder = index / build(corpus, index, force=True).manifest.build
    (folder / "practices.json").write_bytes(b"[]")
    clock.now += CHECK_SECONDS
    live.current()
    assert live.refusal is not None
    assert "practices.json" in live.refusal
    build(corpus, index, force=True)
    clock.now += CHECK_SECONDS
    live.current()
    assert live.refusal is None


def test_what_was_refused_is_no_longer_said_once_it_is_taken_back(corpus: Path, index: Path) -> None:
    """The pointer leads to what is served again, and the same snapshot is tried anew if it comes back."""
    build(corpus, index)
    live = LiveLibrary(index, clock := Clock())
    pointer = index / store.POINTER
    served = pointer.read_bytes()
    practices = index / build(corpus, index, force=True).manifest.build / "practices.jsonl"
    refused, whole = pointer.read_bytes(), practices.read_bytes()
    practices.write_bytes(b"")
    for now, says in ((refused, True), (served, False)):
        pointer.write_bytes(now)
        clock.now += CHECK_SECONDS
        live.current()
        assert (live.refusal is not None) == says
    practices.write_bytes(whole)
    pointer.write_bytes(refused)
    clock.now += CHECK_SECONDS
    assert live.current().manifest.build == practices.parent.name


def test_a_snapshot_for_which_memory_does_not_suffice_is_said_to_be_refused(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's own error has no words."""
    build(corpus, index)
    live = LiveLibrary(index, clock := Clock())
    build(corpus, index, force=True)

    def without_memory(_: Path) -> NoReturn:
        raise MemoryError

    monkeypatch.setattr("search_service.live.load", without_memory)
    clock.now += CHECK_SECONDS
    live.current()
    assert live.refusal == "MemoryError"


def test_a_snapshot_published_as_another_is_taken_up_is_loaded_once(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is what the first look found already, and not news to the second."""
    build(corpus, index)
    live = LiveLibrary(index, clock := Clock())
    build(corpus, index, force=True)
    loaded: list[str] = []

    def load_late(folder: Path) -> Snapshot:
        if not loaded:
            build(corpus, folder, force=True)
        snapshot = load(folder)
        loaded.append(snapshot.manifest.build)
        return snapshot

    monkeypatch.setattr("search_service.live.load", load_late)
    for _ in range(3):
        clock.now += CHECK_SECONDS
        live.current()
    pointer = store.read_pointer(index)
    assert pointer is not None
    assert loaded == [pointer.build] == [live.current().manifest.build]


def wait_for(holds: Callable[[], bool], patience: float = PATIENCE) -> bool:
    """Wait until something holds, or patience ends."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


NO_HOME = {"HOME": os.devnull, "XDG_RUNTIME_DIR": os.devnull}
"""Nothing can be kept there, as with the user of a service."""


class Gunicorn:
    """The service under gunicorn with two workers, on a free port of this machine."""

    def __init__(self, index: Path, log: Path) -> None:
        with log.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "gunicorn",
                 "-c", "python:search_service.web.serve.gunicorn", "--bind", "127.0.0.1:0"],
                env=os.environ | {PREFIX + "INDEX": str(index), PREFIX + "RATE_LIMIT": "0"} | NO_HOME,
                stderr=stream,
            )  # fmt: skip
        self._log = log

    def listen(self) -> None:
        """Wait until it listens, and note where."""
        assert wait_for(lambda: "Listening at" in self.log), self.log
        self.port = int(self.log.split("Listening at: http://127.0.0.1:")[1].split(" ")[0])

    @property
    def log(self) -> str:
        """What gunicorn has said so far."""
        return self._log.read_text(encoding="utf-8")

    def workers(self) -> list[int]:
        """Return the numbers of the workers' processes, the living and the ended."""
        return [int(line.rsplit(" ", 1)[1]) for line in self.log.splitlines() if "Booting worker" in line]

    def ready(self, **headers: str) -> dict[str, object] | None:
        """Return what /readyz says, or None where nothing answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", "/readyz", headers=headers)
            answer: dict[str, object] = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException):
            return None
        else:
            return answer
        finally:
            connection.close()


@contextmanager
def served_by_gunicorn(index: Path, log: Path) -> Iterator[Gunicorn]:
    """Give the service under gunicorn, ended afterwards."""
    served = Gunicorn(index, log)
    with served.process:
        try:
            served.listen()
            yield served
        finally:
            served.process.terminate()


@pytest.fixture
def own_gunicorn(corpus: Path, index: Path, tmp_path: Path) -> Iterator[Gunicorn]:
    """Give a service under gunicorn that the test may disturb."""
    build(corpus, index)
    with served_by_gunicorn(index, tmp_path / "gunicorn.log") as served:
        yield served


@pytest.fixture(scope="module")
def gunicorn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gunicorn]:
    """Give a service under gunicorn to tests that only ask."""
    folder = tmp_path_factory.mktemp("gunicorn")
    build(write_corpus(folder / "corpus"), folder / "index")
    with served_by_gunicorn(folder / "index", folder / "gunicorn.log") as served:
        yield served


def sent(port: int, request: bytes) -> bytes:
    """Send bytes as they are, and return all that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


@posix
def test_another_server_is_told_in_a_line_why_it_cannot_start(index: Path) -> None:
    """Of a traceback the last line is the one nobody reads."""
    started = subprocess.run(
        [sys.executable, "-c", "from search_service.web.serve.wsgi import application; application()"],
        env=os.environ | {"PRACTICE_FINDER_INDEX": str(index)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert started.returncode == 1
    assert "practice-finder build" in started.stderr
    assert "Traceback" not in started.stderr


def test_gunicorn_believes_no_header_and_logs_neither_address_nor_request(gunicorn: Gunicorn) -> None:
    """Scheme and prefix of links are not the sender's to choose; what cannot be read is not written down."""
    about = b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    page = sent(gunicorn.port, b"GET /search.atom" + about + b"X-Forwarded-Proto: https\r\n\r\n")
    assert page.startswith(b"HTTP/1.1 200")
    assert b"https://localhost" not in page
    assert b"Strict-Transport-Security" not in page
    page = sent(gunicorn.port, b"GET //evil.example/" + about + b"SCRIPT_NAME: //evil.example\r\n\r\n")
    assert page.startswith(b"HTTP/1.1 404")
    assert b'"//evil.example' not in page
    assert sent(gunicorn.port, b"GET /" + about + b"SCRIPT_NAME: /x\r\n\r\n").startswith(b"HTTP/1.1 200")
    assert sent(gunicorn.port, b"G\x1bT /typed" + about + b"\r\n").startswith(b"HTTP/1.1 400")
    assert wait_for(lambda: "Invalid request" in gunicorn.log)
    assert "127.0.0.1" not in gunicorn.log.split("Invalid request")[1]
    assert "G\\x1bT" not in gunicorn.log


@posix
@pytest.mark.parametrize(
    "kind", [b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=edge"]
)
def test_a_body_of_broken_chunks_is_the_senders_fault(gunicorn: Gunicorn, kind: bytes) -> None:
    """It is found while the application reads: no answer of 500, and no traceback."""
    head = b"POST /similar HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
    answer = sent(gunicorn.port, head + b"Content-Type: " + kind + b"\r\n\r\nZZ\r\nabc\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert "Traceback" not in gunicorn.log


@posix
def test_a_killed_worker_is_replaced_and_the_others_go_on(own_gunicorn: Gunicorn) -> None:
    """One worker's end costs the requests in its hands and no more."""
    assert wait_for(lambda: len(own_gunicorn.workers()) == 2)
    os.kill(own_gunicorn.workers()[0], signal.SIGKILL)
    assert wait_for(lambda: own_gunicorn.ready() is not None)
    assert wait_for(lambda: len(own_gunicorn.workers()) == 3)
    assert all(own_gunicorn.ready() for _ in range(10))


@posix
def test_a_worker_that_replaces_another_never_answers_from_the_snapshot_of_the_start(
    corpus: Path, index: Path
) -> None:
    """It is forked from a master that holds the old one, and takes up the new one before it is asked."""
    from search_service.web.serve import gunicorn as gunicorn_conf  # noqa: PLC0415 - there is no gunicorn on Windows

    build(corpus, index)
    live = LiveLibrary(index, clock := Clock())
    newest = build(corpus, index, force=True).manifest.build
    clock.now += CHECK_SECONDS
    gunicorn_conf.post_worker_init(SimpleNamespace(wsgi=create_app(Settings(index=index), live)))
    clock.now -= CHECK_SECONDS  # no look is due, as for those that ask while another request loads
    assert live.current().manifest.build == newest


@posix
def test_a_reload_makes_workers_that_share_the_current_snapshot(corpus: Path, index: Path) -> None:
    """The master takes it up before it forks: gunicorn loads a preloaded application only once."""
    from search_service.web.serve import gunicorn as gunicorn_conf  # noqa: PLC0415 - there is no gunicorn on Windows

    build(corpus, index)
    live = LiveLibrary(index, clock := Clock())
    newest = build(corpus, index, force=True).manifest.build
    clock.now += CHECK_SECONDS
    master = SimpleNamespace(wsgi=lambda: create_app(Settings(index=index), live))
    gunicorn_conf.on_reload(SimpleNamespace(app=master))
    clock.now -= CHECK_SECONDS  # no look is due, as in a worker just forked
    assert live.current().manifest.build == newest


@posix
def test_a_service_without_a_home_folder_starts_without_a_complaint(own_gunicorn: Gunicorn) -> None:
    """The user of a service has none, and an error in the log that means nothing hides those that do."""
    assert wait_for(lambda: own_gunicorn.ready() is not None and len(own_gunicorn.workers()) == 2)
    assert not wait_for(lambda: "[ERROR]" in own_gunicorn.log, patience=1)


@posix
def test_a_visitor_who_comes_from_the_longest_query_is_answered(gunicorn: Gunicorn) -> None:
    """A browser may say the whole address it comes from, and gunicorn's own bound is shorter."""
    came_from = {"Referer": "https://practice.example.police.uk/search?q=" + "%F0%9F%98%80" * 1000}
    assert gunicorn.ready(**came_from) is not None


@posix
def test_every_worker_takes_up_a_new_snapshot(own_gunicorn: Gunicorn, corpus: Path, index: Path) -> None:
    """Workers that share one snapshot at the start each find the next one."""
    (corpus / "practices" / "operation-new.md").write_text(practice_file(id="operation-new"))
    newest = build(corpus, index).manifest.build

    def all_have_it() -> bool:
        answers = [own_gunicorn.ready() for _ in range(20)]
        return all(answer is not None and answer["snapshot"] == newest for answer in answers)

    assert wait_for(all_have_it)
