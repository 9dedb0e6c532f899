"""Make a large corpus for measuring: practices recombined from the sentences of the real one.

    python tests/benchmarks/generated.py FOLDER [--size 10000] [--seed 4]

Nothing here describes anything that exists. Every id begins with `generated-` and every title with
"Generated practice", and nothing is ever written below the project's own corpus.

Each practice draws on a handful of real ones, so that its words keep company as they do in life: the
sentences of a section are a sample of theirs, and each value of the front matter (organisations,
evidence, dates, …) is taken whole from one of them. How many sentences a section has, and whether it
says anything, is that of the first. What recombining cannot give is new words: beyond a few hundred
texts the vocabulary grows only by the numbers in the titles, so that every word stands in a larger
share of the texts than it would in as many real ones, which makes every engine's work harder, not easier.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from search_service.practices.checks import check_corpus
from search_service.practices.files import LISTS, PRACTICES_FOLDER
from search_service.practices.model import NOT_STATED, SECTIONS, Practice
from search_service.text.markup import to_plain
from search_service.text.sentences import sentence_spans

CORPUS = Path(__file__).parents[2] / "corpus"
"""The real corpus: read, never written to."""

SEED = 4
"""Any number does; a fixed one makes the same corpus again."""

SOURCES = 4
"""How many real practices one generated practice draws on."""

DRAWN_WHOLE = (
    "organisations", "regions", "partners", "themes", "approaches", "target_groups", "focus",
    "evidence", "stage", "scale", "call", "recognition", "evaluations", "sources",
)  # fmt: skip
"""Fields taken as they stand from one of the sources, each from its own."""

DRAWN_TOGETHER = ("start", "end")
"""Fields that must come from the same source: nothing ends before it starts."""

MAX_TITLE_WORDS = 12
MAX_SUMMARY = 600
"""Characters; what the model of a practice allows a line."""

Sentences = dict[str, list[str]]
"""The sentences of one practice by section; a section that says nothing has none."""


def generate(folder: Path, size: int, seed: int = SEED, corpus: Path = CORPUS) -> None:
    """Write a corpus of `size` generated practices into `folder`, which must not exist.

    Raises ValueError where `folder` lies within `corpus` or `corpus` has faults.
    """
    if folder.resolve().is_relative_to(corpus.resolve()):
        raise ValueError(f"{folder} lies within {corpus}: generated practices are never kept there")
    checked = check_corpus(corpus)
    if checked.corpus is None or checked.faults:
        raise ValueError(f"{corpus} has faults; run practice-finder check")
    (folder / PRACTICES_FOLDER).mkdir(parents=True)
    for name in LISTS:
        shutil.copy(corpus / name, folder / name)
    for key, text in _files(checked.corpus.practices, size, random.Random(seed)):
        (folder / PRACTICES_FOLDER / f"{key}.md").write_text(text, encoding="utf-8")


def _files(practices: Sequence[Practice], size: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Yield the id and the file of each generated practice."""
    sentences = {practice.id: sentences_of(practice) for practice in practices}
    values = {practice.id: practice.model_dump(mode="json", exclude_none=True) for practice in practices}
    for number in range(1, size + 1):
        sources = [practice.id for practice in chance.sample(practices, SOURCES)]
        front = _front_matter(number, [values[key] for key in sources], chance)
        body = _body([sentences[key] for key in sources], chance)
        lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in front.items()]
        yield front["id"], "---\n" + "\n".join(lines) + "\n---\n" + body


def sentences_of(practice: Practice) -> Sentences:
    """Return the plain sentences of each section of a practice."""
    plain = {section.key: to_plain(text) for section, text in practice.texts()}
    return {
        section.key: [text[a:b] for a, b in sentence_spans(text)]
        for section in SECTIONS
        for text in [plain.get(section.key, "")]
    }


def _front_matter(number: int, sources: Sequence[dict[str, Any]], chance: random.Random) -> dict[str, Any]:
    """Return the front matter of one generated practice."""
    drawn = {name: chance.choice(sources).get(name) for name in DRAWN_WHOLE}
    dated = chance.choice(sources)
    drawn |= {name: dated.get(name) for name in DRAWN_TOGETHER}
    first, second = (source["title"].split() for source in sources[:2])
    words = [*first[: (len(first) + 1) // 2], *second[len(second) // 2 :]][:MAX_TITLE_WORDS]
    return {
        "id": f"generated-{number:06}",
        "title": f"Generated practice {number}: {' '.join(words)}",
        "summary": chance.choice(sources)["summary"][:MAX_SUMMARY],
        **{name: value for name, value in drawn.items() if value is not None},
    }


def _body(sources: Sequence[Sentences], chance: random.Random) -> str:
    """Return the sections of one generated practice, as long as those of the first source."""
    parts = []
    for section in SECTIONS:
        wanted = len(sources[0][section.key])
        pool = [sentence for source in sources for sentence in source[section.key]]
        text = " ".join(chance.sample(pool, wanted)) or NOT_STATED
        parts.append(f"## {section.heading}\n{text}\n")
    return "\n".join(parts)


def main() -> None:
    """Write a generated corpus where the command line says."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", type=Path, help="a folder that does not exist yet, outside corpus/")
    options.add_argument("--size", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=SEED)
    given = options.parse_args()
    generate(given.folder, given.size, given.seed)
    print(f"{given.size:,} generated practices in {given.folder}")


if __name__ == "__main__":
    main()
