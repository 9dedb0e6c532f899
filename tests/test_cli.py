"""The command line as it is run: output, JSON, messages and exit codes."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from builders import practice_file
from click.testing import CliRunner, Result

from search_service.cli import main
from search_service.snapshot.build import build, load
from search_service.web import schemas


@pytest.fixture
def run(corpus: Path, index: Path):  # type: ignore[no-untyped-def]
    """Give a function that runs a command on a corpus and index of the test's own."""

    def command(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(
            main, ["--corpus", str(corpus), "--index", str(index), *arguments], input=stdin
        )

    return command


@pytest.mark.parametrize("command", ["", *sorted(main.commands)])
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
    schemas.SearchOut.model_validate_json(run("search", "school", "--evidence", "untested", "--json").stdout)
    schemas.SimilarOut.model_validate_json(run("similar", "--practice", key, "--json").stdout)
    schemas.GapsOut.model_validate_json(run("gaps", "--json").stdout)
    assert "Theme" in run("gaps").output
    text = "Police tell the child's school before the next morning that officers were called to the home."
    assert run("similar", "--text", text).exit_code == 0
    assert run("similar", "--file", "-", stdin=text).exit_code == 0


def test_a_broken_corpus_refuses_the_build_unless_told_to_skip(run, corpus: Path) -> None:  # type: ignore[no-untyped-def]
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
        (("similar", "--file", str(binary)), "not UTF-8"),
        (("gaps", "--reference", "nope"), "nope"),
    ]:
        result = run(*arguments)
        assert result.exit_code == 1, arguments
        assert said in result.output


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


def _serve(corpus: Path, index: Path) -> tuple[subprocess.Popen[str], str]:
    """Start the service on a free port and return it with the address it printed."""
    command = _command(corpus, index, "serve", "--port", "0")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if "http://" in line:
            return process, line.split()[-1]
    raise AssertionError("the service ended without printing its address")


def _status(address: str) -> int:
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own server
        return int(answer.status)


def test_serve_builds_what_is_missing_and_prints_where_it_is(corpus: Path, index: Path) -> None:
    """One command from a corpus to an answer in a browser."""
    process, address = _serve(corpus, index)
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
    process, address = _serve(corpus, index)
    try:
        assert _status(address) == 200
    finally:
        process.terminate()
        process.communicate(timeout=10)


def test_a_port_in_use_is_named_with_a_way_out(corpus: Path, index: Path) -> None:
    """The message says which address, and how to choose another."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = _command(corpus, index, "serve", "--port", str(taken.getsockname()[1]))
        result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert "PRACTICE_FINDER_PORT" in result.stderr
    assert "Traceback" not in result.stderr
