"""Answers are packed for who can unpack them, and are the same for who cannot."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PACKED = {"Accept-Encoding": "gzip, deflate, br"}

SHRINKING = (
    "/search?q=missing",
    "/gaps",
    "/static/style.css",
    "/static/shortlist.js",
    "/api/v1/search?q=missing",
    "/search.csv?q=missing",
    "/search.atom?q=missing",
    "/gaps/map.svg",
    "/practices/philomena-protocol.md",
)


def _get(client: FlaskClient, address: str, **asked: Any) -> TestResponse:
    """Ask, read the answer to its end, and close the file that it may come from."""
    return client.get(address, buffered=True, **asked)


@pytest.mark.parametrize("address", SHRINKING)
def test_text_of_every_kind_is_packed_and_unpacks_to_what_it_was(client: FlaskClient, address: str) -> None:
    """A browser gets less than half the bytes and shows the same."""
    plain = _get(client, address)
    packed = _get(client, address, headers=PACKED)
    assert plain.status_code == packed.status_code == 200
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert packed.content_type == plain.content_type


@pytest.mark.parametrize("taken", [None, "", "identity", "br", "gzip;q=0", "gzip;q=0.1, identity"])
def test_who_does_not_want_it_packed_gets_it_plain(client: FlaskClient, taken: str | None) -> None:
    """The header is honoured, also where it refuses, and caches are told that it matters."""
    answer = _get(client, "/search?q=missing", headers={} if taken is None else {"Accept-Encoding": taken})
    assert "Content-Encoding" not in answer.headers
    assert "<h1>Search practices</h1>" in answer.text
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("address", ["/healthz", "/gaps/brief.docx", "/static/favicon.svg"])
def test_what_would_not_shrink_is_left_as_it_is(client: FlaskClient, address: str) -> None:
    """A few bytes, or a file that is packed already, are not packed."""
    assert "Content-Encoding" not in _get(client, address, headers=PACKED).headers


def test_an_error_is_packed_with_its_status_and_headers(client: FlaskClient) -> None:
    """A page of faults is a page."""
    answer = _get(client, "/search?page=-1", headers=PACKED)
    assert answer.status_code == 422
    assert b"There is a problem" in gzip.decompress(answer.data)
    assert "Content-Security-Policy" in answer.headers


def test_a_kept_asset_is_confirmed_without_sending_it_again(client: FlaskClient) -> None:
    """The tag of the packed form still fits the file, and says that it is not byte for byte the same."""
    first = _get(client, "/static/style.css", headers=PACKED)
    assert first.headers["ETag"].startswith('W/"')
    assert "Accept-Ranges" not in first.headers
    again = _get(client, "/static/style.css", headers={**PACKED, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["Vary"] == "Accept-Encoding"
    assert again.headers["ETag"] == first.headers["ETag"]
    plain = _get(client, "/static/style.css")
    again = _get(client, "/static/style.css", headers={"If-None-Match": plain.headers["ETag"]})
    assert again.headers["ETag"] == plain.headers["ETag"] == first.headers["ETag"].removeprefix("W/")


def test_a_part_of_a_file_is_a_part_of_the_plain_file(client: FlaskClient) -> None:
    """Ranges count the bytes of the file itself."""
    whole = _get(client, "/static/style.css").data
    part = _get(client, "/static/style.css", headers={**PACKED, "Range": "bytes=0-4999"})
    assert part.status_code == 206
    assert part.data == whole[:5000]


def test_head_says_what_get_would_send(client: FlaskClient) -> None:
    """Length and encoding agree, without a body."""
    asked = client.head("/gaps", headers=PACKED)
    assert asked.data == b""
    assert asked.headers["Content-Length"] == _get(client, "/gaps", headers=PACKED).headers["Content-Length"]
