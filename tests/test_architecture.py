"""The rules of the house that no single module can keep."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from paths import PACKAGE, ROOT

LAYERS = {
    "settings": {"errors"},
    "errors": set(),
    "memory": set(),
    "text": {"errors", "settings"},
    "drafts": {"text", "errors", "settings"},
    "practices": {"text", "errors", "settings"},
    "search": {"practices", "text", "errors", "settings"},
    "similar": {"practices", "text", "errors", "settings"},
    "gaps": {"practices", "text", "errors", "settings"},
    "themes": {"practices", "drafts", "text", "errors", "settings"},
    "snapshot": {"search", "similar", "themes", "practices", "drafts", "text", "errors", "settings"},
}
LAYERS["limits"] = {"search", "similar", "practices", "errors"}
LAYERS["library"] = LAYERS["snapshot"] | {"snapshot", "gaps", "limits"}
LAYERS["live"] = LAYERS["library"] | {"library", "memory"}
LAYERS["answers"] = LAYERS["library"] | {"library"}
LAYERS["downloads"] = LAYERS["answers"] | {"answers", "memory"}
LAYERS["web"] = LAYERS["downloads"] | {"downloads", "live"}
LAYERS["evaluation"] = LAYERS["library"] | {"library"}
LAYERS["cli"] = LAYERS["web"] | {"web", "evaluation"}
LAYERS["__main__"] = {"cli"}
LAYERS["__init__"] = set()
"""What each part may import of the others; its own modules it always may."""

HOMES = {
    "flask": {"web"},
    "werkzeug": {"web"},
    "waitress": {"web"},
    "click": {"cli"},
    "rich": {"cli"},
    "whoosh": {"search"},
    "Stemmer": {"text"},
    "symspellpy": {"text"},
    "markdown_it": {"text"},
    "nh3": {"text"},
    "pypdf": {"drafts"},
    "yaml": {"practices"},
    "sklearn": {"search", "similar", "themes"},
    "docx": {"downloads"},
    "orjson": {"web"},
}
"""The only parts that may import a library that has one home."""


def _imports() -> Iterator[tuple[Path, str, str]]:
    """Yield (file, part of the package, imported module) for every import."""
    for path in sorted(PACKAGE.rglob("*.py")):
        part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path, part, name.name) for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield path, part, node.module
                if node.module == "search_service":
                    yield from ((path, part, f"search_service.{name.name}") for name in node.names)


def test_dependencies_point_one_way() -> None:
    """No part imports one that stands above it or beside it."""
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {module}"
        for path, part, module in _imports()
        if module.startswith("search_service.")
        and (to := module.split(".")[1]) in LAYERS
        and to != part
        and to not in LAYERS[part]
    ]
    assert wrong == []


def test_nothing_above_the_library_reads_the_arrays_of_a_snapshot() -> None:
    """Another home of practices, such as a cluster, would not have them."""
    wrong = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for part in ("answers", "downloads", "web", "cli")
        for path in sorted((PACKAGE / part).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and ast.unparse(node).endswith(".practices.columns"))
        or (isinstance(node, ast.alias) and node.name in ("Columns", "columns_of"))
    ]
    assert wrong == []


def test_every_part_has_a_place_in_the_layers() -> None:
    """A new module or package is given its place on purpose."""
    parts = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PACKAGE.rglob("*.py")}
    assert parts == set(LAYERS)


def test_the_architecture_document_names_every_part() -> None:
    """A newcomer finds every room in the table, and no room that is gone."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `(\w+)(?:/|\.py)` \|", text, re.MULTILINE)
    assert sorted(named) == sorted(set(LAYERS) - {"__main__", "__init__"})


def test_each_library_is_used_in_its_home_only() -> None:
    """A library that may have to be replaced is known to one part."""
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {module}"
        for path, part, module in _imports()
        if part not in HOMES.get(module.split(".")[0], {part})
    ]
    assert wrong == []


@pytest.mark.parametrize("module", ["search_service.web.app", "search_service.cli"])
def test_starting_the_service_does_not_import_scikit_learn(module: str) -> None:
    """scikit-learn takes a second to import, and only a build needs it."""
    code = f"import sys, {module}; sys.exit('sklearn' in sys.modules)"
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)


def _length(function: ast.FunctionDef) -> int:
    """Count the lines of a function, but for those of its docstring."""
    first = function.body[0]
    is_docstring = isinstance(first, ast.Expr) and ast.get_docstring(function, clean=False) is not None
    told = (first.end_lineno or 0) - first.lineno + 1 if is_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - told


@pytest.mark.parametrize("part", ["web", "answers", "downloads", "practices", "gaps", "themes"])
def test_no_function_is_longer_than_thirty_lines(part: str) -> None:
    """A long function does several things; a long route, what the library should do."""
    long = [
        f"{path.relative_to(PACKAGE)}:{node.name}"
        for path in sorted((PACKAGE / part).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and _length(node) > 30
    ]
    assert long == []


def test_publishing_imports_nothing_that_only_answers_need() -> None:
    """A changed practice is published in a second or two, of which a half would go into imports."""
    code = (
        "import sys, search_service.cli.corpus;"
        "sys.exit(bool({'flask', 'scipy.special', 'sklearn', 'search_service.library'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)
