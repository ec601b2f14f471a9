"""A worker that is killed takes nobody along, and is told of once."""

import threading
from pathlib import Path

from rpa.engines.local import Workers
from rpa.order import Order
from tests.rpa.engines.dying import at_once, while_it_looks
from tests.waiting import wait_for

ORDER = Order(folder=Path(), bot="visits", system="desk")
KILLED = "a worker was ended by signal 9"


def test_a_worker_killed_while_it_looks_whether_it_was_dismissed_blocks_nobody() -> None:
    workers = Workers([ORDER], while_it_looks)
    workers.start(0)
    wait_for(lambda: not workers.alive())

    dismissing = threading.Thread(target=workers.dismiss, args=(0,), daemon=True)
    dismissing.start()
    dismissing.join(10)

    assert not dismissing.is_alive(), "it waits for a lock that a dead process holds"
    assert workers.failures() == (KILLED,)


def test_a_dismissed_worker_that_was_killed_is_told_of_once_also_where_it_is_started_anew() -> None:
    workers = Workers([ORDER], at_once)
    workers.start(0)
    workers.dismiss(0)
    wait_for(lambda: workers.without() == [0])

    workers.start(0)
    wait_for(lambda: workers.without() == [0])

    assert workers.failures() == (KILLED, KILLED)
    assert workers.failures() == ()
