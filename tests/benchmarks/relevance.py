"""Compare what comes first with what two others put first, on the same judged queries.

    python tests/benchmarks/relevance.py [--collection DIR]…

Measured are search as it is shipped; plain BM25 (k1 1.2, b 0.75) over title, summary, text and labels as one
field, with this project's stems and stop words, without synonyms; and Whoosh as engines.py sets it up: its
own stemmer and stop list, its BM25F, title and text as two fields. Every query is an OR of its words; for
the two others quotation marks and signs are taken out.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from engines import TITLE_WEIGHT
from whoosh import fields
from whoosh.analysis import StemmingAnalyzer
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import MultifieldParser, OrGroup

from search_service.evaluation.judgements import read_collection, read_judgements
from search_service.evaluation.metrics import randomisation_test
from search_service.evaluation.run import DEPTH, METRICS, Evaluation, collection_search, evaluate
from search_service.practices.checks import check_corpus
from search_service.search.documents import searched_text
from search_service.search.index import SearchIndex, SearchRequest
from search_service.text.analysis import content_stems

CORPUS = Path(__file__).parents[2] / "corpus"
K1, B = 1.2, 0.75
"""The customary values."""

Texts = Mapping[str, tuple[str, str]]
"""Title and whole text by id."""

Search = Callable[[str], Sequence[str]]


def plain_bm25(texts: Texts) -> Search:
    """Return BM25 over one field."""
    keys = list(texts)
    bags = [content_stems(" ".join(text)) for text in texts.values()]
    lengths = np.array([len(bag) for bag in bags])
    norm = K1 * (1 - B + B * lengths / lengths.mean())
    postings: dict[str, dict[int, int]] = {}
    for place, bag in enumerate(bags):
        for stem in bag:
            held = postings.setdefault(stem, {})
            held[place] = held.get(place, 0) + 1

    def search(text: str) -> list[str]:
        scores = np.zeros(len(keys))
        for stem in content_stems(text):
            held = postings.get(stem, {})
            idf = np.log1p((len(keys) - len(held) + 0.5) / (len(held) + 0.5))
            for place, count in held.items():
                scores[place] += idf * count * (K1 + 1) / (count + norm[place])
        order = np.argsort(-scores, kind="stable")[:DEPTH]
        return [keys[place] for place in order if scores[place] > 0]

    return search


def stock_whoosh(texts: Texts) -> Search:
    """Return Whoosh's own search, as engines.py sets it up."""
    schema = fields.Schema(
        key=fields.STORED,
        title=fields.TEXT(analyzer=StemmingAnalyzer()),
        text=fields.TEXT(analyzer=StemmingAnalyzer()),
    )
    index = RamStorage().create_index(schema)
    writer = index.writer(limitmb=512)
    for key, (title, text) in texts.items():
        writer.add_document(key=key, title=title, text=text)
    writer.commit(optimize=True)
    searcher = index.searcher()
    boosts = {"title": TITLE_WEIGHT}
    parser = MultifieldParser(["title", "text"], schema, fieldboosts=boosts, group=OrGroup)

    def search(text: str) -> list[str]:
        words = " ".join(re.findall(r"\w+", text)).lower()
        return [hit["key"] for hit in searcher.search(parser.parse(words), limit=DEPTH)]

    return search


def on_corpus() -> None:
    """Measure on the shipped corpus and its judgements."""
    corpus = check_corpus(CORPUS).corpus
    if corpus is None:
        raise SystemExit(f"{CORPUS} has faults; run practice-finder check")
    practices, taxonomy = corpus.practices, corpus.taxonomy
    judgements = read_judgements(CORPUS / "judgements.csv", {practice.id: None for practice in practices})
    read = {practice.id: searched_text(practice, taxonomy) for practice in practices}
    texts = {key: (text["title"], "\n".join(list(text.values())[1:])) for key, text in read.items()}
    index = SearchIndex.build(practices, taxonomy)

    def ours(text: str) -> list[str]:
        return [practices[hit.row].id for hit in index.search(SearchRequest(text, per_page=DEPTH)).hits]

    _print(str(CORPUS), [evaluate(judgements, one) for one in (ours, plain_bm25(texts), stock_whoosh(texts))])


def on_collection(folder: Path) -> None:
    """Measure on a test collection; queries are reduced to their words for all three."""
    judgements, documents = read_collection(folder)
    texts = {document.id: (document.title, document.text) for document in documents}
    search = collection_search(documents)

    def ours(text: str) -> Sequence[str]:
        return search(" ".join(re.findall(r"\w+", text)))

    _print(str(folder), [evaluate(judgements, one) for one in (ours, plain_bm25(texts), stock_whoosh(texts))])


def _print(source: str, evaluations: Sequence[Evaluation]) -> None:
    print(source)
    names = ("Practice Finder", "plain BM25", "stock Whoosh")
    for name, evaluation in zip(names, evaluations, strict=True):
        means = "  ".join(f"{metric.mean} {evaluation.mean(metric.name):.3f}" for metric in METRICS)
        p = randomisation_test(evaluation.figures("ndcg_10"), evaluations[0].figures("ndcg_10"))
        print(f"  {name:16} {means}" + (f"  p {p:.4f}" if name != names[0] else ""))


def main() -> None:
    """Measure on the corpus, and on every collection that is named."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--collection", action="append", type=Path, default=[])
    given = options.parse_args()
    on_corpus()
    for folder in given.collection:
        on_collection(folder)


if __name__ == "__main__":
    main()
