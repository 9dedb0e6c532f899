"""Settings: one table, read from the environment, with defaults that suit one machine."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from search_service.errors import InvalidSettings

PREFIX = "PRACTICE_FINDER_"


def _home() -> Path:
    """Return the project's folder where the package is run from it, else the working folder."""
    project = Path(__file__).parent.parent
    return project if (project / "corpus").is_dir() else Path.cwd()


class Settings(BaseModel):
    """Everything that can be set; each is the environment variable PRACTICE_FINDER_<NAME>."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: Path = Field(
        default_factory=lambda: _home() / "corpus", description="The folder that holds the corpus."
    )
    index: Path = Field(
        default_factory=lambda: _home() / "index",
        description="The folder that snapshots are kept in.",
    )
    host: str = Field("127.0.0.1", min_length=1, description="The address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="The port to listen on; 0 takes a free one.")
    threads: int = Field(4, ge=1, le=64, description="How many requests are answered at once.")
    corrections: str = Field(
        "",
        max_length=300,
        description="A web or mail address for corrections, shown on the pages; empty shows none.",
        pattern=r"^((https?://|mailto:)\S+)?$",
    )


def read_settings(environment: Mapping[str, str], **given: object) -> Settings:
    """Return the settings of an environment, with values `given` on the command line first.

    Raises InvalidSettings naming every variable or option that cannot be used, and every variable
    that begins with the prefix and is none of ours.
    """
    named = {
        key.removeprefix(PREFIX).lower(): value
        for key, value in environment.items()
        if key.startswith(PREFIX)
    }
    typed = {key: str(value) for key, value in given.items() if value is not None}
    named.update(typed)
    try:
        return Settings.model_validate(named)
    except ValidationError as error:
        raise InvalidSettings("\n".join(_line(detail, typed) for detail in error.errors())) from None


_EXAMPLES = {
    "corpus": "/srv/practice-finder/corpus",
    "index": "/srv/practice-finder/index",
    "host": "127.0.0.1",
    "port": "8000",
    "threads": "4",
    "corrections": "mailto:corrections@example.org",
}


def _line(detail: Mapping[str, Any], typed: Collection[str]) -> str:
    """Say what is wrong with one setting, by the name it was given under."""
    key = str(detail["loc"][0])
    name = f"--{key}" if key in typed else PREFIX + key.upper()
    if detail["type"] == "extra_forbidden":
        known = ", ".join(PREFIX + field.upper() for field in Settings.model_fields)
        return f"{name} is not a setting. Known are: {known}."
    why, right = str(detail["msg"]), _EXAMPLES[key]
    return f"{name}: “{detail['input']}” cannot be used: {why[:1].lower()}{why[1:]}. For example: {right}"
