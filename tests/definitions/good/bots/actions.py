"""The Python actions of this project."""

from typing import Any

from rpa.actions.base import Stage
from rpa.actions.custom import action


@action("county.stamp")
def stamp(stage: Stage, target: Any) -> None:
    """Enter the clerk's initials where the registry wants a stamp."""
    stage.screen.fill(stage.values({"Stamp": target["initials"]}))
