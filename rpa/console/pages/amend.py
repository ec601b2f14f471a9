"""*Correct a record before the start*: what was misread is put right while nothing of it is on the ledger yet."""

from starlette.responses import Response

from rpa.console.amendments import Amendment, amend, amendments, withdraw
from rpa.console.pages.fix import form, said_of
from rpa.console.pages.start import bot_of, upload_of
from rpa.console.visit import UNPROCESSABLE, Visit
from rpa.deciding import NOTHING
from rpa.intake.correction import CannotBeError, corrected
from rpa.intake.drafts import Draft


def show(visit: Visit) -> Response:
    """Show what can be corrected, as it was read, or as somebody has corrected it."""
    draft = _draft(visit)
    known = amendments(upload_of(visit)).get((draft.document.sha256, draft.place))
    return _page(visit, draft, dict(known.texts) if known else {})


def save(visit: Visit) -> Response:
    """Keep the correction until the start; or say what is wrong with it."""
    draft, upload, said = _draft(visit), upload_of(visit), said_of(visit)
    if not visit.said("reason"):
        return _page(visit, draft, said, status=UNPROCESSABLE, problem="reason")
    papers = visit.house.project.papers(bot_of(visit, upload), upload.kept)
    try:
        record = corrected(papers, draft.record, said)
    except CannotBeError as wrong:
        return _page(visit, draft, said, wrong, status=UNPROCESSABLE)
    if record.fingerprint == draft.record.fingerprint:
        if withdraw(upload, draft.document.sha256, draft.place):
            return visit.to(f"/start/{upload.token}")
        return _page(visit, draft, said, CannotBeError(rest=NOTHING), status=UNPROCESSABLE)
    amend(upload, Amendment(draft.document.sha256, draft.place, draft.reference, said, visit.said("reason")))
    return visit.to(f"/start/{upload.token}")


def _draft(visit: Visit) -> Draft:
    """Return the record that the address names; raise `LookupError` where there is none to be corrected."""
    upload = upload_of(visit)
    bot, previews = bot_of(visit, upload), visit.house.previews
    draft = previews.one(visit.house.project, bot, upload, visit.asked("document"), visit.asked("place"))
    if bot.record.reference not in draft.record.fields:
        raise LookupError("its reference could not be read")
    return draft


def _page(
    visit: Visit,
    draft: Draft,
    said: dict[str, str],
    wrong: CannotBeError | None = None,
    *,
    status: int = 200,
    problem: str | None = None,
) -> Response:
    upload = upload_of(visit)
    return form(
        visit,
        bot_of(visit, upload),
        draft.record,
        said,
        wrong or CannotBeError(),
        problem=problem,
        personal=True,
        status=status,
        reference=draft.reference,
        can=True,
        action=f"{visit.request.url.path}?{visit.request.url.query}",
        back=f"/start/{upload.token}",
        told={},
        pages=[],
        before_start=True,
    )
