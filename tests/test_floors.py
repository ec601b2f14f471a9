"""The house stands: imports go downward only, no circle, and each heavy library has one room."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = [
    {
        "rpa.calendar",
        "rpa.clock",
        "rpa.errors",
        "rpa.pattern",
        "rpa.people",
        "rpa.uptime",
        "rpa.urgency",
        "rpa.url",
        "rpa.words",
    },
    {
        "rpa.definitions",
        "rpa.occurrence",
        "rpa.order",
        "rpa.work",
        "rpa.documents",
        "rpa.fields",
        "rpa.secrets",
        "rpa.settings",
    },
    {"rpa.doubt", "rpa.expressions", "rpa.starts", "rpa.timetable"},
    {"rpa.browser", "rpa.records", "rpa.rules", "rpa.audit"},
    {"rpa.keeping"},
    {"rpa.actions", "rpa.approval", "rpa.store", "rpa.intake"},
    {"rpa.case"},
    {"rpa.dispatcher", "rpa.performer", "rpa.project"},
    {
        "rpa.deciding",
        "rpa.erasing",
        "rpa.leftovers",
        "rpa.production",
        "rpa.results",
        "rpa.slots",
        "rpa.staging",
        "rpa.steering",
        "rpa.telemetry",
        "rpa.watchdog",
    },
    {"rpa.rehearsal", "rpa.seat"},
    {"rpa.worker"},
    {"rpa.engines"},
    {"rpa.runner"},
    {"rpa.notices", "rpa.triggers"},
    {"rpa.console"},
    {"rpa.service"},
    {"rpa.cli"},
]
"""From the ground up; a room may import what stands on lower floors, and itself."""

ALONE = {
    "playwright": {"rpa.browser"},
    "rapidfuzz": {"rpa.store"},
    "sqlalchemy": {"rpa.store"},
    "alembic": {"rpa.store"},
    "psycopg": {"rpa.store"},
    "procrastinate": {"rpa.engines", "rpa.store"},
    "obstore": {"rpa.keeping"},
    "openpyxl": {"rpa.documents", "rpa.results"},
    "compressed_rtf": {"rpa.documents"},
    "olefile": {"rpa.documents"},
    "oxmsg": {"rpa.documents"},
    "python_calamine": {"rpa.documents"},
    "xlrd": {"rpa.documents"},
    "pdfplumber": {"rpa.documents"},
    "pypdf": {"rpa.documents"},
    "pypdfium2": {"rpa.documents"},
    "cel_expr_python": {"rpa.expressions"},
    "apprise": {"rpa.notices"},
    "watchfiles": {"rpa.triggers"},
    "imap_tools": {"rpa.triggers"},
    "apscheduler": {"rpa.service"},
    "prometheus_client": {"rpa.service"},
    "structlog": {"rpa.service"},
    "uvicorn": {"rpa.console", "rpa.service"},
    "cronsim": {"rpa.calendar"},
    "holidays": {"rpa.calendar"},
    "re2": {"rpa.pattern"},
    "opentelemetry": {"rpa.telemetry"},
    "psutil": {"rpa.browser"},
    "rich": {"rpa.cli"},
    "argon2": {"rpa.console"},
    "authlib": {"rpa.console"},
    "joserfc": {"rpa.console"},
    "requests": {"rpa.console"},
    "pyotp": {"rpa.console"},
    "segno": {"rpa.console"},
    "jinja2": {"rpa.console"},
    "starlette": {"rpa.console", "rpa.service"},
}
"""Who may import a heavy or dangerous library."""

FILES = sorted((ROOT / "rpa").rglob("*.py"))

OWN_CLOCK = {
    "rpa.approval",
    "rpa.audit.newkey",
    "rpa.cli.schedule",
    "rpa.cli.subjects",
    "rpa.clock",
    "rpa.console.pages.approvals",
    "rpa.console.pages.evidence",
    "rpa.console.pages.fix",
    "rpa.console.pages.items",
    "rpa.console.pages.waiting",
    "rpa.expressions",
    "rpa.service.child",
    "rpa.service.clock",
    "rpa.service.service",
    "rpa.triggers.arrivals",
    "rpa.triggers.folder",
    "rpa.triggers.mailbox",
    "rpa.triggers.threshold",
}
"""Go by this machine's own clock: for what is theirs alone, to name and sort what comes, or to the day."""


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room(name: str) -> str:
    return ".".join(name.split(".")[:2])


def floor(name: str) -> int:
    found = [number for number, rooms in enumerate(FLOORS) if room(name) in rooms]
    assert found, f"{room(name)} stands on no floor"
    return found[0]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def ours(path: Path) -> Iterator[str]:
    return (name for name in imports(path) if name.startswith("rpa."))


@pytest.mark.parametrize("path", [path for path in FILES if module(path) != "rpa"], ids=module)
def test_a_room_imports_only_what_stands_below_it(path: Path) -> None:
    name = module(path)

    assert [one for one in ours(path) if room(one) != room(name) and floor(one) >= floor(name)] == []


@pytest.mark.parametrize("path", FILES, ids=module)
def test_a_library_is_imported_in_its_room_alone(path: Path) -> None:
    for name in imports(path):
        allowed = ALONE.get(name.split(".")[0])
        assert allowed is None or room(module(path)) in allowed, f"{module(path)} imports {name}"


def test_no_further_file_goes_by_a_clock_that_another_machine_need_not_have() -> None:
    asks = {module(path) for path in FILES if "datetime.now(" in path.read_text("utf-8")}

    assert asks - OWN_CLOCK == set(), "use rpa.clock: these times may be compared with the ledger's"


def test_no_file_imports_itself_in_a_circle() -> None:
    graph = {module(path): set(ours(path)) for path in FILES}
    finished: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, f"a circle: {' → '.join((*way, name))}"
        if name not in finished:
            for other in graph.get(name, ()):
                walk(other, (*way, name))
            finished.add(name)

    for name in graph:
        walk(name, ())
