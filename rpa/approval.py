"""Two pairs of eyes on each bot: what runs in production has been approved by somebody else than its author.

An approval is a signed note (c2sp.org/signed-note) beside the bots, `bots/approvals/BOT.note`, over the digest of
the bot with everything that it uses. It can travel with the bots through any repository: only the keys that
`rpa.toml` names as approvers count. In an emergency two approvers together let a bot run for some hours
(`BOT.override.note`), whoever has written it.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from rpa.audit.keys import write_whole
from rpa.audit.note import NotGenuineError, PrivateKey, PublicKey
from rpa.errors import SetupError

FOLDER, ACTIONS = "approvals", "actions.py"
APPROVAL, OVERRIDE = "keyonce approval of a bot", "keyonce emergency override"
"""The first line of what is signed: one is never taken for the other."""

LONGEST = timedelta(hours=72)
"""How long an emergency may last."""

TOGETHER = 2
"""How many have to sign an override."""

LINE = re.compile(r"([a-z]+): (.*)")


@dataclass(frozen=True, kw_only=True)
class Approval:
    """Who let a bot run: *by* signed its *digest*; *until* and *reason* are those of an emergency."""

    bot: str
    digest: str
    by: tuple[str, ...]
    author: str = ""
    reason: str = ""
    until: str = ""
    starts: Mapping[str, str]
    """The schedules and triggers that may start it, by their names, each with the SHA-256 of its file."""
    note: str
    """SHA-256 of the signed note."""

    @property
    def is_override(self) -> bool:
        """Whether it is of an emergency."""
        return bool(self.until)

    def is_over(self) -> bool:
        """Tell whether it is of an emergency whose time is up by now."""
        return self.is_override and self.until <= _written(datetime.now(UTC))


class NotApproved(SetupError):
    """The bot has not been approved as it is; `rpa approve` by somebody else than its author does that."""


@dataclass(frozen=True)
class Approvals:
    """The approvals in *folder*; *keys* are those of the approvers."""

    folder: Path
    keys: Sequence[PublicKey]

    def of(self, bot: str, digest: str, now: datetime | None = None) -> Approval:
        """Return what lets the bot with this *digest* run; raise `NotApproved` that says why nothing does."""
        reasons = []
        for override in (False, True):
            try:
                return self._read(bot, digest, now or datetime.now(UTC), override=override)
            except NotApproved as refusal:
                reasons.append(str(refusal))
            except FileNotFoundError:
                continue
        raise NotApproved(f"{bot} may not run in production: {'; '.join(reasons) or 'nobody has approved it'}")

    def require_actions(self, path: Path) -> None:
        """Raise `NotApproved` where no approval that holds is of a bot with exactly these Python actions."""
        if not path.is_file():
            return
        reasons = []
        for said, text, override in self._of_actions(actions_hash(path)):
            try:
                self._checked(said, text, datetime.now(UTC), override=override)
            except NotApproved as refusal:  # another bot's may hold
                reasons.append(f"{said.get('bot')}: {refusal}")
            else:
                return
        why = "; ".join(reasons) or "no approved bot has it as it is"
        raise NotApproved(f"{path.name} is not run in production: {why}")

    def _of_actions(self, hash_: str) -> Iterator[tuple[dict[str, str], str, bool]]:
        """Yield what each note says that is of these actions, its text, and whether it is of an emergency."""
        for note in sorted(self.folder.glob("*.note")):
            text = note.read_text("utf-8", errors="replace")
            for kind, override in ((APPROVAL, False), (OVERRIDE, True)):
                said = dict(_said(text.rpartition("\n\n")[0], kind))
                if said.get("actions") == hash_:
                    yield said, text, override

    def approve(
        self, bot: str, digest: str, author: str, key: PrivateKey, starts: Mapping[str, str] = MappingProxyType({})
    ) -> Path:
        """Sign that somebody else than its author has looked at the bot, and at what starts it.

        Raises `SetupError` for the author.
        """
        if author == key.name:
            raise SetupError(f"{author} wrote it: somebody else has to approve it")
        said = {"bot": bot, "digest": digest, "actions": self._actions(), "starts": _listed(starts)}
        said["author"] = author
        said["at"] = _written(datetime.now(UTC))
        return self._write(bot, key.sign(_text(APPROVAL, said)), override=False)

    def override(  # what is signed, why, for how long, and by whom
        self,
        bot: str,
        digest: str,
        reason: str,
        hours: int,
        key: PrivateKey,
        starts: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[Path, int]:
        """Sign, or sign too, that the bot may run as it is for some *hours*; return how many have signed.

        Who signs second signs what the first said. Raises `SetupError` for too long a time.
        """
        if timedelta(hours=hours) > LONGEST or hours < 1:
            raise SetupError(f"an emergency lasts 1 to {LONGEST // timedelta(hours=1)} hours")
        now = datetime.now(UTC)
        note, said, signers = self._begun(bot)
        same = (said.get("digest"), said.get("starts")) == (digest, _listed(starts))
        if not same or key.name in signers or said["until"] < _written(now):
            said = {
                "bot": bot,
                "digest": digest,
                "actions": self._actions(),
                "starts": _listed(starts),
                "reason": reason,
                "at": _written(now),
            }
            said["until"], note, signers = _written(now + timedelta(hours=hours)), "", []
        signed = key.sign(_text(OVERRIDE, said))
        note = note + signed.rpartition("\n\n")[2] if note else signed
        return self._write(bot, note, override=True), len(signers) + 1

    def _begun(self, bot: str) -> tuple[str, dict[str, str], list[str]]:
        """Return the override that somebody has begun to sign: the note, what it says, who has."""
        try:
            note = self._path(bot, override=True).read_text("utf-8")
        except OSError:
            return "", {}, []
        said = dict(_said(note.rpartition("\n\n")[0], OVERRIDE))
        return note, said, [key.name for key in self._signed(note)]

    def _read(self, bot: str, digest: str, now: datetime, *, override: bool) -> Approval:
        note = self._path(bot, override=override).read_text("utf-8", errors="replace")
        said = dict(_said(note.rpartition("\n\n")[0], OVERRIDE if override else APPROVAL))
        if (said.get("bot"), said.get("digest")) != (bot, digest):
            raise NotApproved(f"{_called(override)} is of another version: it was changed since")
        by = self._checked(said, note, now, override=override)
        told = {key: said.get(key, "") for key in ("author", "reason", "until")}
        starts, sha256 = dict(_parts(said.get("starts", ""))), hashlib.sha256(note.encode()).hexdigest()
        return Approval(bot=bot, digest=digest, by=by, starts=starts, note=sha256, **told)

    def _checked(self, said: Mapping[str, str], note: str, now: datetime, *, override: bool) -> tuple[str, ...]:
        """Return who signed; raise `NotApproved` where that is not enough, or the emergency is over."""
        by, what = tuple(dict.fromkeys(key.name for key in self._signed(note))), _called(override)
        if override and len(by) < TOGETHER:
            raise NotApproved(f"{what} has {len(by)} of {TOGETHER} signatures of approvers")
        if not override and not set(by) - {said.get("author")}:
            raise NotApproved(f"{what} is not signed by an approver other than the author")
        if override and not _written(now) < said.get("until", "") <= _written(now + LONGEST):
            raise NotApproved(f"{what} is over")
        return by

    def _actions(self) -> str:
        path = self.folder.parent / ACTIONS
        return actions_hash(path) if path.is_file() else "none"

    def _signed(self, note: str) -> Iterator[PublicKey]:
        for key in self.keys:
            try:
                key.read(note)
            except NotGenuineError:
                continue
            yield key

    def _path(self, bot: str, *, override: bool) -> Path:
        return self.folder / f"{bot}.{'override.' if override else ''}note"

    def _write(self, bot: str, note: str, *, override: bool) -> Path:
        path = self._path(bot, override=override)
        path.parent.mkdir(exist_ok=True)
        write_whole(path, note.removesuffix("\n"), 0o644)
        return path


def approvals(bots: Path, approvers: Sequence[str]) -> Approvals:
    """Return the approvals beside the bots; raise `SetupError` where an approver's key is none."""
    try:
        return Approvals(bots / FOLDER, [PublicKey.parse(text) for text in approvers])
    except ValueError as error:
        raise SetupError(f"`approvers` in rpa.toml: {error}") from None


def actions_hash(path: Path) -> str:
    """Return the SHA-256 of the project's Python actions."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _listed(starts: Mapping[str, str]) -> str:
    return " ".join(f"{name}={sha256}" for name, sha256 in sorted(starts.items())) or "none"


def _parts(said: str) -> Iterator[tuple[str, str]]:
    for part in said.split():
        name, equals, sha256 = part.partition("=")
        if equals:
            yield name, sha256


def _called(override: bool) -> str:  # noqa: FBT001  # said where it is told
    return "the emergency override" if override else "the approval"


def _text(kind: str, said: Mapping[str, str]) -> str:
    lines = [f"{key}: {' '.join(text.split())}" for key, text in said.items()]
    return "\n".join((kind, *lines, ""))


def _said(text: str, kind: str) -> Iterator[tuple[str, str]]:
    first, *lines = text.splitlines()
    if first == kind:
        yield from (match.groups() for line in lines if (match := LINE.fullmatch(line)))  # type: ignore[misc]


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
