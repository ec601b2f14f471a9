"""What the ledger tells Prometheus when that asks: the same on every machine, and after every restart."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from rpa.occurrence import State
from rpa.store.store import Store


class LedgerMetrics(Collector):
    """Asks the ledger when it is asked; *sessions* tells how many each system allows."""

    def __init__(self, store: Store, sessions: Callable[[], Mapping[str, int]]) -> None:
        self._store = store
        self._sessions = sessions

    def collect(self) -> Iterator[Metric]:
        """Yield every figure."""
        yield self._starts()
        yield from self._work()
        yield self._durations()
        yield from self._systems()

    def _starts(self) -> Metric:
        starts = GaugeMetricFamily("rpa_starts", "Occurrences by state", labels=["state"])
        counted = self._store.occurrences.counts()
        for state in State:
            starts.add_metric([state], counted.get(state, 0))
        return starts

    def _work(self) -> Iterator[Metric]:
        counts, queues = self._store.monitoring.standing()
        transactions = GaugeMetricFamily(
            "rpa_transactions", "Transactions by bot, entry and status", labels=["bot", "entry", "status"]
        )
        for key, number in counts.items():
            transactions.add_metric(key, number)
        yield transactions
        waiting = GaugeMetricFamily(
            "rpa_queue_transactions", "Transactions that wait for a worker", labels=["bot", "system"]
        )
        oldest = GaugeMetricFamily(
            "rpa_queue_oldest_age_seconds",
            "How long ago the oldest record that waits was put on the ledger; 0 where none waits",
            labels=["bot", "system"],
        )
        for queue in queues:
            waiting.add_metric([queue.bot, queue.system], queue.waiting)
            oldest.add_metric([queue.bot, queue.system], queue.oldest.total_seconds())
        yield waiting
        yield oldest

    def _durations(self) -> Metric:
        histogram = HistogramMetricFamily(
            "rpa_transaction_duration_seconds",
            "From a worker's beginning of a transaction to its end, by the status in which it ended",
            labels=["bot", "system", "status"],
        )
        for one in self._store.monitoring.durations():
            histogram.add_metric([one.bot, one.system, one.status], list(one.within.items()), one.seconds)
        return histogram

    def _systems(self) -> Iterator[Metric]:
        paused = GaugeMetricFamily("rpa_system_paused", "Whether a system's work waits", labels=["system"])
        for system in self._store.systems():
            paused.add_metric([system.system], float(system.paused is not None))
        yield paused
        allowed = self._sessions()
        yield _by_system("rpa_system_sessions", "Sessions that a system allows at once", allowed)
        in_use = self._store.monitoring.signed_in(allowed)
        yield _by_system("rpa_system_sessions_in_use", "Sessions of a system that workers hold", in_use)


def _by_system(name: str, about: str, numbers: Mapping[str, int]) -> Metric:
    metric = GaugeMetricFamily(name, about, labels=["system"])
    for system, number in numbers.items():
        metric.add_metric([system], number)
    return metric
