"""Every page of the console in every state that staff can meet, and how to get there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import FilePayload, Page
from pyotp import TOTP

from tests.console.stage import CLAIMS, PASSWORD
from tests.console.tongue import said

NOBODY = "nobody"
"""Is on the public page, whose address differs."""

Way = Callable[[Page, str], None]
"""Takes a browser of somebody who is signed in to the state; told where the console is."""


@dataclass(frozen=True)
class State:
    """One state of a page: who sees it, and the way to it."""

    page: str
    state: str
    who: str
    way: Way


def press(page: Page, button: str) -> None:
    """Press a button that sends a form, and wait for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=said(page, button)).first.click()


def at(path: str) -> Way:
    def go(page: Page, base: str) -> None:
        page.goto(base + path)

    return go


def pressed(path: str, *buttons: str) -> Way:
    """Go to a page and press buttons without having written anything."""

    def go(page: Page, base: str) -> None:
        page.goto(base + path)
        for summary in page.locator("summary").all():
            if summary.evaluate("one => !one.parentElement.open"):
                summary.click()
        for button in buttons:
            press(page, button)

    return go


def revealed(path: str) -> Way:
    def go(page: Page, base: str) -> None:
        page.goto(base + path)
        page.get_by_label(said(page, "Why you need to see them")).fill("To answer the claimant")
        press(page, "Show them")
        page.wait_for_load_state("networkidle")

    return go


def wrong_password(page: Page, base: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{base}/sign-in")
    page.get_by_label(said(page, "User name")).fill("vic")
    page.get_by_label(said(page, "Password")).fill("not this one")
    press(page, "Sign in")


def signed_out(page: Page, base: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{base}/sign-in")


def brought(*names: str) -> Way:
    """Bring documents for a job; none leaves the page as it is at first."""

    def go(page: Page, base: str) -> None:
        page.goto(f"{base}/start")
        press(page, "Go on")
        if names:
            files = [FilePayload(name=name, mimeType="application/pdf", buffer=content(name)) for name in names]
            page.get_by_label(said(page, "Documents")).set_input_files(files)
            press(page, "Read them")

    return go


def content(name: str) -> bytes:
    path = CLAIMS / name
    return path.read_bytes() if path.exists() else b"%PDF-1.7 and nothing behind it"


def said_nothing(page: Page, base: str) -> None:
    page.goto(f"{base}/work/6")
    page.get_by_text(said(page, "Is this wrong? Tell the owner of the bot")).first.click()
    press(page, "Send it")


def corrected_wrongly(page: Page, base: str) -> None:
    page.goto(f"{base}/work/2/fix")
    page.get_by_label(said(page, "Amount claimed")).fill("a lot")
    page.get_by_label(said(page, "Reason")).fill("It stands so on the paper")
    press(page, "Save and send it again")


def together(page: Page, base: str) -> None:
    page.goto(f"{base}/together")
    page.locator(".k-list a").first.click()
    press(page, "Save the decision for all of them")


def amending(page: Page, base: str) -> None:
    """Go to correct what was read, before the start."""
    brought("claim_06.pdf")(page, base)
    page.locator("a[href*='/fix?']").first.click()
    page.get_by_label(said(page, "Reason")).wait_for()


def amended_wrongly(page: Page, base: str) -> None:
    amending(page, base)
    page.get_by_label(said(page, "Amount claimed")).fill("a lot")
    page.get_by_label(said(page, "Reason")).fill("It stands so on the paper")
    press(page, "Save the correction")


def amended(page: Page, base: str) -> None:
    amending(page, base)
    page.get_by_label(said(page, "Amount claimed")).fill("712.50")
    page.get_by_label(said(page, "Reason")).fill("A 7 was read as a 1")
    press(page, "Save the correction")


def nothing_brought(page: Page, base: str) -> None:
    brought()(page, base)
    press(page, "Read them")


def setting_up(page: Page, base: str) -> None:
    page.goto(f"{base}/account")
    page.get_by_label(said(page, "Your password")).first.fill(PASSWORD)
    page.get_by_role("button", name=said(page, "Set it up")).first.click()
    page.get_by_role("heading", name=said(page, "Set up your second factor")).wait_for()


def wrong_code(page: Page, base: str) -> None:
    setting_up(page, base)
    page.get_by_label(said(page, "Code")).fill("000")
    press(page, "Finish")


def set_up(page: Page, base: str) -> None:
    setting_up(page, base)
    secret = page.locator(".k-secret").inner_text().replace(" ", "")
    page.get_by_label(said(page, "Code")).fill(TOTP(secret).now())
    press(page, "Finish")


def asked_for_code(page: Page, base: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{base}/sign-in")
    page.get_by_label(said(page, "User name")).fill("otto")
    page.get_by_label(said(page, "Password")).fill(PASSWORD)
    press(page, "Sign in")


def of_accounts() -> Iterator[State]:
    """Yield those of the pages about people and their accounts; Otto is signed out in the end."""
    yield State("people", "everybody", "amy", at("/people"))
    yield State("people", "nothing written", "amy", pressed("/people", "Add"))
    yield State("person", "somebody", "amy", at("/people/olive"))
    yield State("person", "yourself", "amy", at("/people/amy"))
    yield State("person", "an easy password", "amy", pressed("/people/olive", "Set the password"))
    yield State("account", "mine", "olive", at("/account"))
    yield State("account", "wrong password", "olive", pressed("/account", "Set it up"))
    yield State("enrolment", "picture", "otto", setting_up)
    yield State("enrolment", "wrong code", "otto", wrong_code)
    yield State("recovery", "codes", "otto", set_up)
    yield State("person", "with a second factor", "amy", at("/people/otto"))
    yield State("sign in", "code", "otto", asked_for_code)


def by_provider(page: Page, base: str) -> None:
    """Come in by the provider, and hold the page that would lead on by itself."""
    page.context.clear_cookies()
    page.route(f"{base}/", lambda route: route.fulfill(status=204))
    page.goto(f"{base}/sign-in")
    page.locator("a[href='/sign-in/provider']").click()
    page.get_by_role("heading", name=said(page, "You are signed in")).wait_for()


def of_provider(path: str) -> Way:
    def go(page: Page, base: str) -> None:
        page.unroute_all()
        page.goto(base + path)

    return go


def out_of_provider(page: Page, base: str) -> None:
    page.goto(f"{base}/account")
    press(page, "Sign out")


def one_of_provider(page: Page, base: str) -> None:
    page.goto(f"{base}/people")
    page.get_by_role("link", name="Olga Lund").click()
    page.get_by_text(said(page, "Signs in by")).wait_for()


def of_providers() -> Iterator[State]:
    """Yield what those see whom a provider signs in; Vic is signed out by then."""
    yield State("sign in", "by the provider, too late", "vic", at("/sign-in/provider/back?state=x"))
    yield State("signed in", "by the provider", "vic", by_provider)
    yield State("account", "of the provider", "vic", of_provider("/account"))
    yield State("signed out", "by the provider", "vic", out_of_provider)
    yield State("person", "of the provider", "amy", one_of_provider)


def bring(page: Page, base: str) -> None:
    """Bring a form on the public page."""
    page.goto(base)
    page.get_by_label(said(page, "Your form")).set_input_files(CLAIMS / "claim_11.pdf")
    say_born(page)
    press(page, "Send")


def ask_for_nothing(page: Page, base: str) -> None:
    page.goto(f"{base}/state")
    page.get_by_label(said(page, "Your receipt number")).fill("0000-0000-0000")
    say_born(page)
    press(page, "Show me")


def ask(page: Page, base: str) -> None:
    bring(page, base)
    number = page.locator(".k-number").inner_text()
    page.goto(f"{base}/state")
    page.get_by_label(said(page, "Your receipt number")).fill(number)
    say_born(page)
    press(page, "Show me")


def say_born(page: Page) -> None:
    for label, text in (("Month", "4"), ("Day", "28"), ("Year", "1986")):
        page.get_by_label(said(page, label)).fill(text)


def in_public() -> Iterator[State]:
    """Yield those of the public page, which has an address of its own."""
    yield State("public, send", "empty", NOBODY, at("/"))
    yield State("public, send", "nothing chosen", NOBODY, pressed("/", "Send"))
    yield State("public, receipt", "number", NOBODY, bring)
    yield State("public, state", "empty", NOBODY, at("/state"))
    yield State("public, state", "nothing written", NOBODY, pressed("/state", "Show me"))
    yield State("public, state", "not found", NOBODY, ask_for_nothing)
    yield State("public, state", "answer", NOBODY, ask)
    yield State("public, no such page", "lost", NOBODY, at("/nowhere"))


def states() -> Iterator[State]:
    """Yield them all; those that sign out come last."""
    yield from of_work()
    yield from of_the_house()
    yield from in_public()


def of_work() -> Iterator[State]:
    """Yield what staff see of records, and do with them."""
    yield State("needs you", "everything", "olive", at("/needs-you"))
    yield State("needs you", "one kind", "olive", at("/needs-you?kind=in_doubt"))
    yield State("needs you", "nothing", "olive", at("/needs-you?kind=rejected"))
    yield State("waiting", "document", "olive", at("/waiting/document-6"))
    yield State("waiting", "document, no answer", "olive", pressed("/waiting/document-6", "Save the decision"))
    yield State("waiting", "revision", "olive", at("/waiting/revision-6"))
    yield State("waiting", "revision, for a viewer", "vic", at("/waiting/revision-6"))
    yield State("work", "all", "olive", at("/work"))
    yield State("work", "found", "vic", at("/work?reference=0003&status=confirmed"))
    yield State("work", "nothing found", "olive", at("/work?reference=zzz"))
    yield State("work item", "in doubt", "olive", at("/work/1"))
    yield State("work item", "in doubt, no answer", "olive", pressed("/work/1", "Save the decision"))
    yield State("work item", "failed", "olive", at("/work/2"))
    yield State("work item", "entered", "olive", at("/work/3"))
    yield State("work item", "new, all opened", "olive", pressed("/work/4"))
    yield State("work item", "for a viewer", "vic", at("/work/1"))
    yield State("work item", "personal values shown", "olive", revealed("/work/1"))
    yield State("work item", "no reason to see", "olive", pressed("/work/3", "Show them"))
    yield State("work item", "corrected", "olive", at("/work/5"))
    yield State("work item", "change asked for", "olive", at("/work/9"))
    yield State("work item", "nothing said to be wrong", "olive", said_nothing)
    yield State("work item", "perhaps a duplicate", "olive", at("/work/10"))
    yield State("correct", "form", "olive", at("/work/2/fix"))
    yield State("correct", "wrong", "olive", corrected_wrongly)
    yield State("approval", "own", "olive", at("/approvals/2"))
    yield State("approval", "for an approver, no answer", "pia", pressed("/approvals/2", "Save the decision"))
    yield State("approval", "for a viewer", "vic", at("/approvals/2"))
    yield State("together", "reasons", "olive", at("/together"))
    yield State("together", "one reason, no answer", "olive", together)


def of_the_house() -> Iterator[State]:
    """Yield what there is besides."""
    yield State("feedback", "some", "olive", at("/bots/claims-intake"))
    yield State("feedback", "nothing said", "olive", pressed("/bots/letters", "Send it"))
    yield State("start", "bots", "olive", at("/start"))
    yield State("documents", "none yet", "olive", brought())
    yield State("documents", "none chosen", "olive", nothing_brought)
    yield State(
        "documents", "read", "olive", brought("claim_06.pdf", "claim_13.pdf", "claim_03.pdf", "torn too.pdf")
    )
    yield State("correction", "before the start", "olive", amending)
    yield State("correction", "before the start, wrong", "olive", amended_wrongly)
    yield State("documents", "corrected", "olive", amended)
    yield State("runs", "all", "olive", at("/runs"))
    yield State("run", "ended", "olive", at("/runs/1"))
    yield State("run", "under way", "olive", at("/runs/2"))
    yield State("schedules", "all, one paused, one wrong", "olive", at("/schedules"))
    yield State("schedules", "no reason", "olive", pressed("/schedules", "Resume"))
    yield State("schedules", "run now", "olive", pressed("/schedules", "Run now: claims-noon"))
    yield State("schedules", "for a viewer", "vic", at("/schedules"))
    yield State("systems", "paused", "olive", at("/systems"))
    yield State("systems", "no reason", "olive", pressed("/systems", "Pause"))
    yield State("systems", "for a viewer", "vic", at("/systems"))
    yield State("bots", "one unavailable", "olive", at("/bots"))
    yield State("insight", "all", "olive", at("/insight"))
    yield State("audit", "empty", "ada", at("/audit"))
    yield State("audit", "one record", "ada", at("/audit?reference=CL-100001"))
    yield State("audit", "verified", "ada", pressed("/audit", "Verify the log"))
    yield from of_accounts()
    yield State("error", "no such page", "olive", at("/work/4711"))
    yield State("error", "not allowed", "vic", at("/start"))
    yield State("sign in", "empty", "vic", signed_out)
    yield State("sign in", "wrong", "vic", wrong_password)
    yield from of_providers()
