"""The engines that are compared, each run in a process of its own so that its memory is its own.

    python tests/benchmarks/engines.py ENGINE build FOLDER      index FOLDER, print what it took
    python tests/benchmarks/engines.py ENGINE serve FOLDER      answer on standard input, a line a block

Started by peers.py, which see. Each engine is set up as its own documentation advises, and where there was
a choice, in the way that is faster for it: one index segment, no stop words in queries, a stemmer written
in C where one can be given, the analysis of this project not imposed, title and whole text as two fields
rather than four.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

DOCUMENTS = "documents.jsonl"
"""What the peers index: key, title, text, and the values of every facet, a practice a line."""

CORPUS = "corpus"
HITS = 10
TITLE_WEIGHT = 4.0
"""As in search_service.search.documents, where an engine can weigh fields."""

SNIPPET_CHARACTERS = 320
SNIPPET_TOKENS = 48
"""About as much text, for the engine that counts in tokens."""

FACETS = ("theme", "approach", "evidence", "organisation", "region", "stage", "target_group", "call")
MOST_VALUES = 500
"""More than any facet has: every value is counted."""

WRITER_BYTES = 1_000_000_000
SQLITE_CACHE_KIB = 262_144


@dataclass(frozen=True, slots=True)
class Did:
    """What an engine gave for a query: how many titles, the total, facets counted, and snippets."""

    titles: int
    total: int | None = None
    facets: int = 0
    snippets: int = 0


Ask = Callable[[str], Did]


class Ours:
    """The whole of `Library.search`; its build is the whole of `practice-finder build`."""

    def build(self, folder: Path) -> dict[str, float]:
        """Build a snapshot; return the seconds of each step."""
        from search_service.snapshot.build import build  # noqa: PLC0415 - memory is measured from before

        steps: list[tuple[str, float]] = []
        build(folder / CORPUS, folder / "index", progress=lambda s: steps.append((s, time.perf_counter())))
        steps.append(("", time.perf_counter()))
        return {name: after - before for (name, before), (_, after) in itertools.pairwise(steps)}

    def load(self, folder: Path) -> dict[str, Ask]:
        """Load the snapshot; return the one way to ask."""
        from search_service.library import Library  # noqa: PLC0415
        from search_service.search.index import SearchRequest  # noqa: PLC0415
        from search_service.snapshot.build import load  # noqa: PLC0415

        library = Library(load(folder / "index"))
        library.warm()

        def whole(query: str) -> Did:
            results = library.search.find(SearchRequest(query))
            titles = [library.practices.summary(hit.row).title for hit in results.hits]
            snippets = [hit.snippet.text for hit in results.hits]
            return Did(len(titles), results.total, len(results.facets), len(snippets))

        return {"": whole}


class Tantivy:
    """Tantivy with a stop list and a stemmer, one segment, memory-mapped from the disk."""

    def build(self, folder: Path) -> dict[str, float]:
        """Index with one thread, which makes one segment: the fastest to search."""
        import tantivy  # noqa: PLC0415

        place = folder / "tantivy"
        place.mkdir()
        index = self._prepared(tantivy.Index(self._schema(), path=str(place)))
        writer = index.writer(heap_size=WRITER_BYTES, num_threads=1)
        for document in documents(folder):
            values = {name: document[name] for name in FACETS}
            writer.add_document(tantivy.Document(title=document["title"], text=document["text"], **values))
        writer.commit()
        writer.wait_merging_threads()
        return {}

    def load(self, folder: Path) -> dict[str, Ask]:
        """Open the index; it can be asked with and without snippets and facet counts."""
        import tantivy  # noqa: PLC0415

        schema = self._schema()
        index = self._prepared(tantivy.Index.open(str(folder / "tantivy")))
        index.reload()
        searcher = index.searcher()
        counts = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in FACETS}

        def ask(query: str, snippets: bool, facets: bool) -> Did:
            parsed = index.parse_query(query, ["title", "text"], {"title": TITLE_WEIGHT})
            found = searcher.search(parsed, HITS)
            hits = [searcher.doc(address) for _, address in found.hits]
            titles = [hit["title"][0] for hit in hits]
            quotes: list[str] = []
            if snippets:
                generator = tantivy.SnippetGenerator.create(searcher, parsed, schema, "text")
                generator.set_max_num_chars(SNIPPET_CHARACTERS)
                quotes = [generator.snippet_from_doc(hit).to_html() for hit in hits]
            counted = searcher.aggregate(parsed, counts) if facets else {}
            return Did(len(titles), found.count, len(counted), len(quotes))

        return {
            "": lambda query: ask(query, snippets=False, facets=False),
            "with snippets": lambda query: ask(query, snippets=True, facets=False),
            "with snippets and facets": lambda query: ask(query, snippets=True, facets=True),
        }

    @staticmethod
    def _schema() -> Any:
        import tantivy  # noqa: PLC0415

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("title", stored=True, tokenizer_name="english")
        builder.add_text_field("text", stored=True, tokenizer_name="english")
        for name in FACETS:
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        return builder.build()

    @staticmethod
    def _prepared(index: Any) -> Any:
        from tantivy import Filter, TextAnalyzerBuilder, Tokenizer  # noqa: PLC0415

        chain = TextAnalyzerBuilder(Tokenizer.simple())
        for step in (Filter.lowercase(), Filter.stopword("english"), Filter.stemmer("english")):
            chain = chain.filter(step)
        index.register_tokenizer("english", chain.build())
        return index


class Bm25s:
    """bm25s with its own stop list and PyStemmer: the ten best and nothing else."""

    def build(self, folder: Path) -> dict[str, float]:
        """Index titles, counted as often as they weigh, and texts."""
        import bm25s  # noqa: PLC0415

        repeated = int(TITLE_WEIGHT) - 1
        titles, texts = [], []
        for document in documents(folder):
            titles.append(document["title"])
            texts.append(" ".join([document["title"]] * repeated + [document["text"]]))
        retriever = bm25s.BM25()
        retriever.index(self._tokens(texts, ids=True), show_progress=False)
        retriever.save(folder / "bm25s")
        (folder / "bm25s" / "titles.json").write_text(json.dumps(titles), encoding="utf-8")
        return {}

    def load(self, folder: Path) -> dict[str, Ask]:
        """Load the index into memory."""
        import bm25s  # noqa: PLC0415

        retriever = bm25s.BM25.load(folder / "bm25s")
        titles = json.loads((folder / "bm25s" / "titles.json").read_text(encoding="utf-8"))

        def ask(query: str) -> Did:
            rows, scores = retriever.retrieve(self._tokens([query], ids=False), k=HITS, show_progress=False)
            pairs = zip(rows[0].tolist(), scores[0].tolist(), strict=True)
            return Did(len([titles[row] for row, score in pairs if score > 0]))

        return {"": ask}

    def __init__(self) -> None:
        import Stemmer  # noqa: PLC0415

        self._stemmer = Stemmer.Stemmer("english")

    def _tokens(self, texts: list[str], *, ids: bool) -> Any:
        import bm25s  # noqa: PLC0415

        return bm25s.tokenize(
            texts, stopwords="en", stemmer=self._stemmer, return_ids=ids, show_progress=False
        )


class Whoosh:
    """Whoosh as it comes: its parser, BM25F, its highlighter and its facet counts."""

    def build(self, folder: Path) -> dict[str, float]:
        """Index into one segment on the disk."""
        from whoosh import fields, index  # noqa: PLC0415
        from whoosh.analysis import StemmingAnalyzer  # noqa: PLC0415

        place = folder / "whoosh"
        place.mkdir()
        schema = fields.Schema(
            title=fields.TEXT(analyzer=StemmingAnalyzer(), stored=True),
            text=fields.TEXT(analyzer=StemmingAnalyzer(), stored=True),
            **{name: fields.KEYWORD(commas=True) for name in FACETS},
        )
        writer = index.create_in(place, schema).writer(limitmb=512)
        for document in documents(folder):
            values = {name: ",".join(document[name]) for name in FACETS if document[name]}
            writer.add_document(title=document["title"], text=document["text"], **values)
        writer.commit(optimize=True)
        return {}

    def load(self, folder: Path) -> dict[str, Ask]:
        """Open the index; a question is a disjunction, as with every other engine here."""
        from whoosh import index  # noqa: PLC0415
        from whoosh.qparser import MultifieldParser, OrGroup  # noqa: PLC0415
        from whoosh.sorting import Count, Facets, FieldFacet  # noqa: PLC0415

        opened = index.open_dir(folder / "whoosh")
        searcher = opened.searcher()
        boosts = {"title": TITLE_WEIGHT}
        parser = MultifieldParser(["title", "text"], opened.schema, fieldboosts=boosts, group=OrGroup)

        def ask(query: str) -> Did:
            facets = Facets()
            for name in FACETS:
                facets.add_facet(name, FieldFacet(name, allow_overlap=True, maptype=Count))
            found = searcher.search(parser.parse(query), limit=HITS, groupedby=facets)
            best = found[:HITS]  # with facets to count, Whoosh heeds no limit
            titles = [hit["title"] for hit in best]
            quotes = [hit.highlights("text") for hit in best]
            counted = [found.groups(name) for name in FACETS]
            return Did(len(titles), len(found), len(counted), len(quotes))

        return {"": ask}


class Fts5:
    """SQLite FTS5 with the Porter stemmer; facets are a join with a table of values."""

    def build(self, folder: Path) -> dict[str, float]:
        """Fill the tables and merge the index into one segment."""
        database = sqlite3.connect(folder / "fts5.sqlite")
        database.execute("CREATE VIRTUAL TABLE t USING fts5(title, text, tokenize = 'porter unicode61')")
        database.execute("CREATE TABLE v (practice INTEGER, facet INTEGER, value TEXT)")
        for row, document in enumerate(documents(folder)):
            database.execute(
                "INSERT INTO t (rowid, title, text) VALUES (?, ?, ?)",
                (row, document["title"], document["text"]),
            )
            values = [(row, number, value) for number, name in enumerate(FACETS) for value in document[name]]
            database.executemany("INSERT INTO v VALUES (?, ?, ?)", values)
        database.execute("INSERT INTO t (t, rank) VALUES ('rank', ?)", [f"bm25({TITLE_WEIGHT}, 1.0)"])
        database.execute("INSERT INTO t (t) VALUES ('optimize')")
        database.execute("CREATE INDEX by_practice ON v (practice, facet, value)")
        database.commit()
        database.close()
        return {}

    def load(self, folder: Path) -> dict[str, Ask]:
        """Open the database with a cache that holds it."""
        database = sqlite3.connect(folder / "fts5.sqlite")
        database.execute(f"PRAGMA cache_size = -{SQLITE_CACHE_KIB}")
        best = (
            "SELECT title, snippet(t, 1, '<b>', '</b>', '…', :tokens)"
            " FROM t WHERE t MATCH :words ORDER BY rank LIMIT :hits"
        )
        total = "SELECT count(*) FROM t WHERE t MATCH ?"
        counts = (
            "SELECT facet, value, count(*) FROM t JOIN v ON v.practice = t.rowid WHERE t MATCH ?"
            " GROUP BY facet, value"
        )

        def ask(query: str, facets: bool) -> Did:
            words = " OR ".join(f'"{word}"' for word in query.split())
            hits = database.execute(best, {"tokens": SNIPPET_TOKENS, "words": words, "hits": HITS}).fetchall()
            found = database.execute(total, [words]).fetchone()[0]
            counted = database.execute(counts, [words]).fetchall() if facets else []
            return Did(len(hits), found, len({facet for facet, _, _ in counted}), len(hits))

        return {
            "with snippets": lambda query: ask(query, facets=False),
            "with snippets and facets": lambda query: ask(query, facets=True),
        }


ENGINES: Mapping[str, type] = {
    "Practice Finder": Ours,
    "tantivy": Tantivy,
    "bm25s": Bm25s,
    "SQLite FTS5": Fts5,
    "stock Whoosh": Whoosh,
}
"""Ours first: the others are compared with it."""


def documents(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what there is to index, one practice at a time so that it adds no memory."""
    with (folder / DOCUMENTS).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def resident_mb(process: int | str = "self", line: str = "VmRSS") -> float:
    """Return the memory a process holds now, or with "VmHWM" at most so far (Linux; MB of 2**20)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = next(entry for entry in status.splitlines() if entry.startswith(f"{line}:"))
    return int(found.split()[1]) / 1024


def _build(engine: Any, folder: Path) -> None:
    """Index, and print seconds, seconds by step, and the most memory held."""
    started = time.perf_counter()
    steps = engine.build(folder)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "steps": steps, "peak_mb": resident_mb(line="VmHWM")}))


def _serve(engine: Any, folder: Path) -> None:
    """Load, say so, and answer blocks of queries until standard input ends."""
    before, started = resident_mb(), time.perf_counter()
    ways = engine.load(folder)
    print(json.dumps({"seconds": time.perf_counter() - started, "ways": list(ways)}), flush=True)
    for line in sys.stdin:
        block = json.loads(line)
        ask = ways[block["way"]]
        wall, cpu, did = [], [], []
        for query in block["queries"]:
            began, used = time.perf_counter(), time.process_time()
            answer = ask(query)
            cpu.append((time.process_time() - used) * 1000)
            wall.append((time.perf_counter() - began) * 1000)
            did.append(asdict(answer))
        gc.collect()
        added = resident_mb() - before
        print(json.dumps({"wall": wall, "cpu": cpu, "did": did, "added_mb": added}), flush=True)


def main() -> None:
    """Do what the command line says with one engine."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("engine", choices=list(ENGINES))
    options.add_argument("step", choices=["build", "serve"])
    options.add_argument("folder", type=Path)
    given = options.parse_args()
    steps = {"build": _build, "serve": _serve}
    steps[given.step](ENGINES[given.engine](), given.folder)


if __name__ == "__main__":
    main()
