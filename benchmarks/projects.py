"""A project in a folder of its own, and the real engine at work in it."""

import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from rpa.audit.entry import Actor
from rpa.browser.session import Session
from rpa.dispatcher import dispatch
from rpa.order import Order
from rpa.project import Project
from rpa.store.store import Store
from rpa.work import Status
from rpa.worker import Worker

ROOT = Path(__file__).resolve().parents[1]
BENCHMARK = "benchmark"


class Alone:
    """What a worker hears that has no others beside it and everything on its queue."""

    def stop(self) -> bool:
        """Say no."""
        return False

    def no_more_work(self) -> bool:
        """Tell that nothing will come."""
        return True

    def others_failed(self) -> bool:
        """Tell not to wait for others: nobody works for the bot's other systems here."""
        return True


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A bot, the one system that it is measured in, and the project folder that holds both."""

    folder: Path
    bot: str
    system: str

    def copy(self, folder: Path) -> "Desk":
        """Return the same project with the same ledger in another folder, to be worked through from the start."""
        shutil.copytree(self.folder, folder)
        return Desk(folder=folder, bot=self.bot, system=self.system)

    def point_to(self, url: str, credential: tuple[str, str] | None = None) -> None:
        """Say where the system runs, and who signs in there."""
        settings = f'[systems.{self.system}]\nurl = "{url}"\n[secrets]\nstore = "file"\n'
        (self.folder / "rpa.toml").write_text(settings, "utf-8")
        if credential is not None:
            user, password = credential
            secrets = self.folder / "credentials.toml"
            secrets.touch(mode=0o600)
            secrets.write_text(f'[{self.system}]\nusername = "{user}"\npassword = "{password}"\n', "utf-8")

    def take_in(self) -> float:
        """Read the documents onto the ledger; return the milliseconds."""
        project = Project(self.folder)
        bot = project.bot(self.bot)
        started = time.perf_counter()
        with project.store() as store:
            run = store.start_run(self.bot, project.library.digest(self.bot), BENCHMARK)
            dispatch(project.drafts(bot), run, store)
        return elapsed(started)

    def work(self, browser: Browser) -> float:
        """Enter everything that waits on the ledger, in one session of *browser*; return the milliseconds.

        The session's sign-in is not in them where the system asks for a credential: a clerk signs in once a day.
        """
        project = Project(self.folder)
        actor = Actor(kind="bot", id=self.bot, name=self.bot)
        system = project.system(self.system)
        order = Order(folder=self.folder, bot=self.bot, system=self.system)
        with (
            project.store(actor) as store,
            store.hold() as owner,
            Session(browser, system, project.credential(system)) as session,
        ):
            if system.credential is not None:
                session.sign_in()
            slot = store.slot(self.system, 0)
            worker = Worker(order, project, store, owner, slot, Alone())
            worker.seat.take(session)
            started = time.perf_counter()
            try:
                worker.work()
            finally:
                took = elapsed(started)
                _require_all_confirmed(store, self)  # says why, where the worker gave up
        return took


def lay_out(folder: Path, *, bot: Path, systems: Iterable[Path], inbox: Iterable[Path]) -> None:
    """Lay a project out as an office has it: the bot, the page maps, and what came in."""
    (folder / "bots" / "systems").mkdir(parents=True)
    (folder / "inbox").mkdir()
    shutil.copy2(bot, folder / "bots")
    for system in systems:
        shutil.copy2(system, folder / "bots" / "systems")
    for document in inbox:
        shutil.copy2(document, folder / "inbox")


def elapsed(started: float) -> float:
    """Return the milliseconds since *started*, a time of `time.perf_counter`."""
    return (time.perf_counter() - started) * 1000


def _require_all_confirmed(store: Store, desk: Desk) -> None:
    for item in store.work_items(desk.bot):
        for one in store.transactions(item.id):
            if one.system == desk.system and one.status is not Status.CONFIRMED:
                raise RuntimeError(f"{item.reference} in {one.entry} is {one.status}: {one.reason}")
