"""A project with something in every state, made without a browser, and its console on a free port."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

from rpa.audit.entry import Actor
from rpa.console.app import console
from rpa.console.house import opened
from rpa.console.passwords import hashed
from rpa.console.serving import public, server_of
from rpa.dispatcher import dispatch
from rpa.people import Role
from rpa.project import Project
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.timetable import plan
from rpa.work import Receipt, Status, Transaction

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = ROOT / "fixtures" / "forms" / "claims"
BOT = "claims-intake"
PASSWORD = "seven green lamps at noon"  # noqa: S105  # of made-up people on this machine
PEOPLE = {
    "olive": ("Olive Reyes", {Role.OPERATOR}),
    "otto": ("Otto Lind", {Role.OPERATOR}),
    "pia": ("Pia Holm", {Role.APPROVER}),
    "vic": ("Vic Stone", {Role.VIEWER}),
    "ada": ("Ada Byrne", {Role.AUDITOR}),
    "amy": ("Amy Frost", {Role.ADMIN}),
}
CLERK = Actor(kind="person", id="maria", name="Maria Lopez")
BROKEN = "bot: letters\nabout: Enter each letter.\nowner: mail-room@county.example\ndocuments: {}\n"
SCHEDULES = {
    "claims-noon": "about: Enter what came in the morning.\ncron: 0 12 * * *\ntimezone: America/Chicago\n",
    "claims-still": "cron: 30 17 * * *\ntimezone: America/Chicago\n",
    "claims-wrong": "cron: 0 12 * * never\ntimezone: America/Chicago\n",
}
FOUR_EYES = "four_eyes: {when: 'amount > money(\"4000.00\")', personal: true}\n"
WAYS = {
    Status.IN_DOUBT: (Status.IN_PROGRESS, Status.SUBMITTING, Status.IN_DOUBT),
    Status.CONFIRMED: (Status.IN_PROGRESS, Status.SUBMITTING, Status.CONFIRMED),
    Status.FAILED: (Status.IN_PROGRESS, Status.FAILED),
}
SAID = {
    Status.IN_DOUBT: "Not found 30 s after it was sent; the search showed: No claims match.",
    Status.FAILED: "Sign in: the page did not come within 20 s",
}


def make_project(folder: Path, *, claims: int = 5) -> Project:
    """Lay out the project, read its documents and bring each transaction to another end; return it."""
    inbox = folder / "inbox" / "claims"
    inbox.mkdir(parents=True)
    shutil.copy2(CLAIMS / "roster.xlsx", inbox.parent / "roster.xlsx")
    for form in sorted(CLAIMS.glob("claim_*.pdf"))[:claims]:
        shutil.copy2(form, inbox / form.name)
    (inbox / "torn.pdf").write_bytes(b"%PDF-1.7 and nothing behind it")
    systems = folder / "bots" / "systems"
    systems.mkdir(parents=True)
    bot = (ROOT / "bots" / "claims_intake.yaml").read_text("utf-8")
    (systems.parent / "claims_intake.yaml").write_text(bot + FOUR_EYES, "utf-8")
    (systems.parent / "letters.yaml").write_text(BROKEN)
    for name in ("benefits", "payments"):
        shutil.copy2(ROOT / "bots" / "systems" / f"{name}.yaml", systems)
    (folder / "schedules").mkdir()
    for name, text in SCHEDULES.items():
        (folder / "schedules" / f"{name}.yaml").write_text(f"schedule: {name}\nbot: {BOT}\n{text}")
    project = Project(folder)
    with project.store(CLERK) as store:
        add_people(store)
        let_times_pass(project, store)
        run = store.start_run(BOT, project.library.digest(BOT), "person:maria")
        dispatch(project.drafts(project.bot(BOT)), run, store)
        if claims:
            work(project, store)
        store.finish_run(run, {"benefits confirmed": 1})
        store.pause_system("payments", "The county says that it is closed for maintenance.")
    return project


def add_people(store: Store) -> None:
    password = hashed(PASSWORD, "somebody")
    for user_id, (name, roles) in PEOPLE.items():
        store.accounts.add(user_id, name, roles, password)


def work(project: Project, store: Store) -> None:
    """Bring one transaction of benefits to each end, with a picture as evidence where it was sent."""
    with Owner.hold(project.settings.state_folder) as owner:
        for status in (Status.IN_DOUBT, Status.FAILED, Status.CONFIRMED):
            taken = store.reserve(owner, ["benefits"])
            assert taken is not None
            walk(project, store, owner, taken.transaction, status)


def walk(project: Project, store: Store, owner: Owner, one: Transaction, status: Status) -> None:
    for step in WAYS[status]:
        last = step is status
        receipt = receipt_of(project, status) if last and status is not Status.FAILED else None
        one = store.move(one, step, owner, reason=SAID.get(status) if last else None, receipt=receipt)


def receipt_of(project: Project, status: Status) -> Receipt:
    picture = project.settings.state_folder / "picture.png"
    Image.new("RGB", (640, 360), (225, 232, 238)).save(picture)
    evidence = (project.evidence.keep(picture.read_bytes()),)
    picture.unlink()
    if status is Status.IN_DOUBT:
        return Receipt(evidence=evidence)
    return Receipt(kept={"receipt": "B-20418"}, verdicts={"Amount": "same", "Plan": "same"}, evidence=evidence)


def let_times_pass(project: Project, store: Store) -> None:
    """Let no service have been there for some days: the schedules have times that were missed, or skipped."""
    noon, still = (project.schedules.get(name) for name in ("claims-noon", "claims-still"))
    store.occurrences.fire([plan(noon), plan(still)], datetime.now(UTC) - timedelta(days=3))
    store.occurrences.pause(still.schedule, "The scanner is being repaired.")
    store.occurrences.fire([plan(noon), plan(still)], datetime.now(UTC))


ONLINE = """\
trigger: claims-online
bot: claims-intake
document: claim
files: '*.pdf'
folder: {path: arrivals/online}
"""
PUBLIC = """
[console.intake]
{takes}
fact = "{fact}"
port = 0
[console.intake.words.en]
title = "Claims, Made-up County"
contact = "Call 555-0100, Monday to Friday, 8 to 5."
last_four_of = "your member ID"
[console.intake.words.es]
title = "Reclamos, Condado Inventado"
contact = "Llame al 555-0100, de lunes a viernes, de 8 a 5."
last_four_of = "su número de miembro"
"""


def open_to_public(folder: Path, *, takes: str = 'trigger = "claims-online"', fact: str = "birth_date") -> None:
    """Have the project in *folder* take forms on the public page."""
    (folder / "triggers").mkdir(exist_ok=True)
    (folder / "triggers" / "online.yaml").write_text(ONLINE, "utf-8")
    settings = folder / "rpa.toml"
    before = settings.read_text("utf-8") if settings.exists() else ""
    settings.write_text(before + PUBLIC.format(takes=takes, fact=fact), "utf-8")


@contextmanager
def served_to_public(folder: Path) -> Iterator[str]:
    """Serve the project's public page on a free port; give its address."""
    with opened(folder) as house, public(house) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the project's console on a free port; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener, console(folder) as app:
        server = server_of(app, Project(folder))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
