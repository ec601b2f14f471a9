"""What the public page shows and takes. It knows no session, and nothing that it says is about anybody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
from rpa.console.visit import SEE_OTHER, UNPROCESSABLE, address_of
from rpa.settings import IntakeSettings

TOO_MANY, TOO_LARGE, UNAVAILABLE = 429, 413, 503
STATUS = {"wait": TOO_MANY, "large": TOO_LARGE, "busy": UNAVAILABLE}
PATHS = ("/", "/state")
"""Where somebody may be led back to after choosing a language."""

BROUGHT = "forms that were brought"
"""What is counted by address, as sign-ins are by account; and the word under which guesses at a number are."""

ANYWHERE = "from anywhere"
FACTS: Mapping[str, Callable[[facts.Said], str | None]] = {
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
        }
        return HTMLResponse(rendered(template, spoken, {**about, **values}), status, headers_of(spoken))


def show(call: Call) -> Response:
    """Show the form to bring a form."""
    return _form(call)


def take(call: Call) -> Response:
    """Take a form and show its number. Sent again, by a reload say, it is the same form and number."""
    file, fact = call.form.get("form"), _fact(call)
    problems = [] if isinstance(file, UploadFile) and file.filename else ["none"]
    problems += [] if fact else ["fact"]
    if problems or fact is None or not isinstance(file, UploadFile):
        return _form(call, UNPROCESSABLE, problems)
    if call.public.patience.wait(call.address, BROUGHT):  # each counts, whatever becomes of it
        return refused(call, "wait")
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
    number, fact = facts.number(call.said("number")), _fact(call)
    problems = [*([] if number else ["number"]), *([] if fact else ["fact"])]
    if number is None or fact is None:
        return _asking(call, UNPROCESSABLE, problems)
    patience = call.public.patience
    anywhere = f"{ANYWHERE} {number}"  # of this number alone: nobody can use up the limit of another one
    if patience.wait(call.address, number) or patience.wait(anywhere, number):
        return _asking(call, TOO_MANY, ["wait"])
    state = call.public.house.store.receipts.state(number, fact)
    if state is None:
        return _asking(call, UNPROCESSABLE, ["unknown"])
    patience.succeeded(call.address, number)
    patience.succeeded(anywhere, number)
    return call.page("intake_state.html", state=state, problems=[])


def speak(call: Call) -> Response:
    """Let the browser keep a language."""
    path = call.said("back")
    response = RedirectResponse(path if path in PATHS else "/", SEE_OTHER)
    keep(response, call.said("language"))
    return response


def refused(call: Call, word: str) -> Response:
    """Say why a form was not taken."""
    return _form(call, STATUS.get(word, UNPROCESSABLE), [word])


def _form(call: Call, status: int = 200, problems: list[str] | None = None) -> Response:
    suffix = place_of(call.public.house.project, call.settings).suffix
    return call.page("intake_send.html", status=status, problems=problems or [], suffix=suffix)


def _asking(call: Call, status: int = 200, problems: list[str] | None = None) -> Response:
    return call.page("intake_state.html", status=status, problems=problems or [], state=None)


def _fact(call: Call) -> str | None:
    return FACTS[call.settings.fact](call.said)
