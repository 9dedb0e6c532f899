"""Health checks and Prometheus metrics.

Metrics are labelled by route, never by address, query or practice, so they reveal nothing about a person.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, Flask, Response, abort, current_app, g, jsonify, request
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from search_service.errors import InvalidSettings
from search_service.library import Library
from search_service.live import LiveLibrary
from search_service.settings import Settings
from search_service.web.http import hosts

BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)
"""Upper bounds in seconds: a search takes one to five milliseconds, and nothing should take a second."""

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
"""Methods with a label of their own; all others share "other", which bounds the number of labels."""

PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8"

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus_client's own variable: the folder in which several workers keep one set of metrics."""

blueprint = Blueprint("health", __name__)


class Metrics:
    """The metrics of one application, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.latency = Histogram(
            "practice_finder_request_seconds",
            "Time to answer a request, by route, method and status.",
            ["route", "method", "status"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.searches = Counter(
            "practice_finder_searches", "Searches answered.", ["found"], registry=self.registry
        )

    def text(self, library: Library) -> bytes:
        """Return every metric in Prometheus' text format, those of the snapshot as of now."""
        requests = self.registry
        if os.environ.get(MULTIPROCESS):
            requests = CollectorRegistry()
            MultiProcessCollector(requests)  # type: ignore[no-untyped-call]  # prometheus_client has no types here
        snapshot = CollectorRegistry()
        snapshot.register(SnapshotMetrics(library))
        return generate_latest(requests) + generate_latest(snapshot)


class SnapshotMetrics(Collector):
    """The age and size of a snapshot, computed when they are read.

    A Gauge would stay in the file of the worker that answered, and be reported again by the next.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    def collect(self) -> Iterator[Metric]:
        """Yield both gauges."""
        created = datetime.fromisoformat(self._library.manifest.created)
        age = (datetime.now(UTC) - created).total_seconds()
        yield GaugeMetricFamily("practice_finder_snapshot_age_seconds", "Since the snapshot was built.", age)
        size = len(self._library.practices)
        yield GaugeMetricFamily("practice_finder_snapshot_practices", "Practices in the snapshot.", size)


def register(app: Flask, settings: Settings) -> None:
    """Add the routes, and measure every request.

    Raises InvalidSettings if the folder for the metrics of several workers cannot be written to: every
    request would fail.
    """
    folder = os.environ.get(MULTIPROCESS)
    if folder and not os.access(folder, os.W_OK | os.X_OK):
        raise InvalidSettings(
            f"{MULTIPROCESS}: “{folder}” is no folder that this user may write to. Make it, or leave the "
            f"variable out. For example: {MULTIPROCESS}=/run/practice-finder"
        )
    app.extensions["metrics"] = Metrics()
    app.config["METRICS"] = settings.metrics
    app.before_request(_start_clock)
    app.after_request(_measure)
    app.register_blueprint(blueprint)


def count_search(total: int) -> None:
    """Count a search and whether it found anything, unless the request is then refused."""
    g.found = "yes" if total else "no"


@blueprint.get("/healthz")
def alive() -> Response:
    """Answer that the process is alive."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
def ready() -> Response:
    """Name the snapshot that is served, and why a newer one was refused, if one was."""
    live: LiveLibrary = current_app.extensions["library"]
    library = live.current()
    return jsonify(
        status="ready",
        snapshot=library.manifest.build,
        built=library.manifest.created,
        practices=len(library.practices),
        refused=live.refusal,
    )


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give the metrics in Prometheus' text format to those who may read them."""
    allowed = current_app.config["METRICS"]
    if allowed == "off" or (allowed == "local" and not hosts.asked_from_this_machine()):
        abort(404)
    library = current_app.extensions["library"].current()
    return Response(current_app.extensions["metrics"].text(library), content_type=PROMETHEUS_TEXT)


def route_of_request() -> str:
    """Return the URL rule that matched, which names no practice and no query."""
    return request.url_rule.rule if request.url_rule else "none"


def milliseconds_taken() -> float:
    """Return how long this request has taken so far."""
    now = time.perf_counter()
    started: float = g.get("started", now)
    return (now - started) * 1000


def _start_clock() -> None:
    g.started = time.perf_counter()


def _measure(response: Response) -> Response:
    """Observe the request in the latency histogram, and count a search that was answered."""
    method = request.method if request.method in METHODS else "other"
    metrics: Metrics = current_app.extensions["metrics"]
    labels = route_of_request(), method, response.status_code
    metrics.latency.labels(*labels).observe(milliseconds_taken() / 1000)
    if "found" in g and response.status_code != HTTPStatus.UNPROCESSABLE_ENTITY:
        metrics.searches.labels(g.found).inc()
    return response
