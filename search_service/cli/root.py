"""The group of all commands, and the exit codes for errors."""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

import search_service
from search_service.cli.output import print_faults, say
from search_service.errors import (
    Invalid,
    InvalidCorpus,
    PracticeFinderError,
    SnapshotDamaged,
    SnapshotMissing,
)
from search_service.settings import Settings, read_settings

if TYPE_CHECKING:
    from search_service.library import Library

INVALID, NO_SNAPSHOT = 1, 3


def exit_for_missing_library(missing: ModuleNotFoundError) -> NoReturn:
    """Exit with the command that installs the library, as after an upgrade without pip."""
    if (missing.name or "").startswith(search_service.__name__):
        raise missing
    say(
        f"The library {missing.name} is not installed. In the folder of Practice Finder run: "
        f"{sys.executable} -m pip install --editable ."
    )
    sys.exit(INVALID)


MODULES = {
    "build": "corpus",
    "check": "corpus",
    "compare": "compare",
    "doctor": "doctor",
    "eval": "evaluate",
    "gaps": "gaps",
    "search": "search",
    "serve": "serve",
    "similar": "similar",
    "themes": "themes",
}
"""The module of this package that adds each command."""


class Commands(click.Group):
    """Imports a command's module only when needed, and turns errors into messages."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Return the names of all commands."""
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name, or None."""
        if cmd_name in MODULES:
            try:
                import_module(f"search_service.cli.{MODULES[cmd_name]}")
            except ModuleNotFoundError as error:
                exit_for_missing_library(error)
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; the project's own errors become a message and an exit code."""
        try:
            return super().invoke(ctx)
        except Invalid as error:
            print_faults(error.faults)
            if isinstance(error, InvalidCorpus):
                say(str(error))
            sys.exit(INVALID)
        except PracticeFinderError as error:
            say(str(error))
            sys.exit(NO_SNAPSHOT if isinstance(error, SnapshotMissing | SnapshotDamaged) else INVALID)
        except ModuleNotFoundError as error:
            exit_for_missing_library(error)
        except BrokenPipeError:
            raise  # the reader closed the pipe; click ends quietly
        except OSError as error:
            say(os_error_message(error, ctx.obj))
            sys.exit(INVALID)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(search_service.__version__, prog_name="practice-finder")
@click.option("--corpus", type=click.Path(path_type=Path), help="The folder that holds the corpus.")
@click.option("--index", type=click.Path(path_type=Path), help="The folder for snapshots.")
@click.pass_context
def main(context: click.Context, corpus: Path | None, index: Path | None) -> None:
    """Search practice, find similar practice, and see thematic gaps."""
    context.obj = read_settings(os.environ, corpus=corpus, index=index)


def open_library(settings: Settings) -> Library:
    """Open the library on the current snapshot; raises SnapshotMissing or SnapshotDamaged."""
    from search_service.library import Library  # noqa: PLC0415 - not every command needs it
    from search_service.snapshot.build import load  # noqa: PLC0415 - likewise

    return Library(load(settings.index))


def os_error_message(error: OSError, settings: Settings | None) -> str:
    """Name the path the system refused, and the setting that chooses another."""
    reason = error.strerror or str(error)
    if isinstance(error, FileExistsError | NotADirectoryError):
        reason = "a file stands where a folder is needed"
    if settings and error.errno == errno.ENOSPC:
        return (
            f"The disk is full ({reason}). Make room where snapshots are kept, {settings.index}, or choose "
            "another disk with --index or PRACTICE_FINDER_INDEX, for example /srv/index."
        )
    if error.filename is None:
        return f"The system refused to read or write: {reason}."
    path = Path(os.fsdecode(error.filename))
    message = f"{path} cannot be used: {reason}."
    if settings and (path.is_relative_to(settings.index) or settings.index.is_relative_to(path)):
        return (
            f"{message} Snapshots are kept in {settings.index}; choose a folder you may write to with "
            "--index or PRACTICE_FINDER_INDEX, for example PRACTICE_FINDER_INDEX=/srv/index."
        )
    if settings and path.is_relative_to(settings.corpus):
        return (
            f"{message} The corpus is {settings.corpus}; let this user read it, or choose another with "
            "--corpus or PRACTICE_FINDER_CORPUS, for example PRACTICE_FINDER_CORPUS=/srv/corpus."
        )
    return message
