"""How many may be signed in to a system at once: each of its sessions is one worker's at a time."""

from dataclasses import dataclass

from rpa.order import Order
from rpa.project import Project
from rpa.store.databases.base import Slot
from rpa.store.store import Store


@dataclass
class AnySlot:
    """Whichever of a system's sessions is free."""

    slots: list[Slot]

    @property
    def held(self) -> bool:
        """Tell whether one of them is this worker's."""
        return any(slot.held for slot in self.slots)

    def take(self) -> bool:
        """Take one unless one is held; tell whether one is this worker's now."""
        return self.held or any(slot.take() for slot in self.slots)

    def free(self) -> None:
        """Give it back."""
        for slot in self.slots:
            slot.free()


def slot_of(order: Order, project: Project, store: Store) -> Slot:
    """Return what stands for one of the system's sessions, whichever is free."""
    return AnySlot([store.slot(order.system, number) for number in range(project.system(order.system).sessions)])
