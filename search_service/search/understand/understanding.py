"""Query understanding: synonyms, spelling, organisations named, and what else may have been meant.

Whatever is read otherwise than typed is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from search_service.practices.taxonomy import Taxonomy
from search_service.search.match.engine import Clause, SearchEngine
from search_service.search.match.facets import value_names
from search_service.search.rank.bm25f import Concept, Impacts, concepts_of
from search_service.search.suggest import Suggester
from search_service.search.understand.organisations import OrganisationNames
from search_service.search.understand.query import Query, QueryReader
from search_service.text.analysis import fold, folded_words, is_stop, stem
from search_service.text.english import is_english
from search_service.text.phrases import PhraseSpeller
from search_service.text.spelling import Speller
from search_service.text.synonyms import Synonyms


@dataclass(frozen=True, slots=True)
class UnderstoodQuery:
    """A query as understood.

    Words that match nothing, synonyms included, are in `corrections` (as typed, and as searched for) or, if
    no known word is near, in `missing`. `organisations` are the ids of those named. `offer` is another query
    that may have been meant; it is not searched for.
    """

    query: Query
    concepts: tuple[Concept, ...]
    corrections: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    organisations: tuple[str, ...]
    offer: str | None


class QueryUnderstanding:
    """Reads queries with the vocabulary, closed lists and names of one snapshot."""

    def __init__(
        self, taxonomy: Taxonomy, engine: SearchEngine, impacts: Impacts, suggester: Suggester
    ) -> None:
        self._taxonomy, self._engine, self._impacts, self._suggester = taxonomy, engine, impacts, suggester
        self._reader = QueryReader(value_names(taxonomy))
        self._organisations = OrganisationNames(taxonomy)
        self._synonyms = Synonyms.from_lists(
            [group.terms for group in taxonomy.synonyms.groups],
            [(pair.from_, pair.to) for pair in taxonomy.synonyms.one_way],
        )
        self._protected = _protected_words(taxonomy)

    def read(self, text: str) -> UnderstoodQuery:
        """Return what `text` asks for; never raises."""
        query = self._reader.read(text)
        corrections: tuple[tuple[str, str], ...] = ()
        concepts = self.concepts_of(query)
        unmatched = self._unmatched_stems(query, concepts)
        if unmatched:
            query, corrections = self._corrected(query)
            concepts = self.concepts_of(query)
            unmatched = self._unmatched_stems(query, concepts)
        missing = tuple(query.typed[word] for word in unmatched)
        is_plain = not (query.required or query.excluded or corrections)
        offer = self._phrases.offer(query.free_text, missing, self._phrase_exists) if is_plain else None
        named = self._organisations.named_in(query.free_text)
        return UnderstoodQuery(query, concepts, corrections, missing, named, offer)

    def concepts_of(self, query: Query) -> tuple[Concept, ...]:
        """Return the concepts a query is ranked by, synonyms included."""
        return tuple(concepts_of(query.ranked, self._synonyms))

    def _corrected(self, query: Query) -> tuple[Query, tuple[tuple[str, str], ...]]:
        """Correct the spelling of words that match nothing."""
        unmatched = self._unmatched_stems(query, concepts_of(query.words, self._synonyms))
        found = {word: self._speller.correct(query.typed[word]) for word in unmatched}
        meant = {
            old: new
            for old, new in found.items()
            if new and not is_stop(stem(new)) and not is_english(fold(query.typed[old]))
        }
        if not meant:
            return query, ()
        typed = {stem(meant.get(old, old)): meant.get(old, word) for old, word in query.typed.items()}
        words = tuple(stem(meant[old]) if old in meant else old for old in query.words)
        pairs = tuple((query.typed[old], new) for old, new in meant.items())
        return replace(query, words=words, typed=typed), pairs

    def _unmatched_stems(self, query: Query, concepts: Sequence[Concept]) -> list[str]:
        """Return the query's stems with no match, synonyms included."""
        rarity = self._impacts.rarity
        matched = {
            word
            for concept in concepts
            for word, _ in concept.words
            if rarity(word) or any(all(map(rarity, other)) for other in concept.alternatives)
        }
        return [word for word in query.typed if word not in matched]

    @cached_property
    def _speller(self) -> Speller:
        """The speller; made when the first word matches nothing."""
        return Speller(self._engine.document_frequencies(), self._protected)

    @cached_property
    def _phrases(self) -> PhraseSpeller:
        """The speller of phrases: suggestions, synonyms and the everyday wording of themes."""
        wordings = [term for group in self._taxonomy.synonyms.groups for term in group.terms]
        wordings += [wording for theme in self._taxonomy.themes for wording in theme.everyday]
        return PhraseSpeller(
            {**dict.fromkeys(wordings, 1), **self._suggester.practices_by_text()}, self._protected
        )

    def _phrase_exists(self, stems: Sequence[str]) -> bool:
        """Tell whether any practice contains these stems as a phrase."""
        clause = Clause("phrase" if len(stems) > 1 else "word", tuple(stems))
        return bool(self._engine.match([clause], []).any())


def _protected_words(taxonomy: Taxonomy) -> set[str]:
    """Return the words never to be corrected, in a practice or not: acronyms, names, synonyms."""
    synonyms = taxonomy.synonyms
    texts = [term for group in synonyms.groups for term in group.terms]
    texts += [pair.from_ for pair in synonyms.one_way]
    for organisation in taxonomy.vocabulary.organisation:
        texts += [organisation.label, *organisation.also]
    texts += [wording for theme in taxonomy.themes for wording in (theme.label, *theme.everyday)]
    return {word for text in texts for word in folded_words(text)}
