"""Pictures: masked ones of the systems' screens, and pages of documents with the places of the values."""

from datetime import UTC, datetime

from starlette.responses import Response

from rpa.console.pages.items import REVEALED
from rpa.console.visit import Visit
from rpa.errors import DefinitionError, DocumentProblem
from rpa.intake.pictures import page_picture
from rpa.project import Project
from rpa.records import Record

PNG = b"\x89PNG\r\n\x1a\n"


def picture(visit: Visit) -> Response:
    """Answer with a masked picture of a screen, if it belongs to the work item."""
    name = visit.request.path_params["sha256"]
    receipts = [one.receipt for one in visit.store.transactions(visit.number("item"))]
    told = any(name in receipt.evidence for receipt in receipts)
    content = visit.house.project.evidence.read(name) if told else None
    if content is None:
        raise LookupError("there is no such evidence of this work item")
    if content.startswith(PNG):
        return _png(content)
    headers = {"content-disposition": f'attachment; filename="{name[:12]}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


def page(visit: Visit) -> Response:
    """Answer with a page of the record's document and its values' places; only once somebody has said why."""
    item = visit.store.work_item(visit.number("item"))
    if not visit.known.may_see(f"item {item.id}", visit.asked(REVEALED), datetime.now(UTC)):
        raise LookupError("what is personal is not shown without a reason")
    record, project = Record.from_json(item.record), visit.house.project
    attached = record.documents.get(visit.request.path_params["document"])
    if attached is None:
        raise LookupError("the record has no such document")
    try:
        with project.files.fetched(attached.sha256, attached.name) as document:
            return _png(page_picture(record, document, visit.number("page"), _password(project, item.bot)))
    except DocumentProblem as problem:
        if problem.kind != "missing":
            raise
        raise LookupError("the document is not kept any more") from None


def _password(project: Project, bot: str) -> str | None:
    try:
        return project.drafts(project.bot(bot)).password
    except DefinitionError:
        return None


def _png(content: bytes) -> Response:
    return Response(content, media_type="image/png")
