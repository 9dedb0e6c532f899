"""What a user is told must be what there is: commands, settings, filters, routes."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from pkgutil import iter_modules

import click
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from paths import ROOT

from search_service.cli import main
from search_service.cli.root import MODULES
from search_service.library import Library
from search_service.search import index, rank
from search_service.search.documents import TEXT_FIELDS
from search_service.search.match.facets import FACETS, Facet
from search_service.settings import CONFIG, PREFIX, Settings
from search_service.web.api.operations import OPERATIONS
from search_service.web.http.params import SearchParams

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", MODULES)
def test_every_command_is_in_the_readme(command: str) -> None:
    """A command nobody is told of does not exist."""
    assert f"| `{command}` |" in README
    found = main.get_command(click.Context(main), command)
    assert found is not None
    assert found.help


def test_the_readme_names_exactly_the_settings_there_are() -> None:
    """Neither a setting without a word, nor a word without a setting."""
    told = set(re.findall(rf"^\| `({PREFIX}\w+)` \|", README, re.MULTILINE))
    assert f"`{CONFIG}`" in README
    assert told == {PREFIX + name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("facet", FACETS, ids=lambda facet: facet.name)
def test_a_row_in_the_table_of_facets_is_a_filter_everywhere(facet: Facet, client: FlaskClient) -> None:
    """Explained on the page about search, an option of the command, and a parameter of the API."""
    assert f"<code>{facet.name}</code>" in client.get("/about").get_data(as_text=True)
    command = main.get_command(click.Context(main), "search")
    assert command is not None
    assert f"--{facet.name.replace('_', '-')} " in command.get_help(click.Context(command))
    assert facet.plural in (SearchParams.model_fields[facet.name].description or "")


def test_the_table_of_ranking_constants_is_the_code() -> None:
    """Every number that decides an order is explained with its value, and no row outlives its number."""
    modules = [
        index,
        *(importlib.import_module(f"{rank.__name__}.{m.name}") for m in iter_modules(rank.__path__)),
    ]
    numbers = {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if name.isupper() and type(value) in (int, float)
    }
    numbers |= {f"{field.name}.weight": field.weight for field in TEXT_FIELDS}
    (numbers["b"],) = {field.b for field in TEXT_FIELDS}
    table = (ROOT / "docs" / "relevancy.md").read_text(encoding="utf-8").split("| in the code |")[1]
    rows = re.findall(r"^\| [^|]+ \| `([\w.]+)` \| ([^|]+) \|", table.split("\n\n")[0], re.MULTILINE)
    assert len(dict(rows)) == len(rows)
    assert {name: float(value) for name, value in rows} == numbers


def test_the_readme_names_exactly_the_operations_of_the_api() -> None:
    """An operation is found where people look for it."""
    told = README.split("JSON under `/api/v1/`: ")[1].split("The description")[0]
    paths = {re.sub(r"<(\w+)>", r"{\1}", operation.path.lstrip("/")) for operation in OPERATIONS}
    assert set(re.findall(r"`([\w/{}-]+)`", told)) == paths


def test_the_readme_asks_a_newcomer_for_two_commands() -> None:
    """Setting up is two commands, and no more has crept in."""
    start = README.split("## Start")[1].split("<details>")[0]
    assert re.findall(r"```sh\n(.+?)\n```", start) == ["make serve", "make test"]


def test_every_local_link_of_the_documents_leads_somewhere() -> None:
    """A reader is never sent to a file that is not there."""
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")]
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in documents
        for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:", target) and not (document.parent / target.split("#")[0]).exists()
    ]
    assert broken == []


def test_every_decision_is_in_the_index_and_no_number_is_left_out() -> None:
    """Gaps in the older numbers are explained in the index; there are no new ones."""
    folder = ROOT / "docs" / "decisions"
    files = sorted(path.name for path in folder.glob("[0-9]*.md"))
    index = re.findall(
        r"^\| \[(\d{3})\]\((\S+)\) \| \d{4}-\d\d-\d\d \| (.+) \|$",
        (folder / "README.md").read_text(encoding="utf-8"),
        re.M,
    )
    assert [name for _, name, _ in index] == files
    for number, name, title in index:
        assert (folder / name).read_text(encoding="utf-8").startswith(f"# {number} {title}\n")
    recent = [int(number) for number, _, _ in index if int(number) >= 40]
    assert recent == list(range(40, 40 + len(recent)))


def test_every_test_that_the_threat_model_names_exists() -> None:
    """A row without its test is a promise that nobody keeps."""
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\|(?! ?(?:attack|asset|-)).*\|$", text.split("## Ways in")[1].split("\n## ")[0], re.MULTILINE
    )
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(rows) > 20
    assert [row for row in rows if "`test_" not in row] == []
    text += (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    assert [name for name in re.findall(r"`(test_\w+)`", text) if f"def {name}(" not in source] == []


def test_the_description_names_the_values_that_there_are(client: FlaskClient, library: Library) -> None:
    """A program can offer the filters of this collection, and knows which parameters may be left empty."""
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    parameters = {one["name"]: one for one in paths["/api/v1/search"]["get"]["parameters"]}
    assert parameters["theme"]["schema"]["items"]["enum"] == list(library.taxonomy.labels["theme"])
    assert parameters["region"]["schema"]["items"]["enum"] == list(library.taxonomy.labels["region"])
    assert parameters["theme"]["allowEmptyValue"]
    related = paths["/api/v1/practices/{key}/related"]["get"]["parameters"]
    [mine] = [one for one in related if one["name"] == "not_organisation"]
    assert mine["schema"]["items"]["enum"] == list(library.taxonomy.labels["organisation"])
    [ids] = [one for one in paths["/api/v1/compare"]["get"]["parameters"] if one["name"] == "id"]
    assert ids["required"]
    [reference] = paths["/api/v1/gaps"]["get"]["parameters"]
    assert reference["schema"]["enum"] == ["", *(one.id for one in library.taxonomy.references)]


def test_the_description_of_the_api_is_valid_and_names_every_route(app: Flask, client: FlaskClient) -> None:
    """Routes and description are the same list, and the description is OpenAPI 3.1."""
    description = client.get("/api/v1/openapi.json").get_json()
    OpenAPIV31SpecValidator(description).validate()
    assert description["openapi"] == "3.1.0"
    described = {(method.upper(), path) for path, item in description["paths"].items() for method in item}
    routed = {
        (method, re.sub(r"<(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json")
    }
    assert described == routed


def test_the_reference_page_names_every_route(client: FlaskClient) -> None:
    """What a machine can read a person can read too."""
    page = client.get("/api/docs").get_data(as_text=True)
    for path in client.get("/api/v1/openapi.json").get_json()["paths"]:
        assert path.replace("{", "&#123;") in page or path in page


@pytest.mark.parametrize(
    "page", sorted(ROOT.glob("docs/**/*.md")) + sorted(ROOT.glob("*.md")), ids=lambda page: page.name
)
def test_no_table_is_torn_by_an_empty_line(page: Path) -> None:
    """Rows after an empty line, without a heading of their own, are shown as text with bars in it."""
    rows = re.compile(r"^\|.*\n\n\|.*\n(?!\|[ :|-]+\|\n)", re.MULTILINE)
    assert not rows.search(page.read_text(encoding="utf-8"))
