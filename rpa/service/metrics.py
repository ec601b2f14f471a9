"""What Prometheus is told: how the service stands, and how much waits. Numbers and names of bots, never values."""

import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from rpa.occurrence import Occurrence, State
from rpa.store.store import Store

LAGS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 900)


class Metrics:
    """The figures of one service."""

    def __init__(self, store: Store) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(_Ledger(store))
        self._rounds = Gauge(
            "rpa_last_round_timestamp_seconds",
            "When the service last looked after everything",
            registry=self.registry,
        )
        self._lag = Histogram(
            "rpa_schedule_lag_seconds",
            "From the time of a schedule until it was written down",
            buckets=LAGS,
            registry=self.registry,
        )
        self._written = Counter(
            "rpa_schedule_times", "Times of schedules by what became of them", ["state"], registry=self.registry
        )

    def round_done(self) -> None:
        """Note that the service has looked after everything."""
        self._rounds.set(time.time())

    def written_down(self, one: Occurrence, lag: float) -> None:
        """Note that a time of a schedule is on the ledger, so many seconds late."""
        self._written.labels(one.state).inc()
        if one.state is State.WAITING:
            self._lag.observe(lag)

    def text(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        return generate_latest(self.registry)


class _Ledger(Collector):
    """Asks the ledger when it is asked."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[GaugeMetricFamily]:
        starts = GaugeMetricFamily("rpa_starts", "Occurrences by state", labels=["state"])
        counted = self._store.occurrences.counts()
        for state in State:
            starts.add_metric([state], counted.get(state, 0))
        yield starts
        transactions = GaugeMetricFamily(
            "rpa_transactions", "Transactions by bot, entry and status", labels=["bot", "entry", "status"]
        )
        for bot in self._store.bots():
            for (entry, status), number in self._store.counts(bot).items():
                transactions.add_metric([bot, entry, status], number)
        yield transactions
        paused = GaugeMetricFamily("rpa_system_paused", "Whether a system's work waits", labels=["system"])
        for system in self._store.systems():
            paused.add_metric([system.system], float(system.paused is not None))
        yield paused
