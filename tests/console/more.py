"""What the stage has not: a record that came again, failures alike, corrections, and a run under way."""

import shutil
from pathlib import Path

from pypdf import PdfWriter

from rpa.audit.entry import Actor
from rpa.deciding import correct
from rpa.dispatcher import dispatch
from rpa.project import Project
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Status
from tests.console.stage import BOT, CLAIMS, CLERK, walk

AMOUNT = "topmostSubform[0].Page1[0].f1_08[0]"
NUMBER, MEMBER = (AMOUNT.replace("f1_08", box) for box in ("f1_01", "f1_02"))
"""The fields of the form that are filled in otherwise the second time."""


def more(project: Project) -> None:
    """Let a record come again, changed, a run be under way, and people have done what they can do."""
    form = PdfWriter(clone_from=CLAIMS / "claim_04.pdf")
    form.update_page_form_field_values(form.pages[0], {AMOUNT: "$1,940.00"})
    form.write(inbox(project) / "again.pdf")
    twin = PdfWriter(clone_from=CLAIMS / "claim_03.pdf")
    twin.update_page_form_field_values(twin.pages[0], {NUMBER: "CL-100903"})
    with project.store(CLERK) as store:
        run = store.start_run(BOT, project.library.digest(BOT), "person:olive")
        dispatch(project.drafts(project.bot(BOT)), run, store)
        for number in ("07", "08", "09", "10"):
            shutil.copy2(CLAIMS / f"claim_{number}.pdf", inbox(project))
        twin.write(inbox(project) / "twin.pdf")
        dispatch(project.drafts(project.bot(BOT)), run, store)
        fail_alike(project, store)
        change(project, store)


def inbox(project: Project) -> Path:
    return project.folder / "inbox" / "claims"


def fail_alike(project: Project, store: Store) -> None:
    """Let two more fail for the reason for which one has failed already."""
    with Owner.hold(project.settings.state_folder) as owner:
        taken = [store.reserve(owner, ["benefits"]) for _ in range(4)]
        for one in taken[:2]:
            assert one is not None
            store.release(one.transaction, owner)
        for one in taken[2:]:
            assert one is not None
            walk(project, store, owner, one.transaction, Status.FAILED)


def change(project: Project, store: Store) -> None:
    """Let a correction be made, another one wait for an approver, and somebody say what is wrong."""
    olive = Actor(kind="person", id="olive", name="Olive Reyes")
    for item, amount in ((5, "$641.00"), (9, "$4,900.00")):
        one, why = store.work_item(item), "Read the amount on the paper again"
        correct(project, store, one, {"amount": amount}, person=olive, reason=why, revision=1)
    rejected = store.work_item(6)
    about = store.transactions(rejected.id)[0].reason or ""
    store.acting(olive).feedback.give(BOT, "A supervisor had signed it", about=about, item=rejected)
