"""Settings: one table, read from the environment and one file, with defaults that suit one machine."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from search_service.errors import InvalidSettings

PREFIX = "PRACTICE_FINDER_"

CONFIG = PREFIX + "CONFIG"
"""The variable that names a TOML file with settings; the environment overrides it."""


def _home() -> Path:
    """Return the project's folder if the package runs from it, else the working folder."""
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
    trusted_hosts: str = Field(
        "",
        max_length=2000,
        description=(
            "The host names the service answers to, with commas between; empty: those of this machine "
            "only, or any where it listens on an address that others reach."
        ),
        pattern=r"^[A-Za-z0-9.:\[\]_, -]*$",
    )
    proxies: int = Field(
        0, ge=0, le=5, description="How many reverse proxies stand in front, whose X-Forwarded headers count."
    )
    rate_limit: int = Field(
        1200,
        ge=0,
        le=1_000_000,
        description="Requests a minute from one address; a tenth of it for posted texts; 0: no limit.",
    )
    metrics: Literal["local", "anyone", "off"] = Field(
        "local", description="Who may read /metrics: this machine (local), anyone, or nobody (off)."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="How the log is written: for people (text) or programs (json)."
    )
    development: bool = Field(
        False, description="Whether /styleguide is shown, for those who change the pages: yes or no."
    )
    corrections: str = Field(
        "",
        max_length=300,
        description="A web or mail address for corrections, shown on the pages; empty shows none.",
        pattern=r"^((https?://|mailto:)\S+)?$",
    )

    @field_validator("corpus", "index", mode="before")
    @classmethod
    def _names_a_folder(cls, value: object) -> object:
        """Refuse an empty path: it would mean the working folder, from which builds remove old snapshots."""
        if value == "":
            raise PydanticCustomError("no_folder", "an empty value names no folder")
        return value


def read_settings(environment: Mapping[str, str], **given: object) -> Settings:
    """Return the settings; those `given` on the command line override the environment, and that the file.

    Raises InvalidSettings naming every variable, option or line of the file that cannot be used, and every
    unknown variable with our prefix.
    """
    named: dict[str, Any] = _from_file(environment.get(CONFIG, ""))
    named |= {
        key.removeprefix(PREFIX).lower(): value
        for key, value in environment.items()
        if key.startswith(PREFIX) and key != CONFIG
    }
    typed = {key: str(value) for key, value in given.items() if value is not None}
    named.update(typed)
    try:
        return Settings.model_validate(named)
    except ValidationError as error:
        raise InvalidSettings("\n".join(_line(detail, typed) for detail in error.errors())) from None


def _from_file(path: str) -> dict[str, Any]:
    """Return the settings of a TOML file, none if no file is named."""
    if not path:
        return {}
    right = f"For example, a line of it: port = 8000, and {CONFIG}=/etc/practice-finder.toml"
    try:
        lines = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidSettings(f"{CONFIG}: {path} cannot be read ({error.strerror}). {right}") from None
    except ValueError as error:
        raise InvalidSettings(f"{CONFIG}: {path} is not a TOML file in UTF-8 ({error}). {right}") from None
    return {key.lower(): value for key, value in lines.items()}


_EXAMPLES = {
    "corpus": "/srv/practice-finder/corpus",
    "index": "/srv/practice-finder/index",
    "host": "127.0.0.1",
    "port": "8000",
    "threads": "4",
    "trusted_hosts": "practice.example.police.uk, localhost",
    "proxies": "1",
    "rate_limit": "1200",
    "metrics": "local",
    "log_format": "json",
    "development": "yes",
    "corrections": "mailto:corrections@example.org",
}


def _line(detail: Mapping[str, Any], typed: Collection[str]) -> str:
    """Explain what is wrong with one setting, by the name it was given under."""
    key = str(detail["loc"][0])
    name = f"--{key}" if key in typed else PREFIX + key.upper()
    if detail["type"] == "extra_forbidden":
        known = ", ".join(PREFIX + field.upper() for field in Settings.model_fields)
        return f"{name} is not a setting. Known are: {known}."
    why, right = str(detail["msg"]), _EXAMPLES[key]
    return f"{name}: “{detail['input']}” cannot be used: {why[:1].lower()}{why[1:]}. For example: {right}"
