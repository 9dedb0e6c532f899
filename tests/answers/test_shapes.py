"""What the API says about its answers comes from their shapes, and says all of it."""

from __future__ import annotations

from typing import Any

import pytest

from search_service.web.api.openapi import describe
from search_service.web.api.operations import OPERATIONS

SCHEMAS: dict[str, dict[str, Any]] = describe("", OPERATIONS)["components"]["schemas"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_shape_is_described_and_has_no_other_keys(name: str) -> None:
    """A client can rely on the keys that it reads about, and on there being no others."""
    schema = SCHEMAS[name]
    assert schema["description"]
    assert schema["additionalProperties"] is False
    assert "__" not in name  # two shapes of one name would be told apart by their modules


def test_a_shape_keeps_what_it_inherits() -> None:
    """Keys of a base and their descriptions are those of every shape made from it."""
    base, hit = SCHEMAS["PracticeSummary"]["properties"], SCHEMAS["Hit"]["properties"]
    assert base.items() <= hit.items()
    assert base["url"]["description"]
