"""The nine attacks: each rewrites history with all that its attacker has, and hides it as well as that allows."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rpa.audit.checkpoint import Checkpoint
from rpa.audit.keys import private_key
from rpa.audit.tree import Tree, leaf_hash
from tests.attacks.scene import PARTS, Scene

FREE = """SELECT name FROM sqlite_master WHERE type = 'trigger'"""


@dataclass(frozen=True)
class Attacker:
    """Somebody who may write every file of the log."""

    connection: sqlite3.Connection
    state: Path
    size: int

    @property
    def part(self) -> int:
        """How many entries stand between two checkpoints."""
        return self.size // PARTS

    def run(self, statement: str, *values: object) -> None:
        """Change the database."""
        self.connection.execute(statement, values)

    def edit(self, seq: int) -> None:
        """Let an entry say something else."""
        (body,) = self.connection.execute("SELECT body FROM audit_entries WHERE seq = ?", (seq,)).fetchone()
        self.run("UPDATE audit_entries SET body = ? WHERE seq = ?", body.replace(b"meridian", b"payments"), seq)

    def fit(self) -> Tree:
        """Make hashes and head fit the entries as they now are."""
        tree = Tree()
        for seq, body in self.connection.execute("SELECT seq, body FROM audit_entries ORDER BY seq").fetchall():
            self.run("UPDATE audit_entries SET leaf = ? WHERE seq = ?", leaf_hash(body), seq)
            tree = tree.add(leaf_hash(body))
        self.run("UPDATE audit_head SET size = ?, peaks = ?", tree.size, tree.pack())
        return tree

    def cut(self, size: int) -> None:
        """Delete what came later."""
        self.run("DELETE FROM audit_entries WHERE seq > ?", size)

    def forget(self, size: int) -> None:
        """Delete the checkpoints that came later, and what was said of them; the file beside the ledger too."""
        for table in ("checkpoints", "cosignatures"):
            self.run(f"DELETE FROM {table} WHERE size > ?", size)  # noqa: S608  # names of tables
        (self.state / "checkpoint").unlink(missing_ok=True)

    def sign(self) -> None:
        """Sign the log as it now is, with the stolen key."""
        tree, key = self.fit(), private_key(self.state)
        note = Checkpoint(key.name, tree.size, tree.root()).sign(key)
        self.run("INSERT INTO checkpoints VALUES (?, ?, ?)", tree.size, tree.pack(), note.encode())


def edit_a_row(one: Attacker) -> None:
    one.edit(one.part // 2)


def delete_a_row(one: Attacker) -> None:
    one.run("DELETE FROM audit_entries WHERE seq = ?", one.part // 2)


def cut_the_tail(one: Attacker) -> None:
    one.cut(one.size - one.part - one.part // 2)
    one.fit()


def cut_the_tail_and_checkpoints(one: Attacker) -> None:
    one.cut(one.size - 2 * one.part)
    one.forget(one.size - 2 * one.part)
    one.fit()


def edit_and_recompute(one: Attacker) -> None:
    one.edit(one.part // 2)
    one.fit()


def edit_and_forget(one: Attacker) -> None:
    edit_and_recompute(one)
    one.forget(0)


def edit_and_sign(one: Attacker) -> None:
    edit_and_forget(one)
    one.sign()


def rewrite_the_newest(one: Attacker) -> None:
    one.edit(one.size - one.part // 2)
    one.forget(one.size - one.part)
    one.sign()


def restore_a_backup(one: Attacker) -> None:
    """Only the ledger's files are put back by this; `attacked` does it."""


ATTACKS: dict[str, Callable[[Attacker], None]] = {
    "edit a row": edit_a_row,
    "delete a row in the middle": delete_a_row,
    "cut the tail, leave the checkpoints": cut_the_tail,
    "cut the tail and the later checkpoints": cut_the_tail_and_checkpoints,
    "edit a row, recompute all hashes": edit_and_recompute,
    "... and delete the checkpoints": edit_and_forget,
    "... and sign anew with the stolen key": edit_and_sign,
    "rewrite only what is newer than the third checkpoint, and sign": rewrite_the_newest,
    "put yesterday's backup back": restore_a_backup,
}


def attack(made: Scene, state: Path, how: Callable[[Attacker], None]) -> None:
    """Attack the log in *state*."""
    if how is restore_a_backup:
        shutil.rmtree(state)
        shutil.copytree(made.backup, state)
        return
    with closing(sqlite3.connect(state / "ledger.db")) as connection, connection:
        for (trigger,) in connection.execute(FREE).fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        how(Attacker(connection, state, made.size))
