"""Figures that people decide by: none may count what a person did as the bot's, or hide what is old."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from rpa.console import figures
from rpa.console.counted import FRESH, KEPT, Counted, count
from rpa.project import Project
from rpa.store.owner import Owner
from rpa.work import Receipt, Status
from tests.console.client import Client
from tests.console.stage import BOT, CLERK, make_project, served, walk
from tests.waiting import wait_for


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two records that are in both systems: one by itself, one after a person had found it in the first one."""
    project = make_project(tmp_path_factory.mktemp("insight") / "project")
    with project.store(CLERK) as store, Owner.hold(project.settings.state_folder) as owner:
        store.decide(1, Status.CONFIRMED, person=CLERK, reason="seen", receipt=Receipt(kept={"receipt": "B-1"}))
        store.resume_system("payments", "It is open again.")
        for _ in range(2):
            taken = store.reserve(owner, ["payments"])
            assert taken is not None
            walk(project, store, owner, taken.transaction, Status.CONFIRMED)
    return project


def test_what_a_person_decided_did_not_go_straight_through(settled: Project) -> None:
    with settled.store(CLERK) as store:
        found = {one.bot: (one.untouched, one.records) for one in store.insight.through(figures.LONG_AGO)}

    assert found[BOT] == (1, 2)


def test_the_time_saved_is_what_its_formula_says(settled: Project) -> None:
    with settled.store(CLERK) as store:
        found = figures.saved(store.insight.entered_by(figures.LONG_AGO), settled)

    assert [(one.entry, one.count, one.by_hand, one.time) for one in found] == [
        ("benefits", 2, timedelta(minutes=4), timedelta(minutes=8)),
        ("payments", 2, timedelta(minutes=4), timedelta(minutes=8)),
    ]


def test_nothing_that_waits_is_too_old_or_too_new_to_be_counted(settled: Project) -> None:
    now = datetime.now(UTC)
    with settled.store(CLERK) as store:
        by_age = [figures.ages(store.insight, now + timedelta(days=later)) for later in (-2, 0, 2, 5, 20, 4000)]

    assert {sum(ages) for ages in by_age} == {6}
    assert [ages.index(6) for ages in by_age[1:]] == [0, 1, 2, 3, 4]


def test_nobody_waits_for_a_count_but_the_one_whose_last_figures_are_old(
    settled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    clock = SimpleNamespace(monotonic=lambda: now)
    monkeypatch.setattr("rpa.console.counted.time", clock)
    counted = Counted()
    with settled.store(CLERK) as store:
        first = counted.of(store)
        assert counted.renew(store) is first, "it was counted less than a minute ago"

        now += FRESH + 1
        assert counted.of(store) is first
        second = counted.renew(store)
        assert second.at > first.at
        assert counted.of(store) is second

        now += KEPT + 1
        assert counted.of(store).at > second.at


def test_what_one_viewer_sets_off_is_what_the_next_one_sees(
    settled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rpa.console.counted.FRESH", 0.0)
    with served(settled.folder) as base:
        client = Client(base)
        client.sign_in("vic")
        first = client.get("/insight").text
        wait_for(lambda: client.get("/insight").text != first)


def test_a_day_is_counted_by_the_clock_on_the_wall_also_when_that_is_changed() -> None:
    counted = figures.days(date(2026, 4, 10))
    edges = figures.edges(counted)

    assert len(edges) == len(counted) + 1
    assert all(edge.hour == edge.minute == 0 for edge in edges)


def test_a_reason_names_the_field_that_it_is_about(settled: Project) -> None:
    bot = settled.bot(BOT)
    rule = bot.record.rules[0]

    assert figures.field_of(bot, rule.said) == "Amount claimed"
    assert figures.field_of(bot, "no row in roster.xlsx for this Member ID; exactly one is needed") == "Member ID"
    assert figures.field_of(bot, "the page did not come within 20 s") == ""


def test_the_page_shows_the_formula_and_every_chart_has_its_table(people: dict[str, Client]) -> None:
    told = people["vic"].get("/insight").text

    assert "Time saved = entries that a bot made" in told
    assert told.count("<table") >= told.count("<svg")
    assert "style=" not in told


def test_a_record_whose_deadline_will_be_missed_is_named_with_the_way_to_it(settled: Project) -> None:
    with settled.store(CLERK) as store:
        waiting = store.find("CL-100004")[0]
        with closing(sqlite3.connect(settled.settings.state_folder / "ledger.db")) as ledger, ledger:
            due = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
            ledger.execute("UPDATE work_items SET deadline = ? WHERE id = ?", (due, waiting.id))
        late = {one.work_item_id for found in count(store).forecasts for one in found.late}
    assert late == {waiting.id}

    with served(settled.folder) as base:
        client = Client(base)
        client.sign_in("vic")
        assert f'<a href="/work/{waiting.id}">CL-100004</a>' in client.get("/insight").text
