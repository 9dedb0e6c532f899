"""The rule kept here: suggested themes are right often enough to be looked at, say why, and never count."""

from __future__ import annotations

import dataclasses
import random
from functools import cache
from pathlib import Path

import numpy as np
from builders import make_practice, make_taxonomy

from search_service.library import Library
from search_service.practices.model import Practice
from search_service.practices.reuse import Reuse
from search_service.practices.taxonomy import Taxonomy
from search_service.themes.records import Accuracy, Suggestion, Topic
from search_service.themes.signals import Signals, words_of
from search_service.themes.suggestions import LEARNT_ANEW_UP_TO, Suggestions
from search_service.themes.tagging import accuracy


def themed(*names: str) -> Taxonomy:
    """Return a taxonomy of themes that are each pointed to by one phrase."""
    return make_taxonomy(
        themes=[{"id": name, "label": name.title(), "signals": [f"{name} signal"]} for name in names]
    )


def collection(each: int = 12) -> list[Practice]:
    """Return practices on two themes that use different words, and one that was tagged with half of its."""
    words = {
        "stalking": "A stalking signal: officers visit people who follow others, with orders and advocates.",
        "fraud": "A fraud signal: bank staff ring police when older customers draw out their savings.",
    }
    practices = [
        make_practice(f"{theme}-{at}", title=f"Scheme {theme} {at}", summary=text, body=text, themes=(theme,))
        for theme, text in words.items()
        for at in range(each)
    ]
    both = " ".join(words.values())
    practices += [
        make_practice(f"two-{at}", summary=both, body=both, themes=tuple(words)) for at in range(each)
    ]
    return [*practices, make_practice("both", summary=both, body=both, themes=("fraud",))]


@cache
def suggested() -> Suggestions:
    """Return what is suggested for the collection."""
    return Suggestions.build(collection(), themed("stalking", "fraud"))


def between(previous: list[Practice], current: list[Practice]) -> Reuse:
    """Say what of one collection is word for word in another."""
    return Reuse.between(*([one.model_dump_json() for one in practices] for practices in (previous, current)))


def test_a_theme_that_a_practice_lacks_is_suggested_with_its_wording() -> None:
    """The phrase is named as it stands, and quoted in its sentence."""
    found = suggested().of("both")
    assert [one.theme for one in found] == ["stalking"]
    assert found[0].wording[0] == "stalking signal"
    assert "stalking signal" in found[0].quote.lower()
    assert 0.5 <= found[0].probability <= 1


def test_the_same_practices_give_the_same_suggestions() -> None:
    """A build can be repeated."""
    assert Suggestions.build(collection(), themed("stalking", "fraud")) == suggested()


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    """A snapshot keeps all of it."""
    suggested().save(tmp_path)
    assert Suggestions.load(tmp_path) == suggested()


def test_too_little_to_learn_from_gives_no_suggestions() -> None:
    """No practices, one, a few, and practices without any theme."""
    taxonomy = themed("stalking", "fraud")
    untagged = [make_practice(f"none-{at}", themes=()) for at in range(40)]
    for practices in ([], collection()[:1], collection(1), untagged):
        found = Suggestions.build(practices, taxonomy)
        assert (found.suggestions, found.classifier) == ((), Accuracy(None, None))


def test_a_theme_with_few_examples_has_its_signal_phrases() -> None:
    """Two practices are too few to learn words from, but the phrase has been right for other themes."""
    rare = [
        make_practice(f"rare-{at}", summary="A rare signal.", body="A rare signal.", themes=themes)
        for at, themes in enumerate((("rare",), ("rare",), ("fraud",)))
    ]
    found = Suggestions.build([*collection(), *rare], themed("stalking", "fraud", "rare"))
    assert [one.theme for one in found.of("rare-2")] == ["rare"]


def test_versions_of_one_practice_do_not_vouch_for_each_other() -> None:
    """They are judged by models that have seen none of them, so both lack what both lack."""
    text = "A stalking signal, and a fraud signal."
    twins = [
        make_practice("twin-a", summary=text, body=text, themes=("fraud",)),
        make_practice("twin-b", summary=text, body=text, themes=("fraud",), variant_of="twin-a"),
    ]
    found = Suggestions.build([*collection(), *twins], themed("stalking", "fraud"))
    assert [one.theme for one in found.of("twin-a")] == [one.theme for one in found.of("twin-b")]


def test_a_signal_phrase_is_found_in_any_form() -> None:
    """Endings, capitals and function words between do not matter; other words between do."""
    signals = Signals(
        make_taxonomy(themes=[{"id": "slavery", "label": "Slavery", "signals": ["forced labour"]}]).themes
    )
    practice = make_practice(
        title="Forced Labour", summary="Forcing of labours. Forced bank labour.", body="None."
    )
    assert [wording for _, _, wording in signals.found(words_of(practice))] == [
        *["Forced Labour"] * 3, *["Forcing of labours"] * 2
    ]  # fmt: skip


def test_practices_of_several_themes_with_words_of_their_own_make_a_topic() -> None:
    """Words outside the taxonomy bring them together; within one theme they do not make a topic."""
    plain = [
        make_practice(f"plain-{at}", title=f"Plain {word}", summary=f"Nothing but {word}.", body=word)
        for at, word in enumerate(f"{a}{b}ord" for a in "bcdfghjklm" for b in "aeiou")
    ]
    drones = "drones hover while thermal cameras film rooftops"
    across = [
        make_practice(f"drone-{theme}", title=drones, summary=drones, body=drones, themes=(theme,))
        for theme in ("stalking", "fraud", "missing")
    ]
    taxonomy = themed("stalking", "fraud", "missing")
    topics = Suggestions.build([*plain, *across], taxonomy).topics
    assert [topic.practices for topic in topics] == [tuple(one.id for one in across)]
    assert "drones" in topics[0].words
    within = [one.model_copy(update={"themes": ("fraud",)}) for one in across]
    assert Suggestions.build([*plain, *within], taxonomy).topics == ()


def test_precision_and_recall_are_over_all_pairs() -> None:
    """Two of three suggested are right, two of four confirmed are found."""
    suggested = np.array([[True, True], [True, False], [False, False]])
    confirmed = np.array([[True, False], [True, True], [False, True]])
    assert accuracy(suggested, confirmed) == Accuracy(2 / 3, 2 / 4)
    assert accuracy(np.zeros((1, 1), dtype=bool), np.zeros((1, 1), dtype=bool)) == Accuracy(None, None)


def test_on_the_shipped_corpus_suggestions_are_good_enough(library: Library) -> None:
    """Precision 0.80 or more at a recall of 0.60 or more, and more found than by signal phrases alone."""
    found = library.suggestions
    assert found.classifier.precision is not None
    assert found.classifier.precision >= 0.80
    assert found.classifier.recall is not None
    assert found.classifier.recall >= 0.60
    assert found.signals_alone.recall is not None
    assert found.classifier.recall >= found.signals_alone.recall


def test_suggestions_never_count(library: Library) -> None:
    """No suggested theme is among those of its practice, nor in any figure."""
    for one in library.suggestions.suggestions:
        practice = library.practices.by_id(one.practice)
        assert one.theme not in practice.themes
    tags = sum(len(practice.themes) for practice in library.practices)
    assert library.gaps.report().tags == tags


def test_a_large_collection_of_which_little_has_changed_keeps_what_was_learnt() -> None:
    """What was suggested for a changed practice is dropped, and enough change makes it learnt anew."""
    taxonomy = themed("stalking", "fraud")
    filler = [make_practice(f"filler-{at}", themes=("fraud",)) for at in range(LEARNT_ANEW_UP_TO)]
    before = [*collection(), *filler]
    learnt = Suggestions(
        suggestions=tuple(Suggestion(key, "stalking", 0.9, ("a",), "A.") for key in ("both", "filler-0")),
        topics=(Topic(("a",), ("both", "filler-0"), ()), Topic(("b",), ("both", "filler-1"), ())),
    )
    changed = before[0].model_copy(update={"title": "Changed"})
    after = [make_practice("filler-0", title="Other") if one.id == "filler-0" else one for one in before]
    after[0] = changed
    kept = Suggestions.build(after, taxonomy, learnt, between(before, after))
    assert [one.practice for one in kept.suggestions] == ["both"]
    assert [topic.words for topic in kept.topics] == [("b",)]
    assert kept.changed_since == 2
    worn = dataclasses.replace(learnt, changed_since=LEARNT_ANEW_UP_TO)
    assert Suggestions.build(after, taxonomy, worn, between(before, after)).changed_since == 0


def test_a_small_collection_is_always_learnt_anew() -> None:
    """It costs a second, and a new practice has its suggestions at once."""
    practices = collection()
    unchanged = between(practices, practices)
    found = Suggestions.build(practices, themed("stalking", "fraud"), Suggestions(), unchanged)
    assert found == suggested()


def test_a_theme_that_every_practice_carries_does_not_stop_the_build() -> None:
    """There is nothing to tell apart, so nothing is learnt of it."""
    chance = random.Random(1)
    words = ["child", "home", "school", "visit", "plan", "officer", "lock", "alarm", "bus", "night", "carer"]
    bodies = [" ".join(chance.choices(words, k=40)) for _ in range(120)]
    practices = [
        make_practice(
            id=f"practice-{at}",
            body=f"{body} stalking and harassment" if at % 2 else body,
            themes=("domestic-abuse", "stalking-harassment") if at % 2 else ("domestic-abuse",),
        )
        for at, body in enumerate(bodies)
    ]
    assert all(
        one.theme != "domestic-abuse" for one in Suggestions.build(practices, make_taxonomy()).suggestions
    )
