"""Text for files that are XML inside: feeds and Word documents."""

from __future__ import annotations

import re

_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def for_xml(text: str) -> str:
    """Return a text without the characters that XML 1.0 cannot hold, not even escaped."""
    return _NOT_IN_XML.sub("", text)
