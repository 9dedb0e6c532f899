"""The rule kept here: what is wrong is named with what to do, and nothing that is well is called wrong."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from search_service.cli import main
from search_service.settings import PREFIX

Doctor = Callable[..., Result]


@pytest.fixture
def doctor(corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """Give a function that runs the command over a small corpus, with variables of the test's own."""

    def run(*words: str, **variables: str) -> Result:
        monkeypatch.setenv(PREFIX + "PORT", "0")
        for name, value in variables.items():
            monkeypatch.setenv(PREFIX + name.upper(), value)
        folders = ["--corpus", str(corpus), "--index", str(index)]
        return CliRunner().invoke(main, [*folders, *(words or ("doctor",))])

    return run


def findings(result: Result) -> dict[str, dict[str, str]]:
    """Return the findings of `doctor --json` by what they are about."""
    return {one["about"]: one for one in json.loads(result.stdout)["findings"]}


def test_a_sound_installation_is_well(doctor: Doctor) -> None:
    """After a build there is nothing to do, and the exit code says so."""
    assert doctor("build").exit_code == 0
    result = doctor()
    assert result.exit_code == 0
    assert "All is well." in result.stdout
    assert {one["state"] for one in findings(doctor("doctor", "--json")).values()} == {"ok"}


def test_before_the_first_build_it_says_how_to_build(doctor: Doctor) -> None:
    """No snapshot is no fault, but something to do."""
    found = findings(doctor("doctor", "--json"))["Snapshot"]
    assert (found["state"], found["remedy"]) == ("look", "practice-finder build makes one.")


def test_a_snapshot_of_another_corpus_is_said_to_be_behind(doctor: Doctor, corpus: Path) -> None:
    """A change that was not built is why a practice is not found."""
    doctor("build")
    practice = next((corpus / "practices").glob("*.md"))
    practice.write_text(practice.read_text(encoding="utf-8").replace("## Aim\n", "## Aim\nAnew: "), "utf-8")
    found = findings(doctor("doctor", "--json"))["Snapshot"]
    assert found["state"] == "look"
    assert "not of this corpus as it is now" in found["message"]


def test_a_damaged_snapshot_and_a_broken_corpus_are_wrong(doctor: Doctor, corpus: Path, index: Path) -> None:
    """Both are named, and the exit code says that something must be done."""
    doctor("build")
    next(index.glob("2*/practices.jsonl")).write_text("[]")
    (corpus / "practices" / "broken.md").write_text("no front matter")
    result = doctor("doctor", "--json")
    assert result.exit_code == 1
    found = findings(result)
    assert found["Snapshot"]["state"] == "wrong"
    assert "--force" in found["Snapshot"]["message"]
    assert found["Corpus"]["state"] == "wrong"
    assert found["Corpus"]["remedy"] == "practice-finder check lists them."
    assert "2 things must be put right." in doctor().stdout


def test_an_index_that_is_a_file_is_wrong(doctor: Doctor, index: Path) -> None:
    """Nothing can be built into a file."""
    index.write_text("in the way")
    found = findings(doctor("doctor", "--json"))["Index"]
    assert found["state"] == "wrong"
    assert "PRACTICE_FINDER_INDEX" in found["remedy"]


def test_a_port_in_use_and_a_service_open_to_any_name_are_worth_a_look(doctor: Doctor) -> None:
    """What may be intended is mentioned, not called wrong."""
    with socket.create_server(("127.0.0.1", 0)) as busy:
        found = findings(doctor("doctor", "--json", port=str(busy.getsockname()[1])))
    assert found["Address"]["state"] == "look"
    assert "running already" in found["Address"]["remedy"]
    result = doctor("doctor", "--json", host="0.0.0.0", port="0", rate_limit="0")  # noqa: S104 - not served
    found = findings(result)
    assert "PRACTICE_FINDER_TRUSTED_HOSTS" in found["Names"]["remedy"]
    assert "PRACTICE_FINDER_RATE_LIMIT" in found["Limit"]["remedy"]
    assert result.exit_code == 0


WITHOUT_A_LIBRARY = """
import sys
sys.modules["nh3"] = None
from search_service.cli import main
main(["doctor"])
"""


def test_a_library_that_is_not_installed_is_named_with_how_to_install_it() -> None:
    """After an upgrade without an install, doctor names the missing library, without a traceback."""
    command = [sys.executable, "-W", "ignore", "-c", WITHOUT_A_LIBRARY]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("The library nh3 is not installed.")
    assert "pip install --editable ." in " ".join(ended.stderr.split())


def test_a_damaged_snapshot_has_one_remedy(doctor: Doctor, index: Path) -> None:
    """Its message says what to do; for a snapshot of another user, that is not a rebuild."""
    doctor("build")
    next(index.glob("2*/manifest.json")).unlink()
    assert doctor().stdout.count("--force") == 1
