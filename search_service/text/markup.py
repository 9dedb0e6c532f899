"""Markdown in, safe HTML or plain text out. Raw HTML and images are never let through."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_inline", "html_block"])
_ALLOWED_TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "br", "h3", "h4"}
_ALLOWED_SCHEMES = {"http", "https"}
_PRACTICE_LINK = re.compile(r"\]\(practice:([a-z0-9-]+)\)")

_PLAIN = re.compile(r"[^\W\d_][^*_`\[\]<>&\\\n\r\t\0]*")
"""One line that begins with a letter and has none of Markdown's signs, as most sections are. Parsing it would
cost a thousand times as much and give the same."""


def to_html(markdown: str) -> str:
    """Render Markdown as HTML that is safe to put into a page.

    A link `[text](practice:some-id)` leads to that practice's own page.
    """
    linked = _PRACTICE_LINK.sub(r"](/practices/\1)", markdown)
    return nh3.clean(
        _MARKDOWN.render(linked),
        tags=_ALLOWED_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_ALLOWED_SCHEMES,
        link_rel="noopener noreferrer",
    )


@lru_cache(maxsize=8192)
def to_plain(markdown: str) -> str:
    """Return Markdown as plain text, one line for each paragraph or list item."""
    if _PLAIN.fullmatch(markdown):
        return markdown.strip()
    lines: list[str] = []
    for token in _MARKDOWN.parse(markdown):
        if token.type == "inline":
            parts = [
                " " if child.type in ("softbreak", "hardbreak") else child.content
                for child in token.children or ()
            ]
            lines.append("".join(parts).strip())
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.strip())
    return "\n".join(line for line in lines if line)
