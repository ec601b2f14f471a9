"""`see: text or page`: wait until it is there."""

from rpa.actions.base import Stage


def do(stage: Stage, target: str) -> None:
    """Wait for the text; where it names a page of the map, until that page is in front."""
    if target in stage.session.system.pages:
        stage.session.arrive(target)
    else:
        stage.screen.see(target)
