"""Who may be spoken to under which name: trusted host names, and proxies that are configured.

A page that answers to any name can be read by a foreign page whose name is pointed at this machine
(DNS rebinding), and a forwarded address that nobody vouches for is whatever the sender likes.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from search_service.settings import Settings

OWN_NAMES = ("localhost", "127.0.0.1", "::1")
"""The names of this machine to itself."""


def register(app: Flask, settings: Settings) -> None:
    """Answer to the trusted names only, and believe the proxies that are configured."""
    app.config["TRUSTED_NAMES"] = trusted_names(settings)
    app.before_request(_refuse_untrusted)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask's documentation does
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )


def _refuse_untrusted() -> None:
    """Raise SecurityError where the request names a host that is not ours.

    Flask's own TRUSTED_HOSTS knows no IPv6 addresses, and refuses before there is a page to say why.
    """
    trusted = current_app.config["TRUSTED_NAMES"]
    if trusted is not None and not any(_fits(_name_asked(), one) for one in trusted):
        raise SecurityError


def _name_asked() -> str:
    """Return the name a request was sent to, without its port; empty where it cannot be read."""
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""


def _fits(name: str, trusted: str) -> bool:
    """Tell whether a name is the trusted one, or below it where that begins with a dot."""
    return name == trusted or (trusted.startswith(".") and name.endswith(trusted))


def trusted_names(settings: Settings) -> tuple[str, ...] | None:
    """Return the names to answer to, or None for any.

    With none set, a service that only this machine reaches answers to its own names. One that listens on
    another address cannot know how it is called, and answers to any until it is told.
    """
    named = [name.strip(" []").lower() for name in settings.trusted_hosts.split(",") if name.strip()]
    if named:
        return tuple(named)
    return OWN_NAMES if is_this_machine(settings.host) else None


def is_this_machine(address: str) -> bool:
    """Tell whether an address or name is this machine's own, reached by nobody else."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def asked_from_this_machine() -> bool:
    """Tell whether the request came from this machine and was not passed on by a proxy unknown to us."""
    address_is_vouched_for = "werkzeug.proxy_fix.orig" in request.environ
    passed_on = "X-Forwarded-For" in request.headers and not address_is_vouched_for
    return is_this_machine(request.remote_addr or "") and not passed_on
