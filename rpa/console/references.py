"""What a record is called: by its reference, or where that could not be read, by the file that staff know."""

import re
from collections.abc import Callable

from rpa.store.store import Store

NAMELESS = re.compile(r"([0-9a-f]{12}) (.+)")
"""What stands for a reference that could not be read: where the document's SHA-256 begins, and the place in it."""


def called(store: Store, say: Callable[[str], str], bot: str, reference: str) -> str:
    """Return the reference; or the name of the file and the place in it, as *say* says that to the reader."""
    found = NAMELESS.fullmatch(reference)
    name = store.document_called(bot, found[1]) if found is not None else None
    return reference if found is None or name is None else f"{name}, {say(found[2])}"
