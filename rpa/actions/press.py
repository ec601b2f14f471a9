"""`press: Button`: one press, on the row that was found or on the page."""

from rpa.actions.base import Stage, read_back
from rpa.errors import BusinessException


def do(stage: Stage, target: str) -> None:
    """Read back what was entered, press once, and wait for the page that the map says comes next."""
    meant = read_back(stage, lambda one: one.unread)
    screen, row = stage.screen, stage.row
    on_row = any(target in table.buttons for table in screen.page.tables.values())
    if on_row and row is None:
        raise BusinessException(f"{screen.name}: no row was found on which to press {target}")
    stage.row = None
    came = screen.press(target, row=row if on_row else None, showing=meant)
    refusal = came.refusal() if came.page.refused else None
    if refusal is not None:
        raise BusinessException(f"{stage.session.system.system} says: {refusal}")
