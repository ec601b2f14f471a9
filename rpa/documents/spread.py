"""What stands once on a form, on each line of its table."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rpa.documents.base import Row


def spread(row: Row, lines: Sequence[Row]) -> Iterator[Row]:
    """Yield each of *lines* with what stands once on the form."""
    for line in lines:
        yield replace(
            line,
            cells={**row.cells, **line.cells},
            missing={**row.missing, **line.missing},
            errors={**row.errors, **line.errors},
            edition=row.edition,
            notices=row.notices,
        )
