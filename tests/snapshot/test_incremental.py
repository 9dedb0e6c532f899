"""The rule kept here: a build that takes over from the last snapshot answers as one made in full."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from builders import make_lists, practice_file, write_corpus
from hypothesis import given
from hypothesis import strategies as st
from profiles import costly

from search_service.errors import InvalidCorpus
from search_service.library import Library
from search_service.search.index import SearchRequest, SearchResults
from search_service.search.match.filters import Filters
from search_service.snapshot.build import build, load

REQUESTS = (
    SearchRequest(),
    SearchRequest("stalking victims"),
    SearchRequest('"child away"'),
    SearchRequest("kid*"),
    SearchRequest("childern"),
    SearchRequest("police -schools"),
    SearchRequest("theme:stalking-harassment"),
    SearchRequest("missing children at home", Filters({"theme": ("domestic-abuse",)}), sort="newest"),
    SearchRequest("abuse", sort="evidence"),
)
"""A word, a phrase, a prefix, a slip of the keyboard, an exclusion, values, and every order."""

WORDS = (
    "child",
    "children",
    "kids",
    "away",
    "home",
    "stalking",
    "victims",
    "schools",
    "abuse",
    "dog",
    "zebra",
)
BODIES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(lambda words: " ".join(words) + ".")
KEYS = st.sampled_from([f"operation-{name}" for name in ("ash", "birch", "cedar", "elm", "fir")])
THEMES = st.lists(st.sampled_from(["domestic-abuse", "stalking-harassment"]), max_size=2, unique=True)
TEXTS = st.builds(
    lambda body, themes, year: {"body": body, "themes": themes, "start": year},
    BODIES, THEMES, st.sampled_from(["2011", "2019-04"]),
)  # fmt: skip
EDITS = st.dictionaries(KEYS, st.none() | TEXTS, max_size=4)
"""By practice its new text, or None where its file is removed: changed, added, renamed, or gone."""


def change(corpus: Path, edits: Mapping[str, Mapping[str, object] | None]) -> None:
    """Make `edits` in a corpus."""
    for key, text in edits.items():
        path = corpus / "practices" / f"{key}.md"
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(practice_file(key, **text), encoding="utf-8")


def answers(index: Path) -> list[SearchResults]:
    """Return what the current snapshot answers to `REQUESTS`."""
    library = Library(load(index))
    return [library.search.find(request) for request in REQUESTS]


@costly
@given(st.lists(EDITS, min_size=1, max_size=4))
def test_whatever_changes_a_build_that_reuses_answers_as_one_made_in_full(
    history: list[dict[str, dict[str, object] | None]],
) -> None:
    """Practices, the closed lists of all of them, and every search: over any history of edits."""
    with tempfile.TemporaryDirectory() as name:
        corpus, index, anew = (Path(name) / part for part in ("corpus", "index", "anew"))
        write_corpus(corpus)
        build(corpus, index)
        for edits in history:
            change(corpus, edits)
            build(corpus, index)
        build(corpus, anew)
        taken_over, full = load(index), load(anew)
        assert tuple(taken_over.practices) == tuple(full.practices)
        assert taken_over.practices.columns == full.practices.columns
        assert taken_over.manifest.fingerprint == full.manifest.fingerprint
        assert answers(index) == answers(anew)


def steps_of(corpus: Path, index: Path, **options: bool) -> str:
    """Build, and return what the build said it would do."""
    told: list[str] = []
    build(corpus, index, progress=told.append, **options)
    return "; ".join(told)


def test_a_build_does_the_work_of_what_changed(corpus: Path, index: Path) -> None:
    """One changed practice of three is one practice indexed; forced, it is all three."""
    assert "Indexing 3 of 3" in steps_of(corpus, index)
    change(corpus, {"return-talks": {"body": "A youth worker meets them the next day."}})
    assert "Indexing 1 of 3" in steps_of(corpus, index)
    assert "Indexing 3 of 3" in steps_of(corpus, index, force=True)


@pytest.mark.parametrize("name", ["synonyms", "vocabulary"])
def test_a_changed_list_makes_every_practice_new(corpus: Path, index: Path, name: str) -> None:
    """Labels and synonyms are searched in every practice, whether or not its file has changed."""
    build(corpus, index)
    path = corpus / f"{name}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# a comment\n", encoding="utf-8")
    assert "Indexing 3 of 3" in steps_of(corpus, index)


def test_a_practice_that_was_sound_is_checked_again_when_a_list_changes(corpus: Path, index: Path) -> None:
    """What was read under other lists is not trusted."""
    build(corpus, index)
    lists = make_lists(stage=[{"id": "pilot", "label": "Pilot"}])
    write_corpus(corpus, {}, **lists)
    with pytest.raises(InvalidCorpus) as refused:
        build(corpus, index)
    assert any("“implemented” is not in vocabulary.yaml" in fault.message for fault in refused.value.faults)


def test_an_unchanged_practice_whose_link_now_leads_nowhere_is_named(corpus: Path, index: Path) -> None:
    """References between practices are checked over all of them, read anew or not."""
    change(corpus, {"operation-ash": {"body": "As the [talks](practice:return-talks) do."}})
    build(corpus, index)
    change(corpus, {"return-talks": None})
    with pytest.raises(InvalidCorpus) as refused:
        build(corpus, index)
    assert [fault.where for fault in refused.value.faults] == [
        "practices/operation-ash.md, section What it does"
    ]


def test_a_file_under_another_name_is_read_again(corpus: Path, index: Path) -> None:
    """Its id is no longer that of the file, which nobody would see if it were taken over."""
    build(corpus, index)
    (corpus / "practices" / "return-talks.md").rename(corpus / "practices" / "talks.md")
    with pytest.raises(InvalidCorpus) as refused:
        build(corpus, index)
    assert [fault.where for fault in refused.value.faults] == ["practices/talks.md, id"]


def test_a_faulty_file_stays_faulty_however_often_it_is_built(corpus: Path, index: Path) -> None:
    """Only what was found sound is taken over."""
    (corpus / "practices" / "operation-bad.md").write_text("no front matter")
    for _ in range(2):
        outcome = build(corpus, index, skip_invalid=True)
        assert [fault.where for fault in outcome.left_out] == ["practices/operation-bad.md"]
    change(corpus, {"operation-ash": {"body": "Something else."}})
    assert build(corpus, index, skip_invalid=True).manifest.left_out == ("practices/operation-bad.md",)
