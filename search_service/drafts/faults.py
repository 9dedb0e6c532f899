"""The error for a file that cannot be read, with what to do instead."""

from __future__ import annotations

from search_service.errors import Fault, InvalidRequest

EXAMPLE = "draft.docx"


def refused(what: str, instead: str, example: str = EXAMPLE) -> InvalidRequest:
    """Return the error; `what` is wrong and `instead` is what to do."""
    return InvalidRequest([Fault("file", f"{what}; {instead}.", example)])
