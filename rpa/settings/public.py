"""The page on which people bring a form by themselves."""

from typing import Literal, Self

from pydantic import Field, model_validator

from rpa.settings.base import Section


class IntakeWords(Section):
    """What the office says of itself on the public page, in one language."""

    title: str
    """What people bring, and to whom: `Send your claim to the county`."""
    contact: str
    """How people reach a person, with the hours."""
    last_four_of: str = ""
    """Of which number the last four are asked for: `your Social Security number`."""


class IntakeSettings(Section):
    """The public page on which people bring a form by themselves; without this there is none."""

    trigger: str | None = None
    """The trigger on a folder that takes what is brought: it starts its bot by itself."""
    bot: str | None = None
    """Instead of a trigger, the bot that reads what is brought once somebody, or a schedule, starts it."""
    port: int = Field(default=8733, ge=0, le=65535)
    """Where it answers on 127.0.0.1; 0 takes a free port."""
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    """The names under which browsers may ask for it."""
    fact: Literal["birth_date", "last_four"] = "birth_date"
    """What people say beside the number to ask how their form stands; they say it when they bring the form."""
    words: dict[str, IntakeWords] = Field(min_length=1)
    """What the office says of itself, by language; the page speaks these languages."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.trigger is None) == (self.bot is None):
            raise ValueError("name either a trigger, which starts its bot, or a bot")
        if not self.words.keys() <= {"en", "es"}:
            raise ValueError("words are said in the languages en and es")
        if self.fact == "last_four" and not all(one.last_four_of for one in self.words.values()):
            raise ValueError("say in each language by last_four_of what the last four are of")
        return self
