"""The rule kept here: every engine gives the answers of a plain scan through the texts."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.errors import SnapshotDamaged
from search_service.practices.reuse import Reuse
from search_service.search.match.engine import Clause, Documents, IndexedDocument, Mask, SearchEngine
from search_service.search.match.whoosh_engine import WhooshEngine
from search_service.text.analysis import analyse, fold

KIDS, HOMES, LAW = range(3)

LETTERS = "abcdefghijklmnopqrstuvwxyz"

DOCUMENTS = (
    IndexedDocument(
        key="kids",
        title="Kids who run away",
        text="Kids who run away\nSchools ask for a talk. The kids' café helps runaways.",
        values={"theme": ("missing-people",), "region": ("wales", "north-east"), "call": ()},
    ),
    IndexedDocument(
        key="homes",
        title="Safe homes",
        text="Safe homes\nOfficers visited. They ran after the dog.\nAway teams train at schools.",
        values={"theme": ("domestic-abuse", "missing-people"), "region": ("wales",)},
    ),
    IndexedDocument(key="law", title="Clare’s Law", text="Clare’s Law\nA right to ask. Дети.", values={}),
)


class ScanEngine:
    """A `SearchEngine` without an index: it reads every text again for every question."""

    def __init__(self) -> None:
        self._documents: list[IndexedDocument] = []

    def build(self, documents: Sequence[IndexedDocument]) -> None:
        """Keep the documents."""
        self._documents = list(documents)

    def save(self, folder: Path) -> None:
        """Write the documents as JSON."""
        text = json.dumps([asdict(document) for document in self._documents])
        (folder / "documents.json").write_text(text, encoding="utf-8")

    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""
        try:
            stored = json.loads((folder / "documents.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SnapshotDamaged(f"{folder} holds no documents.") from error
        self._documents = [IndexedDocument(**document) for document in stored]

    def match(self, required: Sequence[Clause], excluded: Sequence[Clause]) -> Mask:
        """Scan every document for every clause."""
        found = [
            all(self._meets(document, clause) for clause in required)
            and not any(self._meets(document, clause) for clause in excluded)
            for document in self._documents
        ]
        return np.array(found, dtype=bool)

    def expand_prefix(self, prefix: str, limit: int) -> list[str]:
        """Fold every word of every text."""
        words = {word for document in self._documents for word in folded_words(document.text)}
        return sorted(word for word in words if word.startswith(prefix))[:limit]

    def document_frequencies(self) -> dict[str, int]:
        """Count the texts that hold each word."""
        return dict(Counter(word for one in self._documents for word in set(folded_words(one.text))))

    @staticmethod
    def _meets(document: IndexedDocument, clause: Clause) -> bool:
        if clause.kind == "value":
            return clause.terms[0] in document.values.get(clause.field, ())
        if clause.kind == "prefix":
            return any(word.startswith(clause.terms[0]) for word in folded_words(document.text))
        length = len(clause.terms)
        for line in (document.title if clause.field == "title" else document.text).split("\n"):
            stems = tuple(token.stem for token in analyse(line))
            if any(stems[at : at + length] == clause.terms for at in range(len(stems) - length + 1)):
                return True
        return False


def folded_words(text: str) -> list[str]:
    """Return the words of a text as they are indexed for prefixes."""
    return [fold(text[token.start : token.end]) for token in analyse(text)]


def word(stem: str, field: str = "text") -> Clause:
    """Return the clause of one stem."""
    return Clause("word", (stem,), field)


def phrase(*stems: str, field: str = "text") -> Clause:
    """Return the clause of stems side by side."""
    return Clause("phrase", stems, field)


def prefix(start: str) -> Clause:
    """Return the clause of a word's beginning."""
    return Clause("prefix", (start,))


def value(key: str, field: str = "theme") -> Clause:
    """Return the clause of a closed list's value."""
    return Clause("value", (key,), field)


@pytest.fixture(params=[WhooshEngine, ScanEngine])
def make_engine(request: pytest.FixtureRequest) -> Callable[[], SearchEngine]:
    """Give the maker of each kind of engine in turn."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def engine(make_engine: Callable[[], SearchEngine]) -> SearchEngine:
    """Give each kind of engine in turn, built from `DOCUMENTS`."""
    made = make_engine()
    made.build(DOCUMENTS)
    return made


def matched(engine: SearchEngine, required: Sequence[Clause], excluded: Sequence[Clause] = ()) -> set[int]:
    """Return the places of the documents an engine matches."""
    return set(np.flatnonzero(engine.match(required, excluded)).tolist())


# What every engine keeps to.


def test_no_clause_matches_everything(engine: SearchEngine) -> None:
    """A mask has one flag for each document, in the order they were built."""
    mask = engine.match([], [])
    assert mask.dtype == bool
    assert mask.tolist() == [True, True, True]


@pytest.mark.parametrize(
    ("clause", "places"),
    [
        (word("kid"), {KIDS}),
        (word("school"), {KIDS, HOMES}),
        (word("cafe"), {KIDS}),
        (word("clare"), {LAW}),
        (word("дети"), {LAW}),
        (word("the"), {KIDS, HOMES}),
        (word("nowher"), set()),
        (word("school", "title"), set()),
        (word("home", "title"), {HOMES}),
        (phrase("run", "away"), {KIDS}),
        (phrase("away", "run"), set()),
        (phrase("ask", "for", "a", "talk"), {KIDS}),
        (phrase("for", "talk"), set()),
        (phrase("kid", "who", "run", field="title"), {KIDS}),
        (phrase("school", "ask", field="title"), set()),
        (phrase("run", "nowher"), set()),
        (prefix("run"), {KIDS}),
        (prefix("runaways"), {KIDS}),
        (prefix("s"), {KIDS, HOMES}),
        (prefix("caf"), {KIDS}),
        (prefix("x"), set()),
        (value("missing-people"), {KIDS, HOMES}),
        (value("domestic-abuse"), {HOMES}),
        (value("missing"), set()),
        (value("north-east", "region"), {KIDS}),
        (value("anything", "call"), set()),
    ],
)
def test_each_kind_of_clause_matches_what_it_says(
    engine: SearchEngine, clause: Clause, places: set[int]
) -> None:
    """Required it finds those documents, and excluded all the others."""
    assert matched(engine, [clause]) == places
    assert matched(engine, [], [clause]) == {KIDS, HOMES, LAW} - places


def test_clauses_are_met_all_together(engine: SearchEngine) -> None:
    """Every required one and no excluded one, of whatever kinds."""
    assert matched(engine, [word("school"), value("wales", "region")]) == {KIDS, HOMES}
    assert matched(engine, [word("school"), value("domestic-abuse")]) == {HOMES}
    assert matched(engine, [word("school")], [phrase("run", "away")]) == {HOMES}
    assert matched(engine, [], [word("kid"), prefix("offic")]) == {LAW}
    assert matched(engine, [word("kid")], [word("kid")]) == set()


def test_a_phrase_does_not_run_over_the_end_of_a_line(engine: SearchEngine) -> None:
    """The last word of a title and the first of a summary are not side by side."""
    assert matched(engine, [phrase("away", "school")]) == set()
    assert matched(engine, [phrase("dog", "away")]) == set()
    assert matched(engine, [phrase("visit", "they")]) == {HOMES}


def test_a_prefix_is_expanded_to_words_in_order(engine: SearchEngine) -> None:
    """Words are folded, in order of the alphabet, and no more than asked for."""
    assert engine.expand_prefix("ru", 10) == ["run", "runaways"]
    assert engine.expand_prefix("ru", 1) == ["run"]
    assert engine.expand_prefix("caf", 10) == ["cafe"]
    assert engine.expand_prefix("q", 10) == []


def test_a_saved_engine_answers_the_same_once_loaded(
    engine: SearchEngine, make_engine: Callable[[], SearchEngine], tmp_path: Path
) -> None:
    """Every kind of clause, after the folder is gone."""
    folder = tmp_path / "engine"
    folder.mkdir()
    engine.save(folder)
    loaded = make_engine()
    loaded.load(folder)
    shutil.rmtree(folder)
    for clause in (word("school"), phrase("run", "away"), prefix("s"), value("missing-people")):
        assert matched(loaded, [clause]) == matched(engine, [clause]) != set()
    assert loaded.expand_prefix("s", 5) == engine.expand_prefix("s", 5) != []


@pytest.mark.parametrize(
    "content", [None, {}, {"notes.txt": b"hello"}, {"documents.json": b"{", "_MAIN_1.toc": b"x"}]
)
def test_a_folder_that_is_not_an_index_is_damaged(
    make_engine: Callable[[], SearchEngine], tmp_path: Path, content: dict[str, bytes] | None
) -> None:
    """Missing, empty or other people's: the error is one the service knows how to tell."""
    folder = tmp_path / "other"
    if content is not None:
        folder.mkdir()
        for name, held in content.items():
            (folder / name).write_bytes(held)
    with pytest.raises(SnapshotDamaged):
        make_engine().load(folder)


def test_an_engine_of_nothing_matches_nothing(make_engine: Callable[[], SearchEngine]) -> None:
    """A mask over no documents is empty."""
    engine = make_engine()
    engine.build([])
    assert engine.match([word("kid")], [word("home")]).shape == (0,)
    assert engine.expand_prefix("k", 5) == []


def test_threads_may_ask_at_once(engine: SearchEngine) -> None:
    """Every thread gets the answers a single one gets."""
    answers: list[set[int]] = []

    def ask() -> None:
        clauses = [word("school"), prefix("s")], [phrase("run", "away")]
        answers.extend(matched(engine, *clauses) for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [{HOMES}] * 80


# Whoosh's own files.


@pytest.mark.parametrize("ending", [".trm", ".toc"])
@pytest.mark.parametrize("harm", ["cut short", "emptied", "overwritten", "removed"])
def test_a_whoosh_file_that_was_harmed_is_damaged(tmp_path: Path, ending: str, harm: str) -> None:
    """Whatever Whoosh or pickle makes of it, the caller sees one kind of error."""
    engine = WhooshEngine()
    engine.build(DOCUMENTS)
    engine.save(tmp_path)
    (path,) = tmp_path.rglob(f"*{ending}")
    content = path.read_bytes()
    match harm:
        case "cut short":
            path.write_bytes(content[:20])
        case "emptied":
            path.write_bytes(b"")
        case "overwritten":
            path.write_bytes(b"\x93garbage" * 30)
        case "removed":
            path.unlink()
    with pytest.raises(SnapshotDamaged):
        WhooshEngine().load(tmp_path)


def test_keys_are_kept_in_order(tmp_path: Path) -> None:
    """They tell whether an index is of the practices beside it."""
    engine = WhooshEngine()
    engine.build(DOCUMENTS)
    assert engine.keys() == ["kids", "homes", "law"]
    engine.save(tmp_path)
    loaded = WhooshEngine()
    loaded.load(tmp_path)
    assert loaded.keys() == ["kids", "homes", "law"]


# Random documents and clauses.

WORDS = st.sampled_from(
    ["kid", "Kids", "child", "children", "stalking", "stalker", "the", "of", "Clare’s", "café", "night-time"]
)
STEMS = WORDS.map(lambda written: next(iter(analyse(written))).stem)
TEXTS = st.lists(WORDS | st.sampled_from([".", "\n", ","]), max_size=14).map(" ".join)
THEMES = st.sampled_from(["alpha", "alpha-beta", "gamma"])
FIELDS = st.sampled_from(["text", "title"])
CLAUSES = st.one_of(
    st.builds(word, STEMS, FIELDS),
    st.builds(
        lambda stems, field: phrase(*stems, field=field), st.lists(STEMS, min_size=2, max_size=4), FIELDS
    ),
    st.builds(lambda written, length: prefix(fold(written)[:length]), WORDS, st.integers(1, 7)),
    st.builds(value, THEMES),
)


@st.composite
def documents(draw: st.DrawFn) -> list[IndexedDocument]:
    """Draw up to six documents over a small vocabulary."""
    parts = draw(st.lists(st.tuples(TEXTS, TEXTS, st.sets(THEMES)), max_size=6))
    return [
        IndexedDocument(str(at), f"{title}\n{text}", title, {"theme": tuple(sorted(themes))})
        for at, (title, text, themes) in enumerate(parts)
    ]


@given(documents(), st.lists(CLAUSES, max_size=3), st.lists(CLAUSES, max_size=2), st.sampled_from("cksn"))
def test_whoosh_and_the_scan_agree(
    held: list[IndexedDocument], required: list[Clause], excluded: list[Clause], start: str
) -> None:
    """Any documents, any clauses: the same mask, and the same words behind a prefix."""
    whoosh, scan = WhooshEngine(), ScanEngine()
    whoosh.build(held)
    scan.build(held)
    assert whoosh.match(required, excluded).tolist() == scan.match(required, excluded).tolist()
    assert whoosh.expand_prefix(start, 3) == scan.expand_prefix(start, 3)
    assert whoosh.document_frequencies() == scan.document_frequencies()


def test_more_postings_than_whoosh_sorts_in_memory_can_be_built_and_read(tmp_path: Path) -> None:
    """Beyond 256 MB of them Whoosh's own writer spills into files that it cannot read back from memory."""
    names = [f"{first}{second}{third}" for first in LETTERS for second in LETTERS for third in LETTERS]
    line = " ".join(names[:15_000])
    engine = WhooshEngine()
    engine.build([IndexedDocument(str(at), f"{line}\nonly{at}", f"only{at}", {}) for at in range(60)])
    engine.save(tmp_path)
    loaded = WhooshEngine()
    loaded.load(tmp_path)
    assert loaded.match([phrase("aab", "aac"), word("only7", "title")], []).nonzero()[0].tolist() == [7]


@given(documents(), documents(), st.data(), st.lists(CLAUSES, max_size=3), st.lists(CLAUSES, max_size=2))
def test_an_engine_that_takes_over_answers_as_one_built_in_full(
    before: list[IndexedDocument],
    fresh: list[IndexedDocument],
    data: st.DataObject,
    required: list[Clause],
    excluded: list[Clause],
) -> None:
    """Over two steps, in any order, whatever was kept, dropped, moved and added."""
    engine, held = WhooshEngine(), before
    engine.build(before)
    for _ in range(2):
        choices = st.permutations(range(-len(fresh), len(held)))
        order = data.draw(choices)[: data.draw(st.integers(0, len(fresh) + len(held)))]
        previous, engine = engine, WhooshEngine()
        held = [held[row] if row >= 0 else fresh[row] for row in order]
        engine.build(held, previous, Reuse(np.array([max(row, -1) for row in order], dtype=np.int32)))
    full = WhooshEngine()
    full.build(held)
    assert engine.match(required, excluded).tolist() == full.match(required, excluded).tolist()
    assert engine.document_frequencies() == full.document_frequencies()
    assert engine.keys() == full.keys()


def test_when_much_has_changed_everything_is_indexed_together_again() -> None:
    """A hundred changed practices of a hundred are answered for like any other."""
    old = [IndexedDocument(str(at), "old words", "old", {}) for at in range(100)]
    new = [IndexedDocument(str(at), f"new{at} words", "new", {}) for at in range(100)]
    previous, engine = WhooshEngine(), WhooshEngine()
    previous.build(old)
    engine.build(new, previous, Reuse(np.full(100, -1, dtype=np.int32)))
    assert matched(engine, [word("old")]) == set()
    assert matched(engine, [word("new7")]) == {7}


def test_documents_that_are_taken_over_are_not_made() -> None:
    """Publishing one practice does not cost the reading of ten thousand."""
    previous, engine = WhooshEngine(), WhooshEngine()
    previous.build(DOCUMENTS)
    made: list[int] = []

    def make(row: int) -> IndexedDocument:
        made.append(row)
        return DOCUMENTS[row]

    engine.build(Documents(3, make), previous, Reuse(np.array([0, -1, 2], dtype=np.int32)))
    assert made == [1]
    assert matched(engine, [word("school")]) == {KIDS, HOMES}


def test_building_needs_no_scratch_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two builds on one machine never meet in the system's temporary folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    engine = WhooshEngine()
    engine.build([IndexedDocument("a", "one word", "title", {})])
    assert engine.match([Clause("word", ("word",))], []).tolist() == [True]
