"""Figures for Prometheus: what was asked, what was answered, what is kept.

Every label value comes from a small fixed set; none is a key, an id or anything a client wrote.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
)
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service.faults.codes import S3_CODES
from service.faults.state import Faults
from service.faults.switches import KINDS
from service.http.workers import Workers
from service.monitoring.middleware import FinishedRequest
from service.store.events import UPLOAD_EVENTS, UploadEvent

PART_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
GONE = "gone"  # the status of requests whose client left before an answer began
OTHER = "other"

log = logging.getLogger(__name__)

disable_created_metrics()  # a start time beside every counter helps nobody here


@dataclass(frozen=True)
class StoreFigures:
    """What the store holds at one moment."""

    open_uploads: int
    bytes_kept: int


class Metrics:
    """The figures of one service; every method may be called from any thread."""

    def __init__(self, faults: Faults, read_store: Callable[[], StoreFigures]) -> None:
        """Start counting.

        Args:
            faults: the switches, shown as gauges.
            read_store: asked at every scrape; may raise OSError.
        """
        registry = self._registry = CollectorRegistry()
        self._requests = Counter(
            "tfw_requests",
            "Requests that are over.",
            ["route", "operation", "status"],
            registry=registry,
        )
        self._received = Counter(
            "tfw_received_bytes", "Bytes of request bodies.", ["route"], registry=registry
        )
        self._sent = Counter(
            "tfw_sent_bytes", "Bytes of response bodies.", ["route"], registry=registry
        )
        self._part_seconds = Histogram(
            "tfw_part_put_seconds",
            "Seconds from the head of a part's PUT to its answer, stored parts only.",
            buckets=PART_SECONDS,
            registry=registry,
        )
        self._errors = Counter(
            "tfw_s3_errors", "S3 error documents sent, by code.", ["code"], registry=registry
        )
        self._uploads = Counter(
            "tfw_uploads", "What happened to multipart uploads.", ["event"], registry=registry
        )
        self._sweeps = Counter(
            "tfw_sweeps", "Sweeps of expired files.", ["result"], registry=registry
        )
        self._swept = Counter("tfw_swept_files", "Expired files removed.", registry=registry)
        for event in UPLOAD_EVENTS:
            self._uploads.labels(event)  # so that it is there, as 0, before it first happens
        registry.register(_StoreGauges(faults, read_store))
        ProcessCollector(registry=registry)

    def observe(self, finished: FinishedRequest) -> None:
        """Count a request that is over."""
        status = str(finished.status) if finished.status else GONE
        self._requests.labels(finished.route, finished.operation, status).inc()
        self._received.labels(finished.route).inc(finished.bytes_in)
        self._sent.labels(finished.route).inc(finished.bytes_out)
        if finished.operation == "put_part" and finished.status == 200:
            self._part_seconds.observe(finished.seconds)
        if finished.error_code:
            known = finished.error_code in S3_CODES
            self._errors.labels(finished.error_code if known else OTHER).inc()

    def uploads(self, event: UploadEvent) -> None:
        """Count what happened to an upload."""
        self._uploads.labels(event).inc()

    def swept(self, files: int | None) -> None:
        """Count a sweep and the files it removed; None is a sweep that failed."""
        self._sweeps.labels("failed" if files is None else "done").inc()
        self._swept.inc(files or 0)

    def text(self) -> bytes:
        """Return everything in the Prometheus text format; asks the store, so not on the loop."""
        return generate_latest(self._registry)


class MetricsEndpoint:
    """`GET /service/metrics`."""

    def __init__(self, metrics: Metrics, workers: Workers) -> None:
        self._metrics = metrics
        self._workers = workers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        text = await self._workers.run(self._metrics.text)
        headers = {"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
        await Response(text, headers=headers)(scope, receive, send)


class _StoreGauges(Collector):
    """What is the case now, read when it is asked for."""

    def __init__(self, faults: Faults, read_store: Callable[[], StoreFigures]) -> None:
        self._faults = faults
        self._read_store = read_store

    def collect(self) -> Iterator[Metric]:
        active = self._faults.active()
        switches = GaugeMetricFamily(
            "tfw_fault_active", "1 while a fault switch is on.", labels=["fault"]
        )
        for name in KINDS:
            switches.add_metric([name], float(name in active))
        yield switches
        try:
            figures = self._read_store()
        except OSError:
            log.warning("The store's figures cannot be read.", exc_info=True)
            return
        yield GaugeMetricFamily(
            "tfw_uploads_open", "Multipart uploads that wait for parts.", figures.open_uploads
        )
        yield GaugeMetricFamily(
            "tfw_stored_bytes", "Bytes in finished part files.", figures.bytes_kept
        )
