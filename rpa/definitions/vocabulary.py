"""The words that other parts bring into the language: field types, readers, actions, credentials, rules."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from rpa.definitions.bot import RecordSpec


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """What a definition may name that is not defined in YAML.

    *reader_options* tells which options a reader takes, *actions* which Python actions there are (both are asked
    only where one is used), *expression_problem* why an expression
    can't be a `rule`, `priority` or `deadline` of a record. *credentials* is None
    where the secret store can't tell which names it holds.
    """

    field_types: Collection[str]
    readers: Collection[str]
    reader_options: Callable[[str], Collection[str]]
    actions: Callable[[], Collection[str]]
    expression_problem: Callable[[RecordSpec, str, str], str | None]
    credentials: Collection[str] | None = None
