"""The address at which programs upload files: who may, how much, and what is answered."""

from collections.abc import Mapping
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rpa.errors import BusinessException, RpaError
from rpa.service.told import address, told
from rpa.triggers.upload import OtherContent, Upload
from rpa.words import whole_number

LARGEST = 50 * 2**20
"""Bytes that one upload may have."""

MOST = 100
"""Files that one upload may have."""

KEY = "Idempotency-Key"


class Uploading(Protocol):
    """Who knows the triggers that take uploads."""

    @property
    def uploads(self) -> Mapping[str, Upload]:
        """By the trigger's name."""
        ...


class Knowing(Protocol):
    """The service, as far as it is needed here."""

    @property
    def arriving(self) -> Uploading:
        """What looks after the triggers."""
        ...


class Uploads:
    """Takes `POST /triggers/NAME`: files as multipart/form-data, a bearer token, and an idempotency key."""

    def __init__(self, service: Knowing) -> None:
        self._service = service

    async def take(self, request: Request) -> Response:
        """Take an upload: 202 with the start's address, 200 where it came before."""
        try:
            upload = await run_in_threadpool(self._allowed, request)
            files = await _files(request)
            one, is_new = await run_in_threadpool(upload.take, request.headers.get(KEY, ""), files)
        except OtherContent as error:
            return _refused(422, str(error))
        except BusinessException as error:
            return _refused(400, str(error))
        except HTTPException as error:
            return _refused(error.status_code, error.detail)
        except RpaError as error:
            return _refused(503, str(error))
        return JSONResponse(told(one), 202 if is_new else 200, {"Location": address(one)})

    def _allowed(self, request: Request) -> Upload:
        """Return what takes the upload; nothing tells a stranger which triggers there are."""
        upload = self._service.arriving.uploads.get(request.path_params["name"])
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if upload is None or kind.casefold() != "bearer" or not upload.knows(token):
            raise HTTPException(401, "this needs a trigger that takes uploads, and its token")
        length = whole_number(request.headers.get("Content-Length", ""))
        if length is None:
            raise HTTPException(411, "say how long it is")
        if length > LARGEST:
            raise HTTPException(413, f"an upload has {LARGEST // 2**20} MiB at most")
        return upload


async def _files(request: Request) -> list[tuple[str, bytes]]:
    async with request.form(max_files=MOST, max_fields=MOST) as form:
        parts = [part for part in form.getlist("file") if isinstance(part, UploadFile)]
        return [(part.filename or "", await part.read()) for part in parts]


def _refused(status: int, reason: str) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None  # noqa: PLR2004  # as RFC 9110 asks
    return JSONResponse({"reason": reason}, status, headers)
