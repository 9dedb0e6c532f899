"""Themes suggested for practices, and topics that no theme covers: worked out by a build, kept in a snapshot.

A suggestion counts for nothing until a person has confirmed it. scikit-learn is used only to build.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from search_service.practices.collection import columns_of
from search_service.practices.model import Practice
from search_service.practices.reuse import Reuse
from search_service.practices.taxonomy import Taxonomy
from search_service.themes.records import NOT_MEASURED, Accuracy, Suggestion, Topic

FILE = "suggestions.json"

LEARNT_ANEW_UP_TO = 1_000
"""Practices up to which every build learns anew, in a second or two. Above, a build that changes few keeps
what was learnt: at 10,000 learning takes 16 s, and a changed practice is to be published in less."""

LEARNT_ANEW_FROM = 0.02
"""Share of the practices whose change, added up since the last learning, makes a build learn anew."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """All of one snapshot: suggestions by practice, then most likely first; topics, clearest first.

    `changed_since` counts the practices that have changed since it was learnt.
    """

    suggestions: tuple[Suggestion, ...] = ()
    topics: tuple[Topic, ...] = ()
    classifier: Accuracy = NOT_MEASURED
    signals_alone: Accuracy = NOT_MEASURED
    changed_since: int = 0

    @classmethod
    def build(
        cls,
        practices: Sequence[Practice],
        taxonomy: Taxonomy,
        previous: Suggestions | None = None,
        reuse: Reuse | None = None,
    ) -> Suggestions:
        """Learn from the confirmed themes of `practices` which of them lack one.

        In a large collection of which little has changed since `previous`, keep what was learnt for the
        practices that are as they were; the changed ones have no suggestions until it is learnt anew.
        """
        if previous and reuse and len(practices) > LEARNT_ANEW_UP_TO:
            changed = previous.changed_since + len(reuse.changed)
            if changed <= LEARNT_ANEW_FROM * len(practices):
                ids = columns_of(practices).ids
                return previous._kept({ids[row] for row in reuse.kept.tolist()}, changed)
        from search_service.themes import tagging, topics  # noqa: PLC0415 - scikit-learn, build only
        from search_service.themes.signals import words_of  # noqa: PLC0415 - with them

        words = [words_of(practice) for practice in practices]
        learnt = tagging.learn(practices, words, taxonomy.themes)
        return cls(
            suggestions=learnt.suggestions,
            topics=topics.candidates(practices, words, taxonomy),
            classifier=learnt.classifier,
            signals_alone=learnt.signals_alone,
        )

    def _kept(self, practices: set[str], changed: int) -> Suggestions:
        """Return what still holds of these practices."""
        return replace(
            self,
            suggestions=tuple(one for one in self.suggestions if one.practice in practices),
            topics=tuple(topic for topic in self.topics if practices.issuperset(topic.practices)),
            changed_since=changed,
        )

    def save(self, folder: Path) -> None:
        """Write everything into `folder`, which exists."""
        (folder / FILE).write_bytes(_FORM.dump_json(self))

    @classmethod
    def load(cls, folder: Path) -> Suggestions:
        """Read what `save` wrote."""
        return _FORM.validate_json((folder / FILE).read_bytes())

    def of(self, practice: str) -> tuple[Suggestion, ...]:
        """Return the suggestions for one practice, most likely first."""
        return tuple(one for one in self.suggestions if one.practice == practice)


_FORM = TypeAdapter(Suggestions)
