"""Names of organisations in queries: "WMP cuckooing" asks for West Midlands Police first.

Only a name that can hardly mean anything else is recognised. "Missing people" are people who are missing,
and "respect" is a word, though there are organisations with these names: a name of one word must be written
as the organisation writes it, unless it is a police force's, and a name that is also a term of the field is
ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from search_service.practices.regions import POLICE_FORCE
from search_service.practices.taxonomy import Organisation, Taxonomy
from search_service.text.analysis import analyse, fold, folded_words

_FORCE_SUFFIX = re.compile(r" (?:Police|Constabulary)(?: Service)?$", re.IGNORECASE)


class OrganisationNames:
    """Recognises the names of organisations, short forms included."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        terms = {tuple(folded_words(term)) for term in _field_terms(taxonomy)}
        self._names: dict[str, list[tuple[int, str, str | None, str]]] = {}
        for organisation in taxonomy.vocabulary.organisation:
            for name in _names_of(organisation):
                words = tuple(folded_words(name))
                if not words or words in terms:
                    continue
                is_plain = len(words) == 1 and organisation.kind != POLICE_FORCE
                entry = (len(words), _plain(name), name if is_plain else None, organisation.id)
                self._names.setdefault(words[0], []).append(entry)
        for entries in self._names.values():
            entries.sort(key=lambda entry: -entry[0])

    def named_in(self, text: str) -> tuple[str, ...]:
        """Return the ids of the organisations named in a text, in order; the longest name wins."""
        tokens = list(analyse(text))
        found: list[str] = []
        position = 0
        while position < len(tokens):
            start = tokens[position].start
            for length, plain, written, key in self._names.get(fold(text[start : tokens[position].end]), ()):
                if position + length > len(tokens):
                    continue
                typed = text[start : tokens[position + length - 1].end]
                if _plain(typed) == plain and written in (None, typed):
                    found.append(key)
                    position += length
                    break
            else:
                position += 1
        return tuple(dict.fromkeys(found))


def _names_of(organisation: Organisation) -> Iterator[str]:
    yield organisation.label
    yield from organisation.also
    if organisation.kind == POLICE_FORCE:
        area = _FORCE_SUFFIX.sub("", organisation.label)
        yield area
        yield area.replace(" and ", " & ")


def _field_terms(taxonomy: Taxonomy) -> Iterable[str]:
    """Return the terms of the field: of themes, approaches and synonyms."""
    for concept in (*taxonomy.themes, *taxonomy.approaches):
        yield from (concept.label, *concept.signals, *concept.everyday)
    for group in taxonomy.synonyms.groups:
        yield from (term for term in group.terms if len(folded_words(term)) > 1)
    for pair in taxonomy.synonyms.one_way:
        yield pair.from_


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("’", "'").split())
