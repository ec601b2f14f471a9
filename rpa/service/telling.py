"""The threads that tell others how it goes: notices to people, and a sign of life."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from rpa.definitions.bot import Bot
from rpa.notices.address import send
from rpa.notices.heartbeat import beat
from rpa.notices.notice import Kind, Subject
from rpa.notices.post import EVERYBODY, Post, addressed
from rpa.project import Project
from rpa.store.store import Store

Trouble = Callable[[str], None]

ENDING = 5.0
"""Seconds that what is being sent has to be gone."""


@contextmanager
def telling(
    project: Callable[[], Project], store: Store, alive: Callable[[], bool], trouble: Trouble
) -> Iterator[None]:
    """Tell people and whoever listens for a heartbeat, as the settings say, while the block goes on."""
    stopping = threading.Event()
    threads = [
        threading.Thread(target=one, name="telling", daemon=True)
        for one in _tasks(project, store, alive, trouble, stopping)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join(ENDING)


def _tasks(
    project: Callable[[], Project],
    store: Store,
    alive: Callable[[], bool],
    trouble: Trouble,
    stopping: threading.Event,
) -> Iterator[Callable[[], None]]:
    settings, secrets = project().settings, project().secrets
    if settings.notices.to:
        people = partial(_people, project)
        post = Post(store, settings.state_folder, settings.notices, people, partial(send, secrets), trouble)
        yield partial(post.work, stopping)
    if settings.service.heartbeat is not None:
        yield partial(beat, secrets, settings.service.heartbeat, alive, trouble, stopping)


def _people(project: Callable[[], Project], about: Subject) -> Iterable[str]:
    """Return the credentials of those whom the bots name that it concerns; what staff say goes to the owner."""
    bots = project().library.understood_bots()
    concerned = [bot for bot in bots.values() if bot is not None and _concerns(about, bot)]
    feedback = about.kind is Kind.FEEDBACK
    names = [name for bot in concerned for name in (not feedback and bot.notify) or [bot.owner]]
    return addressed(project().settings.notices.to, names or [EVERYBODY])


def _concerns(about: Subject, bot: Bot) -> bool:
    if about.bot is not None:
        return about.bot == bot.bot
    return about.system is not None and about.system in {entry.system for entry in bot.enter}
