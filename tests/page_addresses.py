"""The address of every page, read off the routes: a page that is added is tested without being listed."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

from search_service.web import pages

PRACTICES = ("operation-encompass", "philomena-protocol", "herbert-protocol")
"""Practices of the shipped corpus that pages are asked for."""

SET = "id={0}&id={1}&id={2}"
QUERIES = {"/compare": SET, "/shortlist/pack": SET}
"""What a page cannot be asked without, with places for the ids of three practices."""

IN_DEVELOPMENT = "/styleguide"
"""The one page that is there in development only."""


def page_addresses(
    practices: tuple[str, str, str] = PRACTICES, theme: str = "missing-people"
) -> tuple[str, ...]:
    """Return the address of every page, with these ids where a page is of one practice or theme."""
    found = (path for path in _paths(practices[0], theme) if "." not in path and path != IN_DEVELOPMENT)
    queries = ((path, QUERIES.get(path, "").format(*practices)) for path in found)
    return tuple(sorted(f"{path}?{query}" if query else path for path, query in queries))


def file_addresses(practice: str = PRACTICES[0]) -> tuple[str, ...]:
    """Return the address of every file that can be taken away, with this id if it is of one practice."""
    return tuple(sorted(path for path in _paths(practice, "missing-people") if "." in path))


def _paths(practice: str, theme: str) -> Iterator[str]:
    """Yield the path of every page and file."""
    app = Flask(__name__)
    pages.register(app)
    ids = {"practices": practice, "themes": theme, "gaps": "gaps"}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("pages.") and "GET" in (rule.methods or ()):
            values = dict.fromkeys(rule.arguments, ids.get(rule.rule.split("/")[1], ""))
            _, path = rule.build(values, append_unknown=False) or ("", "")
            assert "//" not in path, f"which id {rule.rule} is shown for in tests is missing in _paths"
            yield path


EVERY_PAGE = (*page_addresses(), "/api/docs")
EVERY_FILE = file_addresses()
