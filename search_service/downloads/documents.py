"""Practices to take away: one as Markdown, and a list as an Atom feed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree  # nosec B405  # writes only

from search_service import answers
from search_service.answers.practice import Evaluation, Practice, Source
from search_service.downloads.xml_text import for_xml
from search_service.library import Library
from search_service.practices import model
from search_service.text.dates import in_words

ATOM = "http://www.w3.org/2005/Atom"

MOST_ENTRIES = 50
"""Entries of a feed: what readers keep, and a bound on the work."""

_PRACTICE_LINK = re.compile(r"\]\(practice:([a-z0-9-]+)\)")


def practice_markdown(library: Library, record: model.Practice, base: str) -> str:
    """Write a whole practice as Markdown; `base` is the address of this service, with its slash."""
    shown = answers.practice(library, record)
    parts = [
        f"# {shown['title']}",
        shown["summary"],
        "\n".join(_facts(shown)),
        *(f"## {section['heading']}\n\n{section['text']}" for section in shown["sections"]),
        *_evaluations(shown["evaluations"]),
        "## Sources\n\n" + "\n".join(_sources(shown["sources"])),
        f"*Summarised from public sources by Practice Finder: {base}practices/{record.id} . "
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


def changed(practice: model.Practice) -> str:
    """Return when a practice's entry was last worked on: the newest date a source of it was read."""
    return max(source.read for source in practice.sources).isoformat()


def feed(practices: Sequence[model.Practice], title: str, address: str, page: str, base: str) -> bytes:
    """Write practices as an Atom feed (RFC 4287), those worked on last first.

    `address` is the feed's own, `page` that of the same list to read, `base` that of this service.
    """
    newest = sorted(practices, key=changed, reverse=True)[:MOST_ENTRIES]
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    updated = changed(newest[0]) if newest else "1970-01-01"
    _head(root, title, address, updated)
    ElementTree.SubElement(_add(root, "author"), f"{{{ATOM}}}name").text = "Practice Finder"
    _add(root, "link", rel="self", type="application/atom+xml", href=address)
    _add(root, "link", rel="alternate", type="text/html", href=page)
    for practice in newest:
        entry = _add(root, "entry")
        own = f"{base}practices/{practice.id}"
        _head(entry, practice.title, own, changed(practice))
        _add(entry, "link", rel="alternate", type="text/html", href=own)
        _add(entry, "summary").text = for_xml(practice.summary)
        for theme in practice.themes:
            _add(entry, "category", term=theme)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _head(parent: ElementTree.Element, title: str, address: str, day: str) -> None:
    _add(parent, "title").text = for_xml(title)
    _add(parent, "id").text = address
    _add(parent, "updated").text = f"{day}T00:00:00Z"


def _add(parent: ElementTree.Element, name: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
