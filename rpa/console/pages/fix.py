"""*Correct a record*: staff put right what was misread or wrongly written, and it is sent again."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from rpa.console.figures import field_of
from rpa.console.pages.items import REVEALED
from rpa.console.values import Fixable, fixable
from rpa.console.visit import CONFLICT, UNPROCESSABLE, Visit
from rpa.deciding import correct
from rpa.definitions.bot import Bot
from rpa.errors import BusinessException
from rpa.intake.correction import CannotBeError
from rpa.records import Record
from rpa.store.accounts import actor_of
from rpa.words import whole_number
from rpa.work import WorkItem

FIELD = "field-"
"""Before the name of a field in the form and in addresses."""


def show(visit: Visit) -> Response:
    """Show what can be corrected."""
    return _page(visit, visit.store.work_item(visit.number("item")))


def save(visit: Visit) -> Response:
    """Write the correction down; or say what is wrong with it, or who was quicker."""
    item = visit.store.work_item(visit.number("item"))
    said = said_of(visit)
    if not visit.said("reason"):
        return _page(visit, item, status=UNPROCESSABLE, said=said, problem="reason")
    try:
        correct(
            visit.house.project,
            visit.store,
            item,
            said,
            person=actor_of(visit.user),
            reason=visit.said("reason"),
            revision=whole_number(visit.said("revision")) or 0,
        )
    except CannotBeError as wrong:
        return _page(visit, item, status=UNPROCESSABLE, said=said, wrong=wrong)
    except BusinessException as error:
        # What it says of the fields is how they stand now: what was typed was typed upon something else.
        return _page(visit, item, status=CONFLICT, problem=error.field or "refused")
    token = visit.asked(REVEALED)
    return visit.to(f"/work/{item.id}" + (f"?{REVEALED}={token}" if token else ""))


def said_of(visit: Visit) -> dict[str, str]:
    """Return what was typed, by field."""
    names = [name for name in visit.form if name.startswith(FIELD)]
    return {name.removeprefix(FIELD): visit.said(name) for name in names}


def _page(
    visit: Visit,
    item: WorkItem,
    *,
    status: int = 200,
    said: dict[str, str] | None = None,
    wrong: CannotBeError | None = None,
    problem: str | None = None,
) -> Response:
    token = visit.asked(REVEALED)
    revealed = bool(token) and visit.known.may_see(f"item {item.id}", token, datetime.now(UTC))
    record, bot = Record.from_json(item.record), visit.house.project.bot(item.bot)
    shown = f"?{REVEALED}={token}" if revealed else ""
    return form(
        visit,
        bot,
        record,
        said or {},
        wrong or CannotBeError(),
        problem=problem,
        personal=revealed,
        status=status,
        reference=item.reference,
        can=bot.record.reference in record.fields and item.erased is None,
        action=f"/work/{item.id}/fix{shown}",
        back=f"/work/{item.id}{shown}",
        told={"revision": item.revision},
        paper=f"/work/{item.id}/page",
        revealed=token,
        pages=_pages(record) if revealed else [],
        before_start=False,
    )


def form(  # the record, what was said of it, and what is wrong with that
    visit: Visit,
    bot: Bot,
    record: Record,
    said: dict[str, str],
    wrong: CannotBeError,
    *,
    problem: str | None,
    personal: bool,
    **values: Any,
) -> Response:
    """Answer with the form of a correction; *values* say of what."""
    fields = fixable(record, bot, said, wrong.fields, personal=personal)
    if wrong.rest:
        fields, wrong = _at_field(bot, fields, wrong)
    return visit.page(
        "fix.html",
        fields=fields,
        problems=list(_problems(fields, wrong, problem)),
        reason=visit.said("reason"),
        reason_wrong=problem == "reason",
        hidden=any(field.text is None for field in fields),
        **values,
    )


def _at_field(bot: Bot, fields: list[Fixable], wrong: CannotBeError) -> tuple[list[Fixable], CannotBeError]:
    """Tell what a rule says at the field that it is about, where that is one that can be corrected here."""
    about = field_of(bot, wrong.rest)
    if not any(field.title == about and field.text is not None for field in fields):
        return fields, wrong
    told = [replace(field, problem=wrong.rest) if field.title == about else field for field in fields]
    return told, CannotBeError(wrong.fields)


def _problems(fields: list[Fixable], wrong: CannotBeError, problem: str | None) -> Any:
    """Yield for the summary of errors: the id of what is wrong, its title, and the words or their name."""
    for field in fields:
        if field.problem:
            yield f"{FIELD}{field.name}", field.title, field.problem
    if wrong.rest:
        yield "", "", wrong.rest
    if problem is not None:
        yield "reason" if problem == "reason" else "", problem, ""


def _pages(record: Record) -> list[tuple[str, int]]:
    """Return the pages of documents on which values stand: (document, page)."""
    names = {attached.sha256: name for name, attached in record.documents.items()}
    sources = [value.source for value in record.fields.values() if value.source is not None]
    return sorted(
        {(names[at.document], at.page) for at in sources if at.page is not None and at.document in names}
    )
