"""The rule kept here: what is measured is what is shipped, and every fault of a bad file is reported."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from search_service.cli import main
from search_service.errors import InvalidRequest
from search_service.evaluation.comparison import compare, read_saved, save
from search_service.evaluation.judgements import (
    Document,
    JudgedQuery,
    Judgements,
    read_collection,
    read_judgements,
)
from search_service.evaluation.run import (
    METRICS,
    Evaluation,
    Figures,
    Measured,
    collection_search,
    evaluate,
    evaluate_library,
    library_search,
)
from search_service.library import Library
from search_service.search.index import SearchRequest
from search_service.snapshot.build import build, load

HEADER = "query_id,query,practice,grade\n"
PRACTICES = ("operation-example", "safe-home-scheme", "return-talks")
JUDGED = HEADER + (
    "q1,telling schools,operation-example,3\n"
    "q1,telling schools,return-talks,0\n"
    "q2,locks,safe-home-scheme,2\n"
    "q2,locks,return-talks,1\n"
    "q3,submarines,return-talks,1\n"
)
"""Two queries with an answer in the small corpus, and one that is only touched."""

LOCKS_NDCG = 3 / (3 + 1 / math.log2(3))
"""That of "locks": the grade 2 is found first, the grade 1 does not hold the word."""

DOCUMENTS = (
    Document("1", "heat in slip flow", "measured at a plate"),
    Document("2", "", "wings and more wings in slip flow"),
    Document("3", "boundary layers", "heat is not spoken of, wings are: wings"),
)


def judgements_file(folder: Path, text: str = JUDGED) -> Path:
    """Write a judgements.csv and return its path."""
    path = folder / "judgements.csv"
    path.write_text(text, encoding="utf-8")
    return path


def write_collection(folder: Path, **files: str) -> Path:
    """Write a test collection of `DOCUMENTS`; `docs`, `queries` and `qrels` replace its files."""
    folder.mkdir(exist_ok=True)
    lines = [json.dumps({"id": d.id, "title": d.title, "text": d.text}) for d in DOCUMENTS]
    queries = [{"id": "a", "text": "heat"}, {"id": "b", "text": "wings"}, {"id": "c", "text": "never judged"}]
    docs = files.get("docs", "\n".join(lines) + "\n")
    (folder / "docs.jsonl.gz").write_bytes(gzip.compress(docs.encode()))
    text = files.get("queries", "".join(json.dumps(query) + "\n" for query in queries))
    (folder / "queries.jsonl").write_text(text, encoding="utf-8")
    (folder / "qrels.tsv").write_text(files.get("qrels", "a\t1\t4\nb\t2\t1\nb\t3\t0\n"), encoding="utf-8")
    return folder


def faults_in(error: pytest.ExceptionInfo[InvalidRequest]) -> list[str]:
    """Return every fault as it is printed; each has an example."""
    assert all(fault.example for fault in error.value.faults)
    return [str(fault) for fault in error.value.faults]


def evaluation(figures: Mapping[str, float], source: str = "judgements.csv") -> Evaluation:
    """Build an evaluation in which every metric of a query is the same."""
    queries = tuple(Measured(key, f"query {key}", Figures(*[value] * 4)) for key, value in figures.items())
    return Evaluation(source, 2, queries)


@pytest.fixture
def small(corpus: Path, index: Path) -> Library:
    """Give the library over the small corpus."""
    build(corpus, index)
    return Library(load(index))


def test_judgements_are_read_as_written(tmp_path: Path) -> None:
    """A byte order mark and Windows line ends, as spreadsheets write them, change nothing."""
    plain = read_judgements(judgements_file(tmp_path), PRACTICES)
    (tmp_path / "judgements.csv").write_bytes(JUDGED.replace("\n", "\r\n").encode("utf-8-sig"))
    assert read_judgements(tmp_path / "judgements.csv", PRACTICES) == plain
    assert plain.queries[0] == JudgedQuery(
        "q1", "telling schools", {"operation-example": 3, "return-talks": 0}
    )
    assert [query.id for query in plain.queries] == ["q1", "q2", "q3"]
    assert plain.relevant == 2


def test_a_wording_may_hold_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    """A query is whatever a person types."""
    path = judgements_file(tmp_path, HEADER + 'q1,"""ask, for"" angela\nnow",return-talks,3\n')
    assert read_judgements(path, PRACTICES).queries[0].text == '"ask, for" angela\nnow'


def test_every_fault_of_a_judgements_file_is_reported_at_once(tmp_path: Path) -> None:
    """Unknown practice, wrong grades, a pair twice, empty cells, two wordings: each with its line."""
    rows = [
        "q1,locks,no-such-practice,3",
        "q1,locks,return-talks,4",
        "q1,locks,safe-home-scheme,good",
        "q1,locks,operation-example,-1",
        "q2,schools,return-talks,1",
        "q2,schools,return-talks,2",
        "q2,other words,safe-home-scheme,2",
        ",schools,,2",
        "q3,schools,return-talks",
        f"q4,{'x' * 1001},return-talks,2",
    ]
    with pytest.raises(InvalidRequest) as error:
        read_judgements(judgements_file(tmp_path, HEADER + "\n".join(rows)), PRACTICES)
    faults = faults_in(error)
    for line, part in [
        ("line 2, practice", "no-such-practice"),
        ("line 3, grade", "“4” is not a whole number from 0 to 3"),
        ("line 4, grade", "good"),
        ("line 5, grade", "-1"),
        ("line 7", "before"),
        ("line 8, query", "also worded"),
        ("line 9, query_id", "empty"),
        ("line 9, practice", "empty"),
        ("line 10, grade", "“”"),
        ("line 11, query", "1,001 characters"),
    ]:
        assert any(line in fault and part in fault for fault in faults), (line, part)
    assert len(faults) == len(rows)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, ["not there"]),
        (b"", ["empty"]),
        (HEADER.encode(), ["nothing can be measured"]),
        ((HEADER + "q1,locks,return-talks,1\n").encode(), ["nothing can be measured"]),
        (b"query_id,practice\nq1,return-talks\n", ["“query”", "“grade”"]),
        (b"\xff\xfe\x00q", ["UTF-8"]),
        ((HEADER + "q1," + "x" * 140_000).encode(), ["not CSV"]),
    ],
    ids=["missing", "empty", "header only", "nothing relevant", "columns", "bytes", "huge cell"],
)
def test_a_file_that_is_no_judgements_file_is_named(
    tmp_path: Path, content: bytes | None, said: list[str]
) -> None:
    """The message names the file, and each missing column has its own."""
    path = tmp_path / "judgements.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidRequest) as error:
        read_judgements(path, PRACTICES)
    faults = faults_in(error)
    assert len(faults) == len(said)
    assert all(str(path) in fault and part in fault for fault, part in zip(faults, said, strict=True))


def test_a_collection_is_read_as_written(tmp_path: Path) -> None:
    """Texts, queries that were judged, and any scale of grades."""
    judgements, documents = read_collection(write_collection(tmp_path / "heat"))
    assert documents == DOCUMENTS
    assert judgements.queries == (
        JudgedQuery("a", "heat", {"1": 4}),
        JudgedQuery("b", "wings", {"2": 1, "3": 0}),
    )
    assert judgements.relevant == 1


def test_every_fault_of_a_collection_is_reported_at_once(tmp_path: Path) -> None:
    """All three files are read to the end before anything is said."""
    folder = write_collection(
        tmp_path / "heat",
        docs='{"id": "1", "text": "heat"}\n{"id": "1", "text": "again"}\n{"id": 2, "text": "x"}\n',
        queries='{"id": "a", "text": "heat"}\nnot JSON\n["a list"]\n{"id": "b"}\n' + "[" * 100_000 + "\n",
        qrels="a\t1\t1\na\t1\t2\nz\t1\t1\na\t9\t-2\na 1 1\na\t1\t101\n",
    )
    with pytest.raises(InvalidRequest) as error:
        read_collection(folder)
    faults = faults_in(error)
    for place, part in [
        ("docs.jsonl.gz, line 2, id", "before"),
        ("docs.jsonl.gz, line 3", "strings"),
        ("queries.jsonl, line 2", "JSON"),
        ("queries.jsonl, line 3", "JSON"),
        ("queries.jsonl, line 4", "text"),
        ("queries.jsonl, line 5", "JSON"),
        ("qrels.tsv, line 2", "before"),
        ("qrels.tsv, line 3", "no query “z”"),
        ("qrels.tsv, line 4, document", "“9”"),
        ("qrels.tsv, line 4, grade", "-2"),
        ("qrels.tsv, line 5", "1 columns"),
        ("qrels.tsv, line 6, grade", "from 0 to 100"),
    ]:
        assert any(place in fault and part in fault for fault in faults), (place, part)


@pytest.mark.parametrize(
    "content", [b"no gzip at all", gzip.compress(b"x" * 9999)[:-9], b""], ids=["text", "cut off", "empty"]
)
def test_a_damaged_archive_is_named(tmp_path: Path, content: bytes) -> None:
    """What cannot be unpacked is one fault, and not one for every judgement."""
    folder = write_collection(tmp_path / "heat")
    (folder / "docs.jsonl.gz").write_bytes(content)
    with pytest.raises(InvalidRequest) as error:
        read_collection(folder)
    assert len(faults_in(error)) == 1
    assert "docs.jsonl.gz" in faults_in(error)[0]


def test_missing_parts_of_a_collection_are_all_named(tmp_path: Path) -> None:
    """A folder with nothing in it lacks three files; a folder that is not there is one fault."""
    with pytest.raises(InvalidRequest) as error:
        read_collection(tmp_path)
    assert len(faults_in(error)) == 3
    with pytest.raises(InvalidRequest, match="no such folder"):
        read_collection(tmp_path / "gone")


def test_a_library_is_measured_by_what_its_search_finds(small: Library, tmp_path: Path) -> None:
    """The figures are those of the ranking that a user sees, worked out by hand."""
    measured = evaluate_library(small, judgements_file(tmp_path))
    assert [one.id for one in measured.queries] == ["q1", "q2"]
    assert measured.left_out == ("q3",)
    assert measured.queries[0].figures == Figures(1, 1, 1, 1)
    assert measured.queries[1].figures == Figures(pytest.approx(LOCKS_NDCG), 1, 1, 1)  # type: ignore[arg-type]
    assert measured.mean("ndcg_10") == pytest.approx((1 + LOCKS_NDCG) / 2)


def test_a_ranking_is_read_past_the_first_page(library: Library) -> None:
    """Recall@100 and MAP need more than a page holds, in the order of the pages."""
    found = library_search(library)("police")
    total = library.search.find(SearchRequest("police")).total
    assert total > 100
    assert len(found) == len(set(found)) == total


def test_figures_count_what_was_not_judged_as_not_relevant() -> None:
    """An unjudged one in the first place costs half of everything but recall."""
    judgements = Judgements("by hand", (JudgedQuery("q", "anything", {"x": 3}),), relevant=2)
    figures = evaluate(judgements, lambda _text: ["unjudged", "x"]).queries[0].figures
    assert figures == Figures(pytest.approx(0.6309, abs=1e-4), 0.5, 1, 0.5)  # type: ignore[arg-type]


def test_a_collection_goes_the_way_of_every_search() -> None:
    """Title before text, phrases and exclusions as typed, the floor, and nothing for no match."""
    search = collection_search(DOCUMENTS)
    assert search("heat") == ["1", "3"]
    assert search('"slip flow" wings wings') == ["2", "1"]
    assert search("heat -plate") == ["3"]
    assert search("submarines") == []


def test_what_is_saved_can_be_compared_with(tmp_path: Path) -> None:
    """Writing and reading give back the same figures to the last digit."""
    one = evaluation({"q1": 1 / 3, "q2": 0.1})
    save(one, tmp_path / "before.json")
    assert read_saved(tmp_path / "before.json") == one
    assert json.loads((tmp_path / "before.json").read_text())["means"]["ndcg_10"] == one.mean("ndcg_10")


@pytest.mark.parametrize(
    "content",
    [None, b"", b"\xff", b"[]", b"{}", b'{"source": "x", "relevant": 2, "queries": [{"id": 1}]}'],
)
def test_a_file_that_was_not_saved_here_is_refused(tmp_path: Path, content: bytes | None) -> None:
    """The message names the file and what it should be."""
    path = tmp_path / "before.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidRequest) as error:
        read_saved(path)
    assert all(str(path) in fault for fault in faults_in(error))


@pytest.mark.parametrize("figure", ["1.5", "-0.1", "NaN", '"high"'])
def test_a_saved_figure_that_cannot_be_is_refused(tmp_path: Path, figure: str) -> None:
    """A file edited by hand is not taken for a measurement."""
    path = tmp_path / "before.json"
    save(evaluation({"q1": 0.25}), path)
    path.write_text(path.read_text().replace('"ndcg_10": 0.25,\n        "av', f'"ndcg_10": {figure},\n"av'))
    with pytest.raises(InvalidRequest) as error:
        read_saved(path)
    assert "ndcg_10" in faults_in(error)[0]


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    """Figures are not lost in a traceback."""
    with pytest.raises(InvalidRequest, match="cannot be written"):
        save(evaluation({"q1": 0.5}), tmp_path / "gone" / "before.json")


def test_a_comparison_pairs_queries_and_names_those_that_changed_most() -> None:
    """Only queries of both count; the unchanged are not named; ten at most."""
    before = evaluation({f"q{n}": 0.3 for n in range(20)} | {"old": 0.9})
    after = evaluation({f"q{n}": 0.3 + n / 100 for n in range(20)} | {"new": 0.1})
    compared = compare(before, after)
    assert (compared.compared, compared.only_one) == (20, 2)
    assert [metric.name for metric in compared.metrics] == [metric.name for metric in METRICS]
    assert compared.metrics[0].before == pytest.approx(0.3)
    assert compared.metrics[0].difference == pytest.approx(0.095)
    assert compared.metrics[0].p < 0.001
    assert [change.id for change in compared.queries] == [f"q{n}" for n in range(19, 9, -1)]
    assert compare(before, before).queries == ()
    assert compare(before, before).metrics[0].p == 1


def test_runs_over_different_queries_are_not_compared() -> None:
    """An id alone does not make a query the same one."""
    other = Evaluation("other", 1, (Measured("q1", "another wording", Figures(1, 1, 1, 1)),))
    with pytest.raises(InvalidRequest, match="shares no query"):
        compare(other, evaluation({"q1": 0.5}))


@pytest.fixture
def run(corpus: Path, index: Path):  # type: ignore[no-untyped-def]
    """Give a function that runs `eval` on the small corpus with its judgements."""
    judgements_file(corpus)
    build(corpus, index)

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(
            main, ["--corpus", str(corpus), "--index", str(index), "eval", *arguments], terminal_width=200
        )

    return command


def test_eval_prints_the_means_and_on_request_every_query(run) -> None:  # type: ignore[no-untyped-def]
    """One line of means; what was left out is said; queries only where asked for."""
    result = run()
    assert result.exit_code == 0
    for part in ("2 queries", "nDCG@10", "MAP", "recall@100", "reciprocal rank", "1.000", "Left out"):
        assert part in result.output
    assert "locks" not in result.output
    assert "locks" in run("--per-query").output


def test_eval_answers_in_json(run) -> None:  # type: ignore[no-untyped-def]
    """The same figures for a script, with the queries where asked for."""
    answer = json.loads(run("--json").stdout)
    assert answer["measured"] == 2
    assert set(answer["means"]) == {metric.name for metric in METRICS}
    assert "queries" not in answer
    assert [query["id"] for query in json.loads(run("--json", "--per-query").stdout)["queries"]] == [
        "q1",
        "q2",
    ]


def test_eval_compares_with_what_it_saved(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Before, after, difference and p, and the query that changed."""
    path = tmp_path / "before.json"
    assert run("--save", str(path)).exit_code == 0
    saved = json.loads(path.read_text())
    saved["queries"][1]["figures"]["ndcg_10"] = 0.25
    path.write_text(json.dumps(saved))
    result = run("--compare", str(path))
    assert result.exit_code == 0
    for part in ("before", "after", "difference", "0.625", "+0.288", "locks", "+0.576"):
        assert part in result.output
    comparison = json.loads(run("--compare", str(path), "--json").stdout)["comparison"]
    assert comparison["metrics"][0]["difference"] == pytest.approx((LOCKS_NDCG - 0.25) / 2)


def test_eval_measures_a_collection_without_a_snapshot(tmp_path: Path) -> None:
    """A collection brings its own texts."""
    folder = write_collection(tmp_path / "heat")
    arguments = ["--index", str(tmp_path / "none"), "eval", "--collection", str(folder), "--json"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["measured"] == 2


def test_eval_says_what_is_wrong_and_exits_with_its_code(run, corpus: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Files at fault are 1, misuse is 2, no snapshot is 3; a query in brackets is no colour."""
    for arguments in (("--collection", "gone"), ("--compare", "gone.json"), ("--save", str(tmp_path))):
        result = run(*arguments)
        assert result.exit_code == 1, arguments
        assert "For example" in result.output
    assert run("--nonsense").exit_code == 2
    empty = CliRunner().invoke(main, ["--corpus", str(corpus), "--index", str(tmp_path / "none"), "eval"])
    assert empty.exit_code == 3
    judgements_file(corpus, HEADER + "q1,[b] locks [/x],safe-home-scheme,3\n")
    assert "[b] locks [/x]" in run("--per-query").output
    judgements_file(corpus, HEADER + "q1,locks,gone,3\nq1,locks,return-talks,9\n")
    assert run().exit_code == 1
    assert "line 2" in run().output
    assert "line 3" in run().output
