"""The application for another WSGI server: `gunicorn 'search_service.web.wsgi:application()'`.

It serves the current snapshot, so there must be one: run `practice-finder build` first.
"""

from __future__ import annotations

import os

from flask import Flask

from search_service import memory
from search_service.settings import read_settings
from search_service.web import logs
from search_service.web.app import create_app


def application() -> Flask:
    """Make the application from the environment; raises InvalidSettings and what `create_app` raises.

    Host, port and threads are the other server's to choose.
    """
    memory.share_one_arena()
    settings = read_settings(os.environ)
    logs.configure(settings)
    app = create_app(settings)
    memory.set_apart()
    return app
