"""The Python actions of the small right bot."""

from typing import Any

from rpa.actions.base import Stage
from rpa.actions.custom import action


@action("desk.note")
def note(stage: Stage, target: Any) -> None:
    """Write a note into the margin."""
    stage.screen.fill(stage.values({"Note": target}))
