"""Rows of the tables as the nouns of `rpa.work`, and receipts as JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from rpa import clock
from rpa.store.sealing import Sealer
from rpa.store.subjects import opened_record
from rpa.urgency import USUAL, Urgency
from rpa.work import Receipt, Run, Status, Transaction, WorkItem

ERASED: Mapping[str, Any] = {"fields": {}, "documents": {}}
"""What is left of a record that was erased."""


def now() -> datetime:
    """Return this moment, by the clock of the ledger's server where it has one."""
    return clock.now()


def run_of(row: Row[Any]) -> Run:
    """Return the row of `runs` as a run."""
    return Run(
        id=row.id,
        bot=row.bot,
        digest=row.digest,
        by=row.by,
        started=row.started,
        finished=row.finished,
        addresses=row.addresses,
        stopped=bool(row.stopped),
    )


def work_item_of(row: Row[Any], sealer: Sealer) -> WorkItem:
    """Return the row of `ITEMS` as a work item, with its record opened."""
    return with_record(row, ERASED if row.key is None else opened_record(sealer.unwrap(row.key), row.record))


def with_record(row: Row[Any], record: Mapping[str, Any]) -> WorkItem:
    """Return the row of `work_items` as a work item that holds *record*."""
    return WorkItem(
        id=row.id,
        bot=row.bot,
        reference=row.reference,
        record=record,
        fingerprint=row.fingerprint,
        priority=row.priority,
        deadline=row.deadline,
        postponed_until=row.postponed_until,
        run_id=row.run_id,
        created=row.created,
        erased=row.erased,
        revision=row.revision,
    )


def urgency_of(row: Row[Any]) -> Urgency:
    """Return how urgent a revision or a change is; nothing is said of those from before that was asked."""
    return USUAL if row.priority is None else Urgency(row.priority, row.deadline)


def transaction_of(row: Row[Any]) -> Transaction:
    """Return the row of `transactions` as a transaction."""
    return Transaction(
        id=row.id,
        work_item_id=row.work_item_id,
        entry=row.entry,
        system=row.system,
        status=Status(row.status),
        attempt=row.attempt,
        not_before=row.not_before,
        promised=row.promised,
        uptime=row.uptime,
        entered_again=row.entered_again,
        deaths=row.deaths,
        unsure=row.unsure,
        reason=row.reason,
        receipt=receipt_of(row.receipt),
        owner=row.owner,
        fence=row.fence,
        changed=row.changed,
    )


def receipt_of(data: dict[str, Any]) -> Receipt:
    """Return the receipt that `receipt_data` wrote."""
    return Receipt(
        kept=data["kept"],
        verdicts=data["verdicts"],
        evidence=tuple(data["evidence"]),
        refusal=data["refusal"],
    )


def receipt_data(receipt: Receipt) -> dict[str, Any]:
    """Return the receipt as JSON-ready data."""
    return {
        "kept": dict(receipt.kept),
        "verdicts": dict(receipt.verdicts),
        "evidence": list(receipt.evidence),
        "refusal": receipt.refusal,
    }
