"""Health checks and figures: what watches over the service may see how it is, and nothing of who asks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from clients import FROM_ELSEWHERE, client_with
from prometheus_client.parser import text_string_to_metric_families

from search_service.web.http.health import MULTIPROCESS

TYPED = "zzqxv"


def test_the_service_says_that_it_is_alive_and_what_it_serves(shipped_index: Path) -> None:
    """What restarts a service asks the one, and what sends it visitors the other."""
    client = client_with(shipped_index)
    assert client.get("/healthz").get_json() == {"status": "alive"}
    ready = client.get("/readyz").get_json()
    assert ready["status"] == "ready"
    assert ready["practices"] >= 240
    assert ready["refused"] is None
    assert client.get("/readyz").headers["Cache-Control"] == "no-cache"


def test_figures_name_routes_and_never_what_was_asked(shipped_index: Path) -> None:
    """The figures show how much and how fast, by route, and nothing of a person."""
    client = client_with(shipped_index)
    client.get(f"/search?q={TYPED}")
    client.get("/search?q=stalking")
    client.get("/api/v1/search?q=stalking&unknown=refused")
    client.get("/practices/philomena-protocol")
    client.get(f"/{TYPED}")
    client.open("/", method="BREW")
    text = client.get("/metrics").text
    assert 'practice_finder_request_seconds_count{method="GET",route="/search",status="200"} 2.0' in text
    assert 'route="/practices/<key>"' in text
    assert 'method="other"' in text
    assert 'practice_finder_searches_total{found="no"} 1.0' in text
    assert 'practice_finder_searches_total{found="yes"} 1.0' in text
    assert "practice_finder_snapshot_age_seconds" in text
    assert TYPED not in text
    assert "philomena" not in text


def test_figures_are_for_this_machine_unless_set_otherwise(shipped_index: Path) -> None:
    """How busy the service is is nobody's business outside."""
    local = client_with(shipped_index)
    assert local.get("/metrics").status_code == 200
    assert local.get("/metrics", **FROM_ELSEWHERE).status_code == 404
    assert local.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    assert client_with(shipped_index, metrics="anyone").get("/metrics", **FROM_ELSEWHERE).status_code == 200
    assert client_with(shipped_index, metrics="off").get("/metrics").status_code == 404


SHARED_FIGURES = """
import sys
from pathlib import Path
from search_service.errors import InvalidSettings
from search_service.settings import Settings
from search_service.web.app import create_app
try:
    client = create_app(Settings(index=Path(sys.argv[1]))).test_client()
except InvalidSettings as error:
    sys.exit(str(error))
client.get("/metrics")
print(client.get("/metrics").text)
"""
"""prometheus_client reads its variable once, when it is imported."""


def shared_figures(index: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a service whose workers share their figures in `folder`, and read the figures twice."""
    command = [sys.executable, "-W", "ignore", "-c", SHARED_FIGURES, str(index)]
    variables = os.environ | {MULTIPROCESS: str(folder)}
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def test_figures_that_workers_share_name_each_figure_once(shipped_index: Path, tmp_path: Path) -> None:
    """What reads them refuses a figure that is declared twice, and one worker's view is not the service's."""
    text = shared_figures(shipped_index, tmp_path).stdout
    names = [family.name for family in text_string_to_metric_families(text)]
    assert len(names) == len(set(names))
    assert {"practice_finder_request_seconds", "practice_finder_snapshot_age_seconds"} <= set(names)
    assert "pid=" not in text


def test_a_folder_for_shared_figures_that_is_not_there_is_named(shipped_index: Path, tmp_path: Path) -> None:
    """A start that is refused in words is better than a service of which every answer is 500."""
    refused = shared_figures(shipped_index, tmp_path / "nowhere")
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"{MULTIPROCESS}: “{tmp_path / 'nowhere'}” is no folder")
