"""Figures for Prometheus. Nobody imports this where they are off, so they cost nothing there.

The processes of one server share a folder (`PROMETHEUS_MULTIPROC_DIR`, set by `manage.py serve`), so that
whichever is asked tells of all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client.registry import Collector

__all__ = ["CONTENT_TYPE", "answered", "told"]

_registry = CollectorRegistry()
_requests = Counter(
    "controluce_requests", "Requests answered", ("route", "method", "status"), registry=_registry
)
_seconds = Histogram(
    "controluce_request_seconds",
    "Seconds until a request was answered",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_registry,
)
#: Others than these are a visitor's invention, of which there is no end.
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def answered(*, route: str, method: str, status: int, seconds: float) -> None:
    method = method if method in _METHODS else "other"
    _requests.labels(route, method, f"{status // 100}xx").inc()
    _seconds.labels(route).observe(seconds)


def told(figures: Mapping[str, float]) -> bytes:
    """All of it as Prometheus reads it, with these figures of the moment beside."""
    registry = _registry
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
    moment = CollectorRegistry()
    for name, value in figures.items():
        # A gauge of the moment is of no process, so it is none of those that are shared.
        moment.register(_Figure(name, value))
    return generate_latest(registry) + generate_latest(moment)


class _Figure(Collector):
    def __init__(self, name: str, value: float) -> None:
        self.name, self.value = name, value

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(f"controluce_{self.name}", self.name.replace("_", " "), value=self.value)
