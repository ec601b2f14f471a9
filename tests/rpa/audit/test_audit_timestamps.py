"""A checkpoint is signed by a clock of somebody else, and what that said is checked by others too."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.audit.timestamps import NotStampedError, Stamped, Timestamper
from rpa.cli.main import run as rpa
from rpa.project import Project
from tests.rpa.audit.authority import Authority, authority, openssl
from tests.rpa.store.ledgers import tamper

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs OpenSSL, which is the authority")


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority(tmp_path_factory.mktemp("clock") / "tsa") as one:
        yield one


@pytest.fixture
def project(tmp_path: Path, clock: Authority) -> Path:
    """Return a project whose log was shown to the authority once."""
    folder = tmp_path / "project"
    assert rpa(["init", str(folder)]) == 0
    shutil.copy(clock.roots, folder / "tsa.pem")
    with (folder / "rpa.toml").open("a") as file:
        file.write(f'[[audit.timestamps]]\nurl = "{clock.url}"\nroots = "tsa.pem"\n')
    assert rpa(["audit", "checkpoint", "--project", str(folder)]) == 0
    return folder


def verified(project: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = rpa(["audit", "verify", "--json", "--project", str(project)])
    return code, json.loads(capsys.readouterr().out)


def test_a_checkpoint_is_stamped_and_openssl_agrees(
    project: Path, tmp_path: Path, clock: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = verified(project, capsys)
    assert (code, told["problems"]) == (0, [])
    ((size, at),) = told["timestamps"].values()  # type: ignore[attr-defined]
    assert at.startswith("20")

    assert rpa(["audit", "export", str(tmp_path / "all"), "--project", str(project)]) == 0
    note, reply = (str(tmp_path / f"all/timestamps/{size}.{kind}") for kind in ("note", "tsr"))
    openssl(tmp_path, "ts", "-verify", "-data", note, "-in", reply, "-CAfile", str(clock.roots))


def test_a_stamp_over_another_checkpoint_is_broken(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rpa(["audit", "checkpoint", "--project", str(project)]) == 0
    tamper(project / ".rpa", "DROP TRIGGER timestamps_no_update")
    tamper(project / ".rpa", "UPDATE timestamps SET token = (SELECT token FROM timestamps ORDER BY size LIMIT 1)")

    code, told = verified(project, capsys)
    assert code == 1
    assert "is not genuine" in str(told["problems"])


def test_an_authority_that_is_away_stops_nothing_and_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = project / "rpa.toml"
    settings.write_text(settings.read_text().replace("127.0.0.1:", "127.0.0.1:1/away?"))

    assert rpa(["audit", "checkpoint", "--project", str(project)]) == 1
    assert "not taken by timestamp 127.0.0.1/away: it can't be reached" in capsys.readouterr().err
    with Project(project).store() as store:
        assert [entry["event"] for entry in store.log.read()][-1] == "checkpoint.unpublished"


def test_nobody_else_is_believed(clock: Authority, tmp_path: Path) -> None:
    note = "log\n1\nroot\n"
    token = Timestamper(clock.url, clock.roots).stamp(note)
    with authority(tmp_path / "other") as other, pytest.raises(NotStampedError, match="not its own"):
        Timestamper(clock.url, other.roots).stamped_at(Stamped(note, token))
    forged = token[:-1] + bytes([token[-1] ^ 1])
    for false in (Stamped(note + "x", token), Stamped(note, forged), Stamped(note, b"")):
        with pytest.raises(NotStampedError, match="not its own"):
            Timestamper(clock.url, clock.roots).stamped_at(false)
