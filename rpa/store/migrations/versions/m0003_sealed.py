"""What the ledger holds of a record is sealed under a key of its subject; hashes of content become keyed ones."""

import sqlalchemy as sa
from alembic import context, op

from rpa.store.schema import UtcDateTime
from rpa.store.sealing import Sealer, SubjectKey
from rpa.store.subjects import name_of

revision = "0003"
down_revision = "0002"

Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Seal what is there, each record under the key of a subject of its own."""
    _add()
    ledger, sealer = op.get_bind(), context.config.attributes["sealer"]
    for row in ledger.execute(sa.text("SELECT id, bot, reference, record, salt FROM work_items")).all():
        _seal(ledger, sealer, row)
    _hide(ledger, sealer, "work_items", "fingerprint", "fingerprint")
    _hide(ledger, sealer, "intake", "fingerprint", "fingerprint")
    _hide(ledger, sealer, "transactions", "looks_for", "search")
    _swap()


def _add() -> None:
    op.create_table(
        "subjects",
        sa.Column("id", Number, nullable=False),
        sa.Column("bot", sa.String, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subjects"),
        sa.UniqueConstraint("bot", "name", name="uq_subjects_bot_name"),
    )
    op.add_column("work_items", sa.Column("subject_id", Number))
    op.add_column("work_items", sa.Column("erased", UtcDateTime))
    op.add_column("work_items", sa.Column("sealed_salt", sa.LargeBinary))
    op.add_column("work_items", sa.Column("sealed_record", sa.LargeBinary))
    op.create_index("ix_work_items_subject_id", "work_items", ["subject_id"])
    op.add_column("intake", sa.Column("subject_id", Number))
    op.add_column("intake", sa.Column("sealed_record", sa.LargeBinary))
    op.create_index("ix_intake_subject_id", "intake", ["subject_id"])


def _seal(ledger: sa.Connection, sealer: Sealer, row: sa.Row[tuple[int, str, str, str, bytes]]) -> None:
    key = sealer.new_key()
    name = name_of(sealer, row.reference)
    subject = sa.text("INSERT INTO subjects (bot, name, key) VALUES (:bot, :name, :key) RETURNING id")
    subject_id = ledger.execute(subject, {"bot": row.bot, "name": name, "key": key.wrapped}).scalar_one()
    sealed = {
        "id": row.id,
        "subject": subject_id,
        "salt": key.seal(row.salt, "salt"),
        "record": _sealed(key, row.record),
    }
    ledger.execute(
        sa.text(
            "UPDATE work_items SET subject_id = :subject, sealed_salt = :salt, sealed_record = :record"
            " WHERE id = :id"
        ),
        sealed,
    )
    revisions = sa.text("SELECT id, record FROM intake WHERE work_item_id = :id AND record IS NOT NULL")
    for revision in ledger.execute(revisions, {"id": row.id}).all():
        ledger.execute(
            sa.text("UPDATE intake SET subject_id = :subject, sealed_record = :record WHERE id = :id"),
            {"id": revision.id, "subject": subject_id, "record": _sealed(key, revision.record)},
        )


def _sealed(key: SubjectKey, record: str) -> bytes:
    return key.seal(record.encode(), "record")


def _hide(ledger: sa.Connection, sealer: Sealer, table: str, column: str, use: str) -> None:
    found = sa.text(f"SELECT id, {column} AS hash FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608  # fixed names
    keyed = [{"id": row.id, "hash": sealer.hidden(use, row.hash)} for row in ledger.execute(found)]
    if keyed:
        ledger.execute(sa.text(f"UPDATE {table} SET {column} = :hash WHERE id = :id"), keyed)  # noqa: S608


def _swap() -> None:
    for table, column in (("work_items", "salt"), ("work_items", "record"), ("intake", "record")):
        op.drop_column(table, column)
        op.execute(f"ALTER TABLE {table} RENAME COLUMN sealed_{column} TO {column}")
