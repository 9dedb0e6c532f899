"""gaps and themes on the command line: a corpus is built, asked, and a suggestion is confirmed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import practice_file, write_corpus
from click.testing import CliRunner, Result
from pydantic import TypeAdapter

from search_service.answers.gaps import Gaps
from search_service.answers.suggested_themes import SuggestedThemes
from search_service.cli import main

Run = Callable[..., Result]

THEMES = [
    {"id": name, "label": name.title(), "signals": [f"{name} signal"]} for name in ("stalking", "fraud")
]
REFERENCES = {"references": [{"id": "equal", "label": "Equal shares [all]", "kind": "equal"}]}


def file_of(key: str, words: str, *themes: str) -> str:
    """Write a practice whose every word points to what `words` say."""
    return practice_file(key, summary=words, body=words, themes=list(themes))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Give a corpus in which one practice lacks a theme that its words point to."""
    words = {
        "stalking": "A stalking signal: officers visit people who follow others, with orders and advocates.",
        "fraud": "A fraud signal: bank staff ring police when older customers draw out their savings.",
    }
    both = " ".join(words.values())
    files = {f"{theme}-{at}": (words[theme], theme) for theme in words for at in range(12)}
    files |= {f"two-{at}": (both, *words) for at in range(12)}
    files["lacks-one"] = (both, "fraud")
    texts = {key: file_of(key, *given) for key, given in files.items()}
    call = {"id": "spring", "label": "Spring", "kind": "call", "asked_for": ["fraud"]}
    texts = {key: text.replace("call: ", "call: spring # ") for key, text in texts.items()}
    return write_corpus(
        tmp_path / "corpus", texts, themes=THEMES, calls={"calls": [call]}, references=REFERENCES
    )


@pytest.fixture
def run(corpus: Path, tmp_path: Path) -> Run:
    """Give a function that runs a command on the built corpus."""

    def command(*arguments: str, stdin: str | bytes | None = None) -> Result:
        where = ("--corpus", str(corpus), "--index", str(tmp_path / "index"))
        return CliRunner().invoke(main, [*where, *arguments], input=stdin)

    assert command("build").exit_code == 0
    return command


def test_suggestions_are_listed_with_their_reasons(run: Run) -> None:
    """For people, and as the API answers."""
    said = run("themes", "suggest").stdout
    assert "lacks-one" in said
    assert "because it says: stalking signal" in said
    found = TypeAdapter(SuggestedThemes).validate_json(run("themes", "suggest", "--json").stdout)
    assert [(one["practice"]["id"], one["theme"]["id"]) for one in found["suggestions"]] == [
        ("lacks-one", "stalking")
    ]


def test_yes_writes_the_theme_and_it_counts_from_the_next_build(run: Run, corpus: Path) -> None:
    """Only that file changes, and then the theme is no longer suggested."""
    before = {file: file.read_bytes() for file in corpus.rglob("*") if file.is_file()}
    result = run("themes", "review", stdin="y\n")
    assert result.exit_code == 0
    assert "1 confirmed, 0 declined, 0 skipped, 0 left." in result.stdout
    changed = [file for file, content in before.items() if file.read_bytes() != content]
    assert [file.name for file in changed] == ["lacks-one.md"]
    count = json.loads(run("gaps", "--json").stdout)["tags"]
    run("build")
    assert json.loads(run("gaps", "--json").stdout)["tags"] == count + 1
    assert json.loads(run("themes", "suggest", "--json").stdout)["suggestions"] == []


def test_no_is_remembered_and_skip_and_quit_are_not(run: Run, corpus: Path) -> None:
    """What was declined is not asked again; nothing is written to the corpus."""
    before = {file: file.read_bytes() for file in corpus.rglob("*") if file.is_file()}
    assert "1 skipped" in run("themes", "review", stdin="s\n").stdout
    assert "1 left" in run("themes", "review", stdin="q\n").stdout
    assert "1 left" in run("themes", "review", stdin="").stdout
    assert "1 declined" in run("themes", "review", "--practice", "lacks-one", stdin="what\nn\n").stdout
    assert "0 left" in run("themes", "review", stdin="").stdout
    assert {file: file.read_bytes() for file in corpus.rglob("*") if file.is_file()} == before


def test_a_practice_to_review_must_exist(run: Run) -> None:
    """As everywhere, what is not there is named."""
    result = run("themes", "review", "--practice", "nope")
    assert result.exit_code == 1
    assert "nope" in result.stderr


def test_gaps_against_a_file_of_ones_own(run: Run, tmp_path: Path) -> None:
    """From a file or standard input, for people, as JSON, as CSV, as a draft."""
    path = tmp_path / "ours.csv"
    path.write_bytes(b"\xef\xbb\xbftheme;weight;year\r\nstalking;3;2025\r\nfraud;1;\r\n")
    shown = run("gaps", "--reference-file", str(path)).stdout
    assert "Compared with: Your own reference" in shown
    assert "Years: 2025" in shown
    answer = TypeAdapter(Gaps).validate_json(
        run("gaps", "--reference-file", "-", "--json", stdin=path.read_bytes()).stdout
    )
    assert [theme["expected"] for theme in answer["themes"]] == [36.75, 12.25]
    rows = csv.DictReader(io.StringIO(run("gaps", "--csv").stdout_bytes.decode("utf-8-sig"), newline=""))
    assert [row["theme"] for row in rows] == ["stalking", "fraud"]
    assert run("gaps", "--brief").stdout.startswith("# Draft: a call for practice\n")


def test_square_brackets_in_a_label_are_printed(run: Run) -> None:
    """They are text, not the markup of a terminal."""
    assert "Compared with: Equal shares [all]" in run("gaps").stdout


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "said"),
    [
        (("--reference-file", "-"), b"theme,weight\nfraud,-1\nnobody,1\n", 1, "line 3"),
        (("--reference-file", "-"), b"\xff", 1, "not UTF-8"),
        (("--reference-file", "-", "--reference", "equal"), b"", 2, "one of --reference"),
        (("--json", "--csv"), b"", 2, "one of --brief, --csv and --json"),
    ],
)
def test_a_wrong_reference_or_option_is_explained(
    run: Run, arguments: tuple[str, ...], stdin: bytes, code: int, said: str
) -> None:
    """Every fault with its line, and exit codes that mean what they say."""
    result = run("gaps", *arguments, stdin=stdin)
    assert result.exit_code == code
    assert said in result.stderr
