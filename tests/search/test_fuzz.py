"""The rule kept here: whatever is typed is answered, and the answer keeps to the rules of the language.

After a change to the language try more queries of each kind than a run of the tests:

    FUZZ_QUERIES=20000 python -m pytest tests/search/test_fuzz.py
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Sequence

import pytest
from builders import make_practice, make_taxonomy
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search_service.practices.model import SECTIONS, Practice
from search_service.search.documents import searched_text
from search_service.search.index import MAX_PREFIX_WORDS, SearchIndex, SearchRequest, SearchResults
from search_service.search.match.engine import Clause
from search_service.search.understand.query import MAX_CLAUSES, MAX_PHRASE_WORDS
from search_service.text.analysis import analyse, fold, is_stop

QUERIES = int(os.environ.get("FUZZ_QUERIES", settings().max_examples))
"""How many queries each test tries."""

PRACTICES, PER_PAGE = 60, 100
"""All that is found fits on a page, so that every hit is looked at."""

VOCABULARY = (
    *("night", "nights", "bus", "buses", "stalking", "stalker", "stalked", "Clare’s", "law", "lawful"),
    *("naïve", "café", "officers", "the", "of", "not", "children", "child's", "e-mail", "24", "24/7"),
    *("A&S", "DASH", "da", "domestic", "abuse", "missing", "person", "Łódź", "Straße", "STRASSE", "ﬁre"),
    *("run", "running", "away"),
)
"""Words whose folding and stemming is awkward among those of the small taxonomy."""

AWKWARD = (
    *('"', "“", "”", "'", "-", " -", "NOT ", " NOT NOT ", "*", "**", "?", "(", ")", "((((", ":", "::"),
    *("theme:", "title:", "theme:domestic-abuse", "region:wales", "nothing:here", "AND", "OR", "~2", "^3"),
    *("[a TO z]", "{a TO}", "\\", "/", ".*", "(a+)+$", "^.*(?=x)", "' OR 1=1 --", "; DROP TABLE practices;"),
    *("<script>", "&amp;", "%00", "\x00", "\n", "\u200b", "\u202e", "中文", "дети", "é", "\ud800", "a", "zz"),
)

TAXONOMY = make_taxonomy()


def practices() -> tuple[Practice, ...]:
    """Return practices of random words, the same every time."""
    chance = random.Random(7)

    def text(words: int) -> str:
        return " ".join(
            chance.choice(VOCABULARY) + chance.choice(["", "", "", ".", ",", "\n\n"]) for _ in range(words)
        )

    return tuple(
        make_practice(
            f"p{number:02}",
            title=f"Plan {text(4)}".replace("\n", " ").strip(),
            summary=f"A {text(8)}".replace("\n", " ").strip(),
            themes=[chance.choice(["domestic-abuse", "missing-people", "stalking-harassment"])],
            regions=[chance.choice(["wales", "north-east"])],
            organisations=["safe-lives-charity"],
            sections={section.key: text(20) for section in SECTIONS},
        )
        for number in range(PRACTICES)
    )


FOUND = practices()
INDEX = SearchIndex.build(FOUND, TAXONOMY)
LINES = [
    [line for text in searched_text(practice, TAXONOMY).values() for line in text.split("\n")]
    for practice in FOUND
]
"""The lines of each practice: no phrase runs over the end of one."""

QUERY = st.lists(st.sampled_from((*AWKWARD, *VOCABULARY)), max_size=14).map("".join) | st.lists(
    st.sampled_from((*AWKWARD, *VOCABULARY)), max_size=14
).map(" ".join)
PART = st.one_of(
    st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3).map(
        lambda words: ("phrase", " ".join(words))
    ),
    st.sampled_from(VOCABULARY).map(lambda word: ("without", word)),
    st.sampled_from(["ni", "stal", "off", "caf", "zz"]).map(lambda word: ("prefix", word)),
    st.sampled_from(["wales", "north-east"]).map(lambda key: ("region", key)),
    st.sampled_from(VOCABULARY).map(lambda word: ("word", word)),
)
WRITTEN = {"phrase": '"{}"', "without": "-{}", "prefix": "{}*", "region": "region:{}", "word": "{}"}

fuzz = settings(max_examples=QUERIES)


def search(text: str) -> SearchResults:
    """Search the generated practices."""
    return INDEX.search(SearchRequest(text, per_page=PER_PAGE))


def stems(text: str) -> list[str]:
    """Return all stems of a text."""
    return [token.stem for token in analyse(text)]


def stands(row: int, phrase: Sequence[str], lines: Iterable[str] | None = None) -> bool:
    """Tell by plain reading whether a practice has these stems side by side."""
    size = len(phrase)
    held = [stems(line) for line in (LINES[row] if lines is None else lines)]
    return any(line[at : at + size] == list(phrase) for line in held for at in range(len(line)))


def begins(row: int, prefix: str) -> bool:
    """Tell by plain reading whether a practice has a word that begins so."""
    words = (fold(line[token.start : token.end]) for line in LINES[row] for token in analyse(line))
    return any(word.startswith(prefix) for word in words)


def meets(row: int, clause: Clause) -> bool:
    """Tell by plain reading whether a practice meets a condition."""
    if clause.kind == "value":
        return clause.terms[0] in FOUND[row].values(clause.field)
    if clause.kind == "prefix":
        return begins(row, clause.terms[0])
    return stands(row, clause.terms, [FOUND[row].title] if clause.field == "title" else None)


@fuzz
@given(st.text(max_size=200) | QUERY)
@example("the of not")
@example("?!… -- **")
@example("-night -bus -the")
@example(" ".join(["night", "buses"] * 100))
@example("-night " * 200)
@example('"night buses" ' * 100)
@example("ni*")
@example("(" * 300 + "night" + ")" * 300)
@example('"' * 200)
@example("NOT " * 200 + "night")
@example("theme:" * 100)
@example("(a|b|c+)+$ [^x]* night")
@example("'; SELECT * FROM practices WHERE 1=1 --")
def test_every_query_is_answered_and_every_hit_meets_its_conditions(text: str) -> None:
    """No text is an error, and the conditions read out of it hold for all that is found."""
    results = search(text)
    query = results.query
    assert results.total == len(results.hits) <= PRACTICES
    for hit in results.hits:
        assert all(meets(hit.row, clause) for clause in query.required)
        assert not any(meets(hit.row, clause) for clause in query.excluded)
    assert results.nearest is None or results.total == 0
    assert len(query.required) + len(query.excluded) <= MAX_CLAUSES
    assert all(len(clause.terms) <= MAX_PHRASE_WORDS for clause in (*query.required, *query.excluded))
    assert len(INDEX.suggest(text, 8)) <= 8


@fuzz
@given(st.lists(PART, min_size=1, max_size=6))
def test_what_was_written_is_what_is_kept_to(parts: list[tuple[str, str]]) -> None:
    """A quoted phrase stands in every hit and a word left out in none, by plain reading of what was typed."""
    results = search(" ".join(WRITTEN[kind].format(text) for kind, text in parts))
    for hit in results.hits:
        for kind, text in parts:
            if kind == "phrase":
                assert stands(hit.row, stems(text))
            elif kind == "without" and not all(map(is_stop, stems(text))):
                assert not stands(hit.row, stems(text))
            elif kind == "prefix":
                assert begins(hit.row, text)
            elif kind == "region":
                assert text in FOUND[hit.row].regions


@fuzz
@given(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3))
def test_a_phrase_finds_every_practice_that_has_it(words: list[str]) -> None:
    """Nothing that stands in a text, word by word, is missed."""
    phrase = stems(" ".join(words))
    expected = {row for row in range(PRACTICES) if stands(row, phrase)}
    assert {hit.row for hit in search(f'"{" ".join(words)}"').hits} == expected


def test_a_beginning_that_everything_has_finds_everything() -> None:
    """More words begin so than may rank, and still no practice is missed."""
    body = " ".join(f"word{number}" for number in range(MAX_PREFIX_WORDS + 200))
    index = SearchIndex.build(
        [make_practice("one", body=body), make_practice("two", body="word99999")], TAXONOMY
    )
    assert index.search(SearchRequest("wo*")).total == 2


@pytest.mark.parametrize("word", VOCABULARY)
def test_an_awkward_word_is_found_as_it_is_written(word: str) -> None:
    """Ligatures, accents, capitals of other alphabets and apostrophes."""
    assert search(f'"{word}"').total > 0
