"""Two machines, one bucket: what one took in another attaches, or nobody does; what is erased is nowhere."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.systems.common import running
from rpa.cli.main import run
from rpa.keeping.in_bucket import InBucket
from rpa.work import Status, Transaction
from tests.bucket.door import Door, door
from tests.bucket.server import BucketServer
from tests.commands import typed as rpa
from tests.postgresql import server
from tests.rpa.engines.office import BOT, Machine, Office, office
from tests.waiting import wait_for

KEY, SECRET = "RPA_CREDENTIAL_BUCKET_USERNAME", "RPA_CREDENTIAL_BUCKET_PASSWORD"


@pytest.fixture(scope="module")
def way(bucket_server: BucketServer) -> Iterator[Door]:
    """Return how the second machine reaches the bucket."""
    with door(bucket_server.endpoint) as made:
        yield made


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory, bucket_server: BucketServer, way: Door) -> Iterator[Office]:
    """Return an office of which the first machine reads, and the second one works."""
    folder = tmp_path_factory.mktemp("office")
    said = 'documents = "s3://keyonce/office"\ndocuments_credential = "bucket"\n'
    near = f'{said}documents_endpoint = "{bucket_server.endpoint}"\n'
    with (
        pytest.MonkeyPatch.context() as environment,
        server.server(folder) as sockets,
        running("benefits", folder / "benefits.db") as system,
    ):
        environment.setenv(KEY, bucket_server.key.key)
        environment.setenv(SECRET, bucket_server.key.secret)
        with office(folder, sockets, system, documents=near) as made:
            second = made.machines[1].folder / "rpa.toml"
            second.write_text(second.read_text("utf-8").replace(bucket_server.endpoint, way.endpoint), "utf-8")
            made.machines[1].start()
            yield made


def sent(office: Office) -> str:
    """Return the SHA-256 of the document that the bot has read."""
    return hashlib.sha256((office.machines[0].folder / "claims.csv").read_bytes()).hexdigest()


def bucket_of(machine: Machine) -> InBucket:
    keeping = machine.project.keeping
    assert isinstance(keeping, InBucket)
    return keeping


def transaction_of(office: Office, number: str) -> Transaction:
    with office.store() as store:
        (transaction,) = store.transactions(store.find(number)[0].id)
    return transaction


def files_of(machine: Machine) -> list[Path]:
    """Return the files of its state folder, those in use right now left out."""
    return [path for path in (machine.folder / ".rpa").rglob("*") if path.is_file()]


def test_what_one_machine_took_in_is_attached_by_the_other_and_erased_from_both(apart: Office) -> None:
    with apart.entering(1):
        pass

    first, second = apart.machines
    (entry,) = [row for row in apart.system.entries() if row["claim_no"] == f"CL-{apart.claims - 1}"]
    assert (entry["form_name"], entry["form_sha256"]) == ("claims.csv", sent(apart))
    keeping = bucket_of(first)
    receipt = transaction_of(apart, entry["claim_no"]).receipt
    assert {keeping.evidence.read(name) is None for name in receipt.evidence} == {False}
    assert keeping.checkpoint.read() is not None

    erased = ["audit", "erase", entry["claim_no"], "--authority", "a rule", "--project", str(first.folder)]
    assert run(erased) == 0

    assert [keeping.evidence.read(name) for name in receipt.evidence] == [None] * len(receipt.evidence)
    assert not keeping.documents.holds(sent(apart))
    holds = (entry["claim_no"].encode(), b"\x89PNG")
    for machine in (first, second):
        assert [path for path in files_of(machine) if any(one in path.read_bytes() for one in holds)] == []


def test_while_the_bucket_is_away_claims_wait_and_none_is_entered_without_its_form(
    apart: Office, way: Door
) -> None:
    second = apart.machines[1]
    way.shut()
    with apart.entering(2):
        wait_for(lambda: "can't be reached" in second.said)
        assert [row for row in apart.system.entries() if row["claim_no"] >= f"CL-{apart.claims - 2}"] == []
        way.open()

    entered = apart.system.entries()[-2:]
    assert {row["form_sha256"] for row in entered} == {sent(apart)}
    attempts = {transaction_of(apart, row["claim_no"]).attempt for row in entered}
    assert attempts == {1}, "what could not be begun is no attempt"


def test_a_form_that_was_changed_in_the_bucket_is_attached_to_nothing(apart: Office) -> None:
    (number,) = apart.lay_out(1)
    form = (apart.machines[0].folder / "claims.csv").read_bytes()
    forged = b"x" * len(form)  # such as nobody notices who looks at names and sizes alone
    bucket_of(apart.machines[0]).bucket.write(f"documents/{sent(apart)}/claims.csv", forged)

    assert apart.run().failures == ()

    rejected = transaction_of(apart, number)
    assert rejected.status is Status.REJECTED
    reason = rejected.reason or ""
    assert f"documents/{sent(apart)} in s3://keyonce/office" in reason
    assert "was changed since it was kept" in reason
    assert number not in {row["claim_no"] for row in apart.system.entries()}


def test_an_access_key_that_is_refused_is_told_before_anything_is_read(apart: Office) -> None:
    folder = apart.machines[0].folder

    runs, looks = (
        rpa("run", BOT, folder=folder, **{SECRET: "wrong"}),
        rpa("doctor", folder=folder, **{SECRET: "wrong"}),
    )

    words = "s3://keyonce/office at 127.0.0.1"
    for said in (runs.stderr, looks.stdout):
        assert words in said
        assert "does not let this account in (SignatureDoesNotMatch)" in said
        assert "wrong" not in said
