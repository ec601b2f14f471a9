"""The service's answers, described for programs (OpenAPI 3.1)."""

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from rpa.triggers.upload import KEY

_STRING = {"type": "string"}
_FILES = {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}}
_START = {
    "type": "object",
    "properties": {
        "address": {"type": "string", "description": "Where its state can be asked for."},
        "name": {"type": "string", "description": "The schedule or trigger."},
        "nominal": {"type": "string", "description": "What it is for: a local time, or what came."},
        "bot": _STRING,
        "due": {"type": "string", "format": "date-time"},
        "state": {
            "enum": ["waiting", "running", "done", "failed", "missed", "skipped", "replaced"],
        },
        "reason": {"type": ["string", "null"]},
        "run": {"type": ["integer", "null"], "description": "Number of its run, once it has ended."},
    },
}


def described(triggers: Iterable[str]) -> dict[str, Any]:
    """Return the description, with these triggers that take uploads."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Keyonce", "version": version("keyonce")},
        "paths": {
            "/triggers/{name}": {"post": _upload(sorted(triggers))},
            "/runs/{name}/{nominal}": {"get": _run()},
            "/health": {"get": _plain("Whether the clock runs and every trigger looks.", "503")},
            "/ready": {"get": _plain("Whether work is done, and what is unavailable.", "503")},
            "/metrics": {"get": _plain("Figures for Prometheus.")},
        },
        "components": {
            "schemas": {"Start": _START},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _upload(triggers: list[str]) -> dict[str, Any]:
    key = {"type": "string", "pattern": f"^{KEY.pattern}$"}
    form = {"type": "object", "required": ["file"], "properties": {"file": _FILES}}
    start = {"application/json": {"schema": {"$ref": "#/components/schemas/Start"}}}
    return {
        "summary": "Upload files; a run of the trigger's bot reads them.",
        "security": [{"token": []}],
        "parameters": [
            _parameter("name", "path", {"type": "string", "enum": triggers}),
            _parameter("Idempotency-Key", "header", key),
        ],
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}},
        "responses": {
            "202": {"description": "Taken; a run will be started.", "content": start},
            "200": {"description": "Taken before, with this key.", "content": start},
            "400": {"description": "A file or the key can't be used."},
            "401": {"description": "No such trigger, or not its token."},
            "411": {"description": "Its length is not said."},
            "413": {"description": "It is too large."},
            "422": {"description": "The key came before with other files."},
            "503": {"description": "The ledger can't be written now; send it again."},
        },
    }


def _run() -> dict[str, Any]:
    start = {"application/json": {"schema": {"$ref": "#/components/schemas/Start"}}}
    return {
        "summary": "What became of a start.",
        "parameters": [_parameter("name", "path", _STRING), _parameter("nominal", "path", _STRING)],
        "responses": {"200": {"description": "Found.", "content": start}, "404": {"description": "None such."}},
    }


def _plain(summary: str, *others: str) -> dict[str, Any]:
    answers = {"200": {"description": "Yes."}} | {code: {"description": "No."} for code in others}
    return {"summary": summary, "responses": answers}


def _parameter(name: str, place: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": True, "schema": schema}
