"""What a person means by what was typed: the query, its other wordings, slips, names, and what is offered.

Nothing here decides what is found by itself; whatever was read otherwise than typed is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from search_service.practices.taxonomy import Taxonomy
from search_service.search.documents import names_by_field
from search_service.search.match.engine import Clause, SearchEngine
from search_service.search.match.facets import FACET_NAMES
from search_service.search.rank.bm25f import Concept, Impacts, concepts_of
from search_service.search.suggest import Suggester
from search_service.search.understand.organisations import OrganisationNames
from search_service.search.understand.query import Query, QueryReader
from search_service.text.analysis import analyse, fold, is_stop, stem
from search_service.text.english import is_english
from search_service.text.phrases import PhraseSpeller
from search_service.text.spelling import Speller
from search_service.text.synonyms import Synonyms


@dataclass(frozen=True, slots=True)
class Understood:
    """A query as understood.

    Words that stand in no practice, nor anything that means the same, are in `corrections` (typed, searched
    for instead) or, where nothing is like them, in `missing`. `organisations` are ids of those named, and
    `offer` is another query that may have been meant, which is not searched for.
    """

    query: Query
    concepts: tuple[Concept, ...]
    corrections: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    organisations: tuple[str, ...]
    offer: str | None


class Understanding:
    """Reads queries in the light of one snapshot's words, lists and names."""

    def __init__(
        self, taxonomy: Taxonomy, engine: SearchEngine, impacts: Impacts, suggester: Suggester
    ) -> None:
        self._taxonomy, self._engine, self._impacts, self._suggester = taxonomy, engine, impacts, suggester
        self._reader = QueryReader(names_by_field(taxonomy, {name: name for name in FACET_NAMES}))
        self._names = OrganisationNames(taxonomy)
        self._synonyms = Synonyms.from_lists(
            [group.terms for group in taxonomy.synonyms.groups],
            [(pair.from_, pair.to) for pair in taxonomy.synonyms.one_way],
        )
        self._protected = _protected_words(taxonomy)

    def read(self, text: str) -> Understood:
        """Return what `text` asks for; never raises."""
        query = self._reader.read(text)
        corrections: tuple[tuple[str, str], ...] = ()
        concepts = self.concepts_of(query)
        unheld = self._unheld(query, concepts)
        if unheld:
            query, corrections = self._corrected(query)
            concepts = self.concepts_of(query)
            unheld = self._unheld(query, concepts)
        missing = tuple(query.typed[word] for word in unheld)
        is_plain = not (query.required or query.excluded or corrections)
        offer = self._phrases.offer(query.bare, missing, self._stands) if is_plain else None
        return Understood(query, concepts, corrections, missing, self._names.named_in(query.bare), offer)

    def concepts_of(self, query: Query) -> tuple[Concept, ...]:
        """Return what a query ranks by, with the other wordings of it."""
        return tuple(concepts_of(query.ranked, self._synonyms))

    def _corrected(self, query: Query) -> tuple[Query, tuple[tuple[str, str], ...]]:
        """Replace words that nothing answers to by the most likely word that was meant."""
        unheld = self._unheld(query, concepts_of(query.words, self._synonyms))
        found = {word: self._speller.correct(query.typed[word]) for word in unheld}
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

    def _unheld(self, query: Query, concepts: Sequence[Concept]) -> list[str]:
        """Return the stems of bare words that nothing in the snapshot answers to."""
        rarity = self._impacts.rarity
        held = {
            word
            for concept in concepts
            for word, _ in concept.words
            if rarity(word) or any(all(map(rarity, other)) for other in concept.alternatives)
        }
        return [word for word in query.typed if word not in held]

    @cached_property
    def _speller(self) -> Speller:
        """What corrects words; made when the first word is typed that no practice holds."""
        return Speller(self._engine.word_frequencies(), self._protected)

    @cached_property
    def _phrases(self) -> PhraseSpeller:
        """What offers phrases: of suggestions, synonyms and the everyday wording of themes."""
        wordings = [term for group in self._taxonomy.synonyms.groups for term in group.terms]
        wordings += [wording for theme in self._taxonomy.themes for wording in theme.everyday]
        return PhraseSpeller(
            {**dict.fromkeys(wordings, 1), **self._suggester.practices_by_text()}, self._protected
        )

    def _stands(self, stems: Sequence[str]) -> bool:
        """Tell whether any practice has these stems side by side."""
        clause = Clause("phrase" if len(stems) > 1 else "word", tuple(stems))
        return bool(self._engine.match([clause], []).any())


def _protected_words(taxonomy: Taxonomy) -> set[str]:
    """Return the words that are right although no practice may hold them: acronyms, names, synonyms."""
    synonyms = taxonomy.synonyms
    texts = [term for group in synonyms.groups for term in group.terms]
    texts += [pair.from_ for pair in synonyms.one_way]
    for organisation in taxonomy.vocabulary.organisation:
        texts += [organisation.label, *organisation.also]
    texts += [wording for theme in taxonomy.themes for wording in (theme.label, *theme.everyday)]
    return {fold(text[token.start : token.end]) for text in texts for token in analyse(text)}
