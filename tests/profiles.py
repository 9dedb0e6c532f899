"""How much Hypothesis tries: little in `make test`; with HYPOTHESIS_PROFILE=full, ten times as much.

The full profile tries the same examples in every run, so that a failure in `.ci/run` can be repeated.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "quick", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("full", settings.get_profile("quick"), max_examples=400, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

costly = settings(max_examples=settings().max_examples // 8)
"""For a test whose every example builds an index or starts a process."""
