"""Servers: waitress, gunicorn and any other through WSGI."""
