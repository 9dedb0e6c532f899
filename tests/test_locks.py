"""The locks in requirements/ hold what pyproject.toml asks for, to the version and the byte."""

from __future__ import annotations

import re
import tomllib
from itertools import product

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from paths import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PYPROJECT["project"]["optional-dependencies"]
LOCKED_EXTRAS = {"serve": ["prod"], "test": ["test"], "all": list(EXTRAS)}
PYTHONS = re.findall(r"Python :: (3\.\d+)", "\n".join(PYPROJECT["project"]["classifiers"]))
ENVIRONMENTS = [
    {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": system}
    for python, system in product(PYTHONS, ("linux", "darwin", "win32"))
]


def locked(name: str) -> list[str]:
    """Return the entries of a lock: each a requirement with its hashes, on one line."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", "")
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def applies(requirement: Requirement, environment: dict[str, str]) -> bool:
    """Say whether a requirement counts in an environment."""
    return requirement.marker is None or requirement.marker.evaluate(environment)


def pins(name: str, environment: dict[str, str]) -> dict[str, str]:
    """Return the version of each package that a lock installs in an environment."""
    requirements = [Requirement(entry.split(" --hash")[0]) for entry in locked(name)]
    return {
        canonicalize_name(one.name): str(one.specifier).removeprefix("==")
        for one in requirements
        if applies(one, environment)
    }


@pytest.mark.parametrize("name", LOCKED_EXTRAS)
def test_a_lock_satisfies_every_floor(name: str) -> None:
    """Whoever adds a dependency or raises a floor runs `make lock`, or others install something else."""
    declared = PYPROJECT["build-system"]["requires"] + PYPROJECT["project"]["dependencies"]
    declared = declared + [line for extra in LOCKED_EXTRAS[name] for line in EXTRAS[extra]]
    for environment in ENVIRONMENTS:
        installed = pins(name, environment)
        unmet = [
            str(one)
            for one in map(Requirement, declared)
            if applies(one, environment)
            and not one.specifier.contains(installed.get(canonicalize_name(one.name), "0.dev0"))
        ]
        assert unmet == [], environment


@pytest.mark.parametrize("name", LOCKED_EXTRAS)
def test_a_lock_gives_versions_with_hashes_and_leaves_the_index_to_the_machine(name: str) -> None:
    """What is installed is what was tested, from whichever index a machine uses."""
    entries = locked(name)
    assert entries
    assert [one for one in entries if not re.match(r"\S+==\S+ .*--hash=sha256:[0-9a-f]{64}", one)] == []


@pytest.mark.parametrize("name", LOCKED_EXTRAS)
def test_one_version_of_a_package_is_in_all_locks(name: str) -> None:
    """What is served is what was tested."""
    for environment in ENVIRONMENTS:
        assert pins(name, environment).items() <= pins("all", environment).items()
