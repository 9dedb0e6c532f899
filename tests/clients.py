"""Applications under test: in this process with settings of their own, or served by another process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from search_service.live import LiveLibrary
from search_service.settings import Settings
from search_service.web.app import create_app

FROM_ELSEWHERE: dict[str, Any] = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
"""Makes a request of a test client come from another machine."""

_SERVE = """
import sys
from search_service.settings import Settings
from search_service.web.serve.waitress import serve

serve(Settings.model_validate_json(sys.argv[1]))
"""

_live = cache(LiveLibrary)


def client_with(index: Path, **settings: object) -> FlaskClient:
    """Return a client of a new application over a snapshot that no test replaces, without rate limits."""
    chosen = Settings.model_validate({"index": index, "rate_limit": 0} | settings)
    return create_app(chosen, _live(index)).test_client()


@contextmanager
def serving(index: Path, before: str = "", **settings: int) -> Iterator[int]:
    """Serve as `practice-finder serve` does, after the code `before`, and give the port on 127.0.0.1."""
    given = {"index": str(index), "port": 0, "rate_limit": 0, **settings}
    command = [sys.executable, "-W", "ignore", "-c", before + _SERVE, json.dumps(given)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert "http://127.0.0.1:" in line
            yield int(line.strip().rstrip("/").rsplit(":", 1)[1])
        finally:
            process.terminate()
