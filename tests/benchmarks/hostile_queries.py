"""Ask 10,000 practices very many awkward queries, to see what each costs and whether one is answered wrongly.

    python tests/benchmarks/hostile_queries.py [--queries 20000] [--practices 10000] [--seed 4]

A query is made of words of the corpus, whole or cut to a beginning, phrases that stand in it, values of
closed lists, signs of query languages, and what breaks parsers, up to the longest that is searched. Of the
first page of every answer it is checked, by plain reading, that each quoted phrase stands in each hit, and no
word that was left out. Times are of the processor, since the clock also counts what else the machine does.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from generated import SEED, generate

from search_service.library import Library
from search_service.limits import MAX_QUERY_LENGTH
from search_service.search.documents import searched_text
from search_service.search.index import SORTS, SearchRequest, SearchResults
from search_service.search.match.engine import Clause
from search_service.search.match.facets import FACET_NAMES
from search_service.snapshot.build import build, load
from search_service.text.analysis import analyse, fold

MOST_MS = 250.0
"""What no query may take."""

SHOWN = 10
"""The costliest queries that are printed."""

SIGNS = (
    *(
        '"',
        "“",
        "”",
        "'",
        "-",
        " -",
        "NOT ",
        "*",
        "**",
        "?",
        "(",
        ")",
        "((((",
        ":",
        "::",
        "AND",
        "OR",
        "~2",
        "^3",
    ),
    *("[a TO z]", "{a TO}", "\\", "/", ".*", "(a+)+$", "^.*(?=x)", "' OR 1=1 --", "; DROP TABLE practices;"),
    *("<script>", "&amp;", "%00", "\x00", "\n", "\u200b", "\u202e", "中文", "дети", "é", "\ud800", "a", "zz"),
)

Chance = random.Random
Maker = Callable[[Chance], str]


def makers(library: Library) -> list[Maker]:
    """Return ways of making a part of a query."""
    chance = random.Random(SEED)
    texts = [
        text
        for practice in chance.sample(list(library.practices), 300)
        for text in searched_text(practice, library.taxonomy).values()
    ]
    runs = [text.split() for text in texts if text.strip()]
    words = sorted({word for run in runs for word in run})
    frequent = [
        "the",
        "of",
        "and",
        "police",
        "support",
        "domestic",
        "abuse",
        "children",
        "victims",
        "safeguarding",
    ]
    values = [f"{name}:{key}" for name in FACET_NAMES for key in library.taxonomy.labels[name]]

    def run(chance: Chance, most: int) -> str:
        held = chance.choice(runs)
        start = chance.randrange(len(held))
        return " ".join(held[start : start + chance.randint(1, most)])

    return [
        lambda chance: chance.choice(words),
        lambda chance: chance.choice(frequent),
        lambda chance: _slip(chance, chance.choice(words)),
        lambda chance: f"{chance.choice(words)[: chance.randint(1, 4)]}*",
        lambda chance: f'"{run(chance, 8)}"',
        lambda chance: f"-{chance.choice(words)}",
        lambda chance: f'-"{run(chance, 4)}"',
        lambda chance: f'title:"{run(chance, 3)}"',
        lambda chance: chance.choice(values),
        lambda chance: chance.choice(SIGNS),
        lambda chance: run(chance, 30),
        lambda chance: "".join(chr(chance.randrange(1, 0x3000)) for _ in range(chance.randint(1, 12))),
    ]


def _slip(chance: Chance, word: str) -> str:
    """Return a word with one letter changed, so that nothing holds it."""
    place = chance.randrange(len(word))
    return word[:place] + chance.choice("qxzj") + word[place + 1 :]


def query_of(chance: Chance, ways: Sequence[Maker]) -> str:
    """Return one query: short ones most often, some as long as can be, some of one part over and over."""
    parts = chance.choice((1, 2, 3, 5, 8, 13, 40, 200))
    if chance.random() < 0.1:
        part = chance.choice(ways)(chance)
        return " ".join([part] * parts)[:MAX_QUERY_LENGTH]
    some = chance.sample(ways, chance.randint(1, len(ways)))
    between = chance.choice((" ", " ", " ", ""))
    return between.join(chance.choice(some)(chance) for _ in range(parts))[:MAX_QUERY_LENGTH]


Line = Sequence[tuple[str, str]]
"""The words of a line: the stem of each, and the word folded."""


def is_wrong(library: Library, results: SearchResults) -> bool:
    """Tell whether any hit shown breaks a condition of the query, by plain reading.

    Values of closed lists are left out: a region holds its forces' practices too.
    """
    read = [clause for clause in results.query.required if clause.kind != "value"]
    left_out = [clause for clause in results.query.excluded if clause.kind != "value"]
    for hit in results.hits:
        practice = library.practices[hit.row]
        texts = searched_text(practice, library.taxonomy).values()
        lines = [_words(line) for text in texts for line in text.split("\n")]
        title = [_words(practice.title)]
        kept = all(_meets(clause, lines, title) for clause in read)
        if not kept or any(_meets(clause, lines, title) for clause in left_out):
            return True
    return False


def _words(line: str) -> Line:
    return [(token.stem, fold(line[token.start : token.end])) for token in analyse(line)]


def _meets(clause: Clause, lines: Sequence[Line], title: Sequence[Line]) -> bool:
    if clause.kind == "prefix":
        return any(word.startswith(clause.terms[0]) for line in lines for _, word in line)
    return any(_stands(line, clause.terms) for line in (title if clause.field == "title" else lines))


def _stands(line: Line, terms: Sequence[str]) -> bool:
    stems = [stem for stem, _ in line]
    return any(stems[at : at + len(terms)] == list(terms) for at in range(len(stems) - len(terms) + 1))


def ask(library: Library, queries: int, seed: int) -> None:
    """Ask, check, and print what was found."""
    chance, ways, sorts = random.Random(seed), makers(library), list(SORTS)
    taken: list[tuple[float, str]] = []
    answered_wrongly: list[str] = []
    for number in range(queries):
        text = query_of(chance, ways)
        request = SearchRequest(text, sort=sorts[number % len(sorts)])
        started = time.process_time()
        results = library.search.find(request)
        taken.append(((time.process_time() - started) * 1000, text))
        if is_wrong(library, results):
            answered_wrongly.append(text)
    times = sorted(milliseconds for milliseconds, _ in taken)
    at = statistics.quantiles(times, n=1000)
    print(f"{queries:,} queries of {len(library.practices):,} practices, seed {seed}; none was an error")
    print(f"milliseconds: p50 {at[499]:.2f}, p95 {at[949]:.2f}, p99.9 {at[998]:.1f}, most {times[-1]:.1f}")
    print(f"over {MOST_MS:.0f} ms: {sum(value > MOST_MS for value in times)}")
    print(f"answered wrongly: {len(answered_wrongly)}")
    for text in answered_wrongly[:SHOWN]:
        print(f"  {text!r}")
    print("the costliest:")
    for milliseconds, text in sorted(taken, reverse=True)[:SHOWN]:
        print(f"  {milliseconds:.1f} ms  {text[:100]!r}")


def main() -> None:
    """Build and ask."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--queries", type=int, default=20_000)
    options.add_argument("--practices", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--index", type=Path, help="a snapshot to ask instead of building one")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = given.index or Path(folder) / "index"
        if not given.index:
            generate(Path(folder) / "corpus", given.practices, SEED)
            build(Path(folder) / "corpus", index)
        library = Library(load(index))
        library.warm()
        ask(library, given.queries, given.seed)


if __name__ == "__main__":
    main()
