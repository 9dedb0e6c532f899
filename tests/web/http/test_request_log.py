"""The rule kept here: the log says what was asked of which route, and nothing of who asked or what."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from clients import FROM_ELSEWHERE
from flask import Flask

from search_service.settings import Settings
from search_service.web.app import create_app
from search_service.web.http import request_log

TYPED = "zzqxv"


@pytest.fixture
def log_of(shipped_index: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[object]:
    """Give a function that sets up logging, makes requests, and returns the lines of the log."""
    root = logging.getLogger()
    before = root.handlers[:], root.level

    def lines(form: str, *addresses: str) -> list[str]:
        request_log.configure(Settings.model_validate({"log_format": form}))
        app: Flask = create_app(Settings(index=shipped_index, rate_limit=0))

        @app.get("/breaks/<key>")
        def breaks(key: str) -> str:
            held = key * 2
            raise RuntimeError(f"broken after {len(held)} characters")

        client = app.test_client()
        capsys.readouterr()
        for address in addresses:
            client.get(address, **FROM_ELSEWHERE)
        return capsys.readouterr().err.splitlines()

    yield lines
    root.handlers, root.level = before


def test_a_request_is_logged_by_its_route_and_tells_nothing_of_a_person(log_of: object) -> None:
    """Neither query nor address nor practice can be read from a log."""
    parts = ("/healthz", "/scripts.js", "/favicon.ico")
    [line] = log_of("json", f"/search?q={TYPED}&theme=stalking-harassment", *parts)  # type: ignore[operator]
    entry = json.loads(line)
    assert (entry["event"], entry["method"], entry["route"], entry["status"]) == (
        "request",
        "GET",
        "/search",
        200,
    )
    assert entry["ms"] >= 0
    assert TYPED not in line
    assert "203.0.113.9" not in line


@pytest.mark.parametrize("form", ["json", "text"])
def test_an_unexpected_error_is_logged_with_its_traceback_but_without_values(
    log_of: object, form: str
) -> None:
    """Whoever mends it sees where it broke, and not what somebody had typed."""
    text = "\n".join(log_of(form, f"/breaks/{TYPED}"))  # type: ignore[operator]
    assert "RuntimeError" in text
    assert "broken after" in text
    assert "/breaks/<key>" in text
    assert TYPED not in text


def test_the_log_for_people_is_a_line_of_text(log_of: object) -> None:
    """A person who starts the service sees what it does."""
    [line] = log_of("text", "/about")  # type: ignore[operator]
    assert "request" in line
    assert "route=/about" in line
    assert "status=200" in line
