"""The rule kept here: the service answers to its own names, and to no other that leads to this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from clients import client_with
from flask.testing import FlaskClient

from search_service.settings import Settings
from search_service.web.http import hosts


@pytest.fixture(scope="module")
def local(shipped_index: Path) -> FlaskClient:
    """Give a client of a service that listens on this machine only."""
    return client_with(shipped_index)


@pytest.fixture(scope="module")
def open_to_all(shipped_index: Path) -> FlaskClient:
    """Give a client of a service that others reach and that has not been given its name."""
    return client_with(shipped_index, host="0.0.0.0")  # noqa: S104 - nothing listens here


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "localhost:8000"])
def test_a_service_of_this_machine_answers_to_its_own_names(local: FlaskClient, name: str) -> None:
    """Whatever a person types to reach their own machine works."""
    assert local.get("/", headers={"Host": name}).status_code == 200


@pytest.mark.parametrize("address", ["/", "/api/v1/search?q=stalking", "/healthz", "/nothing"])
def test_a_foreign_name_is_refused_in_words(local: FlaskClient, address: str) -> None:
    """A page whose name was pointed at this machine reads nothing, and whoever set up a proxy is told how."""
    answer = local.get(address, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "PRACTICE_FINDER_TRUSTED_HOSTS" in answer.text
    assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["a..b", ".", "a" * 64, "[", "localhost:abc"])
def test_an_invalid_name_is_refused_in_words(local: FlaskClient, open_to_all: FlaskClient, name: str) -> None:
    """It is refused as any other foreign name is, and breaks nothing."""
    answer = local.get("/", headers={"Host": name})
    assert answer.status_code == 400
    assert "PRACTICE_FINDER_TRUSTED_HOSTS" in answer.text
    assert open_to_all.get("/", headers={"Host": name}).status_code == 200


def test_names_that_are_set_are_the_only_ones(shipped_index: Path) -> None:
    """Behind a proxy the service is called by the name that others know."""
    client = client_with(shipped_index, trusted_hosts="Finder.example.org, .police.example, [::1]")
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
