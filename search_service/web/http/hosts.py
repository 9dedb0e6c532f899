"""Which Host headers we answer to, and which proxies' forwarded headers we trust.

A service that answers to any name can be read by a foreign page whose name resolves to this machine (DNS
rebinding), and a forwarded address from an unknown proxy is whatever the sender likes.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from search_service.settings import Settings

OWN_NAMES = ("localhost", "127.0.0.1", "::1")
"""The names this machine has for itself."""


def register(app: Flask, settings: Settings) -> None:
    """Answer only to trusted names, and trust the configured number of proxies."""
    app.config["TRUSTED_NAMES"] = trusted_names(settings)
    app.before_request(_refuse_untrusted)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask's documentation does
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )


def _refuse_untrusted() -> None:
    """Raise SecurityError if the request's Host is not trusted.

    Flask's own TRUSTED_HOSTS does not know IPv6 addresses, and refuses before a page can say why.
    """
    trusted = current_app.config["TRUSTED_NAMES"]
    if trusted is not None and not any(_matches(_requested_name(), name) for name in trusted):
        raise SecurityError


def _requested_name() -> str:
    """Return the host name of the request without its port; empty if it cannot be parsed."""
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""


def _matches(name: str, trusted: str) -> bool:
    """Return whether a name is the trusted one, or a subdomain if that begins with a dot."""
    return name == trusted or (trusted.startswith(".") and name.endswith(trusted))


def trusted_names(settings: Settings) -> tuple[str, ...] | None:
    """Return the names to answer to, or None for any.

    If none are set, a service that listens on this machine only answers to this machine's own names. One
    that listens on another address cannot know its name, and answers to any until names are set.
    """
    named = [name.strip(" []").lower() for name in settings.trusted_hosts.split(",") if name.strip()]
    if named:
        return tuple(named)
    return OWN_NAMES if is_this_machine(settings.host) else None


def is_this_machine(address: str) -> bool:
    """Return whether an address or name is a loopback one, which no other machine can reach."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def asked_from_this_machine() -> bool:
    """Return whether the request came from this machine itself, not through an unknown proxy on it."""
    from_trusted_proxy = "werkzeug.proxy_fix.orig" in request.environ
    forwarded = "X-Forwarded-For" in request.headers and not from_trusted_proxy
    return is_this_machine(request.remote_addr or "") and not forwarded
