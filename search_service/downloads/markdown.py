"""A practice as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from search_service.answers.practice import Evaluation, Practice, Source
from search_service.text.dates import in_words

_PRACTICE_LINK = re.compile(r"\]\(practice:([a-z0-9-]+)\)")


def practice_markdown(shown: Practice, base: str) -> str:
    """Write a whole practice as Markdown; `base` is the address of this service, with its slash."""
    parts = [
        f"# {shown['title']}",
        shown["summary"],
        "\n".join(_facts(shown)),
        *(f"## {section['heading']}\n\n{section['text']}" for section in shown["sections"]),
        *_evaluations(shown["evaluations"]),
        "## Sources\n\n" + "\n".join(_sources(shown["sources"])),
        f"*Summarised from public sources by Practice Finder: {base}practices/{shown['id']} . "
        "Being listed is no endorsement.*",
    ]
    return _PRACTICE_LINK.sub(rf"]({base}practices/\1)", "\n\n".join(parts)) + "\n"


def _facts(shown: Practice) -> Iterable[str]:
    lists = {
        "Organisation": shown["organisations"],
        "Region": shown["regions"],
        "Partners": shown["partners"],
        "Themes": shown["themes"],
        "Approaches": shown["approaches"],
        "Target group": shown["target_groups"],
    }
    for heading, values in lists.items():
        if values:
            yield f"- **{heading}:** {', '.join(one['label'] for one in values)}"
    evidence = shown["evidence"]
    yield f"- **Evidence:** {evidence['label']}. {evidence['basis']}"
    yield f"- **Stage and scale:** {shown['stage']['label']}, {shown['scale']['label'].lower()}"
    if shown["start"]:
        yield f"- **Started:** {in_words(shown['start'])}"
    if shown["end"]:
        yield f"- **Ended:** {in_words(shown['end'])}"


def _evaluations(evaluations: Sequence[Evaluation]) -> Iterable[str]:
    if evaluations:
        yield "## Evaluations"
    for one in evaluations:
        link = f"\n- **Read it:** <{one['url']}>" if one["url"] else ""
        yield f"### {one['by']}\n\n- **How:** {one['method']}\n- **Found:** {one['finding']}{link}"


def _sources(sources: Sequence[Source]) -> Iterable[str]:
    for number, one in enumerate(sources, start=1):
        title = one["title"].replace("[", "\\[").replace("]", "\\]")
        yield f"{number}. [{title}](<{one['url']}>), read {in_words(one['read'])}"
