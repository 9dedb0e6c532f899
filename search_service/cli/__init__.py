"""The command line: check, build, serve, search, similar, compare, gaps, themes, eval, doctor.

Every command that answers has `--json`. Exit codes: 0 done, 1 the corpus or the request is at
fault, 2 the command was misused, 3 there is nothing to answer from.
"""

from search_service.cli.root import main

__all__ = ["main"]
