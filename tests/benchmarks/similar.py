"""Measure similar practice at size: lists with all their reasons, on generated practices.

    python tests/benchmarks/similar.py [--size 10000] [--keep DIR]

Each practice and each text is asked once, so that nothing is remembered of it. With `--keep` corpus and
snapshot stay in DIR and are used again.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from generated import CORPUS, generate, sentences_of

from search_service.library import Library
from search_service.practices.checks import check_corpus
from search_service.similar.filters import ListFilters
from search_service.snapshot.build import build, load

PRACTICES, TEXTS, WORDS = 500, 100, 500
SEED = 7


def pasted_texts(chance: random.Random) -> list[str]:
    """Return texts of 500 words, of sentences of the real corpus drawn from three practices each."""
    corpus = check_corpus(CORPUS).corpus
    assert corpus is not None
    texts = []
    for _ in range(TEXTS):
        pool = [
            sentence
            for practice in chance.sample(list(corpus.practices), 3)
            for sentences in sentences_of(practice).values()
            for sentence in sentences
        ]
        chance.shuffle(pool)
        texts.append(" ".join(" ".join(pool).split()[:WORDS]))
    return texts


def measured(name: str, ask: Callable[[str], object], asked: Sequence[str]) -> None:
    """Ask one after another and print what it took."""
    times = []
    for one in asked:
        started = time.perf_counter()
        ask(one)
        times.append((time.perf_counter() - started) * 1000)
    print(f"{name:<36}{statistics.median(times):>8.2f}{statistics.quantiles(times, n=20)[-1]:>8.2f}")


def measure(library: Library) -> None:
    """Print how long lists of each kind take."""
    chance = random.Random(SEED)
    ids = [practice.id for practice in library.practices]
    asked, filtered = chance.sample(ids, PRACTICES), chance.sample(ids, TEXTS)
    themes = tuple(library.practices[0].themes)
    filters = ListFilters(promising=True, region=("north-east", "wales"), theme=themes)

    def with_filters(key: str) -> object:
        return library.similar.to_practice(key, filters=filters)

    print(f"{len(ids):,} practices; load average {os.getloadavg()[0]:.2f}")
    print(f"{'':<36}{'p50 ms':>8}{'p95 ms':>8}")
    measured("related to a practice", library.similar.to_practice, asked)
    measured("similar to a text of 500 words", library.similar.to_text, pasted_texts(chance))
    measured("related to a practice, filtered", with_filters, filtered)
    print(f"load average {os.getloadavg()[0]:.2f}")


def main() -> None:
    """Generate, build and ask."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--size", type=int, default=10_000)
    options.add_argument("--keep", type=Path, help="a folder for corpus and snapshot")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        if not (folder / "corpus").exists():
            generate(folder / "corpus", given.size)
        started = time.perf_counter()
        build(folder / "corpus", folder / "index")
        print(f"build: {time.perf_counter() - started:.1f} s")
        measure(Library(load(folder / "index")))


if __name__ == "__main__":
    main()
