"""`keep: {name: Field}`: remember what the system shows, as part of the receipt."""

from collections.abc import Mapping

from rpa.actions.base import Stage
from rpa.errors import NotOnScreen


def do(stage: Stage, target: Mapping[str, str]) -> None:
    """Read the fields in one call; a blank one is no receipt."""
    shown = stage.screen.read(list(target.values()))
    for name, field in target.items():
        if not shown[field].strip():
            raise NotOnScreen(f"{stage.screen.name}: {field} is blank, so there is no {name} to keep")
        stage.kept[name] = shown[field].strip()
