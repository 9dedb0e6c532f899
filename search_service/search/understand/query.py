"""The query language: what people type, read into words to rank and clauses to match.

    kids running away          words: ranked; a practice need not hold them all
    "exact phrase"             must stand there, word by word (stemmed)
    -word  NOT word            must not
    stalk*                     any word that begins so; must
    theme:stalking-harassment  a value of a closed list, by id, label or short name; must
    title:angela               a word of the title; must

Whatever does not parse is text: no query is an error. Whoosh's parser does the cutting, with only
the plugins this needs; nothing typed reaches its query classes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from whoosh.qparser import plugins, syntax
from whoosh.qparser.default import QueryParser

from search_service.search.match.engine import Clause
from search_service.search.understand.questions import read_question
from search_service.text.analysis import SOFT_HYPHEN, WORD, analyse, fold, is_stop

MIN_PREFIX_LENGTH = 2
"""A shorter prefix would match nearly everything; it is read as a word."""

MAX_CLAUSES = 16
"""Conditions of one query; further ones are read as words, further exclusions passed over. People use two
or three, and each costs Whoosh a walk over the index."""

MAX_PHRASE_WORDS = 12
"""Of a longer quotation the beginning must stand there: hundreds of words cost half a second to look for."""

_STRUCTURE = re.compile(r'["*:]|(?:^|\s)(?:-|NOT\s)')
_AFTER_PREFIX = re.compile(r"\*[.,;:!?)\]]+(?=\s|$)")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_NOT = r"(?:^|(?<=\s))(?:-(?=[^\s-])|NOT\s+(?=\S))"
_FIELD = r"(?<!\w)(?P<text>[A-Za-z_]+):(?=\S)"


@dataclass(frozen=True, slots=True)
class Query:
    """A query as understood.

    `words` are the stems of the bare words, in order, repeats kept, and `typed` how each was
    written; `common` are function words that were passed over, `unknown` the field:value
    pairs that were read as text, and `bare` all text that no condition was made of.
    `asks_evidence` tells whether the question was what is known to work; it decides nothing.
    """

    text: str
    words: tuple[str, ...] = ()
    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    stop_words: tuple[str, ...] = ()
    unknown_values: tuple[str, ...] = ()
    free_text: str = ""
    asks_evidence: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for, so that every practice answers."""
        return not (self.words or self.required or self.excluded)

    @property
    def ranked(self) -> tuple[str, ...]:
        """The stems to rank and to mark by: the bare words, and those of required clauses."""
        named = (c.terms for c in self.required if c.kind in ("word", "phrase"))
        return self.words + tuple(s for terms in named for s in terms if not is_stop(s))


@dataclass(slots=True)
class _Reading:
    """What has been read of a query so far."""

    words: list[str] = field(default_factory=list)
    required: list[Clause] = field(default_factory=list)
    excluded: list[Clause] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    stop_words: list[str] = field(default_factory=list)
    unknown_values: list[str] = field(default_factory=list)
    free_text: list[str] = field(default_factory=list)

    def add(self, clause: Clause, excluded: bool) -> bool:
        """Add a condition where there is room; tell whether it stands."""
        clauses = self.excluded if excluded else self.required
        if clause not in clauses and len(self.required) + len(self.excluded) < MAX_CLAUSES:
            clauses.append(clause)
        return clause in clauses

    def add_words(self, text: str) -> None:
        """Add bare words."""
        tokens = list(analyse(text))
        if tokens:
            self.free_text.append(text)
        for token in tokens:
            if is_stop(token.stem):
                self.stop_words.append(text[token.start : token.end])
            else:
                self.words.append(token.stem)
                self.typed.setdefault(token.stem, text[token.start : token.end])


class QueryReader:
    """Reads queries; `names` gives, for each field, the id behind every name of a value."""

    def __init__(self, names: Mapping[str, Mapping[str, str]]) -> None:
        self._names = names
        self._parser = QueryParser(
            "text",
            schema=None,
            plugins=[
                plugins.WhitespacePlugin(),
                plugins.PhrasePlugin(),
                plugins.OperatorsPlugin(
                    Not=_NOT, And=None, Or=None, AndNot=None, AndMaybe=None, Require=None
                ),
                plugins.FieldsPlugin(_FIELD),
                plugins.PrefixPlugin(),  # last: what it takes for a word could begin with "-" or "title:"
            ],
        )

    def read(self, text: str) -> Query:
        """Return what `text` asks for; never raises."""
        cleaned = clean(text)
        question = read_question(cleaned)
        reading = _Reading(stop_words=[match[0] for match in WORD.finditer(question.asking)])
        if _STRUCTURE.search(question.about):
            for node in self._parser.process(_AFTER_PREFIX.sub("*", question.about)):
                self._read_node(node, reading, excluded=False)
        else:
            reading.add_words(question.about)
        return Query(
            cleaned,
            tuple(reading.words),
            tuple(reading.required),
            tuple(reading.excluded),
            reading.typed,
            tuple(reading.stop_words),
            tuple(reading.unknown_values),
            " ".join(reading.free_text),
            question.asks_evidence,
        )

    def _read_node(self, node: syntax.SyntaxNode, reading: _Reading, excluded: bool) -> None:
        """Add what one node of Whoosh's syntax tree asks for."""
        if isinstance(node, syntax.NotGroup):
            for child in node:
                self._read_node(child, reading, excluded=not excluded)
        elif isinstance(node, syntax.GroupNode):
            for child in node:
                self._read_node(child, reading, excluded)
        elif getattr(node, "has_text", False):
            fieldname = node.fieldname
            if fieldname is None:
                self._read_text(node, reading, excluded)
            else:
                self._read_field(fieldname, node, reading, excluded)

    def _read_field(self, fieldname: str, node: syntax.TextNode, reading: _Reading, excluded: bool) -> None:
        """Add a value of a closed list, or a word or phrase of the title."""
        known = fieldname.casefold()
        clause = None
        if known == "title":
            clause = _text_clause(tuple(token.stem for token in analyse(node.text)), "title")
        elif value := self._names.get(known, {}).get(node.text.casefold().strip(" ,;.")):
            clause = Clause("value", (value,), known)
        elif known in self._names:
            reading.unknown_values.append(f"{fieldname}:{node.text}")
        elif not excluded:
            reading.add_words(fieldname)
        if clause is None or not (reading.add(clause, excluded) or excluded):
            self._read_text(node, reading, excluded)

    def _read_text(self, node: syntax.TextNode, reading: _Reading, excluded: bool) -> None:
        """Add a word, a phrase or a prefix."""
        tokens = list(analyse(node.text))
        stems = tuple(token.stem for token in tokens)
        clause = None
        if isinstance(node, plugins.PrefixPlugin.PrefixNode) and len(tokens) == 1:
            prefix = fold(node.text[tokens[0].start : tokens[0].end])
            if len(prefix) >= MIN_PREFIX_LENGTH:
                clause = Clause("prefix", (prefix,))
        is_phrase = isinstance(node, plugins.PhrasePlugin.PhraseNode)
        if clause is None and all(map(is_stop, stems)) and not is_phrase:
            excluded = False  # "this is NOT a test" does not mean to leave out every text with an "a"
        if clause is None and (excluded or is_phrase):
            clause = _text_clause(stems, "text")
        if clause is None or not (reading.add(clause, excluded) or excluded):
            reading.add_words(node.text)


def _text_clause(stems: tuple[str, ...], field_name: str) -> Clause | None:
    """Return the condition that these words stand there together, or None where there is no word."""
    if not stems:
        return None
    return Clause("phrase" if len(stems) > 1 else "word", stems[:MAX_PHRASE_WORDS], field_name)


def clean(text: str) -> str:
    """Return `text` with control characters as spaces, plain quotes, single spaces and no soft hyphens."""
    if text.isascii() and text.isprintable():  # as nearly every query is
        return " ".join(text.split())
    normal = unicodedata.normalize("NFC", text).replace(SOFT_HYPHEN, "").translate(_QUOTES)
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in normal)
    return " ".join(visible.split())
