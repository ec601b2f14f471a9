"""`make audit-attacks`: the nine attacks, random bits, forged proofs; a table, and one line of JSON."""

import json
import tempfile
from pathlib import Path

import click

from rpa.audit.verify import Watch
from tests.attacks.flips import flips
from tests.attacks.forged import FORGERIES, refused
from tests.attacks.nine import ATTACKS, attack
from tests.attacks.scene import Scene, scene, verified

SIZE, FLIPS = 1000, 1000
COLUMNS = ("checkpoints beside it", "witness holds 750", "witness holds 1000")


@click.command()
@click.option("--flips", "number", default=FLIPS, show_default=True, help="Bits to flip.")
@click.option("--seed", default=1, show_default=True)
def main(number: int, seed: int) -> None:
    """Attack the audit trail in every way that is known, and count what is noticed."""
    with tempfile.TemporaryDirectory() as folder, scene(Path(folder), SIZE) as made:
        watches = [made.watch(), made.watch(made.late), made.watch(made.current)]
        click.echo(f"{'attack':<64} {'   '.join(COLUMNS)}")
        caught = [_row(made, name, watches) for name in ATTACKS]
        noticed = sum(flips(made, number, seed))
        forged = [refused(made, name) for name in FORGERIES]
    for name, no in zip(FORGERIES, forged, strict=True):
        click.echo(f"forged: {name:<56} {'refused' if no else 'BELIEVED'}")
    told = {"attacks": len(ATTACKS), "caught": sum(row[-1] for row in caught)}
    told |= {"bit_flips": number, "flips_caught": noticed, "forged": len(forged), "forged_refused": sum(forged)}
    click.echo(json.dumps(told))


def _row(made: Scene, name: str, watches: list[Watch]) -> list[bool]:
    with made.copy() as state:
        attack(made, state, ATTACKS[name])
        seen = [bool(verified(state, watch).problems) for watch in watches]
    words = ["detected" if one else "MISSED" for one in seen]
    click.echo(f"{name:<64} " + "   ".join(f"{w:<{len(c)}}" for w, c in zip(words, COLUMNS, strict=True)))
    return seen


if __name__ == "__main__":
    main()
