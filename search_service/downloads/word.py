"""A draft as a Word document (DOCX), for people who edit it in an office program."""

from __future__ import annotations

import io
from collections.abc import Sequence

from search_service import memory
from search_service.answers.call_draft import Block
from search_service.downloads.xml_text import for_xml

A4 = (210, 297)
"""Width and height in mm; the library's own page is American."""


def write(title: str, blocks: Sequence[Block]) -> bytes:
    """Return blocks (text, level, items) as a document with real headings and lists."""
    written = _written(title, blocks)
    memory.collect_cycles()  # the library's parts of a document refer to one another
    return written


def _written(title: str, blocks: Sequence[Block]) -> bytes:
    import docx  # noqa: PLC0415 - with lxml it takes 0.1 s to import, for a file few ask for

    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = (docx.shared.Mm(side) for side in A4)
    document.core_properties.title = title
    document.core_properties.author = "Practice Finder"
    document.core_properties.language = "en-GB"
    for block in blocks:
        if block["items"]:
            for item in block["items"]:
                document.add_paragraph(for_xml(item), style="List Bullet")
        elif block["level"]:
            document.add_heading(for_xml(block["text"]), block["level"])
        else:
            document.add_paragraph(for_xml(block["text"]))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()
