"""What carries a run's work to workers, and says when it is over."""

from types import TracebackType
from typing import Protocol, Self


class Carrier(Protocol):
    """The work of one run under way, while the context is entered."""

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End what belongs to the run alone."""
        ...

    def work_came(self) -> None:
        """Hear that something more is on the queue."""
        ...

    def no_more_work(self) -> None:
        """Hear that everything that will come is on the queue."""
        ...

    def alive(self) -> bool:
        """Tell whether anything may still be done in this run."""
        ...

    def outlives_the_ledger(self) -> bool:
        """Tell whether a ledger that can't be reached for a while ends nothing: then there is another look."""
        ...

    def failures(self) -> tuple[str, ...]:
        """Return in words why not everything could be done."""
        ...
