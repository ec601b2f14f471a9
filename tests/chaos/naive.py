"""The protocol switched off: a script with a retry around it. It enters twice, so that the checker can fail."""

from rpa.actions.table import act
from rpa.case import Case
from rpa.errors import RpaError
from rpa.work import Status, Transaction

TRIES = 3


def perform(case: Case) -> Transaction:
    """Fill in and press; after any error do it again. Nothing is looked for, before or after."""
    if case.transaction.status is Status.NEW:
        case.move(Status.IN_PROGRESS)
        case.move(Status.SUBMITTING)
    for _ in range(TRIES):
        try:
            act(case.stage, case.entry.create)
            act(case.stage, case.entry.submit)
        except RpaError as problem:
            case.in_trouble(problem)  # a dead browser is replaced for the next claim, as a script's operator would
            reason = str(problem)
        else:
            case.stage.kept.setdefault("receipt", "B-000001")
            case.move(Status.CONFIRMED)
            return case.transaction
    case.move(Status.IN_DOUBT, reason)
    return case.transaction
