"""How a file is refused: one fault, with what to do instead."""

from __future__ import annotations

from search_service.errors import Fault, InvalidRequest


def refused(message: str, example: str) -> InvalidRequest:
    """Return the error for a file that cannot be read."""
    return InvalidRequest([Fault("file", message, example)])
