"""A list of practices as an Atom feed."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree  # nosec B405  # writes only

from search_service.downloads.xml_text import for_xml
from search_service.practices.model import Practice

ATOM = "http://www.w3.org/2005/Atom"

MAX_ENTRIES = 50
"""As many entries as feed readers keep; bounds the work."""


def changed(practice: Practice) -> str:
    """Return when a practice's entry was last worked on: the newest date a source of it was read."""
    return max(source.read for source in practice.sources).isoformat()


def feed(practices: Sequence[Practice], title: str, address: str, page: str, base: str) -> bytes:
    """Write practices as an Atom feed (RFC 4287), those worked on last first.

    `address` is the feed's own, `page` that of the same list to read, `base` that of this service.
    """
    newest = sorted(practices, key=changed, reverse=True)[:MAX_ENTRIES]
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
