"""Names of organisations in what people type: "WMP cuckooing" asks for West Midlands Police first.

Only a name that can hardly mean anything else is taken for one. "Missing people" are people who are
missing, and "respect" is a word, though organisations are called so: a name of one word counts only as it
is written, unless it is a police force's, and a name that is also a wording of the field not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from search_service.practices.regions import POLICE_FORCE
from search_service.practices.taxonomy import Organisation, Taxonomy
from search_service.text.analysis import analyse, fold, folded_words

_FORCE_SUFFIX = re.compile(r" (?:Police|Constabulary)(?: Service)?$", re.IGNORECASE)


class OrganisationNames:
    """Every name an organisation goes by, looked up word by word."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        wordings = {tuple(folded_words(wording)) for wording in _field_wordings(taxonomy)}
        self._names: dict[str, list[tuple[int, str, str | None, str]]] = {}
        for organisation in taxonomy.vocabulary.organisation:
            for name in _names_of(organisation):
                words = tuple(folded_words(name))
                if not words or words in wordings:
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


def _field_wordings(taxonomy: Taxonomy) -> Iterable[str]:
    """Return the wordings that mean something else: of themes, approaches and synonyms."""
    for concept in (*taxonomy.themes, *taxonomy.approaches):
        yield from (concept.label, *concept.signals, *concept.everyday)
    for group in taxonomy.synonyms.groups:
        yield from (term for term in group.terms if len(folded_words(term)) > 1)
    for pair in taxonomy.synonyms.one_way:
        yield pair.from_


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("’", "'").split())
