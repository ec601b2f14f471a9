"""`open: Page`: go to a page of the system."""

from rpa.actions.base import Stage


def do(stage: Stage, target: str) -> None:
    """Go to the page, signing in first where the system asks for it."""
    stage.forget()
    stage.session.open(target)
