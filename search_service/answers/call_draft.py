"""The draft of a call for practice, made from the gaps and meant for editing."""

from __future__ import annotations

from search_service.answers.shapes import Answer, Label
from search_service.gaps.call_draft import as_markdown
from search_service.gaps.report import GapReport
from search_service.library import Library


class Block(Answer):
    """A heading (level 1 to 3), a paragraph (level 0), or a list."""

    text: str
    level: int
    items: list[str]


class Brief(Answer):
    """The draft of a call for practice."""

    reference: Label
    blocks: list[Block]
    markdown: str


def brief(library: Library, report: GapReport) -> Brief:
    """Present the draft of a call that asks for the gaps of a report."""
    blocks = library.gaps.call_draft(report)
    return {
        "reference": {"id": report.reference.id, "label": report.reference.label},
        "blocks": [{"text": one.text, "level": one.level, "items": list(one.items)} for one in blocks],
        "markdown": as_markdown(blocks),
    }
