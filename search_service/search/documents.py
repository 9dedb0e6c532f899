"""What of a practice is searched: its fields, and how much a word in each is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_service.practices.collection import Ids, columns_of
from search_service.practices.model import SECTIONS, Practice
from search_service.practices.regions import regions_found_under
from search_service.practices.taxonomy import Organisation, Taxonomy
from search_service.text.analysis import analyse, content_stems, is_stop
from search_service.text.markup import to_plain
from search_service.text.sentences import sentence_spans


@dataclass(frozen=True, slots=True)
class TextField:
    """A searched field: its BM25F weight and length normalisation (b)."""

    name: str
    weight: float
    b: float


TEXT_FIELDS = (
    TextField("title", weight=4.0, b=0.75),
    TextField("summary", weight=2.0, b=0.75),
    TextField("body", weight=1.0, b=0.75),
    TextField("labels", weight=1.0, b=0.75),
)
"""Origin and measured effect of each weight: docs/relevancy.md."""

LABELLED_LISTS = ("theme", "approach", "organisation", "region", "target_group")
"""The closed lists whose labels are words people search by."""


HEADINGS = ("Summary", *(section.heading for section in SECTIONS))
"""What a sentence can stand under: the summary, or a section."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A practice as it is read once for all that search needs of it.

    `texts` are those of `searched_text` and `stems` their content stems, both by field. `sentences` are
    those of the summary and of every section that says something, each with its place in `HEADINGS`.
    `places` has a column for each stem of the summary and the body, in their order: the sentence it is in,
    where there it begins, and its length.
    """

    texts: Mapping[str, str]
    stems: Mapping[str, list[str]]
    sentences: list[tuple[int, str]]
    places: NDArray[np.int32]


def read(practice: Practice, taxonomy: Taxonomy) -> Reading:
    """Cut a practice into fields, sentences and words."""
    sections = [(section.heading, to_plain(text)) for section, text in practice.texts()]
    texts = _fields(practice, [text for _, text in sections], taxonomy)
    sentences = [
        (HEADINGS.index(heading), text[start:end])
        for heading, text in ((HEADINGS[0], practice.summary), *sections)
        for start, end in sentence_spans(text)
    ]
    words = [
        (number, token)
        for number, (_, sentence) in enumerate(sentences)
        for token in analyse(sentence)
        if not is_stop(token.stem)
    ]
    places = [
        [number for number, _ in words],
        [token.start for _, token in words],
        [token.end - token.start for _, token in words],
    ]
    stems = {
        "title": content_stems(practice.title),
        "summary": [token.stem for number, token in words if sentences[number][0] == 0],
        "body": [token.stem for number, token in words if sentences[number][0] > 0],
        "labels": content_stems(texts["labels"]),
    }
    return Reading(texts, stems, sentences, np.array(places, dtype=np.int32))


def values_column(practices: Sequence[Practice], list_name: str, taxonomy: Taxonomy) -> Sequence[Ids]:
    """Return, for each practice, the ids by which it is found in one closed list.

    A region holds its forces' practices too, wherever else those are used.
    """
    if list_name != "region":
        return columns_of(practices).values[list_name]
    return regions_found_under(columns_of(practices), taxonomy)


def searched_text(practice: Practice, taxonomy: Taxonomy) -> dict[str, str]:
    """Return the plain text of each field of `TEXT_FIELDS`."""
    return _fields(practice, [to_plain(text) for _, text in practice.texts()], taxonomy)


def _fields(practice: Practice, sections: Sequence[str], taxonomy: Taxonomy) -> dict[str, str]:
    return {
        "title": practice.title,
        "summary": practice.summary,
        "body": "\n".join(sections),
        "labels": "\n".join(_labels(practice, taxonomy)),
    }


def _labels(practice: Practice, taxonomy: Taxonomy) -> list[str]:
    labels: list[str] = []
    for name in LABELLED_LISTS:
        terms = taxonomy.terms(name)
        for key in practice.values(name):
            term = terms.get(key)
            labels.append(term.label if term else key)
            if isinstance(term, Organisation):
                labels += term.also
    return labels
