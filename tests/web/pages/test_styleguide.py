"""The style guide shows every component there is, to those who change them and to nobody else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import write_corpus
from flask.testing import FlaskClient
from paths import PACKAGE

from search_service.settings import Settings
from search_service.snapshot.build import build
from search_service.web import app as web

TEMPLATES = PACKAGE / "web" / "templates"


def macros(name: str) -> list[str]:
    """Return the macros of one template."""
    return re.findall(r"{% macro (\w+)\(", (TEMPLATES / name).read_text(encoding="utf-8"))


def test_it_is_not_there_unless_development_is_switched_on(client: FlaskClient) -> None:
    """A page of made-up states would puzzle whoever came upon it."""
    assert client.get("/styleguide").status_code == 404


@pytest.mark.parametrize("component", macros("components.html"))
def test_every_component_is_shown(component: str) -> None:
    """A component that is added is shown, or this fails."""
    guide = (TEMPLATES / "styleguide.html").read_text(encoding="utf-8")
    assert re.search(rf"(?:{{{{|% call) {component}\(", guide)


def test_it_shows_a_collection_of_few_practices_too(tmp_path: Path) -> None:
    """Whoever keeps a collection of their own may work on its pages."""
    build(write_corpus(tmp_path / "corpus"), tmp_path / "index")
    settings = Settings(index=tmp_path / "index", rate_limit=0, development=True)
    answer = web.create_app(settings).test_client().get("/styleguide")
    assert answer.status_code == 200
    for part in ("search-field-big", "badge-promising", "badge-did-not-work", "badge-likely-gap", "errors",
                 "bar-beyond", "chips", "note", "suggestions", "pages-gap", "passage", "facet"):  # fmt: skip
        assert part in answer.text


def test_no_id_stands_twice(tmp_path: Path) -> None:
    """A label would name another specimen's control."""
    build(write_corpus(tmp_path / "corpus"), tmp_path / "index")
    settings = Settings(index=tmp_path / "index", rate_limit=0, development=True)
    ids = re.findall(r'\sid="([^"]+)"', web.create_app(settings).test_client().get("/styleguide").text)
    assert [one for one in ids if ids.count(one) > 1] == []
