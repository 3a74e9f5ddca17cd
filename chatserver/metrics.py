"""What the server counts, for Prometheus: looked up when somebody asks, so that nothing is paid for it otherwise.

Numbers alone: no name of a person, a room or a file is in a label, or anywhere else.
"""

from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from chatserver.files import Files
from chatserver.fronts.connections import Connections
from chatserver.hub import Hub
from chatserver.tally import Commits, Tally

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics(Collector):
    """The numbers of one server. `indexed` gives the newest event that the index has taken in."""

    def __init__(
        self, hub: Hub, connections: Connections, files: Files, commits: Commits, indexed: Callable[[], int]
    ) -> None:
        self._hub = hub
        self._connections = connections
        self._files = files
        self._commits = commits
        self._indexed = indexed
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def text(self) -> bytes:
        """All of them, as Prometheus reads them (`CONTENT_TYPE`)."""
        return generate_latest(self._registry)

    def describe(self) -> Iterator[Metric]:
        """Nothing is looked up to be registered."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """Each number, as it is now."""
        hub, signed_in = self._hub, self._hub.connections()
        open_now = GaugeMetricFamily("parley_connections", "Open connections, signed in or not.", labels=["front"])
        for front, count in self._connections.counts().items():
            open_now.add_metric([front], count)
        yield open_now
        yield _gauge("parley_sessions", "Connections that are signed in.", len(signed_in))
        behind = sum(listener.mailbox.missed is not None for listener in signed_in)
        yield _gauge("parley_mailboxes_behind", "Connections that do not read and are caught up later.", behind)
        yield _gauge("parley_rooms", "Rooms and direct conversations.", len(hub.rooms.by_name))
        yield _counter("parley_events", "Events of the history.", hub.tip)
        yield _counter("parley_posts", "Messages that were stored since the start.", hub.posts)
        yield _histogram("parley_log_batch_events", "Events that were made durable together.", self._commits.lines)
        yield _histogram("parley_log_commit_seconds", "Time to write and sync a batch.", self._commits.seconds)
        lag = max(hub.tip - self._indexed(), 0)
        yield _gauge("parley_index_lag_events", "Stored events that the index has not taken in.", lag)
        yield _counter("parley_uploads", "Uploads that were completed since the start.", self._files.completed)
        yield _gauge("parley_uploads_unfinished", "Uploads that are not complete.", self._files.unfinished)


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def _counter(name: str, about: str, value: float) -> Metric:
    return CounterMetricFamily(name, about, value=value)


def _histogram(name: str, about: str, tally: Tally) -> Metric:
    counts, total = list(tally.counts), tally.total
    bounds = [*map(str, tally.bounds), "+Inf"]
    buckets = list(zip(bounds, map(float, accumulate(counts)), strict=True))
    return HistogramMetricFamily(name, about, buckets=buckets, sum_value=total)
