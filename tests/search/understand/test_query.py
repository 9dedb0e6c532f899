"""The rule kept here: every query means what the documentation says, and none is an error."""

from __future__ import annotations

import unicodedata

import pytest
from builders import make_taxonomy
from hypothesis import example, given
from hypothesis import strategies as st

from search_service.search.match.engine import Clause
from search_service.search.match.facets import FACET_NAMES, value_names
from search_service.search.understand.query import (
    MAX_CLAUSES,
    MAX_PHRASE_WORDS,
    MIN_PREFIX_LENGTH,
    Query,
    QueryReader,
    clean,
)

READER = QueryReader(value_names(make_taxonomy()))

CURLY = "“run away”"

PIECES = (
    *('"', "“", "”", "„", "«", "-", "- ", "NOT ", "not ", "*", "(", ")", ":", "^2", "~3", "[a TO b]", " "),
    *("theme:", "Theme:", "title:", "organisation:", "nothing:", "domestic-abuse", "durham police", "the"),
    *("kids", "é", "’s", "中文", "дети", "٣", "_", "ﷺ", "\n", "\x00", "\u200b", "\ud800", "C++", "a"),
)
"""What queries are made of, the awkward parts above all."""

ANY_TEXT = st.text(st.characters()) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def read(text: str) -> Query:
    """Read one query against the small taxonomy."""
    return READER.read(text)


def word(stem: str, field: str = "text") -> Clause:
    """Return the clause that one stem must stand in a field."""
    return Clause("word", (stem,), field)


def phrase(*stems: str, field: str = "text") -> Clause:
    """Return the clause that stems must stand side by side in a field."""
    return Clause("phrase", stems, field)


# Words.


def test_bare_words_are_stemmed_in_order_and_required_of_nothing() -> None:
    """Words rank; a practice need not hold them all."""
    query = read("Kids running away")
    assert query.words == ("kid", "run", "away")
    assert (query.required, query.excluded) == ((), ())


def test_repeated_words_are_kept() -> None:
    """A word typed twice counts twice in the ranking."""
    assert read("stalking the stalkers, stalking").words == ("stalk", "stalker", "stalk")


def test_each_word_is_remembered_as_it_was_first_typed() -> None:
    """Messages quote what a person wrote, not stems."""
    assert read("Stalking stalked Schools").typed == {"stalk": "Stalking", "school": "Schools"}


def test_function_words_are_passed_over_and_named() -> None:
    """They rank nothing, but what was passed over can be shown."""
    query = read("what to do about the kids")
    assert query.words == ("kid",)
    assert query.stop_words == ("what", "to", "do", "about", "the")


def test_a_query_of_function_words_alone_asks_for_nothing() -> None:
    """Every practice answers it, as it does the empty query."""
    query = read("what is it")
    assert query.is_empty
    assert query.stop_words == ("what", "is", "it")


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t", "\x00\x1f\u200b", "...", '"', '""', "-", "*", "?!", '-""', "—"]
)
def test_a_query_without_a_word_asks_for_nothing(text: str) -> None:
    """Nothing, blanks, control characters and bare punctuation are all the empty query."""
    query = read(text)
    assert query.is_empty
    assert (query.words, query.typed, query.stop_words, query.unknown_values) == ((), {}, (), ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("C++ (draft", ("c", "draft")),
        ("apple?", ("appl",)),
        (".*?[x-z]+$ ^kids{2}", ("x", "z", "kid", "2")),
        ("'; DROP TABLE practices; -- ", ("drop", "tabl", "practic")),
        ("kids & schools | %20 <script>", ("kid", "school", "20", "script")),
        ("[1 TO 5] kids^2 fuzzy~1", ("1", "5", "kid", "2", "fuzzi", "1")),
        ("kids AND schools OR homes", ("kid", "school", "home")),
        ("night-time economy", ("night", "time", "economi")),
        ("kids - schools", ("kid", "school")),
        ("--kids", ("kid",)),
        ("not kids", ("kid",)),
        ("kids NOT", ("kid",)),
    ],
)
def test_what_looks_like_another_language_is_read_as_text(text: str, words: tuple[str, ...]) -> None:
    """Regular expressions, SQL and other query languages are only words here."""
    query = read(text)
    assert query.words == words
    assert (query.required, query.excluded) == ((), ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("дети улица", ("дети", "улица")),
        ("中文 警察", ("中文", "警察")),
        ("café CAFÉ cafe", ("cafe", "cafe", "cafe")),
        ("Clare’s Clare's Clare", ("clare", "clare", "clare")),
    ],
)
def test_other_scripts_accents_and_apostrophes_are_words(text: str, words: tuple[str, ...]) -> None:
    """Letters of any script make words; accents and possessives do not tell them apart."""
    assert read(text).words == words


def test_a_soft_hyphen_does_not_cut_a_word() -> None:
    """It comes along, unseen, with words copied from a page."""
    assert read("stal\u00adking") == read("stalking")


def test_control_characters_separate_words() -> None:
    """They are spaces to the reader, and never reach a page."""
    query = read("kids\x00homes\u202eschools\u200bbells")
    assert query.words == ("kid", "home", "school", "bell")
    assert query.text == "kids homes schools bells"


# Phrases.


@pytest.mark.parametrize(
    "text", ['"run away"', CURLY, "„run away“", "«run away»", "“run away„", '"Running  Away"']
)
def test_a_quoted_phrase_is_required_word_by_word(text: str) -> None:
    """Straight, curly and foreign quotation marks all quote."""
    query = read(text)
    assert query.required == (phrase("run", "away"),)
    assert query.words == ()


def test_a_phrase_keeps_its_function_words() -> None:
    """Each word of a phrase must stand there; only the ranking passes over function words."""
    query = read('"ask for angela"')
    assert query.required == (phrase("ask", "for", "angela"),)
    assert query.ranked == ("ask", "angela")


def test_a_quoted_word_must_be_there() -> None:
    """Quoting one word requires it."""
    assert read('"kids" homes').required == (word("kid"),)
    assert read('"kids" homes').words == ("home",)


def test_a_phrase_beside_punctuation_is_a_phrase() -> None:
    """A comma after the closing mark does not undo it."""
    query = read('("run away", kids)')
    assert query.required == (phrase("run", "away"),)
    assert query.words == ("kid",)


@pytest.mark.parametrize("text", ['"run away', 'run away"', "“run away", 'run "away'])
def test_an_unbalanced_quotation_mark_is_read_as_text(text: str) -> None:
    """Half a phrase is words."""
    assert read(text).words == ("run", "away")
    assert read(text).required == ()


def test_what_stands_in_a_phrase_is_text_and_no_operator() -> None:
    """Fields, exclusions and prefixes mean nothing between quotation marks."""
    assert read('"NOT kids"').required == (phrase("not", "kid"),)
    assert read('"title:kids"').required == (phrase("titl", "kid"),)
    assert read('"stalk*"').required == (word("stalk"),)


# Exclusions.


@pytest.mark.parametrize(
    "text", ["homes -kids", "homes NOT kids", "-kids homes", "NOT kids homes", "homes NOT  kids"]
)
def test_a_word_after_a_minus_or_not_is_excluded(text: str) -> None:
    """Both spellings, wherever they stand."""
    query = read(text)
    assert query.words == ("home",)
    assert query.excluded == (word("kid"),)


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ('-"run away"', phrase("run", "away")),
        ('NOT "run away"', phrase("run", "away")),
        (f"-{CURLY}", phrase("run", "away")),
        ("-stalk*", Clause("prefix", ("stalk",))),
        ("NOT stalk*", Clause("prefix", ("stalk",))),
        ("-theme:domestic-abuse", Clause("value", ("domestic-abuse",), "theme")),
        ("NOT theme:domestic-abuse", Clause("value", ("domestic-abuse",), "theme")),
        ("-title:kids", word("kid", "title")),
        ("-night-time", phrase("night", "time")),
        ("-theme:nonsense", word("nonsens")),
    ],
)
def test_whatever_can_be_asked_for_can_be_excluded(text: str, clause: Clause) -> None:
    """Phrases, prefixes, values and titles are excluded as words are, and nothing else is asked."""
    query = read(text)
    assert query.excluded == (clause,)
    assert (query.words, query.required) == ((), ())
    assert not query.is_empty


def test_two_exclusions_of_one_thing_cancel_out() -> None:
    """NOT NOT kids asks for kids; once more excludes them again."""
    both = Query("NOT NOT kids", words=("kid",), typed={"kid": "kids"}, free_text="kids")
    assert read("NOT NOT kids") == both
    assert read("NOT -kids").words == ("kid",)
    assert read("NOT NOT NOT kids") == Query("NOT NOT NOT kids", excluded=(word("kid"),))


# Prefixes.


@pytest.mark.parametrize("text", ["stalk*", "STALK*", "(stalk*", "(stalk*)", "_stalk*"])
def test_a_word_with_a_star_is_a_required_prefix(text: str) -> None:
    """The prefix is folded, not stemmed, and punctuation before it is no part of it."""
    assert read(text).required == (Clause("prefix", ("stalk",)),)
    assert read(text).words == ()


def test_a_prefix_loses_accents_as_words_do() -> None:
    """Words are indexed without accents, so prefixes are looked up without."""
    assert read("Éduc*").required == (Clause("prefix", ("educ",)),)


def test_a_prefix_is_not_stemmed() -> None:
    """stalking* asks for words that begin with all of it."""
    assert read("stalking*").required == (Clause("prefix", ("stalking",)),)


@pytest.mark.parametrize(
    ("text", "words"), [("x*", ("x",)), ("night-tim*", ("night", "tim")), ("sta*lk", ("sta", "lk"))]
)
def test_a_star_that_makes_no_prefix_is_passed_over(text: str, words: tuple[str, ...]) -> None:
    """One letter would match nearly everything; several words, or a star inside, are text."""
    assert read(text).words == words
    assert read(text).required == ()


# Fields.


@pytest.mark.parametrize(
    "name",
    [
        "durham-constabulary",
        "Durham-Constabulary",
        '"durham constabulary"',
        '"Durham Constabulary"',
        '"durham police"',
        "“Durham Police”",
        '" durham police "',
    ],
)
def test_a_value_is_asked_for_by_id_label_or_short_name(name: str) -> None:
    """Case and the kind of quotation mark do not matter."""
    query = read(f"organisation:{name}")
    assert query.required == (Clause("value", ("durham-constabulary",), "organisation"),)
    assert (query.words, query.unknown_values) == ((), ())


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("evidence:promising", "evidence", "promising"),
        ("target_group:children", "target_group", "children"),
        ("call:example-call-2020", "call", "example-call-2020"),
        ("Theme:domestic-abuse", "theme", "domestic-abuse"),
        ("THEME:domestic-abuse", "theme", "domestic-abuse"),
        ("(theme:domestic-abuse", "theme", "domestic-abuse"),
        ("region:wales*", "region", "wales"),
    ],
)
def test_every_facet_is_a_field_in_any_case(text: str, field: str, value: str) -> None:
    """Telephones begin a query with a capital letter."""
    assert read(text) == Query(clean(text), required=(Clause("value", (value,), field),))


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("title:Angela", word("angela", "title")),
        ("Title:angela", word("angela", "title")),
        ('title:"ask for angela"', phrase("ask", "for", "angela", field="title")),
        ("title:night-time", phrase("night", "time", field="title")),
        ("title:angel*", word("angel", "title")),
    ],
)
def test_title_asks_for_words_of_the_title(text: str, clause: Clause) -> None:
    """One word, or several side by side; they are ranked by as well."""
    query = read(text)
    assert query.required == (clause,)
    assert query.words == ()
    assert "angela" not in text.casefold() or "angela" in query.ranked


def test_an_unknown_field_is_read_as_text() -> None:
    """Both its name and what follows are words."""
    assert read("note:kids 12:30 https://example.org/x").words == (
        *("note", "kid", "12", "30"),
        *("https", "exampl", "org", "x"),
    )
    assert read("note:kids").required == ()


def test_a_field_name_begins_where_a_word_begins() -> None:
    """The end of a longer word is not taken for a field."""
    query = read("subtitle:kids 4title:homes étheme:domestic-abuse")
    assert query.words == ("subtitl", "kid", "4titl", "home", "ethem", "domest", "abus")
    assert query.required == ()


@pytest.mark.parametrize(
    ("text", "unknown", "words", "required"),
    [
        ("theme:nonsense kids", ("theme:nonsense",), ("nonsens", "kid"), ()),
        ('theme:"no such thing"', ("theme:no such thing",), (), (phrase("no", "such", "thing"),)),
        ("region:durham-constabulary", ("region:durham-constabulary",), ("durham", "constabulari"), ()),
    ],
)
def test_an_unknown_value_is_named_and_read_as_text(
    text: str, unknown: tuple[str, ...], words: tuple[str, ...], required: tuple[Clause, ...]
) -> None:
    """What is asked of the wrong list, or of none, is searched for as words."""
    query = read(text)
    assert query.unknown_values == unknown
    assert query.words == words
    assert query.required == required


def test_a_field_without_a_value_is_a_word() -> None:
    """title: and theme: at the end of a query are still being typed."""
    assert read("kids theme:").words == ("kid", "theme")
    assert read("theme: kids").required == ()


def test_the_same_condition_twice_is_one() -> None:
    """Typing it again changes nothing."""
    query = read('theme:domestic-abuse "run away" -kids theme:"Domestic abuse" "running away" -kid')
    assert query.required == (Clause("value", ("domestic-abuse",), "theme"), phrase("run", "away"))
    assert query.excluded == (word("kid"),)


def test_everything_together_is_read_piece_by_piece() -> None:
    """The parts of one query do not disturb one another."""
    query = read('the kids theme:missing-people "run away" -title:angela stalk* homes NOT wales')
    assert query.words == ("kid", "home")
    assert query.required == (
        Clause("value", ("missing-people",), "theme"),
        phrase("run", "away"),
        Clause("prefix", ("stalk",)),
    )
    assert query.excluded == (word("angela", "title"), word("wale"))
    assert query.stop_words == ("the",)
    assert query.ranked == ("kid", "home", "run", "away")


# Any text at all.


@given(ANY_TEXT)
@example("NOT " * 50 + "kids")
@example('"' * 7 + "x")
@example('title:"" -theme:"" NOT ""')
@example("-title:(stalk*")
@example("title:theme:title:")
def test_no_text_is_an_error_or_makes_an_empty_clause(text: str) -> None:
    """Every clause has stems, a known field, and a form its kind allows."""
    query = read(text)
    for clause in (*query.required, *query.excluded):
        assert clause.terms
        assert all(clause.terms)
        assert clause.field in {"text", "title", *FACET_NAMES}
        assert (len(clause.terms) > 1) == (clause.kind == "phrase")
        assert clause.kind != "prefix" or len(clause.terms[0]) >= MIN_PREFIX_LENGTH
    assert all(query.words)
    assert set(query.typed) == set(query.words)


@given(ANY_TEXT)
def test_cleaning_again_changes_nothing(text: str) -> None:
    """Cleaned text holds no control characters, curly quotes or double spaces to begin with."""
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert {unicodedata.category(character)[0] for character in cleaned if character != " "}.isdisjoint("CZ")
    assert "  " not in cleaned
    assert not set(cleaned) & set("“”„«»")
    assert read(cleaned) == read(text)


@given(st.lists(st.sampled_from(["kids", "Stalking", "the", "café", "дети", "12"]), max_size=8))
def test_every_word_is_ranked_or_named_as_common(words: list[str]) -> None:
    """Nothing that was typed is lost."""
    query = read(" ".join(words))
    assert len(query.words) + len(query.stop_words) == len(words)
    assert set(query.typed.values()) | set(query.stop_words) <= set(words)


def test_a_function_word_is_never_excluded() -> None:
    """A pasted "this is NOT a test" does not leave out every text with an "a"."""
    query = read("this is NOT a test -the")
    assert (query.words, query.excluded) == (("test",), ())


def test_a_comma_after_a_value_is_not_part_of_it() -> None:
    """People type lists with commas."""
    assert read("theme:domestic-abuse, kids").required == (Clause("value", ("domestic-abuse",), "theme"),)


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"{a}{b}*" for a in "abcdefghij" for b in "abcdefghij"),
        " ".join(f"-w{number}" for number in range(200)),
        " ".join(f'"a w{number}"' for number in range(100)),
        " ".join(f"title:w{number}" for number in range(100)),
        "theme:domestic-abuse " * 60,
    ],
)
def test_a_query_has_no_more_conditions_than_can_be_looked_for_at_once(text: str) -> None:
    """Each condition costs a walk over the index, so their number is bounded; the rest is words."""
    query = read(text)
    assert 0 < len(query.required) + len(query.excluded) <= MAX_CLAUSES


def test_of_a_long_quotation_the_beginning_must_stand_there() -> None:
    """Hundreds of words in quotes cost no more than a dozen."""
    (clause,) = read('"' + " ".join(f"w{number}" for number in range(200)) + '"').required
    assert clause.terms == tuple(f"w{number}" for number in range(MAX_PHRASE_WORDS))


@pytest.mark.parametrize("text", ["stalk*, kids", "stalk*. kids", "(stalk*) kids", "kids stalk*?!"])
def test_punctuation_after_a_prefix_does_not_make_a_word_of_it(text: str) -> None:
    """People write sentences."""
    query = read(text)
    assert query.required == (Clause("prefix", ("stalk",)),)
    assert query.words == ("kid",)
