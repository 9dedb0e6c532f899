"""The application for another WSGI server: `gunicorn 'search_service.web.serve.wsgi:application()'`.

It serves the current snapshot, so there must be one: run `practice-finder build` first.
"""

from __future__ import annotations

import os
import sys

from flask import Flask

from search_service import memory
from search_service.errors import PracticeFinderError
from search_service.settings import read_settings
from search_service.web.app import create_app
from search_service.web.http import request_log


def application() -> Flask:
    """Create the application from the environment, or end the process with the reason why not.

    The other server chooses host, port and threads.
    """
    memory.limit_malloc_arenas()
    try:
        settings = read_settings(os.environ)
        request_log.configure(settings)
        app = create_app(settings)
    except PracticeFinderError as error:
        sys.exit(str(error))
    memory.freeze_gc()
    return app
