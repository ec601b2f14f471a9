"""What Prometheus is told: how the service stands, and how much waits. Numbers and names of bots, never values."""

import time
from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

from rpa.occurrence import Occurrence, State
from rpa.service.ledger_metrics import LedgerMetrics
from rpa.store.store import Store

LAGS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 900)


class Metrics:
    """The figures of one service; *sessions* tells how many each system allows."""

    def __init__(self, store: Store, sessions: Callable[[], Mapping[str, int]]) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(LedgerMetrics(store, sessions))
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
