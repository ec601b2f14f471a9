"""Signed notes against the example of their specification, and against everything that is almost one."""

import pytest

from rpa.audit.checkpoint import Checkpoint, read_checkpoint
from rpa.audit.note import NotGenuineError, PrivateKey, PublicKey
from rpa.audit.tree import Tree

EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n"
    "\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
KEY = PrivateKey.generate("desk/keyonce/1")
CHECKPOINT = Checkpoint(KEY.name, 3, Tree().root())
COSIGNED = "\u2014 witness.example/w AAAAAAAA\n"


def test_the_example_of_the_specification_is_genuine() -> None:
    assert PublicKey.parse(EXAMPLE_KEY).read(EXAMPLE) == "This is an example message.\n"


def test_keys_come_back_from_their_text() -> None:
    assert PrivateKey.parse(KEY.text()) == KEY
    assert PublicKey.parse(str(KEY.public)) == KEY.public


def test_a_private_key_is_not_shown() -> None:
    assert repr(KEY) == "PrivateKey(name='desk/keyonce/1')"


def test_a_checkpoint_comes_back_from_its_note() -> None:
    assert read_checkpoint(CHECKPOINT.sign(KEY), KEY.public) == CHECKPOINT


def test_the_signature_of_a_witness_is_passed_over() -> None:
    assert read_checkpoint(CHECKPOINT.sign(KEY) + COSIGNED, KEY.public) == CHECKPOINT


def test_a_note_is_genuine_in_one_spelling_only() -> None:
    note = CHECKPOINT.sign(KEY)

    for position in range(len(note)):
        for letter in {"A", "\n", " ", chr(ord(note[position]) ^ 1)} - {note[position]}:
            with pytest.raises(NotGenuineError):
                read_checkpoint(note[:position] + letter + note[position + 1 :], KEY.public)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        CHECKPOINT.text(),
        CHECKPOINT.text() + "\n",
        CHECKPOINT.text() + "\n" + COSIGNED,
        CHECKPOINT.sign(KEY)[:-1],
        CHECKPOINT.sign(KEY) + "no signature\n",
        CHECKPOINT.sign(PrivateKey.generate(KEY.name)),
        Checkpoint("another", 3, Tree().root()).sign(KEY),
        KEY.sign(f"{KEY.name}\n03\n{'A' * 43}=\n"),
        KEY.sign(f"{KEY.name}\n3\nroot\n"),
    ],
)
def test_what_is_no_checkpoint_of_this_log_is_refused(note: str) -> None:
    with pytest.raises(NotGenuineError):
        read_checkpoint(note, KEY.public)


@pytest.mark.parametrize("text", ["", "a+b+c", EXAMPLE_KEY[:-1], EXAMPLE_KEY.replace("530d", "530e"), str(KEY)])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PublicKey.parse(text)


def test_what_is_no_private_key_is_refused() -> None:
    for text in ("", str(KEY.public), KEY.text().replace("keyonce/1", "keyonce/2")):
        with pytest.raises(ValueError, match=r".+"):
            PrivateKey.parse(text)
