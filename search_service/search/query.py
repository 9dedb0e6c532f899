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

from search_service.search.engine import Clause
from search_service.text.analysis import analyse, fold, is_stop

MIN_PREFIX_LENGTH = 2
"""A shorter prefix would match nearly everything; it is read as a word."""

_STRUCTURE = re.compile(r'["*:]|(?:^|\s)(?:-|NOT\s)')
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_NOT = r"(?:^|(?<=\s))(?:-(?=[^\s-])|NOT\s+(?=\S))"
_FIELD = r"(?<!\w)(?P<text>[A-Za-z_]+):(?=\S)"


@dataclass(frozen=True, slots=True)
class Query:
    """A query as understood.

    `words` are the stems of the bare words, in order, repeats kept, and `typed` how each was
    written; `common` are function words that were passed over, and `unknown` the field:value
    pairs that were read as text.
    """

    text: str
    words: tuple[str, ...] = ()
    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    common: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

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
    common: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


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
        reading = _Reading()
        if _STRUCTURE.search(cleaned):
            for node in self._parser.process(cleaned):
                self._read_node(node, reading, excluded=False)
        else:
            _read_words(cleaned, reading)
        return Query(
            cleaned,
            tuple(reading.words),
            tuple(dict.fromkeys(reading.required)),
            tuple(dict.fromkeys(reading.excluded)),
            reading.typed,
            tuple(reading.common),
            tuple(reading.unknown),
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
        clauses = reading.excluded if excluded else reading.required
        known = fieldname.casefold()
        if known == "title":
            stems = tuple(token.stem for token in analyse(node.text))
            if stems:
                clauses.append(Clause("phrase" if len(stems) > 1 else "word", stems, "title"))
            return
        value = self._names.get(known, {}).get(node.text.casefold().strip(" ,;."))
        if value is not None:
            clauses.append(Clause("value", (value,), known))
            return
        if known in self._names:
            reading.unknown.append(f"{fieldname}:{node.text}")
        elif not excluded:
            _read_words(fieldname, reading)
        self._read_text(node, reading, excluded)

    def _read_text(self, node: syntax.TextNode, reading: _Reading, excluded: bool) -> None:
        """Add a word, a phrase or a prefix."""
        tokens = list(analyse(node.text))
        stems = tuple(token.stem for token in tokens)
        if isinstance(node, plugins.PrefixPlugin.PrefixNode) and len(tokens) == 1:
            prefix = fold(node.text[tokens[0].start : tokens[0].end])
            if len(prefix) >= MIN_PREFIX_LENGTH:
                (reading.excluded if excluded else reading.required).append(Clause("prefix", (prefix,)))
                return
        is_phrase = isinstance(node, plugins.PhrasePlugin.PhraseNode)
        if all(map(is_stop, stems)) and not is_phrase:
            excluded = False  # "this is NOT a test" does not mean to leave out every text with an "a"
        if not stems or not (excluded or is_phrase):
            _read_words(node.text, reading)
            return
        clause = Clause("phrase" if len(stems) > 1 else "word", stems)
        (reading.excluded if excluded else reading.required).append(clause)


def clean(text: str) -> str:
    """Return `text` with control characters as spaces, plain quotes and single spaces."""
    normal = unicodedata.normalize("NFC", text).translate(_QUOTES)
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in normal)
    return " ".join(visible.split())


def _read_words(text: str, reading: _Reading) -> None:
    for token in analyse(text):
        if is_stop(token.stem):
            reading.common.append(text[token.start : token.end])
        else:
            reading.words.append(token.stem)
            reading.typed.setdefault(token.stem, text[token.start : token.end])
