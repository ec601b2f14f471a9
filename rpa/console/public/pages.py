"""What the public page shows and takes. It knows no session, and nothing that it says is about anybody."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from rpa.console.house import House
from rpa.console.language import Language, language
from rpa.console.patience import Patience
from rpa.console.public import facts
from rpa.console.public.desk import ACTOR, LARGEST, Desk, FormRefusedError, network_of, place_of
from rpa.console.showing import rendered
from rpa.console.speaking import headers_of, keep, language_of
from rpa.console.visit import NOT_FOUND, SEE_OTHER, UNPROCESSABLE, address_of
from rpa.settings.public import IntakeSettings

TOO_MANY, TOO_LARGE, UNAVAILABLE = 429, 413, 503
STATUS = {"wait": TOO_MANY, "large": TOO_LARGE, "busy": UNAVAILABLE}
OTHERWISE = {"wait", "busy"}
"""What is wrong with no file: the browser has let it go all the same, and it has to be chosen again."""

PATHS = ("/", "/state")
"""Where somebody may be led back to after choosing a language."""

BROUGHT = "forms that were brought"
"""What is counted by address, as sign-ins are by account; and the word under which guesses at a number are."""

ANYWHERE = "from anywhere"
GUESSED = "too many wrong second facts for one receipt number"
FACTS: Mapping[str, Callable[[facts.Said], str]] = {
    "birth_date": facts.birth_date,
    "last_four": facts.last_four,
}


@dataclass(frozen=True)
class Public:
    """What the requests share."""

    house: House
    desk: Desk
    patience: Patience


@dataclass(frozen=True)
class Call:
    """One request of somebody who is not known."""

    public: Public
    settings: IntakeSettings
    request: Request
    form: FormData

    def said(self, name: str) -> str:
        """Return what a field says; empty where it was not sent."""
        value = self.form.get(name, "")
        return value.strip()[:200] if isinstance(value, str) else ""

    @property
    def language(self) -> Language:
        """The language that they are answered in: one of those for which the office has said its words."""
        spoken = language_of(self.request)
        return spoken if spoken.code in self.settings.words else language(next(iter(self.settings.words)))

    @property
    def address(self) -> str:
        """From where they ask."""
        return network_of(address_of(self.request))

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Answer with a page."""
        spoken = self.language
        about = {
            "here": self.request.url.path,
            "office": self.settings.words[spoken.code],
            "others": [language(code) for code in self.settings.words if code != spoken.code],
            "asked_for": self.settings.fact,
            "said": self.said,
            "megabytes": LARGEST // 2**20,
            "problems": [],
            "minutes": 0,
        }
        return HTMLResponse(rendered(template, spoken, {**about, **values}), status, headers_of(spoken))


def show(call: Call) -> Response:
    """Show the form to bring a form."""
    return _form(call)


def take(call: Call) -> Response:
    """Take a form and show its number. Sent again, by a reload say, it is the same form and number."""
    file, (fact, wrong) = call.form.get("form"), _fact(call)
    if not isinstance(file, UploadFile) or not file.filename:
        return _form(call, UNPROCESSABLE, ["none", *wrong])
    if fact is None:
        return _form(call, UNPROCESSABLE, [*wrong, "again"])
    if seconds := call.public.patience.wait(call.address, BROUGHT):  # each counts, whatever becomes of it
        return refused(call, "wait", seconds)
    if file.size is None or file.size > LARGEST:
        return refused(call, "large")
    house = call.public.house
    store = house.store.acting(ACTOR)
    try:
        number = call.public.desk.take(house.project, store, file.filename or "", file.file, fact)
    except FormRefusedError as error:
        return refused(call, error.word)
    return call.page("intake_receipt.html", number=facts.written(number))


def ask(call: Call) -> Response:
    """Show the form to ask how a form stands."""
    return _asking(call)


def answer(call: Call) -> Response:
    """Tell how a form stands; of what is wrong never which part, and always by the same way."""
    number, (fact, wrong) = facts.number(call.said("number")), _fact(call)
    if number is None or fact is None:
        return _asking(call, UNPROCESSABLE, [*([] if number else ["number"]), *wrong])
    patience = call.public.patience
    anywhere = f"{ANYWHERE} {number}"  # of this number alone: nobody can use up the limit of another one
    if seconds := patience.wait(call.address, number) or patience.wait(anywhere, number):
        return _asking(call, TOO_MANY, ["wait"], seconds)
    state = call.public.house.store.receipts.state(number, fact)
    if state is None:
        if patience.is_used_up(anywhere, number):
            call.public.house.store.acting(ACTOR).accounts.refuse(None, ANYWHERE, GUESSED)
        return _asking(call, UNPROCESSABLE, ["unknown"])
    for place in (call.address, anywhere):  # whoever has a fact of their own may guess at another's
        patience.take_back(place, number)
    return call.page("intake_state.html", state=state)


def speak(call: Call) -> Response:
    """Let the browser keep a language."""
    path = call.said("back")
    response = RedirectResponse(path if path in PATHS else "/", SEE_OTHER)
    keep(response, call.said("language"))
    return response


def lost(call: Call) -> Response:
    """Say that there is no such page, and where to go on."""
    return call.page("intake_lost.html", status=NOT_FOUND)


def refused(call: Call, word: str, seconds: int = 0) -> Response:
    """Say why a form was not taken, and after how many *seconds* one would be."""
    problems = [word, *(["again"] if word in OTHERWISE else [])]
    return _form(call, STATUS.get(word, UNPROCESSABLE), problems, seconds)


def _form(call: Call, status: int = 200, problems: Sequence[str] = (), seconds: int = 0) -> Response:
    suffix = place_of(call.public.house.project, call.settings).suffix
    told = {"problems": problems, "minutes": ceil(seconds / 60)}
    return call.page("intake_send.html", status=status, suffix=suffix, **told)


def _asking(call: Call, status: int = 200, problems: Sequence[str] = (), seconds: int = 0) -> Response:
    told = {"problems": problems, "minutes": ceil(seconds / 60)}
    return call.page("intake_state.html", status=status, state=None, **told)


def _fact(call: Call) -> tuple[str | None, Sequence[str]]:
    """Return the second fact, or None and what is wrong with it."""
    try:
        return FACTS[call.settings.fact](call.said), ()
    except facts.FactError as error:
        return None, error.words
