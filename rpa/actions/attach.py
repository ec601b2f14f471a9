"""`attach: {Field: $document}`: give a document to a file field."""

from collections.abc import Mapping

from rpa.actions.base import Stage
from rpa.definitions.step import REFERENCE


def do(stage: Stage, target: Mapping[str, str]) -> None:
    """Attach the stored copy, under the name that the document came with."""
    for field, reference in target.items():
        match = REFERENCE.fullmatch(reference)
        if match is None:
            raise ValueError(f"{field}: attach takes a $document")
        stage.attach(field, stage.document(match[1]))
        stage.meant.setdefault(stage.screen.name, {})[field] = match[1]
        stage.name(stage.written, [field])
