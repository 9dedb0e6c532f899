"""The rule kept here: the corpus that is shipped is sound, wide, and fuller than a list of names."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from paths import CORPUS

from search_service.library import Library
from search_service.practices.checks import Corpus, check_corpus
from search_service.text.markup import to_plain
from search_service.text.synonyms import phrase

FOLDER = CORPUS


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Read the shipped corpus once, leaving out nothing that can be read."""
    checked = check_corpus(FOLDER)
    assert checked.corpus is not None, [str(fault) for fault in checked.faults]
    return checked.corpus


def test_the_shipped_corpus_has_no_faults() -> None:
    """What is shipped passes its own checks."""
    checked = check_corpus(FOLDER)
    assert [str(fault) for fault in checked.faults] == []
    assert checked.broken == ()


def test_there_are_two_hundred_and_forty_practices_or_more(corpus: Corpus) -> None:
    """As many as national calls bring in, and no two of one title."""
    assert len(corpus.practices) >= 240
    assert len({practice.title.casefold() for practice in corpus.practices}) == len(corpus.practices)


@pytest.mark.parametrize(
    "name", ["theme", "approach", "evidence", "stage", "scale", "target_group", "region"]
)
def test_every_value_of_a_list_is_in_use(corpus: Corpus, name: str) -> None:
    """A filter that can never be chosen is noise, and an empty theme would have to be explained."""
    used = {value for practice in corpus.practices for value in practice.values(name)}
    assert used == set(corpus.taxonomy.terms(name))


def test_every_practice_has_one_to_three_themes(corpus: Corpus) -> None:
    """Themes are few and right: over-tagging hides gaps."""
    counts = Counter(len(practice.themes) for practice in corpus.practices)
    assert set(counts) <= {1, 2, 3}


def test_the_collection_is_wide(corpus: Corpus) -> None:
    """Most forces, many other organisations, old and new work, and versions to tell apart."""
    organisations = corpus.taxonomy.vocabulary.organisation
    forces = [one.id for one in organisations if one.kind == "police-force"]
    used = {key for practice in corpus.practices for key in practice.organisations}
    years = [practice.year for practice in corpus.practices if practice.year]
    assert len(used & set(forces)) >= 30
    assert len(used - set(forces)) >= 40
    assert sum(year < 2015 for year in years) >= len(corpus.practices) / 5
    assert sum(year >= 2021 for year in years) >= len(corpus.practices) / 5
    assert sum(practice.variant_of is not None for practice in corpus.practices) >= 10


def test_there_are_twenty_two_to_twenty_six_themes(corpus: Corpus) -> None:
    """The number of themes that a person can still look through."""
    assert 22 <= len(corpus.taxonomy.themes) <= 26


def test_every_practice_says_enough_to_be_of_use_and_no_more_than_is_read(corpus: Corpus) -> None:
    """The sections that say something hold 180 to 600 words together."""
    lengths = {
        practice.id: sum(len(to_plain(text).split()) for _, text in practice.texts())
        for practice in corpus.practices
    }
    assert {key: length for key, length in lengths.items() if not 180 <= length <= 600} == {}


def test_every_source_says_when_it_was_read(corpus: Corpus) -> None:
    """A page on the web is what it was on a day."""
    sources = [source for practice in corpus.practices for source in practice.sources]
    assert all(isinstance(source.read, dt.date) and source.read.year >= 2020 for source in sources)


def test_a_practice_without_an_evaluation_is_untested_or_says_why_not(corpus: Corpus) -> None:
    """No rating stands without its ground."""
    unexplained = [
        practice.id
        for practice in corpus.practices
        if not practice.evaluations
        and practice.rating != "untested"
        and len(practice.evidence.basis.split()) < 5
    ]
    assert unexplained == []


def test_no_synonym_term_is_in_two_groups(corpus: Corpus) -> None:
    """A wording in two groups would make one of both, meant or not."""
    groups = [{phrase(term) for term in group.terms} for group in corpus.taxonomy.synonyms.groups]
    counts = Counter(term for group in groups for term in group)
    assert [term for term, count in counts.items() if count > 1] == []
    assert len(groups) + len(corpus.taxonomy.synonyms.one_way) >= 150


def test_every_synonym_has_a_word_that_means_something(corpus: Corpus) -> None:
    """A term of function words only finds nothing."""
    synonyms = corpus.taxonomy.synonyms
    terms = [term for group in synonyms.groups for term in group.terms]
    terms += [term for pair in synonyms.one_way for term in (pair.from_, *pair.to)]
    assert [term for term in terms if not phrase(term)] == []


def test_no_two_practices_look_like_one_initiative_without_being_declared_so(library: Library) -> None:
    """A near-duplicate is either a version, and says so, or a mistake."""
    assert library.manifest.near_duplicates == ()
