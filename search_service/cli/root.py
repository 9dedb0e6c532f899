"""The group that every command is added to, and how errors end a command."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

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

AT_FAULT, NOTHING_TO_ANSWER_FROM = 1, 3

Command = TypeVar("Command", bound=Callable[..., Any])


def plainly(command: Command) -> Command:
    """Turn the project's own errors into a message and an exit code, never a traceback."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Invalid as error:
            print_faults(error.faults)
            if isinstance(error, InvalidCorpus):
                say(str(error))
            sys.exit(AT_FAULT)
        except (SnapshotMissing, SnapshotDamaged) as error:
            say(str(error))
            sys.exit(NOTHING_TO_ANSWER_FROM)
        except PracticeFinderError as error:
            say(str(error))
            sys.exit(AT_FAULT)
        except ModuleNotFoundError as error:
            end_without(error)
        except BrokenPipeError:
            raise  # whoever reads the output has had enough; click ends quietly
        except OSError as error:
            say(refusal(error, click.get_current_context().find_root().obj))
            sys.exit(AT_FAULT)

    return guarded  # type: ignore[return-value]  # wraps keeps the signature


def end_without(missing: ModuleNotFoundError) -> NoReturn:
    """End a command for which a library is not there: an upgrade that forgot pip, or half an installation."""
    if (missing.name or "").startswith(search_service.__name__):
        raise missing
    say(
        f"The library {missing.name} is not installed. In the folder of Practice Finder run: "
        f"{sys.executable} -m pip install --editable ."
    )
    sys.exit(AT_FAULT)


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
"""Which module of this package adds each command."""


class Commands(click.Group):
    """Reads the module of a command when it is asked for: reading all takes longer than some commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Return the names of all commands."""
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name, or None."""
        if cmd_name in MODULES:
            try:
                import_module(f"search_service.cli.{MODULES[cmd_name]}")
            except ModuleNotFoundError as error:
                end_without(error)
        return super().get_command(ctx, cmd_name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(search_service.__version__, prog_name="practice-finder")
@click.option("--corpus", type=click.Path(path_type=Path), help="The folder that holds the corpus.")
@click.option("--index", type=click.Path(path_type=Path), help="The folder for snapshots.")
@click.pass_context
@plainly
def main(context: click.Context, corpus: Path | None, index: Path | None) -> None:
    """Search practice, find similar practice, and see thematic gaps."""
    context.obj = read_settings(os.environ, corpus=corpus, index=index)


def open_library(settings: Settings) -> Library:
    """Return the library over the current snapshot."""
    from search_service.library import Library  # noqa: PLC0415 - not every command asks it
    from search_service.snapshot.build import load  # noqa: PLC0415 - likewise

    return Library(load(settings.index))


def refusal(error: OSError, settings: Settings | None) -> str:
    """Say which file or folder the system refused, and which setting chooses another."""
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
