"""The rule kept here: only a word nobody could know is corrected, and only to one the corpus holds."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search_service.text.analysis import fold, is_stop, stem
from search_service.text.spelling import Speller

FREQUENCIES = {
    "stalking": 24,
    "violence": 90,
    "violent": 30,
    "boyfriend": 3,
    "marriage": 12,
    "romance": 9,
    "woman": 40,
    "fraud": 31,
    "ideas": 8,
    "their": 200,
    "police": 150,
    "march": 5,
    "county": 17,
    "covid19": 4,
    "trafficking": 17,
    "training": 118,
    "modern": 13,
    "model": 51,
}
PROTECTED = {"fgm", "marac", "idva", "cuckooing", "dash", "hydrant"}


def make_speller(frequencies: dict[str, int] = FREQUENCIES, protected: set[str] = PROTECTED) -> Speller:
    """Build a speller over a few words of the field."""
    return Speller(frequencies, protected)


def distance(a: str, b: str) -> int:
    """Return the edits between two words, a transposition as one (optimal string alignment)."""
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and y == a[i - 2]:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def closest(typed: str, frequencies: dict[str, int]) -> str | None:
    """Return the correction by comparing with every word: what the index must agree with."""
    edits = 1 if len(typed) < 7 else 2
    near = [(distance(typed, word), word) for word in frequencies]
    least = min((d for d, _ in near), default=0)
    alike = [word for d, word in near if d == least <= edits and begin_alike(typed, word, d)]
    by_rank = sorted(alike, key=lambda word: (not is_slip(typed, word), -frequencies[word], word))
    return by_rank[0] if by_rank else None


def is_slip(typed: str, word: str) -> bool:
    """Tell whether letters were left out at some places of a word, or put in another order."""
    left_out = len(word) - len(typed)
    shorter = {"".join(kept) for kept in combinations(word, len(typed))} if left_out >= 0 else set()
    return typed in shorter or Counter(typed) == Counter(word)


def begin_alike(typed: str, word: str, edits: int) -> bool:
    """Tell whether words share the first letter, or one edit to it was other than a wrong letter."""
    moved = {word[1:], word[1:2] + word[:1] + word[2:]}
    return typed[0] == word[0] or (edits == 1 and (typed in moved or typed[1:] == word))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("stalkin", "stalking"),
        ("violance", "violence"),
        ("voilence", "violence"),
        ("boyfreind", "boyfriend"),
        ("marrage", "marriage"),
        ("Marrage", "marriage"),
        ("marrage’s", "marriage"),
        ("romanse", "romance"),
        ("fruad", "fraud"),
        ("thier", "their"),
        ("trafiking", "trafficking"),
        ("moden", "modern"),
    ],
)
def test_a_slip_is_corrected(typed: str, meant: str) -> None:
    """A missing, wrong, extra or swapped letter leads back to the word; the typed case is not kept."""
    assert make_speller().correct(typed) == meant


@pytest.mark.parametrize("typed", ["romance", "Romance", "fraud", "Fraud’s", "woman"])
def test_a_known_word_stays(typed: str) -> None:
    """What the corpus holds is never corrected, however it is written."""
    assert make_speller().correct(typed) is None


@pytest.mark.parametrize("typed", ["policeing", "stalkings", "violently"])
def test_another_form_of_a_known_word_stays(typed: str) -> None:
    """Search finds every form of a word, so a form the corpus does not hold needs no correction."""
    assert make_speller().correct(typed) is None


@pytest.mark.parametrize("typed", ["fgm", "marac", "Marac", "idvas", "cuckooing", "hydrant", "Hydrants"])
def test_a_protected_word_stays(typed: str) -> None:
    """An acronym, a term or a name is meant as typed, in the plural too: "idvas" are not "ideas"."""
    speller = make_speller(FREQUENCIES | {"hydrate": 1, "hydra": 1, "macra": 2})
    assert speller.correct(typed) is None


@pytest.mark.parametrize("typed", ["MARAC", "MARCH", "FRUAD", "MARCHH", "VIOLANCEs", "FRUAD's", "FRUAD’s"])
def test_a_word_in_capitals_stays(typed: str) -> None:
    """Capitals say acronym, known to us or not."""
    assert make_speller().correct(typed) is None


def test_a_short_word_stays() -> None:
    """Below five letters nearly everything is one letter from something else."""
    speller = Speller({"abuse": 10, "rape": 5}, set())
    assert speller.correct("rope") is None
    assert speller.correct("abus") is None
    assert speller.correct("abuze") == "abuse"
    assert speller.correct("rrape") == "rape"


@pytest.mark.parametrize("typed", ["covid20", "covid18", "fraud2", "2fraud", "stalk1ng", "covid", "covidd"])
def test_digits_are_neither_corrected_nor_offered(typed: str) -> None:
    """A number is a name or a year: the next one is not what was meant."""
    assert make_speller().correct(typed) is None


def test_a_word_of_the_question_stays() -> None:
    """Function words are known though no practice may hold them."""
    assert Speller({"yourself": 9, "where": 3}, set()).correct("yourselves") is None
    assert Speller({"these": 9}, set()).correct("those") is None


def test_a_longer_word_may_hold_two_slips_and_a_shorter_one_only_one() -> None:
    """Two edits in six letters make another word; in seven they are still a slip."""
    speller = Speller({"coercive": 4, "hydra": 1}, set())
    assert speller.correct("cohersiv") is None
    assert speller.correct("coersiv") == "coercive"
    assert speller.correct("hidraa") is None
    assert speller.correct("hidra") == "hydra"
    assert make_speller().correct("romans") is None


@pytest.mark.parametrize("typed", ["vapes", "ketamine", "smishing", "quishing"])
def test_a_word_that_begins_otherwise_is_another_word(typed: str) -> None:
    """A wrong first letter, or two slips with one at the beginning, is hardly ever typed."""
    assert make_speller({"rapes": 9, "examine": 9, "missing": 9, "pushing": 9}).correct(typed) is None


@pytest.mark.parametrize("typed", ["talking", "tsalking", "astalking"])
def test_a_first_letter_dropped_added_or_swapped_is_a_slip(typed: str) -> None:
    """These leave the right letter next to the beginning."""
    assert make_speller({"stalking": 24}).correct(typed) == "stalking"


def test_a_word_with_letters_left_out_wins_over_one_with_others() -> None:
    """However many more practices hold the other one."""
    assert make_speller({"training": 500, "trafficking": 1}).correct("trafiking") == "trafficking"
    assert make_speller({"forest": 9, "first": 1}).correct("frist") == "first"


def test_fewest_edits_win_then_most_practices_then_the_alphabet() -> None:
    """The order is the same on every run, whatever the order of the words."""
    words = {"batter": 5, "better": 5, "bitter": 2, "buttery": 90}
    for order in (words, dict(reversed(words.items()))):
        assert Speller(order, set()).correct("botter") == "batter"
        assert Speller(order | {"bitter": 6}, set()).correct("botter") == "bitter"


def test_a_word_no_practice_holds_is_not_offered() -> None:
    """A correction must find something."""
    assert Speller({"stalking": 0}, set()).correct("stalkin") is None


def test_an_empty_corpus_corrects_nothing() -> None:
    """There is no dictionary but the corpus."""
    assert Speller({}, set()).correct("stalkin") is None


def test_later_changes_of_what_was_passed_in_do_not_show() -> None:
    """A speller belongs to one snapshot, though it is built when first needed."""
    frequencies, protected = dict(FREQUENCIES), set(PROTECTED)
    speller = Speller(frequencies, protected)
    frequencies.clear()
    protected.clear()
    assert speller.correct("stalkin") == "stalking"
    assert speller.correct("cuckooing") is None


def test_threads_share_a_speller() -> None:
    """The first words typed at once see one whole index, and comparisons do not mix."""
    typed = ["stalkin", "violance", "boyfreind", "marrage", "romanse", "fraud"] * 50
    speller = make_speller()
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(speller.correct, typed))
    assert together == [make_speller().correct(word) for word in typed[:6]] * 50


LETTERS = st.text(alphabet="abest", min_size=4, max_size=9)
VOCABULARY = st.dictionaries(LETTERS, st.integers(1, 5), min_size=1, max_size=30)


@given(frequencies=VOCABULARY, typed=LETTERS.filter(lambda word: len(word) >= 5))
def test_the_index_finds_what_comparing_with_every_word_finds(
    frequencies: dict[str, int], typed: str
) -> None:
    """A correction is a known word within the allowed distance, and the best of them."""
    assume(not is_stop(stem(typed)))
    assume(stem(typed) not in {stem(word) for word in frequencies})
    assert Speller(frequencies, set()).correct(typed) == closest(typed, frequencies)


@given(frequencies=VOCABULARY, protected=st.sets(LETTERS, max_size=5), data=st.data())
def test_known_and_protected_words_are_never_corrected(
    frequencies: dict[str, int], protected: set[str], data: st.DataObject
) -> None:
    """Whatever else is near."""
    word = data.draw(st.sampled_from(sorted(frequencies.keys() | protected)))
    speller = Speller(frequencies, protected)
    assert [speller.correct(typed) for typed in (word, word.title(), word.upper())] == [None] * 3


@given(typed=st.text(), known=st.dictionaries(st.text().map(fold), st.integers(), max_size=5))
def test_any_text_can_be_typed_and_any_word_known(typed: str, known: dict[str, int]) -> None:
    """Nothing raises, and what comes back is a word of the corpus."""
    assert Speller(known, set()).correct(typed) in {None, *known}
    assert Speller(FREQUENCIES, PROTECTED).correct(typed) in {None, *FREQUENCIES}


def test_a_pasted_page_without_spaces_is_no_word() -> None:
    """Length costs nothing."""
    assert make_speller().correct("stalkin" * 100_000) is None
