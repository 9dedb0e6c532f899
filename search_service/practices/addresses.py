"""Checks whether the addresses of sources still answer; only on request, since it uses the network."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import search_service
from search_service.errors import Fault
from search_service.practices.model import Practice

TIMEOUT_SECONDS = 15
"""Longer than any reader would wait; a public server under load may need it."""

MAX_AT_ONCE = 8
"""Concurrent requests: quick for hundreds of addresses, and no burden to any server."""

GONE = (404, 410)
"""Statuses that mean there is no such page; other refusals (401, 403, 429) only mean we are no browser."""

_HARMLESS = "/%:?#[]@!$&'()*+,;=~"


def online_faults(practices: Iterable[Practice]) -> list[Fault]:
    """Return a fault for each address of a source or evaluation that does not answer."""
    named = list(_addresses(practices))
    unique = list(dict.fromkeys(address for _, address in named))
    with ThreadPoolExecutor(MAX_AT_ONCE) as pool:
        found = dict(zip(unique, pool.map(_failure, unique), strict=True))
    right = 'url: "https://www.example.org/page"'
    return [
        Fault(where, f"{address} {found[address]}; give one that opens in a browser.", right)
        for where, address in named
        if found[address]
    ]


def _addresses(practices: Iterable[Practice]) -> Iterator[tuple[str, str]]:
    for practice in practices:
        for number, source in enumerate(practice.sources, start=1):
            yield f"practices/{practice.id}.md, sources {number}, url", source.url
        for number, evaluation in enumerate(practice.evaluations, start=1):
            if evaluation.url:
                yield f"practices/{practice.id}.md, evaluations {number}, url", evaluation.url


def _failure(address: str) -> str:
    """Return how an address fails to answer, or an empty text if it answers."""
    agent = f"practice-finder/{search_service.__version__} (checks that sources answer)"
    request = urllib.request.Request(  # noqa: S310 - checks let only http and https through
        quote(address, safe=_HARMLESS), headers={"User-Agent": agent}
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # nosec B310  # noqa: S310 - likewise
            return ""
    except urllib.error.HTTPError as error:
        error.close()
        return f"is gone (status {error.code})" if error.code in GONE else ""
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        return f"does not answer ({reason})"
