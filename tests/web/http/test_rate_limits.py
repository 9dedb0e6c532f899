"""The rule kept here: one visitor cannot take the service from the others, nor pass for many."""

from __future__ import annotations

from pathlib import Path

from clients import FROM_ELSEWHERE, client_with


def test_more_than_the_limit_is_refused_with_when_to_come_back(shipped_index: Path) -> None:
    """One address cannot take the service from the others, and is told how long to wait."""
    client = client_with(shipped_index, rate_limit=10)
    assert [client.get("/api/v1/themes").status_code for _ in range(10)] == [200] * 10
    refused = client.get("/api/v1/themes")
    assert refused.status_code == 429
    assert refused.content_type == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    paths = client_with(shipped_index).get("/api/v1/openapi.json").get_json()["paths"]
    described = [one["responses"]["429"]["headers"] for path in paths.values() for one in path.values()]
    assert all("Retry-After" in headers for headers in described)
    page = client.get("/about")
    assert page.status_code == 429
    assert "Wait a little" in page.text
    assert client.get("/themes", **FROM_ELSEWHERE).status_code == 404


def test_a_visitor_is_one_however_many_addresses_of_ipv6_it_has(shipped_index: Path) -> None:
    """Each visitor has more of them than there are grains of sand, all with the same first half."""
    client = client_with(shipped_index, rate_limit=2)

    def status(address: str) -> int:
        return client.get("/api/v1/themes", environ_overrides={"REMOTE_ADDR": address}).status_code

    assert [status(f"2001:db8:0:1::{at}") for at in range(1, 4)] == [200, 200, 429]
    assert status("2001:db8:0:2::1") == 200
    assert [status(f"::ffff:203.0.113.{at}") for at in range(3)] == [200] * 3


def test_what_watches_and_what_a_page_is_made_of_is_never_refused(shipped_index: Path) -> None:
    """A busy address must not make the service look dead."""
    client = client_with(shipped_index, rate_limit=1)
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
    client = client_with(shipped_index, rate_limit=20)
    form = {"text": "Officers visit every child who has been missing and ask what happened."}
    assert [client.post("/similar", data=form).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/similar").status_code == 200


def test_a_forwarded_address_counts_only_where_a_proxy_is_configured(shipped_index: Path) -> None:
    """Otherwise anybody could be anybody, and pass every limit."""
    client = client_with(shipped_index, rate_limit=1)
    answers = [client.get("/about", headers={"X-Forwarded-For": f"203.0.113.{n}"}) for n in (1, 2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    proxied = client_with(shipped_index, rate_limit=1, proxies=1)
    answers = [proxied.get("/about", headers={"X-Forwarded-For": f"203.0.113.{n}"}) for n in (1, 2, 1)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
