"""The query language: what people type, parsed into words to rank by and clauses to match.

    kids running away          words: ranked; a practice need not contain them all
    "exact phrase"             required, word by word (stemmed)
    -word  NOT word            excluded
    stalk*                     required: any word with this prefix
    theme:stalking-harassment  required: a value of a facet, by id, label or short name
    title:angela               required: a word of the title

Whatever does not parse is text: no query is an error. Whoosh's parser makes the syntax tree, with only the
plugins this needs; its query classes are not used.
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
"""Of one query; further required ones are read as words, further excluded ones ignored. People use two or
three, and each costs a look into the index."""

MAX_PHRASE_WORDS = 12
"""Only the beginning of a longer quotation is required: hundreds of words cost half a second to look for."""

_STRUCTURE = re.compile(r'["*:]|(?:^|\s)(?:-|NOT\s)')
_AFTER_PREFIX = re.compile(r"\*[.,;:!?)\]]+(?=\s|$)")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_NOT = r"(?:^|(?<=\s))(?:-(?=[^\s-])|NOT\s+(?=\S))"
_FIELD = r"(?<!\w)(?P<text>[A-Za-z_]+):(?=\S)"


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query.

    `words` are the stems of the free text, in order, repeats kept; `typed` maps each to the word as typed.
    `stop_words` are ignored, `unknown_values` are field:value pairs read as text, and `free_text` is all text
    without a clause. `asks_evidence` tells whether the question is what is known to work; it changes no
    result.
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
        """Whether nothing is asked for, so that every practice matches."""
        return not (self.words or self.required or self.excluded)

    @property
    def ranked(self) -> tuple[str, ...]:
        """The stems to rank and to mark by: those of the free text and of required words and phrases."""
        named = (c.terms for c in self.required if c.kind in ("word", "phrase"))
        return self.words + tuple(s for terms in named for s in terms if not is_stop(s))


class QueryReader:
    """Parses queries; `names` gives, for each facet, the id of every name of a value (see `value_names`)."""

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
        builder = _QueryBuilder(self._names, stop_words=WORD.findall(question.words))
        if _STRUCTURE.search(question.topic):
            for node in self._parser.process(_AFTER_PREFIX.sub("*", question.topic)):
                builder.add_node(node)
        else:
            builder.add_words(question.topic)
        return Query(
            cleaned,
            tuple(builder.words),
            tuple(builder.required),
            tuple(builder.excluded),
            builder.typed,
            tuple(builder.stop_words),
            tuple(builder.unknown_values),
            " ".join(builder.free_text),
            question.asks_evidence,
        )


@dataclass(slots=True)
class _QueryBuilder:
    """Builds a query from the nodes of Whoosh's syntax tree."""

    names: Mapping[str, Mapping[str, str]]
    words: list[str] = field(default_factory=list)
    required: list[Clause] = field(default_factory=list)
    excluded: list[Clause] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    stop_words: list[str] = field(default_factory=list)
    unknown_values: list[str] = field(default_factory=list)
    free_text: list[str] = field(default_factory=list)

    def add_words(self, text: str) -> None:
        """Add free text."""
        tokens = list(analyse(text))
        if tokens:
            self.free_text.append(text)
        for token in tokens:
            written = text[token.start : token.end]
            if is_stop(token.stem):
                self.stop_words.append(written)
            else:
                self.words.append(token.stem)
                self.typed.setdefault(token.stem, written)

    def add_node(self, node: syntax.SyntaxNode, excluded: bool = False) -> None:
        """Add a node with all its children."""
        if isinstance(node, syntax.GroupNode):
            for child in node:
                self.add_node(child, excluded != isinstance(node, syntax.NotGroup))
        elif getattr(node, "has_text", False):
            if node.fieldname is None:
                self._add_text(node, excluded)
            else:
                self._add_field(node.fieldname, node, excluded)

    def _add_field(self, written: str, node: syntax.TextNode, excluded: bool) -> None:
        """Add a value of a facet, or a word or phrase of the title."""
        name = written.casefold()
        clause = None
        if name == "title":
            clause = _text_clause(tuple(token.stem for token in analyse(node.text)), "title")
        elif value := self.names.get(name, {}).get(node.text.casefold().strip(" ,;.")):
            clause = Clause("value", (value,), name)
        elif name in self.names:
            self.unknown_values.append(f"{written}:{node.text}")
        elif not excluded:
            self.add_words(written)
        if not self._add_clause(clause, excluded):
            self._add_text(node, excluded)

    def _add_text(self, node: syntax.TextNode, excluded: bool) -> None:
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
        if not self._add_clause(clause, excluded):
            self.add_words(node.text)

    def _add_clause(self, clause: Clause | None, excluded: bool) -> bool:
        """Add a clause if there is room; return False if it is to be read as words instead."""
        if clause is None:
            return False
        clauses = self.excluded if excluded else self.required
        if clause not in clauses and len(self.required) + len(self.excluded) < MAX_CLAUSES:
            clauses.append(clause)
        return excluded or clause in clauses


def _text_clause(stems: tuple[str, ...], field_name: str) -> Clause | None:
    """Return the clause of a word or phrase, or None without any word."""
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
