"""*Systems*: which are open, which are paused and why; pause and resume."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.responses import Response

from rpa import clock
from rpa.console.roles import RESUMES
from rpa.console.visit import CONFLICT, UNPROCESSABLE, Visit
from rpa.definitions.system import System
from rpa.errors import BusinessException, DefinitionError
from rpa.project import Project
from rpa.store.systems import SystemState


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One system on the page; *opens* is when it opens where it is closed now, *broken* why it can't be used."""

    name: str
    system: System | None
    state: SystemState | None
    opens: datetime | None
    broken: str

    @property
    def word(self) -> str:
        """How it stands, in one word of the texts."""
        if self.system is None:
            return "broken"
        if self.state is not None and self.state.paused is not None:
            return "paused"
        return "closed" if self.opens is not None else "open"


def show(visit: Visit) -> Response:
    """List the systems."""
    return _page(visit)


def resume(visit: Visit) -> Response:
    """Let a system's work go on."""
    return _changed(visit, visit.store.resume_system)


def pause(visit: Visit) -> Response:
    """Let a system's work wait."""
    return _changed(visit, visit.store.pause_system)


def _changed(visit: Visit, change: Any) -> Response:
    name, reason = visit.request.path_params["system"], visit.said("reason")
    if name not in visit.house.project.library.systems:
        raise LookupError(f"no system is called {name}")
    if not reason:
        return _page(visit, status=UNPROCESSABLE, problem="reason", about=name)
    try:
        change(name, reason)
    except BusinessException:
        return _page(visit, status=CONFLICT, problem="changed", about=name)
    return visit.to("/systems")


def _page(visit: Visit, *, status: int = 200, problem: str | None = None, about: str = "") -> Response:
    project, states = visit.house.project, {state.system: state for state in visit.store.systems()}
    found = [_shown(project, name, states.get(name)) for name in sorted(project.library.systems)]
    return visit.page(
        "systems.html",
        status=status,
        systems=found,
        may_change=visit.may(*RESUMES),
        problem=problem,
        about=about,
    )


def _shown(project: Project, name: str, state: SystemState | None) -> Shown:
    try:
        system = project.system(name)
    except DefinitionError as error:
        return Shown(name=name, system=None, state=state, opens=None, broken=_first(error))
    return Shown(name=name, system=system, state=state, opens=system.opens(clock.now()), broken="")


def _first(error: DefinitionError) -> str:
    return error.problems[0].message if error.problems else str(error)
