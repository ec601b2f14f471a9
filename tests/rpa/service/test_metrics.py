"""What Prometheus is told: nothing but what is promised, no value of a record, and what the dashboard asks for."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from rpa.occurrence import Occurrence
from rpa.service.metrics import Metrics
from rpa.store.store import Store
from rpa.work import Status
from tests.rpa.store.ledgers import BOT, DIGEST, ROBOT, begun, new_item

ROOT = Path(__file__).parents[3]
OURS = re.compile(r"\b(rpa_\w+)(?:\{([^}]*)\})?")
LABEL = re.compile(r"(\w+) ?!?=")
BY = re.compile(r"\bby \(([^)]*)\)")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what a service says once everything has happened that can be counted."""
    with Store.open(tmp_path_factory.mktemp("told"), actor=ROBOT) as store:
        run = store.start_run(BOT, DIGEST, "test")
        for reference in ("CL-1", "CL-2"):
            store.add(run, new_item(reference))
        with store.hold() as owner:
            begun(store, owner, Status.CONFIRMED)
        store.pause_system("meridian", "it does not answer")
        metrics = Metrics(store, lambda: {"meridian": 2})
        metrics.written_down(Occurrence(name="s", nominal="n", kind="schedule", bot=BOT, due=datetime.now(UTC)), 1)
        metrics.round_done()
        return metrics.text().decode()


def labels_by_name(text: str) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def asked() -> Iterator[str]:
    """Yield every query of the dashboard and of the alerts."""
    dashboard = json.loads((ROOT / "deploy/grafana/keyonce.json").read_text("utf-8"))
    for panel in dashboard["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            name, label = re.fullmatch(r"label_values\((\w+), (\w+)\)", variable["query"]["query"]).groups()  # type: ignore[union-attr]
            yield f"sum by ({label}) ({name})"
    alerts = YAML(typ="safe").load(ROOT / "deploy/prometheus/keyonce.yml")
    yield from (rule["expr"] for group in alerts["groups"] for rule in group["rules"])


def test_the_dashboard_and_the_alerts_ask_for_nothing_that_is_not_there(told: str) -> None:
    known = labels_by_name(told)
    queries = list(asked())

    assert len(queries) > 15
    for query in queries:
        selectors = OURS.findall(query)
        assert selectors, query
        for name, conditions in selectors:
            assert name in known, query
            assert set(LABEL.findall(conditions)) <= known[name], query
        grouped = {label.strip() for labels in BY.findall(query) for label in labels.split(",")}
        assert grouped <= set().union(*(known[name] for name, _ in selectors)), query


def test_the_documentation_has_every_figure_and_no_other(told: str) -> None:
    names = [name for name in labels_by_name(told) if name.startswith("rpa_") and not name.endswith("_created")]
    documented = re.findall(r"`(rpa_\w+)`", (ROOT / "docs/monitoring.md").read_text("utf-8"))

    assert {re.sub(r"_(bucket|count|sum)$", "", name) for name in names} == set(documented)


def test_no_figure_says_of_whom_a_record_is(told: str) -> None:
    assert "CL-1" not in told
    assert set().union(*labels_by_name(told).values()) == {"bot", "entry", "system", "status", "state", "le"}
    assert 'rpa_queue_transactions{bot="claims",system="meridian"} 1.0' in told
    assert 'rpa_transaction_duration_seconds_count{bot="claims",status="confirmed",system="meridian"} 1.0' in told
    assert 'rpa_system_sessions{system="meridian"} 2.0' in told
