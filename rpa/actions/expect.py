"""`expect: {Field: value}`: read back what the system holds."""

import time
from collections.abc import Mapping

from rpa.actions.base import Stage

PATIENCE = 2.0
"""Seconds for which something else is looked at again: a page may fetch what it shows after it has come."""

PAUSE = 0.1
"""Seconds between two looks."""


def do(stage: Stage, target: Mapping[str, str]) -> None:
    """Read the fields in one call and note for each whether it is the same. The performer judges.

    What differs once differs: a field of the same name on a later page does not make it good.
    """
    values = stage.values(target)
    ends = time.monotonic() + PATIENCE
    while True:
        shown = stage.screen.read(list(target))
        same = {name: value.agrees(shown[name]) for name, value in values.items()}
        if all(same.values()) or time.monotonic() > ends:
            break
        time.sleep(PAUSE)
    stage.name(stage.compared, target)
    for name, agrees in same.items():
        stage.verdicts[name] = "same" if agrees and stage.verdicts.get(name) != "differs" else "differs"
