"""What every answer has in common, and what an error looks like."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """An API answer: no keys but those named."""

    model_config = ConfigDict(extra="forbid")


class Labelled(Answer):
    """A value of a closed list, with more said of it."""

    id: str
    label: str


class FaultOut(Answer):
    """One thing wrong with a request."""

    where: str
    message: str
    example: str


class Problem(Answer):
    """An error, after RFC 9457, with everything wrong at once."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FaultOut] = []
