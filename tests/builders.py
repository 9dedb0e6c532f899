"""Builders of valid, small records and corpora; every part can be replaced by keyword.

The lists below are one whole corpus in small: `make_taxonomy` holds them as records, `write_corpus`
writes them as files, and `make_practice` and `practice_file` use ids that stand in them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from search_service.gaps.report import GapReport, compare
from search_service.gaps.tally import tally_of
from search_service.practices.model import NOT_STATED, SECTIONS, Practice
from search_service.practices.taxonomy import ReferenceList, Taxonomy, VocabularyFile
from search_service.similar.index import DEFAULT_LIMIT, Recommendation, SimilarIndex

BODY = (
    "Police tell the child's school before the next morning that officers were called to the home. "
    "A trained member of staff then looks out for the child."
)
"""What a practice does, where a test does not say."""

_TERMS: dict[str, tuple[str, ...]] = {
    "evidence": ("works", "promising", "untested", "did-not-work"),
    "stage": ("pilot", "implemented", "ended"),
    "scale": ("local", "regional", "national"),
    "region": ("north-east", "south-west", "wales", "national"),
    "partner": ("police", "health", "education"),
    "target_group": ("children", "adults", "victims", "workforce"),
    "focus": ("prevention", "response", "reoffending"),
    "recognition": ("award", "peer-reviewed"),
    "organisation_kind": ("police-force", "charity", "national-body"),
}


class _Dumper(yaml.CSafeDumper):
    """Writes a value again where it is repeated: the corpus refuses YAML's names for values."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


def make_lists(**overrides: Any) -> dict[str, Any]:
    """Return the plain values of the five lists by file name without its ending.

    An override names a whole list (`synonyms={}`), a part of the taxonomy (`themes=[…]`) or one
    of the vocabulary's lists (`region=[…]`).
    """
    lists = {
        "taxonomy": {"themes": _themes(), "approaches": _approaches()},
        "vocabulary": {
            **{name: [_term(key) for key in keys] for name, keys in _TERMS.items()},
            "organisation": _organisations(),
        },
        "synonyms": {
            "groups": [
                {"terms": ["da", "dv", "domestic abuse", "domestic violence"]},
                {"terms": ["missing person", "misper"]},
            ],
            "one_way": [{"from": "battered wife", "to": ["domestic abuse"]}],
        },
        "calls": {"calls": [_call()]},
        "references": {"references": _references()},
    }
    for name, value in overrides.items():
        if name in lists:
            lists[name] = value
        elif name in lists["taxonomy"]:
            lists["taxonomy"][name] = value
        elif name in VocabularyFile.model_fields:
            lists["vocabulary"][name] = value
        else:
            raise TypeError(f"no list of the corpus is called {name!r}")
    return lists


def make_taxonomy(**overrides: Any) -> Taxonomy:
    """Build the closed lists: three themes, two approaches and a few of everything else.

    Overrides are those of `make_lists`; `calls`, `references` and `synonyms` may also be given as
    the plain lists that `Taxonomy` holds.
    """
    for name in ("calls", "references"):
        if name in overrides and not isinstance(overrides[name], Mapping):
            overrides[name] = {name: overrides[name]}
    lists = make_lists(**overrides)
    return Taxonomy.model_validate(
        {
            **lists["taxonomy"],
            "vocabulary": lists["vocabulary"],
            "synonyms": lists["synonyms"],
            "calls": lists["calls"]["calls"],
            "references": lists["references"]["references"],
        }
    )


def make_practice(
    id: str = "operation-example",  # noqa: A002 - the field's own name
    *,
    body: str | None = None,
    rating: str | None = None,
    **overrides: Any,
) -> Practice:
    """Build a valid practice; `body` is its section "What it does", `rating` its evidence rating."""
    values: dict[str, Any] = {"id": id, **_front_matter(), "sections": _sections(body), **overrides}
    if rating is not None:
        values["evidence"] = {**values["evidence"], "rating": rating}
    return Practice.model_validate(values)


def practice_file(
    id: str | None = "operation-example",  # noqa: A002 - the field's own name
    *,
    body: str | None = None,
    sections: Mapping[str, str | None] | None = None,
    **overrides: Any,
) -> str:
    """Write a practice file that `make_lists` allows.

    A front-matter key or a section given as None is left out; `body` is the section "What it does";
    `sections` maps section keys (`what_it_does`) to Markdown and replaces only those named.
    """
    values = {"id": id, **_front_matter(), **overrides}
    front = as_yaml({key: value for key, value in values.items() if value is not None})
    texts = {**_sections(body), **(sections or {})}
    parts = [
        f"## {section.heading}\n{texts[section.key]}\n"
        for section in SECTIONS
        if texts[section.key] is not None
    ]
    return f"---\n{front}---\n" + "\n".join(parts)


def write_corpus(
    folder: Path, practices: Mapping[str, str | bytes] | None = None, **list_overrides: Any
) -> Path:
    """Write a corpus into `folder` and return the folder; it passes the checks as it stands.

    `practices` maps ids (file names without ".md") to what the file holds; three where not given.
    List overrides are those of `make_lists`; a whole list may also be given as text or bytes, and
    as None where the file is not to be there.
    """
    if practices is None:
        practices = three_practice_files()
    (folder / "practices").mkdir(parents=True, exist_ok=True)
    lists = make_lists(**list_overrides) if list_overrides else _list_texts()
    for name, value in lists.items():
        if value is not None:
            text = value if isinstance(value, str | bytes) else as_yaml(value)
            _write(folder / f"{name}.yaml", text)
    for name, text in practices.items():
        _write(folder / "practices" / f"{name}.md", text)
    return folder


def three_practice_files() -> dict[str, str]:
    """Return three different valid practice files by id."""
    return dict(_three_practice_files())


@cache
def _list_texts() -> dict[str, str]:
    """Write the lists as they stand once: most corpora of a test run hold them unchanged."""
    return {name: as_yaml(value) for name, value in make_lists().items()}


@cache
def _three_practice_files() -> dict[str, str]:
    return {
        "operation-example": practice_file(),
        "safe-home-scheme": practice_file(
            "safe-home-scheme",
            title="Safe Home Scheme",
            summary="Better locks and a named officer for people whose former partner follows them.",
            body="Officers visit within a day, fit locks and alarms, and agree a plan for safety.",
            themes=["stalking-harassment", "domestic-abuse"],
            approaches=["training"],
            regions=["south-west"],
            organisations=["safe-lives-charity"],
            evidence={"rating": "untested", "basis": "No evaluation was found."},
            evaluations=[],
            start="2019-04",
        ),
        "return-talks": practice_file(
            "return-talks",
            title="Return talks",
            summary="An independent worker listens to young people who have come back after going missing.",
            body="A youth worker meets the young person within three days and writes down what would help.",
            themes=["missing-people"],
            approaches=["information-sharing", "training"],
            regions=["wales"],
            evidence={"rating": "works", "basis": "A controlled study found fewer further episodes."},
            start="2021",
        ),
    }


def as_yaml(value: Any) -> str:
    """Write a plain value as YAML, keys in the order given."""
    return str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=200))


def _write(path: Path, content: str | bytes) -> None:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def _term(key: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "label": key.replace("-", " ").capitalize(), **more}


def _themes() -> list[dict[str, Any]]:
    return [
        _term(
            "domestic-abuse",
            definition="Abuse between partners, former partners or family members.",
            signals=["domestic abuse", "coercive control"],
            everyday=["violent husband"],
        ),
        _term(
            "stalking-harassment",
            definition="A pattern of unwanted, fixated attention.",
            signals=["stalking", "harassment"],
            everyday=["being followed"],
        ),
        _term(
            "missing-people",
            definition="People whose whereabouts cannot be established.",
            signals=["missing person", "return interview"],
            everyday=["runaway"],
        ),
    ]


def _approaches() -> list[dict[str, Any]]:
    return [
        _term("information-sharing", definition="Agencies tell one another what they know."),
        _term("training", definition="People who work with the public learn what to do."),
    ]


def _organisations() -> list[dict[str, Any]]:
    return [
        _term("durham-constabulary", kind="police-force", region="north-east", also=["durham police"]),
        _term("devon-and-cornwall-police", kind="police-force", region="south-west", also=["dcp"]),
        _term("safe-lives-charity", kind="charity", region="national", also=["safe lives", "cada"]),
    ]


def _call() -> dict[str, Any]:
    return _term(
        "example-call-2020",
        kind="call",
        opened="2020-01",
        closed="2020-06",
        asked_for=["domestic-abuse"],
        wanted="Practice on abuse in the home.",
        source="https://www.example.org/call",
    )


def _references() -> list[dict[str, Any]]:
    weights: Iterable[tuple[str, int]] = (
        ("domestic-abuse", 2),
        ("stalking-harassment", 1),
        ("missing-people", 1),
    )
    return [
        _term("equal", kind="equal", description="Every theme is expected to have the same number."),
        _term(
            "staff-priorities",
            kind="weights",
            description="Themes that a call asked for count twice.",
            caveat="A starting point.",
            weights=[{"theme": theme, "weight": weight, "why": "Asked for."} for theme, weight in weights],
        ),
    ]


def _front_matter() -> dict[str, Any]:
    return {
        "title": "Operation Example",
        "summary": "Police tell a child's school about domestic abuse at home before the next school day.",
        "organisations": ["durham-constabulary"],
        "regions": ["north-east"],
        "partners": ["police", "education"],
        "themes": ["domestic-abuse"],
        "approaches": ["information-sharing"],
        "target_groups": ["children"],
        "focus": ["prevention"],
        "evidence": {"rating": "promising", "basis": "A before and after study found fewer repeat calls."},
        "stage": "implemented",
        "scale": "local",
        "start": "2011-02",
        "call": "example-call-2020",
        "recognition": ["award"],
        "evaluations": [
            {"by": "Example University", "method": "Before and after", "finding": "Fewer repeat calls"}
        ],
        "sources": [
            {"url": "https://www.example.org/page", "title": "The page", "read": dt.date(2026, 1, 15)}
        ],
    }


def _sections(body: str | None) -> dict[str, str]:
    return {
        "aim": "Support children at school after abuse at home.",
        "what_it_does": BODY if body is None else body,
        "intended_outcome": "Children feel safer, and school staff know why a child is upset.",
        "impact": "Repeat calls to the same homes fell by 16% in the first year.",
        "learning": "Calls must reach the school before the bell.",
        "cost": NOT_STATED,
    }


def similar_to_text(index: SimilarIndex, text: str, limit: int = DEFAULT_LIMIT) -> tuple[Recommendation, ...]:
    """Recommend practices similar to a text."""
    return index.similar(index.read(text), limit)


def make_reference(
    key: str, label: str, weights: Mapping[str, float] | None = None, **values: Any
) -> ReferenceList:
    """Return a reference with the given weights, or of equal shares."""
    given = [{"theme": theme, "weight": weight} for theme, weight in (weights or {}).items()]
    kind = "equal" if weights is None else "weights"
    return ReferenceList.model_validate({"id": key, "label": label, "kind": kind, "weights": given, **values})


def gap_reports(
    theme_sets: Sequence[Collection[str]],
    evaluated: Sequence[bool],
    themes: Mapping[str, str],
    references: Sequence[ReferenceList],
) -> dict[str, GapReport]:
    """Compare practices, given as their themes and whether each is evaluated, with every reference."""
    return compare(tally_of(theme_sets, evaluated, list(themes)), themes, references)
