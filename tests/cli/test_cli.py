"""The command line as it is run: output, JSON, messages and exit codes."""

from __future__ import annotations

import importlib
import json
import logging
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import waitress
from builders import make_practice, practice_file
from click.testing import CliRunner, Result
from draft_files import IDEA, docx, pdf
from paths import ROOT
from pydantic import TypeAdapter

from search_service.answers.compare import Comparison
from search_service.answers.gaps import Gaps
from search_service.answers.search import Results
from search_service.answers.similar import Related, SimilarToText
from search_service.cli import main
from search_service.cli.corpus import MAX_NAMED
from search_service.cli.root import MODULES
from search_service.library import Library
from search_service.snapshot.build import build, load
from search_service.snapshot.store import build_lock, read_pointer
from search_service.web.http import request_log
from search_service.web.serve.waitress import addresses

README = (ROOT / "README.md").read_text(encoding="utf-8")

WHOLE = "\n".join([make_practice().summary, *make_practice().sections.values()])
"""A draft that is a practice of the small corpus over again."""


@pytest.fixture
def run(corpus: Path, index: Path):  # type: ignore[no-untyped-def]
    """Give a function that runs a command on a corpus and index of the test's own."""

    def command(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(
            main, ["--corpus", str(corpus), "--index", str(index), *arguments], input=stdin
        )

    return command


@pytest.mark.parametrize("command", ["", *MODULES])
def test_every_command_explains_itself(run, command: str) -> None:  # type: ignore[no-untyped-def]
    """--help answers for the program and for each command."""
    result = run(*([command] if command else []), "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_check_of_a_sound_corpus_says_so(run) -> None:  # type: ignore[no-untyped-def]
    """No problem is exit code 0."""
    result = run("check")
    assert result.exit_code == 0
    assert "0 problems" in result.output


def test_check_lists_every_problem_and_exits_with_one(run, corpus: Path) -> None:  # type: ignore[no-untyped-def]
    """Each problem is a line with file, field and example; --json gives the same."""
    (corpus / "practices" / "operation-bad.md").write_text("no front matter")
    (corpus / "practices" / "operation-odd.md").write_text(practice_file(id="operation-odd", stage="odd"))
    result = run("check")
    assert result.exit_code == 1
    assert "practices/operation-bad.md" in result.output
    assert "practices/operation-odd.md, stage" in result.output
    problems = json.loads(run("check", "--json").stdout)["problems"]
    assert {"where", "message", "example"} == set(problems[0])
    assert len(problems) >= 2


def test_build_search_similar_and_gaps_answer(run) -> None:  # type: ignore[no-untyped-def]
    """From a corpus to answers, readable and as JSON of the API's form."""
    assert run("build").exit_code == 0
    assert "Nothing has changed" in run("build").output
    key = json.loads(run("search", "--json").stdout)["results"][0]["id"]
    assert key in run("search", "police").output
    TypeAdapter(Results).validate_json(run("search", "school", "--evidence", "untested", "--json").stdout)
    TypeAdapter(Related).validate_json(run("similar", "--practice", key, "--json").stdout)
    other = json.loads(run("search", "--json").stdout)["results"][1]["id"]
    TypeAdapter(Comparison).validate_json(run("compare", key, other, "--json").stdout)
    assert "What it is for" in run("compare", key, other).output
    assert run("compare", key, "nothing-such").exit_code == 1
    TypeAdapter(Gaps).validate_json(run("gaps", "--json").stdout)
    assert "Theme" in run("gaps").output
    text = "Police tell the child's school before the next morning that officers were called to the home."
    assert "Cost: Say what it takes" in run("similar", "--text", text).output
    TypeAdapter(SimilarToText).validate_json(run("similar", "--text", text, "--json").stdout)
    assert run("similar", "--file", "-", stdin=text).exit_code == 0


@pytest.mark.parametrize(
    ("name", "content"), [("draft.docx", docx()), ("draft.pdf", pdf(IDEA)), ("draft.md", IDEA.encode())]
)
def test_similar_reads_a_file_of_every_kind(run, tmp_path: Path, name: str, content: bytes) -> None:  # type: ignore[no-untyped-def]
    """A file brings what its text would bring."""
    run("build")
    (tmp_path / name).write_bytes(content)
    from_file = run("similar", "--file", str(tmp_path / name), "--json")
    assert json.loads(from_file.stdout) == json.loads(run("similar", "--text", IDEA, "--json").stdout)


def test_similar_is_narrowed_and_says_what_is_known_of_a_draft(run) -> None:  # type: ignore[no-untyped-def]
    """Filters, what is already here, who takes part, what to check and themes: what the page says."""
    run("build")
    shown = run("similar", "--text", WHOLE)
    for said in ("Compared with all 3 practices", "Implemented; partners: Police", "Check against yours: "):
        assert said in shown.output
    assert "Domestic abuse: “domestic abuse”" in shown.output
    narrow = run("similar", "--text", WHOLE, "--promising", "--region", "north-east", "--json")
    answer = TypeAdapter(SimilarToText).validate_json(narrow.stdout)
    assert [one["evidence"]["id"] for one in answer["results"]] == ["promising"]
    nothing = run("similar", "--text", WHOLE, "--theme", "stalking-harassment", "--region", "wales")
    assert "None of 3 practices passes the filters." in nothing.output
    assert "Without region: 1 practice." in nothing.output
    assert "Search for its main words:" in nothing.output


def test_similar_names_every_wrong_filter_at_once(run) -> None:  # type: ignore[no-untyped-def]
    """Of a text and of a practice, with right ids."""
    run("build")
    wrong = ("--region", "atlantis", "--theme", "nope", "--not-organisation", "durham-police")
    for asked in (("--text", "two words"), ("--practice", "return-talks")):
        result = run("similar", *asked, *wrong)
        assert result.exit_code == 1
        for said in ("atlantis", "nope", "durham-constabulary"):
            assert said in result.output
    assert "too little text" in run("similar", "--text", "two words", *wrong).output


def test_similar_says_first_what_is_already_here(shipped_index: Path, library: Library) -> None:
    """A draft that is a practice over again, with who runs it and since when."""
    practice = library.practices.by_id("herbert-protocol")
    text = f"{practice.summary}\n{practice.sections['what_it_does']}"
    shown = CliRunner().invoke(main, ["--index", str(shipped_index), "similar", "--text", text])
    named = " ".join(shown.output.split())
    assert named.startswith(
        "This looks like the same initiative as Herbert Protocol (Norfolk Constabulary, 2009)."
    )
    assert "Also run by another force: Northumbria Police" in named


def test_similar_says_that_only_english_can_be_compared(run) -> None:  # type: ignore[no-untyped-def]
    """Of a text in another language no parts are missed."""
    run("build")
    text = (
        "La police rend visite à chaque enfant qui a fugué, demande pourquoi, et convient d'un plan avec lui."
    )
    assert "only English" in run("similar", "--text", text).output
    assert "miss" not in run("similar", "--text", text).output


def test_a_build_names_a_few_practices_that_look_like_one_and_counts_the_rest(  # type: ignore[no-untyped-def]
    run, corpus: Path, index: Path
) -> None:
    """However many there are, what was built is still to be seen."""
    for number in range(12):
        copied = min(number, 6)
        body = " ".join(f"word{copied}x{place}" for place in range(80))
        path = corpus / "practices" / f"practice-{number}.md"
        path.write_text(practice_file(id=path.stem, body=body, title=f"Title{number}", summary=f"S{number}."))
    said = " ".join(run("build").output.split())
    others = len(load(index).manifest.near_duplicates) - MAX_NAMED
    assert said.count("look like one initiative") == MAX_NAMED
    assert others > 1
    assert f"… and {others} more pairs that look like one." in said
    assert "with 15 practices" in said


def test_a_broken_corpus_refuses_the_build_without_skip_invalid(run, corpus: Path) -> None:  # type: ignore[no-untyped-def]
    """The refusal lists the problems; skipping says what was left out."""
    (corpus / "practices" / "operation-bad.md").write_text("no front matter")
    refused = run("build")
    assert refused.exit_code == 1
    assert "practices/operation-bad.md" in refused.output
    skipped = run("build", "--skip-invalid")
    assert skipped.exit_code == 0
    assert "Left out: practices/operation-bad.md" in skipped.output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["search", "x"], 3, "practice-finder build"),
        (["gaps"], 3, "practice-finder build"),
        (["similar"], 2, "one of --text, --file and --practice"),
        (["similar", "--text", "a", "--practice", "b"], 2, "one of"),
        (["search", "--sort", "best"], 2, "best"),
        (["nonsense"], 2, "nonsense"),
    ],
)
def test_misuse_has_a_message_and_a_code(run, arguments: list[str], code: int, said: str) -> None:  # type: ignore[no-untyped-def]
    """A person and a script can both tell what went wrong."""
    result = run(*arguments)
    assert result.exit_code == code
    assert said in result.output


def test_wrong_requests_name_the_fault_and_exit_with_one(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Unknown values, ids and files that are no text end in a sentence, not a traceback."""
    run("build")
    binary = tmp_path / "draft.txt"
    binary.write_bytes(b"\xff\xfe\x00")
    for arguments, said in [
        (("search", "--theme", "nope", "--page", "0"), "nope"),
        (("similar", "--practice", "no-such-practice"), "no-such-practice"),
        (("similar", "--text", "two words"), "too little text"),
        (("similar", "--file", str(binary)), f"{binary}: it is not text"),
        (("gaps", "--reference", "nope"), "nope"),
    ]:
        result = run(*arguments)
        assert result.exit_code == 1, arguments
        assert said in result.output


def _query_examples() -> list[str]:
    """Return every query that the README shows."""
    table = README.split("## Searching")[1].split("##")[0]
    return [
        code
        for line in table.splitlines()
        if line.startswith("| `")
        for code in re.findall(r"`(.+?)`", line.split("|")[1])
    ]


@pytest.mark.parametrize("query", [*_query_examples(), "-theft", "stalking -hate"])
def test_what_is_typed_in_the_search_box_can_be_typed_after_search(run, query: str) -> None:  # type: ignore[no-untyped-def]
    """A query reaches the search whole, as one argument and as the words a shell makes of it."""
    run("build")
    for words in ([query], shlex.split(query)):
        result = run("search", *words, "--per-page", "5", "--json")
        assert result.exit_code == 0, result.output
        answer = json.loads(result.stdout)
        assert (answer["query"]["text"], answer["per_page"]) == (" ".join(words), 5)


def test_a_word_is_left_out_on_the_command_line(run) -> None:  # type: ignore[no-untyped-def]
    """-word excludes, also where real options stand beside it."""
    run("build")
    everything = json.loads(run("search", "--json").stdout)["total"]
    without = json.loads(run("search", "-locks", "--sort", "newest", "--json").stdout)
    assert 0 < without["total"] < everything
    assert without["sort"] == "newest"


@pytest.mark.parametrize("option", [["--evidense", "works"], ["--evidense=works"]])
def test_a_misspelt_option_of_search_is_refused_with_the_right_one(run, option: list[str]) -> None:  # type: ignore[no-untyped-def]
    """An option that is none never becomes a word to search for."""
    result = run("search", "stalking", *option)
    assert result.exit_code == 2
    assert "--evidense" in result.output
    assert "--evidence" in result.output


def test_search_says_which_words_and_values_there_are_not(run) -> None:  # type: ignore[no-untyped-def]
    """The notes of the page are on the command line too."""
    run("build")
    output = run("search", "school qqxzv wwxzv theme:nope").stdout
    assert "No practice mentions" in output
    assert "“qqxzv”" in output
    assert "or “" in output
    assert "There is no value “theme:nope”, so this was read as plain words." in output
    assert "No practice mentions" not in run("search", "school").stdout


def test_search_says_which_words_it_replaced(run) -> None:  # type: ignore[no-untyped-def]
    """A word searched for instead of the one typed is named, as the page names it."""
    run("build")
    output = run("search", "schoool").stdout
    assert "No practice mentions “schoool”, so this searched for “school” instead." in " ".join(
        output.split()
    )


def test_a_page_beyond_the_last_says_which_the_last_is(run) -> None:  # type: ignore[no-untyped-def]
    """Nothing printed would read as nothing found."""
    run("build")
    assert "There is no page 500; the last is --page 1." in run("search", "school", "--page", "500").stdout
    assert "There is no page" not in run("search", "school").stdout


def test_compare_gives_an_example_as_it_is_typed(run) -> None:  # type: ignore[no-untyped-def]
    """Ids stand side by side on the command line; in an address each is a parameter."""
    run("build")
    for ids in ([], ["operation-example"], ["operation-example", "no-such"]):
        result = run("compare", *ids)
        assert result.exit_code == 1
        assert "id=" not in result.output
        assert "For example: operation-example" in result.output


def test_an_index_that_is_a_file_is_named_with_the_setting(corpus: Path, tmp_path: Path) -> None:
    """A folder that cannot be made is a sentence, for the index itself and for what is above it."""
    file = tmp_path / "a-file"
    file.write_text("no folder")
    for index in (file, file / "below"):
        result = CliRunner().invoke(main, ["--corpus", str(corpus), "--index", str(index), "build"])
        assert result.exit_code == 1
        assert str(file) in result.stderr
        assert "PRACTICE_FINDER_INDEX" in result.stderr


def _refuse(monkeypatch: pytest.MonkeyPatch, method: str, name: str) -> None:
    """Stage a refusal by the system: where tests run as root, no folder and no file is closed to them."""
    allowed = getattr(Path, method)

    def refusing(path: Path, *args: object, **kwargs: object) -> object:
        if path.name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return allowed(path, *args, **kwargs)

    monkeypatch.setattr(Path, method, refusing)


@pytest.mark.parametrize(
    ("method", "name", "setting"),
    [
        ("mkdir", "index", "PRACTICE_FINDER_INDEX"),
        ("read_bytes", "calls.yaml", "PRACTICE_FINDER_CORPUS"),
    ],
)
def test_what_the_system_refuses_is_named_with_the_setting(  # type: ignore[no-untyped-def]
    run, monkeypatch: pytest.MonkeyPatch, method: str, name: str, setting: str
) -> None:
    """An index nobody may write to and a list nobody may read: which, why, and what to set."""
    _refuse(monkeypatch, method, name)
    result = run("build")
    assert result.exit_code == 1
    assert f"{name} cannot be used: Permission denied" in result.stderr
    assert setting in result.stderr


def test_a_missing_corpus_is_named(index: Path, tmp_path: Path) -> None:
    """The folder that is not there is in the message."""
    result = CliRunner().invoke(main, ["--corpus", str(tmp_path / "gone"), "--index", str(index), "check"])
    assert result.exit_code == 1
    assert "gone" in result.output


def test_an_unknown_setting_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt setting is never silently ignored."""
    monkeypatch.setenv("PRACTICE_FINDER_PROT", "9000")
    result = CliRunner().invoke(main, ["check"])
    assert result.exit_code == 1
    assert "PRACTICE_FINDER_PROT is not a setting" in result.output


def _command(corpus: Path, index: Path, *arguments: str) -> list[str]:
    base = [sys.executable, "-W", "ignore", "-m", "search_service"]
    return [*base, "--corpus", str(corpus), "--index", str(index), *arguments]


def _serve(corpus: Path, index: Path) -> tuple[subprocess.Popen[str], str, str]:
    """Start the service on a free port and return it with its address and all it printed before."""
    command = _command(corpus, index, "serve", "--port", "0")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        if "http://" in line:
            return process, line.split()[-1], said
        said += line
    raise AssertionError("the service ended without printing its address")


def _status(address: str) -> int:
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own server
        return int(answer.status)


def test_serve_builds_what_is_missing_and_prints_where_it_is(corpus: Path, index: Path) -> None:
    """One command from a corpus to an answer in a browser."""
    process, address, _ = _serve(corpus, index)
    try:
        assert _status(address) == 200
        assert _status(f"{address}api/v1/search?q=school") == 200
    finally:
        process.terminate()
        process.communicate(timeout=10)
    assert load(index).practices


def test_serve_goes_on_with_the_last_good_snapshot_when_the_corpus_is_broken(
    corpus: Path, index: Path
) -> None:
    """A mistake in a file never keeps the service from starting."""
    build(corpus, index)
    (corpus / "practices" / "operation-bad.md").write_text("no front matter")
    process, address, _ = _serve(corpus, index)
    try:
        assert _status(address) == 200
    finally:
        process.terminate()
        process.communicate(timeout=10)


FULL = """
import errno, sys
from search_service.snapshot import store

def full(_index):
    raise OSError(errno.ENOSPC, "No space left on device")

store.new_folder = full
from search_service.cli import main
main(["--corpus", sys.argv[1], "--index", sys.argv[2], "serve", "--port", "0"])
"""
"""A start on a machine whose disk is full."""


def test_serve_goes_on_with_the_last_good_snapshot_when_none_can_be_written(
    corpus: Path, index: Path
) -> None:
    """A full disk never keeps the service from starting, unless there is nothing to serve."""
    command = [sys.executable, "-W", "ignore", "-c", FULL, str(corpus), str(index)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert "No space left on device" in result.stderr
    assert "Make room" in result.stderr
    assert str(index) in "".join(result.stderr.split("\n"))
    build(corpus, index)
    (corpus / "practices" / "operation-new.md").write_text(practice_file(id="operation-new"))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        said = ""
        while "http://" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        assert "the last good one is served" in said
        assert _status(said.split()[-1]) == 200
        process.terminate()


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Give a function that starts a service which cannot start, and returns its message.

    It runs in this process, whose log must not become that of a service.
    """
    monkeypatch.setattr(request_log, "configure", lambda _settings: None)

    def serve(corpus: Path, index: Path, *options: str) -> str:
        command = ["--corpus", str(corpus), "--index", str(index), "serve", "--port", "0", *options]
        result = CliRunner().invoke(main, command)
        assert isinstance(result.exception, SystemExit)
        assert result.exit_code == 1
        return result.output

    return serve


def test_serve_says_what_is_wrong_with_the_corpus_where_there_is_no_snapshot(
    refused: Callable[..., str], corpus: Path, index: Path, tmp_path: Path
) -> None:
    """The reason why there is nothing to serve is the corpus, and it is named."""
    assert f"{tmp_path / 'gone'}: this folder does not exist" in refused(tmp_path / "gone", index)
    (corpus / "practices" / "operation-bad.md").write_text("no front matter")
    said = refused(corpus, index)
    assert "practices/operation-bad.md" in said
    assert "nothing was built" in said


def test_serve_names_both_a_damaged_snapshot_and_a_broken_corpus(
    refused: Callable[..., str], corpus: Path, index: Path
) -> None:
    """Either alone could be got round, so a person must hear of both."""
    build(corpus, index)
    pointer = read_pointer(index)
    assert pointer
    (index / pointer.build / "practices.json").write_text("[]")
    (corpus / "practices" / "operation-bad.md").write_text("no front matter")
    said = refused(corpus, index)
    assert "practices/operation-bad.md" in said
    assert f"practices.json of the snapshot {pointer.build}" in said


def test_serve_does_not_wait_for_another_build(corpus: Path, index: Path) -> None:
    """While one builds, the last good snapshot is served, with a message."""
    build(corpus, index)
    (corpus / "practices" / "new-scheme.md").write_text(practice_file("new-scheme", title="New scheme"))
    with build_lock(index):
        process, address, said = _serve(corpus, index)
        try:
            assert _status(address) == 200
        finally:
            process.terminate()
            process.communicate(timeout=10)
    assert f"Another build into {index} is under way, so the last good snapshot is served" in said


def test_serve_refuses_while_the_very_first_build_is_under_way(
    refused: Callable[..., str], corpus: Path, index: Path
) -> None:
    """With nothing to serve yet, the other build is the reason that is given."""
    with build_lock(index):
        assert "Another build" in refused(corpus, index)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--port", "99999", "--port: “99999” cannot be used"),
        ("--port", "-1", "--port: “-1” cannot be used"),
        ("--host", "", "--host: “” cannot be used"),
        ("--host", "no such host", "PRACTICE_FINDER_HOST"),
    ],
)
def test_a_host_or_port_that_cannot_be_meant_is_named(
    refused: Callable[..., str], corpus: Path, index: Path, option: str, value: str, said: str
) -> None:
    """A wrong host or port ends in a sentence with a right one."""
    build(corpus, index)
    assert said in refused(corpus, index, option, value)


def test_every_address_listened_on_is_printed() -> None:
    """A name such as localhost can stand for two addresses, and IPv6 is in brackets in a URL."""
    both = SimpleNamespace(effective_listen=[("127.0.0.1", "8000"), ("::1", "8000"), ("::", "8001")])
    assert list(addresses(both)) == ["http://127.0.0.1:8000/", "http://[::1]:8000/", "http://[::1]:8001/"]
    for listen in ("127.0.0.1:0", "127.0.0.1:0 127.0.0.1:0"):
        server = waitress.create_server(lambda *_: [], listen=listen)
        printed = list(addresses(server))
        server.close()
        assert len(set(printed)) == len(listen.split())
        assert all(re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d*/", address) for address in printed)


def test_the_application_that_the_readme_gives_other_servers_answers(
    monkeypatch: pytest.MonkeyPatch, shipped_index: Path
) -> None:
    """The name in the README makes the application, from the environment."""
    named = re.search(r"`([\w.]+):(\w+)\(\)` makes the application", README)
    assert named
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setenv("PRACTICE_FINDER_INDEX", str(shipped_index))
    app = getattr(importlib.import_module(named[1]), named[2])()
    assert app.test_client().get("/").status_code == 200


_FAKE_PYTHON = """#!/bin/sh
# Stands for a Python on a machine without python3-venv: the folder is made, pip is not put into it.
case "$*" in *venv*) ;; *) exit 0 ;; esac
mkdir -p .venv/bin && touch .venv/pyvenv.cfg
printf '#!/bin/sh\\nexit %s\\n' "$PIP" >.venv/bin/python
cp .venv/bin/python .venv/bin/practice-finder
chmod +x .venv/bin/*
exit "$MADE"
"""


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_a_half_made_environment_does_not_block_the_next_make(tmp_path: Path) -> None:
    """It is removed with a word on what to install; one left from before is replaced."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "serve.txt").touch()
    fake = tmp_path / "python-without-venv"
    fake.write_text(_FAKE_PYTHON)
    fake.chmod(0o755)

    def make(made: int, pip: int) -> subprocess.CompletedProcess[str]:
        # Nothing of a make that these tests are run by: `make test VENV=…` would name another folder here.
        own = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        environment = {**own, "MADE": str(made), "PIP": str(pip)}
        command = ["make", "serve", f"PYTHON={fake}", "VENV=.venv"]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    for made, pip in ((1, 1), (0, 1)):
        failed = make(made, pip)
        assert failed.returncode != 0
        assert "python3-venv" in failed.stderr
        assert not (tmp_path / ".venv").exists()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").write_text("#!/bin/sh\nexit 1\n")
    assert make(0, 0).returncode == 0
    assert make(1, 1).returncode == 0, "an environment that is there is made again"


def test_the_checks_do_not_hang_up_on_curl() -> None:
    """`curl | grep -q` fails at random under pipefail: grep leaves at the first match, and curl minds."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert not re.search(r"curl.*\|\s*grep\s+-q", script)


def _cannot_listen(corpus: Path, index: Path, *options: str) -> str:
    """Start a service in a process of its own, which ends because it cannot listen; return what it says."""
    command = _command(corpus, index, "serve", *options)
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    return result.stderr


def test_a_port_in_use_is_named_with_a_way_out(corpus: Path, index: Path) -> None:
    """The message says which address, and how to choose another."""
    build(corpus, index)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert "PRACTICE_FINDER_PORT" in _cannot_listen(corpus, index, "--port", port)


def test_an_address_of_another_machine_is_named_with_a_way_out(corpus: Path, index: Path) -> None:
    """192.0.2.1 is an address for examples, never a machine's own."""
    build(corpus, index)
    assert "PRACTICE_FINDER_HOST" in _cannot_listen(corpus, index, "--port", "0", "--host", "192.0.2.1")


def test_a_corpus_folder_that_is_not_there_never_serves_another_one(
    refused: Callable[..., str], corpus: Path, index: Path, tmp_path: Path
) -> None:
    """A misspelt path ends with its name, although a snapshot of some other corpus could be served."""
    build(corpus, index)
    assert "misspelt" in refused(tmp_path / "misspelt", index)
