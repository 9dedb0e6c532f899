"""What most tests need: one small corpus, built once, and the application over it."""

from __future__ import annotations

import os
from pathlib import Path

import profiles  # noqa: F401 - before any test module asks how many examples to try
import pytest
from builders import write_corpus
from filelock import FileLock
from flask import Flask
from flask.testing import FlaskClient
from paths import CORPUS

from search_service.library import Library
from search_service.settings import Settings
from search_service.snapshot.build import build, load
from search_service.web.app import create_app


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Give a small valid corpus of the test's own."""
    return write_corpus(tmp_path / "corpus")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Give an index folder of the test's own, empty."""
    return tmp_path / "index"


@pytest.fixture(scope="session")
def shipped_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a snapshot of the repository's own corpus, built by the first process of the run that needs it."""
    run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent
    folder = run / "shipped-index"
    with FileLock(run / "shipped-index.lock"):
        build(CORPUS, folder)
    return folder


@pytest.fixture(scope="session")
def library(shipped_index: Path) -> Library:
    """Give the library over the repository's own corpus."""
    return Library(load(shipped_index))


@pytest.fixture(scope="session")
def app(shipped_index: Path) -> Flask:
    """Give the application over the repository's own corpus."""
    return create_app(Settings(index=shipped_index, rate_limit=0))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a client of the application."""
    return app.test_client()
