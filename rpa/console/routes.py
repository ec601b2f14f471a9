"""Every page of the console, and who may open it. What is not in this table does not exist."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from rpa.console.pages import (
    account,
    amend,
    approvals,
    audit,
    bots,
    decide,
    evidence,
    feedback,
    fix,
    insight,
    items,
    needs,
    people,
    provider,
    runs,
    schedules,
    sign_in,
    start,
    systems,
    together,
    waiting,
    work,
)
from rpa.console.roles import (
    ANYBODY,
    APPROVES,
    AUDITS,
    DECIDES,
    LOOKS,
    MANAGES,
    PERSONAL,
    RESUMES,
    STARTS,
    TELLS,
    WORK,
)
from rpa.console.visit import Visit
from rpa.people import Role


@dataclass(frozen=True)
class Page:
    """One page: how it is asked for, what answers, and the roles that may have it.

    *quiet* is a page that asks again by itself: it must not keep a session alive. *files* may be sent along, or
    *many* fields. A *program* asks for it, which proves itself by what it sends, and comes from no page of ours.
    """

    method: str
    path: str
    answer: Callable[[Visit], Response]
    roles: frozenset[Role]
    quiet: bool = False
    files: bool = False
    unproven: bool = False
    many: bool = False
    program: bool = False


PAGES = (
    Page("GET", "/sign-in", sign_in.show, ANYBODY),
    Page("POST", "/sign-in", sign_in.enter, ANYBODY),
    Page("POST", "/sign-in/code", sign_in.prove, ANYBODY),
    Page("POST", "/language", sign_in.speak, ANYBODY),
    Page("GET", "/sign-in/provider", provider.begin, ANYBODY),
    Page("GET", "/sign-in/provider/back", provider.back, ANYBODY),
    Page("POST", "/sign-in/provider/out", provider.out, ANYBODY, program=True),
    Page("POST", "/sign-out", sign_in.leave, LOOKS, unproven=True),
    Page("GET", "/account", account.show, LOOKS, unproven=True),
    Page("POST", "/account/language", account.speak, LOOKS, unproven=True),
    Page("POST", "/account/password", account.change_password, LOOKS, unproven=True),
    Page("POST", "/account/second-factor/begin", account.begin, LOOKS, unproven=True),
    Page("POST", "/account/second-factor", account.enrol, LOOKS, unproven=True),
    Page("GET", "/", needs.home, LOOKS),
    Page("GET", "/needs-you", needs.show, WORK),
    Page("GET", "/together", together.show, WORK),
    Page("GET", "/together/{transaction}", together.one, WORK),
    Page("POST", "/together/{transaction}", together.decide, DECIDES, many=True),
    Page("GET", "/waiting/{id}", waiting.show, WORK),
    Page("POST", "/waiting/{id}/show", waiting.reveal, PERSONAL),
    Page("POST", "/waiting/{id}/decide", waiting.decide, DECIDES),
    Page("GET", "/work", work.show, WORK),
    Page("GET", "/work/{item}", items.show, WORK),
    Page("POST", "/work/{item}/show", items.reveal, PERSONAL),
    Page("POST", "/work/{item}/{transaction}/decide", decide.decide, DECIDES),
    Page("GET", "/work/{item}/fix", fix.show, DECIDES),
    Page("POST", "/work/{item}/fix", fix.save, DECIDES, many=True),
    Page("GET", "/approvals/{change}", approvals.show, WORK),
    Page("POST", "/approvals/{change}/show", approvals.reveal, PERSONAL),
    Page("POST", "/approvals/{change}/decide", approvals.decide, APPROVES),
    Page("GET", "/work/{item}/evidence/{sha256}", evidence.picture, WORK),
    Page("GET", "/work/{item}/page/{document}/{page}", evidence.page, PERSONAL),
    Page("GET", "/start", start.choose, STARTS),
    Page("POST", "/start", start.begin, STARTS),
    Page("GET", "/start/{upload}", start.show, STARTS),
    Page("POST", "/start/{upload}/documents", start.take, STARTS, files=True),
    Page("POST", "/start/{upload}/leave-out", start.leave_out, STARTS),
    Page("GET", "/start/{upload}/fix", amend.show, STARTS),
    Page("POST", "/start/{upload}/fix", amend.save, STARTS, many=True),
    Page("POST", "/start/{upload}/run", start.run, STARTS),
    Page("GET", "/runs", runs.show, WORK),
    Page("GET", "/runs/{run}", runs.one, WORK),
    Page("GET", "/runs/{run}/progress", runs.progress, WORK, quiet=True),
    Page("GET", "/schedules", schedules.show, LOOKS),
    Page("POST", "/schedules/{schedule}/pause", schedules.pause, RESUMES),
    Page("POST", "/schedules/{schedule}/resume", schedules.resume, RESUMES),
    Page("POST", "/schedules/{schedule}/run-now", schedules.run_now, STARTS),
    Page("GET", "/systems", systems.show, LOOKS),
    Page("POST", "/systems/{system}/resume", systems.resume, RESUMES),
    Page("POST", "/systems/{system}/pause", systems.pause, RESUMES),
    Page("GET", "/bots", bots.show, LOOKS),
    Page("GET", "/insight", insight.show, WORK),
    Page("GET", "/bots/{bot}", feedback.show, WORK),
    Page("POST", "/bots/{bot}", feedback.of_bot, TELLS),
    Page("POST", "/work/{item}/{transaction}/feedback", feedback.of_exception, TELLS),
    Page("GET", "/audit", audit.show, AUDITS),
    Page("POST", "/audit/verify", audit.verify, AUDITS),
    Page("GET", "/people", people.show, MANAGES),
    Page("POST", "/people", people.add, MANAGES),
    Page("GET", "/people/{user}", people.one, MANAGES),
    Page("POST", "/people/{user}/roles", people.give_roles, MANAGES),
    Page("POST", "/people/{user}/password", people.give_password, MANAGES),
    Page("POST", "/people/{user}/disable", people.disable, MANAGES),
    Page("POST", "/people/{user}/enable", people.enable, MANAGES),
    Page("POST", "/people/{user}/sign-out", people.sign_out, MANAGES),
    Page("POST", "/people/{user}/no-second-factor", people.drop_factor, MANAGES),
)
