"""Who is answered, how often, and what watches over the service may see."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from search_service.settings import Settings
from search_service.web.app import create_app
from search_service.web.http import hosts, request_log
from search_service.web.http.health import MULTIPROCESS

TYPED = "zzqxv"


def make(index: Path, **settings: object) -> FlaskClient:
    """Give a client of an application with settings of its own."""
    return create_app(Settings.model_validate({"index": index, "rate_limit": 0} | settings)).test_client()


def from_elsewhere(**headers: str) -> dict[str, object]:
    """Give what makes a request come from another machine."""
    return {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}, "headers": headers}


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "localhost:8000"])
def test_a_service_of_this_machine_answers_to_its_own_names(shipped_index: Path, name: str) -> None:
    """Whatever a person types to reach their own machine works."""
    assert make(shipped_index).get("/", headers={"Host": name}).status_code == 200


@pytest.mark.parametrize("address", ["/", "/api/v1/search?q=stalking", "/healthz", "/nothing"])
def test_a_foreign_name_is_refused_in_words(shipped_index: Path, address: str) -> None:
    """A page whose name was pointed at this machine reads nothing, and whoever set up a proxy is told how."""
    answer = make(shipped_index).get(address, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "PRACTICE_FINDER_TRUSTED_HOSTS" in answer.text
    assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["a..b", ".", "a" * 64, "[", "localhost:abc"])
def test_a_name_that_is_none_is_refused_in_words(shipped_index: Path, name: str) -> None:
    """What cannot be a name is refused as any other foreign name is, and breaks nothing."""
    answer = make(shipped_index).get("/", headers={"Host": name})
    assert answer.status_code == 400
    assert "PRACTICE_FINDER_TRUSTED_HOSTS" in answer.text
    open_to_all = make(shipped_index, host="0.0.0.0")  # noqa: S104 - nothing listens here
    assert open_to_all.get("/", headers={"Host": name}).status_code == 200


def test_names_that_are_set_are_the_only_ones(shipped_index: Path) -> None:
    """Behind a proxy the service is called by the name that others know."""
    client = make(shipped_index, trusted_hosts="Finder.example.org, .police.example, [::1]")
    assert client.get("/", headers={"Host": "finder.example.org"}).status_code == 200
    assert client.get("/", headers={"Host": "a.police.example"}).status_code == 200
    for foreign in (
        "localhost",
        "evilfinder.example.org",
        "finder.example.org.evil.example",
        "police.example",
    ):
        assert client.get("/", headers={"Host": foreign}).status_code == 400


def test_an_address_that_others_reach_answers_to_any_name_until_it_is_told() -> None:
    """A service cannot guess how it is called."""
    assert hosts.trusted_names(Settings(host="0.0.0.0")) is None  # noqa: S104 - nothing listens here
    assert hosts.trusted_names(Settings(host="10.1.2.3", trusted_hosts="a.example")) == ("a.example",)
    assert hosts.trusted_names(Settings(host="127.0.0.5")) == hosts.OWN_NAMES


def test_more_than_the_limit_is_refused_with_when_to_come_back(shipped_index: Path) -> None:
    """One address cannot take the service from the others, and is told how long to wait."""
    client = make(shipped_index, rate_limit=10)
    assert [client.get("/api/v1/themes").status_code for _ in range(10)] == [200] * 10
    refused = client.get("/api/v1/themes")
    assert refused.status_code == 429
    assert refused.content_type == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    paths = make(shipped_index).get("/api/v1/openapi.json").get_json()["paths"]
    described = [one["responses"]["429"]["headers"] for path in paths.values() for one in path.values()]
    assert all("Retry-After" in headers for headers in described)
    page = client.get("/about")
    assert page.status_code == 429
    assert "Wait a little" in page.text
    assert client.get("/themes", **from_elsewhere()).status_code == 404


def test_a_visitor_is_one_however_many_addresses_of_ipv6_it_has(shipped_index: Path) -> None:
    """Each visitor has more of them than there are grains of sand, all with the same first half."""
    client = make(shipped_index, rate_limit=2)

    def status(address: str) -> int:
        return client.get("/api/v1/themes", environ_overrides={"REMOTE_ADDR": address}).status_code

    assert [status(f"2001:db8:0:1::{at}") for at in range(1, 4)] == [200, 200, 429]
    assert status("2001:db8:0:2::1") == 200
    assert [status(f"::ffff:203.0.113.{at}") for at in range(3)] == [200] * 3


def test_what_watches_and_what_a_page_is_made_of_is_never_refused(shipped_index: Path) -> None:
    """A busy address must not make the service look dead."""
    client = make(shipped_index, rate_limit=1)
    assert client.get("/about").status_code == 200
    for _ in range(3):
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 200
        assert client.get("/metrics").status_code == 200
        with client.get("/static/style.css") as style:
            assert style.status_code == 200
        assert client.get("/scripts.js").status_code == 200
        assert client.get("/favicon.ico").status_code == 204


def test_posted_texts_have_a_limit_of_their_own(shipped_index: Path) -> None:
    """Comparing a text costs more than a search, and is bounded sooner."""
    client = make(shipped_index, rate_limit=20)
    form = {"text": "Officers visit every child who has been missing and ask what happened."}
    assert [client.post("/similar", data=form).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/similar").status_code == 200


def test_a_forwarded_address_counts_only_where_a_proxy_is_configured(shipped_index: Path) -> None:
    """Otherwise anybody could be anybody, and pass every limit."""
    client = make(shipped_index, rate_limit=1)
    answers = [client.get("/about", headers={"X-Forwarded-For": f"203.0.113.{n}"}) for n in (1, 2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    proxied = make(shipped_index, rate_limit=1, proxies=1)
    answers = [proxied.get("/about", headers={"X-Forwarded-For": f"203.0.113.{n}"}) for n in (1, 2, 1)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_the_service_says_that_it_is_alive_and_what_it_serves(shipped_index: Path) -> None:
    """What restarts a service asks the one, and what sends it visitors the other."""
    client = make(shipped_index)
    assert client.get("/healthz").get_json() == {"status": "alive"}
    ready = client.get("/readyz").get_json()
    assert ready["status"] == "ready"
    assert ready["practices"] >= 240
    assert ready["refused"] is None
    assert client.get("/readyz").headers["Cache-Control"] == "no-cache"


def test_figures_name_routes_and_never_what_was_asked(shipped_index: Path) -> None:
    """The figures show how much and how fast, by route, and nothing of a person."""
    client = make(shipped_index)
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
    local = make(shipped_index)
    assert local.get("/metrics").status_code == 200
    assert local.get("/metrics", **from_elsewhere()).status_code == 404
    assert local.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    assert make(shipped_index, metrics="anyone").get("/metrics", **from_elsewhere()).status_code == 200
    assert make(shipped_index, metrics="off").get("/metrics").status_code == 404


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
            client.get(address, **from_elsewhere())
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
