"""Who the practices come from, and whom they do not reach: what a count of practices alone hides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from search_service.gaps.sentences import counted

MIN_PRACTICES = 5
"""With fewer a theme is not called concentrated, as it is not called a gap: two of three practices from one
force is chance; seven of nine is not."""

MAX_SHARE = 0.5
"""A theme is concentrated if one organisation has more than this share of its practices."""


@dataclass(frozen=True, slots=True)
class ThemeReach:
    """Where the practices of one theme are from.

    `leading` is the label of the organisation with the most of them, `leading_practices`; it is empty if
    none names an organisation. The tuples hold the labels of what none of the practices carries.
    """

    theme: str
    label: str
    practices: int
    organisations: int
    leading: str
    leading_practices: int
    regions_without: tuple[str, ...]
    target_groups_without: tuple[str, ...]
    approaches_without: tuple[str, ...]

    @property
    def is_concentrated(self) -> bool:
        """Whether more than half of at least five practices are from one organisation."""
        return self.practices >= MIN_PRACTICES and self.leading_practices > MAX_SHARE * self.practices

    @property
    def sentence(self) -> str:
        """How much of the theme one organisation has."""
        if not self.practices:
            return "There is no practice."
        if not self.leading:
            return "No practice names an organisation."
        if self.practices == 1:
            return f"The one practice is from {self.leading}."
        if self.leading_practices == 1:
            return f"No organisation has more than one of the {self.practices}."
        return f"{self.leading_practices} of {self.practices} from {self.leading}."


@dataclass(frozen=True, slots=True)
class Reach:
    """Reach of the whole collection; the tuples hold the labels of those with no practice at all."""

    forces: int
    forces_without: tuple[str, ...]
    regions_without: tuple[str, ...]
    target_groups_without: tuple[str, ...]
    themes: tuple[ThemeReach, ...]

    @property
    def concentrated(self) -> tuple[ThemeReach, ...]:
        """The themes with most practices from one organisation."""
        return tuple(theme for theme in self.themes if theme.is_concentrated)

    @property
    def sentence(self) -> str:
        """How many forces have nothing in the collection."""
        missing = len(self.forces_without)
        if not missing:
            return f"Every one of the {self.forces} police forces has a practice here."
        return f"{missing} of {counted(self.forces, 'police force')} have no practice here."


Labels = Mapping[str, Mapping[str, str]]
"""Labels by id, by name of the closed list."""

Values = Mapping[str, Sequence[Collection[str]]]
"""What each practice carries, by name of the closed list: one element for each practice."""

LISTS = ("theme", "organisation", "region", "target_group", "approach")
"""The closed lists that reach is worked out from."""


def reach_of(values: Values, labels: Labels, forces: Sequence[str]) -> Reach:
    """Work out where practices are from; both maps have the `LISTS`, `forces` holds ids of organisations."""
    everyone = range(len(values["theme"]))
    by_theme: dict[str, list[int]] = {theme: [] for theme in labels["theme"]}
    for row, themes in enumerate(values["theme"]):
        for theme in themes:
            by_theme[theme].append(row)
    seen = _carried(values["organisation"], everyone)
    return Reach(
        forces=len(forces),
        forces_without=tuple(labels["organisation"][force] for force in forces if not seen[force]),
        regions_without=_without("region", values, everyone, labels),
        target_groups_without=_without("target_group", values, everyone, labels),
        themes=tuple(_theme_reach(theme, rows, values, labels) for theme, rows in by_theme.items()),
    )


def _theme_reach(theme: str, rows: Sequence[int], values: Values, labels: Labels) -> ThemeReach:
    """Work out where the practices of one theme are from."""
    counts = _carried(values["organisation"], rows)
    # The first of the vocabulary wins ties, so that a report can be repeated.
    organisations = labels["organisation"]
    leading = max((key for key in organisations if counts[key]), key=counts.__getitem__, default="")
    return ThemeReach(
        theme=theme,
        label=labels["theme"][theme],
        practices=len(rows),
        organisations=len(counts),
        leading=organisations.get(leading, ""),
        leading_practices=counts[leading],
        regions_without=_without("region", values, rows, labels),
        target_groups_without=_without("target_group", values, rows, labels),
        approaches_without=_without("approach", values, rows, labels),
    )


def _carried(carried: Sequence[Collection[str]], rows: Iterable[int]) -> Counter[str]:
    return Counter(key for row in rows for key in set(carried[row]))


def _without(name: str, values: Values, rows: Iterable[int], labels: Labels) -> tuple[str, ...]:
    """Return the labels of a closed list that none of the practices carries."""
    carried = _carried(values[name], rows)
    return tuple(label for key, label in labels[name].items() if not carried[key])
