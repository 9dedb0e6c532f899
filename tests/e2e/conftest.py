"""A running service and a real browser; every test also fails on a stray request or console error."""

from __future__ import annotations

import importlib.util
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import pytest
import waitress
from flask import Flask
from waitress import wasyncore

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
"""Without these the browser itself calls home, or does not start in a container."""

PATIENCE_MS = 10_000

OPENED_BY_AN_ERROR_PAGE = "Failed to load resource: the server responded with a status of 4"
"""Chromium logs each page with an error status; those are pages here, and tested as such."""

OpenPage = Callable[..., "Page"]


@pytest.fixture(scope="session")
def address(app: Flask) -> Iterator[str]:
    """Serve the application over the repository's own corpus and give its address."""
    with served(app) as address:
        yield address


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application on a free port and give its address."""
    sockets: dict[int, wasyncore.dispatcher] = {}
    server = waitress.create_server(app, map=sockets, host="127.0.0.1", port=0, ident=None)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets, ignore_all=True))
    thread.join()
    server.task_dispatcher.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser of this machine, or say why there is none."""
    if not all(map(importlib.util.find_spec, ("playwright", "axe_playwright_python"))):
        _unavailable("playwright or axe is not installed: pip install -e '.[test,e2e]'")
    path = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not path:
        _unavailable(f"no browser found; set CHROMIUM_PATH or install {BROWSERS[0]}")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra; may be missing

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    """Give a function that opens an empty window; paths are relative to the service."""
    with watched_windows(browser, address) as open_window:
        yield open_window


@contextmanager
def watched_windows(browser: Browser, address: str) -> Iterator[OpenPage]:
    """Give a function that opens windows; fail in the end if one asked elsewhere or complained."""
    strays: list[str] = []
    contexts = []

    def open_window(*, width: int = 1280, javascript: bool = True, zoom: int = 1) -> Page:
        context = browser.new_context(
            base_url=address,
            viewport={"width": width // zoom, "height": 900 // zoom},
            device_scale_factor=zoom,
            java_script_enabled=javascript,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", lambda asked: asked.url.startswith(address) or strays.append(asked.url))
        page.on("console", lambda said: said.type != "error" or strays.append(said.text))
        page.on("pageerror", lambda error: strays.append(str(error)))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert [stray for stray in strays if not stray.startswith(OPENED_BY_AN_ERROR_PAGE)] == []


def _unavailable(reason: str) -> NoReturn:
    """Skip for want of a browser, except where tests must not be skipped."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
