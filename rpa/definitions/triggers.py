"""The triggers of a project: every `*.yaml` in `triggers/`, checked against its bots and schedules."""

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath

from rpa.definitions.bot import Bot
from rpa.definitions.library import Library, defined
from rpa.definitions.meant import hint, listed
from rpa.definitions.shelf import Shelf, checked
from rpa.definitions.system import System
from rpa.definitions.trigger import ADDRESS, SOURCES, MailboxSource, Trigger
from rpa.definitions.yaml import Source
from rpa.errors import Problem

Triggers = Shelf[Trigger]

HERE = ("127.0.0.1", "::1", "localhost")


def load_triggers(folder: Path, library: Library, schedules: Collection[str]) -> Triggers:
    """Read every `*.yaml` in *folder* as a trigger of the *library*'s bots; no schedule has its name."""
    found = defined(folder, Trigger)
    others = {name: one.definition for name, one in found.items() if isinstance(one.definition, Trigger)}
    systems = {name: one.definition for name, one in library.systems.items() if isinstance(one.definition, System)}
    bots = library.understood_bots()
    check = partial(check_trigger, bots=bots, systems=systems, schedules=schedules, others=others)
    return Shelf(Trigger, {name: checked(one, Trigger, check) for name, one in found.items()})


def check_trigger(
    trigger: Trigger,
    source: Source,
    bots: Mapping[str, Bot | None],
    systems: Mapping[str, System],
    schedules: Collection[str],
    others: Mapping[str, Trigger],
) -> Iterator[Problem]:
    """Yield what is wrong with *trigger* that no single key shows."""
    if trigger.trigger in schedules:
        yield source.problem(("trigger",), f"a schedule is called `{trigger.trigger}` already: take another name")
    yield from _source(trigger, source)
    yield from _shared(trigger, source, others)
    if trigger.bot not in bots:
        yield source.problem(("bot",), f"no bot is called `{trigger.bot}`{hint(trigger.bot, bots)}")
    bot = bots.get(trigger.bot)
    if trigger.queue is not None:
        yield from _nothing_comes(trigger, source)
        yield from _sessions(trigger, source, bot, systems)
    elif bot is not None and trigger.document not in bot.documents:
        words = f"the bot reads no document `{trigger.document}`{hint(trigger.document, bot.documents)}"
        yield source.problem(("document",), words)
    elif bot is not None and trigger.document != bot.record.each:
        words = f"`{trigger.document}` is looked up: a trigger brings `{bot.record.each}`, of which records come"
        yield source.problem(("document",), words)


def _nothing_comes(trigger: Trigger, source: Source) -> Iterator[Problem]:
    if trigger.document:
        words = "no file comes from a `queue`: leave out `document`"
        yield source.problem(("document",), words, at_key=True)


def _watched(trigger: Trigger) -> PurePosixPath | None:
    return None if trigger.folder is None else PurePosixPath(trigger.folder.path)


def _sessions(
    trigger: Trigger, source: Source, bot: Bot | None, systems: Mapping[str, System]
) -> Iterator[Problem]:
    """Yield that no second worker could ever sign in."""
    if trigger.queue is None or trigger.queue.workers is None or bot is None:
        return
    used = [systems[name] for name in sorted({entry.system for entry in bot.enter}) if name in systems]
    if used and all(one.sessions == 1 for one in used):
        words = f"no second worker can sign in: {listed([one.system for one in used])} has `sessions: 1`"
        yield source.problem(("queue", "workers"), words)


def _shared(trigger: Trigger, source: Source, others: Mapping[str, Trigger]) -> Iterator[Problem]:
    """Yield with which other trigger this one would take files out of one folder, or out of what it puts away."""
    mine = _watched(trigger)
    for name, one in others.items():
        other = _watched(one)
        if name == trigger.trigger or mine is None or other is None:
            continue
        if mine.is_relative_to(other) or other.is_relative_to(mine):
            words = f"the trigger `{name}` watches `{other}`"
            words += ": they would take each other's files; take another folder"
            yield source.problem(("folder", "path"), words)


def _source(trigger: Trigger, source: Source) -> Iterator[Problem]:
    said = [key for key in SOURCES if getattr(trigger, key) is not None]
    if not said:
        words = f"nothing ever comes: say from where by one of {listed(SOURCES)}"
        yield source.problem(("trigger",), words, at_key=True)
    for key in said[1:]:
        yield source.problem((key,), f"`{said[0]}` says from where files come: leave out `{key}`", at_key=True)
    if trigger.folder is not None:
        path = PurePosixPath(trigger.folder.path)
        if path.is_absolute() or ".." in path.parts:
            words = "the folder is below the project's: mount a share there, and write `inbox/scans`"
            yield source.problem(("folder", "path"), words)
    if trigger.mailbox is not None:
        yield from _mailbox(trigger.mailbox, source)


def _mailbox(mailbox: MailboxSource, source: Source) -> Iterator[Problem]:
    servers = {("mailbox",): mailbox, ("mailbox", "receipt"): mailbox.receipt}
    for way, server in servers.items():
        if server is not None and server.security == "none" and server.server not in HERE:
            words = "a password may not go over a network unprotected: use `tls` or `starttls`"
            yield source.problem((*way, "security"), words)
    if mailbox.receipt is not None and not ADDRESS.fullmatch(mailbox.receipt.from_):
        yield source.problem(("mailbox", "receipt", "from"), "an address is written `claims@county.example`")
