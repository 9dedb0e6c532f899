"""Hold the API to its own description: schemathesis makes up requests, right ones and wrong ones.

    python tests/contract/run.py [--cases 150] [--seed N] [--phases coverage,fuzzing]

`--cases` are the most of each operation in each phase. Serves the shipped corpus on a free port of this
machine, without a limit on requests, and exits with what schemathesis exits with (0: nothing failed). What
it expects where a schema cannot say everything is in schemathesis.toml beside this file.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from search_service.snapshot.build import build

HERE = Path(__file__).parent
CORPUS = HERE.parents[1] / "corpus"

SERVE = """
import sys
from pathlib import Path
from search_service.settings import Settings
from search_service.web.serve.waitress import serve
serve(Settings(index=Path(sys.argv[1]), port=0, rate_limit=0))
"""


def command(address: str, given: argparse.Namespace) -> list[str]:
    """Return the command line of schemathesis."""
    program = str(Path(sys.executable).with_name("schemathesis"))
    return [
        program, "--config-file", str(HERE / "schemathesis.toml"), "run", f"{address}api/v1/openapi.json",
        "--checks", "all", "--max-examples", str(given.cases), "--phases", given.phases,
        "--seed", str(given.seed), "--suppress-health-check", "all", "--continue-on-failure",
    ]  # fmt: skip


def main() -> int:
    """Build, serve, and let schemathesis ask."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--cases", type=int, default=150)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--phases", default="coverage,fuzzing")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build(CORPUS, Path(folder))
        serve = [sys.executable, "-W", "ignore", "-c", SERVE, folder]
        with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as service:
            assert service.stdout is not None
            address = service.stdout.readline().split(" ")[-1].strip()
            try:
                return subprocess.run(command(address, given), check=False, cwd=folder).returncode
            finally:
                service.terminate()


if __name__ == "__main__":
    raise SystemExit(main())
