"""Somebody who has everything but the witness rewrites the log: it is seen, by both verifiers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.audit.keys import public_key
from tests.attacks.flips import flips
from tests.attacks.forged import FORGERIES, refused
from tests.attacks.nine import ATTACKS, attack
from tests.attacks.scene import Scene, checked, exported, scene, verified


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("attacks"), 120) as one:
        yield one


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_seen_by_who_asks_a_current_witness(made: Scene, name: str) -> None:
    with made.copy() as state:
        attack(made, state, ATTACKS[name])
        export = exported(state, state / "export", [made.current])
        held = state / "held.txt"
        held.write_text(made.held(made.current).note, "utf-8")

        assert verified(state, made.watch(made.current)).problems
        assert checked(export, public_key(made.state), [made.current], held) == 1


def test_the_untouched_log_is_whole_and_seen_by_the_witness_to_its_end(made: Scene, tmp_path: Path) -> None:
    verdict = verified(made.state, made.watch(made.current))

    assert (verdict.problems, verdict.witnessed_until, verdict.uncovered_since) == ((), 120, None)
    assert checked(exported(made.state, tmp_path / "all", made.places), public_key(made.state)) == 0


def test_a_witness_that_has_not_seen_the_end_leaves_it_uncovered(made: Scene, tmp_path: Path) -> None:
    verdict = verified(made.state, made.watch(made.late))
    export = exported(made.state, tmp_path / "all", [made.late])

    assert (verdict.problems, verdict.witnessed_until) == ((), 90)
    assert verdict.uncovered_since is not None
    assert checked(export, public_key(made.state), [made.late]) == 4


def test_random_bits_of_the_evidence_are_seen(made: Scene) -> None:
    assert all(flips(made, 60, seed=7))


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_proof_is_refused(made: Scene, name: str) -> None:
    assert refused(made, name)


def test_an_export_of_another_log_does_not_pass_under_a_true_key(made: Scene, tmp_path: Path) -> None:
    with scene(tmp_path, 8) as other:
        export = exported(other.state, tmp_path / "all", other.places)
        shutil.copyfile(made.state / "audit.pub", export / "audit.pub")

        assert checked(export, public_key(made.state), other.places) == 1
