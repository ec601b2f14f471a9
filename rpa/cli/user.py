"""`rpa user`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from rpa.cli.common import json_option, print_json, project_option
from rpa.people import Role
from rpa.store.accounts import Accounts
from rpa.store.store import Store


@click.group("user")
def command() -> None:
    """Make, change and disable the accounts that sign in to the console."""


_id = click.argument("user")
_roles = click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([str(role) for role in Role]),
    help="May be given several times.",
)


@command.command("add")
@_id
@click.option("--name", required=True, help="The person's name, as the audit trail shall say it.")
@_roles
@project_option
def add(user: str, name: str, roles: tuple[str, ...], folder: Path) -> None:
    """Make an account. Its password is asked for, or read as one line from standard input."""
    from rpa.console.passwords import hashed

    if not roles:
        raise click.UsageError("give at least one --role: without one nothing may be done")
    password = hashed(_password(), user)
    with _accounts(folder) as accounts:
        accounts.add(user, name, frozenset(map(Role, roles)), password)
    click.echo(f"{user}: made, as {', '.join(sorted(roles))}")


@command.command("list")
@project_option
@json_option
def list_(folder: Path, *, as_json: bool) -> None:
    """List the accounts, their roles, and which are disabled."""
    from rpa.project import Project

    with Project(folder).store() as store:
        found = store.accounts.all()
    for one in found:
        roles = sorted(one.roles)
        if as_json:
            print_json({"user": one.id, "name": one.name, "roles": roles, "disabled": one.disabled})
        else:
            disabled = f"  disabled since {one.disabled:%Y-%m-%d}" if one.disabled else ""
            click.echo(f"{one.id:<20} {one.name:<24} {', '.join(roles)}{disabled}")


@command.command("change")
@_id
@_roles
@click.option("--password", "anew", is_flag=True, help="Ask for a new password.")
@click.option("--no-second-factor", "drop", is_flag=True, help="Remove the second factor: the device is lost.")
@project_option
def change(user: str, roles: tuple[str, ...], folder: Path, *, anew: bool, drop: bool) -> None:
    """Give an account other roles instead of those it has, or a new password; it is signed out everywhere."""
    from rpa.console.passwords import hashed

    if not roles and not anew and not drop:
        raise click.UsageError("give --role, --password or --no-second-factor: what is to be changed?")
    password = hashed(_password(), user) if anew else None
    with _store(folder) as store:
        if drop:
            store.second_factors.drop(user)
        if roles or password:
            store.accounts.change(user, roles=frozenset(map(Role, roles)) if roles else None, password=password)
    click.echo(f"{user}: changed")


@command.command("disable")
@_id
@project_option
def disable(user: str, folder: Path) -> None:
    """Let an account sign in no more; it is signed out everywhere at once."""
    with _accounts(folder) as accounts:
        accounts.change(user, disabled=True)
    click.echo(f"{user}: disabled")


@command.command("enable")
@_id
@project_option
def enable(user: str, folder: Path) -> None:
    """Let a disabled account sign in again, with the password that it had."""
    with _accounts(folder) as accounts:
        accounts.change(user, disabled=False)
    click.echo(f"{user}: enabled")


@contextmanager
def _accounts(folder: Path) -> Iterator[Accounts]:
    """Give the accounts to be changed; what was done is signed in the end."""
    with _store(folder) as store:
        yield store.accounts


@contextmanager
def _store(folder: Path) -> Iterator[Store]:
    """Give the ledger; what was done is signed in the end."""
    from rpa.project import Project

    with Project(folder).sealing() as store:
        yield store


def _password() -> str:
    """Return the password: asked for twice at a terminal, else one line of standard input; never an argument."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\n")
