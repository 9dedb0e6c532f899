"""The rule kept here: lists and copies that are taken over are those that comparing all anew would give."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from builders import make_practice
from hypothesis import given
from hypothesis import strategies as st
from profiles import costly

from search_service.practices.model import Practice
from search_service.practices.reuse import Reuse
from search_service.similar.copies import COMPARED, Copies
from search_service.similar.index import SimilarIndex
from search_service.similar.lists import NEIGHBOURS
from search_service.similar.neighbours import MOST_FOLDED_IN
from search_service.similar.sentences import SentenceTable

SENTENCES = (
    "Carers agree a plan with officers.",
    "A youth worker listens on return.",
    "Locksmiths fit stronger doors for victims.",
    "Cameras watch the street at night.",
    "Nurses visit schools by boat.",
    "Drivers are trained by charities.",
)
"""Few, so that many practices say the same as many others: more than are compared with each."""

SIZE = 160

CHANGES = int(MOST_FOLDED_IN * SIZE)
"""As many as are folded in before all is compared anew."""

BODIES = st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=4, unique=True).map(" ".join)
KEYS = st.integers(0, SIZE + CHANGES).map("practice-{:03}".format)
EDITS = st.dictionaries(KEYS, st.none() | BODIES, max_size=3)
"""By practice its new text, or None where it is removed: changed, added, or gone."""

Texts = dict[str, str]


def practices_of(texts: Texts) -> tuple[Practice, ...]:
    """Build practices in order of id; title and summary say nothing."""
    return tuple(
        make_practice(key, title=f"T{key[-3:]}x", summary=f"S{key[-3:]}x", sections={"aim": texts[key]})
        for key in sorted(texts)
    )


@cache
def first() -> tuple[Texts, SimilarIndex]:
    """Return practices drawn by chance, a third of them of words of their own, and all of them compared."""
    chance = np.random.default_rng(5)
    texts = {}
    for at in range(SIZE):
        own = f"Word{at}q meets word{at // 2}q and word{at // 3}q. Word{at // 4}q leads word{at // 5}q."
        said = " ".join(chance.choice(SENTENCES, 3, replace=False))
        texts[f"practice-{at:03}"] = own if at % 3 else said
    return texts, SimilarIndex.build(practices_of(texts))


@costly
@given(st.lists(EDITS, min_size=1, max_size=4))
def test_whatever_changes_what_is_taken_over_is_what_comparing_all_would_find(
    history: list[dict[str, str | None]],
) -> None:
    """Over any history of practices added, changed and removed, by the words of the last build in full.

    A list of neighbours that loses one does not get the next, so that its end is not sure.
    """
    texts, index = first()
    lost = 0
    for edits in history:
        before, earlier = texts, index
        texts = {key: text for key, text in {**texts, **edits}.items() if text is not None}
        reuse = Reuse.between(sorted(before.items()), sorted(texts.items()))
        practices = practices_of(texts)
        index = SimilarIndex.build(practices, earlier, reuse)
        neighbours, sentences, copies = index.parts
        taken_over = neighbours.idf is earlier.parts.neighbours.idf
        lost = lost + len(before) - len(reuse.kept) if taken_over else 0
        rows = range(len(practices))
        for row in rows:
            near, likeness = neighbours.neighbours_of(row)
            everyone, scores = neighbours.neighbours_of_vector(neighbours.vector(row))
            assert row not in near
            assert len(set(near.tolist())) == len(near)
            sure = min(len(near) - lost, NEIGHBOURS - 1)  # the practice itself is its own nearest
            assert likeness[:sure] == pytest.approx(scores[everyone != row][:sure], abs=1e-5)
        fresh = SentenceTable.build(practices, neighbours.number)
        assert sentences.of(rows)[0].terms.tolist() == fresh.of(rows)[0].terms.tolist()
        assert copies.pairs.tolist() == Copies.build(neighbours, fresh).pairs.tolist()


def test_the_practices_of_these_tests_are_taken_over_and_have_more_copies_than_are_compared() -> None:
    """Otherwise nothing is tried."""
    texts, index = first()
    assert SIZE > NEIGHBOURS
    gone = min(texts)
    fewer = {key: text for key, text in texts.items() if key != gone}
    reuse = Reuse.between(sorted(texts.items()), sorted(fewer.items()))
    after = SimilarIndex.build(practices_of(fewer), index, reuse)
    assert after.parts.neighbours.idf is index.parts.neighbours.idf
    assert max(len(index.parts.copies.of(row)) for row in range(SIZE)) > COMPARED
