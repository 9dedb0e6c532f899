"""serve: the pages and the API, after building a snapshot of the corpus if it changed."""

from __future__ import annotations

import os
from pathlib import Path

import click

from search_service.cli.corpus import build_with_progress, report
from search_service.cli.output import print_faults, say
from search_service.cli.root import main, os_error_message
from search_service.errors import BuildInProgress, InvalidCorpus, SnapshotDamaged, SnapshotMissing
from search_service.practices.files import read_corpus_bytes
from search_service.settings import Settings, read_settings
from search_service.snapshot.build import is_current
from search_service.snapshot.build import load as load_snapshot


@main.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on; 0 takes a free one.")
@click.pass_obj
def serve(settings: Settings, host: str | None, port: int | None) -> None:
    """Serve the pages and the API, building a snapshot first if needed."""
    from search_service.web.http import request_log  # noqa: PLC0415 - only this command needs the web
    from search_service.web.serve.waitress import serve as run  # noqa: PLC0415 - likewise

    settings = read_settings(os.environ, corpus=settings.corpus, index=settings.index, host=host, port=port)
    request_log.configure(settings)
    _ensure_snapshot(settings)
    run(settings)


def _ensure_snapshot(settings: Settings) -> None:
    """Build a snapshot if the corpus changed; fall back to the last one if that fails."""
    content, faults = read_corpus_bytes(settings.corpus)
    if not faults and is_current(content.digest, settings.index):
        return
    try:
        report(build_with_progress(settings))
    except InvalidCorpus as error:
        if not settings.corpus.is_dir():
            raise  # a misspelt path must not serve another corpus
        _fall_back(settings.index, error)
        print_faults(error.faults)
        say("The corpus has problems, so the last good snapshot is served.")
    except BuildInProgress as error:
        _fall_back(settings.index, error)
        say(
            f"Another build into {settings.index} is under way, so the last good snapshot is served; "
            "the new one is taken up when it is ready."
        )
    except OSError as error:
        _fall_back(settings.index, error)
        say(os_error_message(error, settings))
        say("No new snapshot could be written, so the last good one is served.")


def _fall_back(index: Path, reason: InvalidCorpus | BuildInProgress | OSError) -> None:
    """Check that the last snapshot can be served; otherwise raise `reason`."""
    try:
        load_snapshot(index)
    except SnapshotMissing:
        raise reason from None
    except SnapshotDamaged as damaged:
        say(str(damaged))
        raise reason from None
