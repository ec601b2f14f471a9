"""`rpa queue --forecast`: when what waits will be done, and what of it too late."""

from collections.abc import Sequence

import click

from rpa.cli.common import print_json
from rpa.errors import ExitCode
from rpa.store.forecast import Forecast, Late
from rpa.words import counted


def tell(found: Sequence[Forecast], *, as_json: bool) -> int:
    """Print the forecasts; return that a person is needed where something will be late."""
    for one in found:
        if as_json:
            print_json(_data(one))
        else:
            _print(one)
    if not found and not as_json:
        click.echo("nothing waits")
    return ExitCode.NEEDS_PERSON if any(one.late for one in found) else ExitCode.DONE


def _print(one: Forecast) -> None:
    when = "at no known rate: nothing of it was entered in the last 7 days"
    if one.done is not None:
        when = f"at {one.rate:.0f} an hour done by {one.done.astimezone():%Y-%m-%d %H:%M}"
    elif one.rate is not None:
        when = "until an approver has decided"
    paused = "; the system is paused: counted from now, but it waits" if one.paused else ""
    click.echo(f"{one.bot} {one.system}: {one.waiting} waiting, {when}{paused}")
    for late in one.late:
        click.echo(f"    late: {late.reference}, due {late.deadline.astimezone():%Y-%m-%d %H:%M}")
    if one.late:
        click.echo(f"    {counted(len(one.late), 'record', 'records')} will miss the deadline")


def _data(one: Forecast) -> dict[str, object]:
    return {
        "bot": one.bot,
        "system": one.system,
        "waiting": one.waiting,
        "per_hour": None if one.rate is None else round(one.rate, 1),
        "done": one.done and one.done.isoformat(timespec="seconds"),
        "paused": one.paused,
        "late": [_late(late) for late in one.late],
    }


def _late(one: Late) -> dict[str, object]:
    done = one.done and one.done.isoformat(timespec="seconds")
    return {"reference": one.reference, "deadline": one.deadline.isoformat(timespec="seconds"), "done": done}
