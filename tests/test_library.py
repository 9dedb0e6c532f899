"""The library: what it answers, what it refuses, and how it takes up a new snapshot."""

from __future__ import annotations

import itertools
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from builders import practice_file

from search_service.errors import InvalidRequest, NotFound
from search_service.library import Library
from search_service.limits import MAX_QUERY_LENGTH, MAX_TEXT_LENGTH
from search_service.live import CHECK_SECONDS, RETRY_SECONDS, LiveLibrary
from search_service.search.index import SearchRequest
from search_service.search.match.filters import Filters
from search_service.snapshot import store
from search_service.snapshot.build import Snapshot, build, load

AT_ONCE = 8
"""Requests at the same time, more than a service has threads."""

PATIENCE = 30.0
"""Seconds after which a thread that another waits for is given up."""


class Clock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now

    def pass_check(self) -> None:
        """Let enough time pass for a look at the pointer."""
        self.now += CHECK_SECONDS + 1


def test_every_fault_of_a_search_is_named_at_once(library: Library) -> None:
    """A person mends a request once, not five times."""
    request = SearchRequest(
        "x" * (MAX_QUERY_LENGTH + 1), Filters({"theme": ("nope",), "shoe": ("9",)}), "best", 0, 1000
    )
    with pytest.raises(InvalidRequest) as refused:
        library.search.find(request)
    assert [fault.where for fault in refused.value.faults] == [
        "page", "per_page", "q", "sort", "theme", "shoe",
    ]  # fmt: skip


def test_what_a_list_shows_of_a_practice_is_what_the_practice_says(library: Library) -> None:
    """Lists are made from columns; every field of theirs must be the practice's own."""
    for row, practice in enumerate(library.practices):
        brief = library.practices.summary(row)
        assert {name: getattr(practice, name) for name in brief._fields} == brief._asdict()


def test_everyday_words_find_official_practice(library: Library) -> None:
    """The question of the README finds the protocols for missing children near the top."""
    found = library.search.find(SearchRequest("kids running away from care homes"))
    first = [library.practices[hit.row].id for hit in found.hits[:5]]
    assert "philomena-protocol" in first


def test_practices_related_to_one_come_with_reasons(library: Library) -> None:
    """No recommendation without words that both texts use."""
    for one in library.similar.to_practice("philomena-protocol").found:
        assert one.terms
        named = sum(term.weight for term in one.terms)
        assert one.score == pytest.approx(named + one.other_words + one.wording, abs=1e-5)
        assert library.practices[one.row].id != "philomena-protocol"


def test_unknown_ids_are_not_found(library: Library) -> None:
    """An id that is nowhere is said to be nowhere."""
    for ask in (library.practices.by_id, library.similar.to_practice, library.gaps.report):
        with pytest.raises(NotFound, match="no-such-thing"):
            ask("no-such-thing")


def test_too_long_a_text_is_refused_with_its_length(library: Library) -> None:
    """The bound is named, so that a person knows how much to cut."""
    with pytest.raises(InvalidRequest, match=f"{MAX_TEXT_LENGTH:,}"):
        library.similar.to_text("word " * MAX_TEXT_LENGTH)


def test_the_gap_map_can_be_drawn_for_other_lists_but_not_for_any(library: Library) -> None:
    """Axes are checked, both at once."""
    assert library.gaps.map("theme", "region").columns
    with pytest.raises(InvalidRequest) as refused:
        library.gaps.map("shoe", "hat")
    assert [fault.where for fault in refused.value.faults] == ["rows", "columns"]
    with pytest.raises(InvalidRequest, match="differ"):
        library.gaps.map("theme", "theme")


def test_the_gap_map_agrees_with_search(library: Library) -> None:
    """A cell says how many practices its link will show."""
    found = library.gaps.map()
    counts = found.counts.sum(axis=2)
    for (row, theme), (column, approach) in itertools.product(
        list(enumerate(found.rows))[:5], enumerate(found.columns)
    ):
        request = SearchRequest(filters=Filters({"theme": (theme,), "approach": (approach,)}))
        assert library.search.find(request).total == counts[row, column]


def test_themes_and_gaps_count_the_same_practices(library: Library) -> None:
    """Two pages never show two numbers for one theme."""
    counts = {theme.concept.id: theme.practices for theme in library.gaps.themes}
    assert {gap.theme: gap.observed for gap in library.gaps.report().themes} == counts


def test_a_variant_names_its_family(library: Library) -> None:
    """A force's own version leads to the others, the original first."""
    variant = next(p for p in library.practices if p.variant_of)
    assert library.practices.versions_of(variant)[0].id == variant.variant_of
    assert variant in library.practices.versions_of(library.practices.by_id(variant.variant_of or ""))


def test_a_new_snapshot_is_taken_up_without_a_restart(corpus: Path, index: Path) -> None:
    """An answer after the next look comes from the new snapshot; one before, from the old."""
    build(corpus, index)
    clock = Clock()
    live = LiveLibrary(index, clock)
    old = live.current()
    (corpus / "practices" / "operation-new.md").write_text(practice_file(id="operation-new"))
    build(corpus, index)
    assert live.current() is old
    clock.pass_check()
    assert live.current().practices.has("operation-new")
    assert not old.practices.has("operation-new")


def test_while_one_request_loads_a_snapshot_the_others_go_on_with_the_old_one(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else waits, and it is loaded once."""
    build(corpus, index)
    clock = Clock()
    live = LiveLibrary(index, clock)
    old = live.current()
    build(corpus, index, force=True)
    begun, may_end, loaded = threading.Event(), threading.Event(), []

    def load_slowly(folder: Path) -> Snapshot:
        begun.set()
        may_end.wait(PATIENCE)
        loaded.append(folder)
        return load(folder)

    monkeypatch.setattr("search_service.live.load", load_slowly)
    clock.pass_check()
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(live.current)
        assert begun.wait(PATIENCE)
        clock.pass_check()
        found = [live.current() for _ in range(AT_ONCE)]
        may_end.set()
    assert found == [old] * AT_ONCE
    assert asking.result() is live.current() is not old
    assert loaded == [index]


def test_first_requests_at_the_same_time_get_the_same_answers(corpus: Path, index: Path) -> None:
    """What is worked out when it is first asked for may be worked out twice, and never by halves."""
    build(corpus, index)
    start = threading.Barrier(AT_ONCE)

    def answers(library: Library) -> list[object]:
        key = library.practices[0].id
        gaps = library.gaps
        lists = [
            library.similar.to_practice(key),
            library.similar.to_set([key]),
            library.similar.to_text(library.practices.summary(0).summary).similar,
        ]
        return [
            gaps.report(),
            gaps.map().counts.tolist(),
            gaps.reach,
            gaps.call_effects,
            gaps.themes,
            *lists,
            library.practices.versions_of(library.practices.by_id(key)),
            library.search.facets(),
        ]

    def at_once(library: Library) -> list[object]:
        start.wait(PATIENCE)
        return answers(library)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(at_once, [Library(load(index))] * AT_ONCE))
    assert found == [answers(Library(load(index)))] * AT_ONCE


def test_a_damaged_new_snapshot_is_refused_and_the_old_one_goes_on(
    corpus: Path, index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A bad publication never takes the service down, and the log says why."""
    build(corpus, index)
    clock = Clock()
    live = LiveLibrary(index, clock)
    old = live.current()
    folder = index / build(corpus, index, force=True).manifest.build
    (folder / "impacts.npz").write_bytes(b"damaged")
    clock.pass_check()
    with caplog.at_level(logging.ERROR):
        assert live.current() is old
    assert "impacts.npz" in caplog.text
    clock.pass_check()
    assert caplog.text.count("impacts.npz") == 1
    build(corpus, index)
    clock.pass_check()
    assert live.current() is not old


def test_a_snapshot_can_be_deleted_while_it_is_served(corpus: Path, index: Path) -> None:
    """Everything served is in memory."""
    build(corpus, index)
    live = LiveLibrary(index, clock := Clock())
    for path in sorted(index.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    clock.pass_check()
    library = live.current()
    assert library.search.find(SearchRequest('"the" -nothing theme:nothing')).facets
    assert store.read_pointer(index) is None


def test_a_snapshot_that_could_not_be_loaded_is_tried_again_later(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A passing fault, such as a file held by another program, costs half a minute and no request."""
    build(corpus, index)
    clock = Clock()
    live = LiveLibrary(index, clock)
    old = live.current()
    build(corpus, index, force=True)
    with monkeypatch.context() as patched:
        patched.setattr("search_service.live.load", lambda _: 1 / 0)
        clock.pass_check()
        assert live.current() is old
    assert "division by zero" in caplog.text
    clock.pass_check()
    assert live.current() is old
    clock.now += RETRY_SECONDS
    assert live.current() is not old
