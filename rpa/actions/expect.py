"""`expect: {Field: value}`: read back what the system holds."""

from collections.abc import Mapping

from rpa.actions.base import Stage


def do(stage: Stage, target: Mapping[str, str]) -> None:
    """Read the fields in one call and note for each whether it is the same. The performer judges."""
    values = stage.values(target)
    shown = stage.screen.read(list(target))
    for name, value in values.items():
        stage.verdicts[name] = "same" if value.agrees(shown[name]) else "differs"
