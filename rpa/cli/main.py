"""`rpa`: the command line. A verb's module is loaded when it is used, so that `rpa --help` answers at once."""

import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from rpa.browser.environment import be_quiet
from rpa.errors import ExitCode, RpaError, mask_threads, unforeseen

VERBS = {
    "init": "Make a new project in a folder.",
    "check": "Find every mistake in bots, page maps, forms, schedules and triggers before a browser starts.",
    "forms": "Describe forms from their empty copies.",
    "read": "Show the records that a bot reads, and where each value came from.",
    "rehearse": "Do everything but submit.",
    "approve": "Sign that you have looked at a bot that somebody else has written.",
    "run": "Run a bot: read its documents, enter each record once.",
    "schedule": "Check and list schedules, and when they run next; pause, resume or run one now.",
    "serve": "Run what schedules say and what comes to triggers, tell people what waits for them, for months.",
    "worker": "Enter what is on the queue of several machines, until told to stop.",
    "queue": "List work items; send again, abandon or confirm what needs a person.",
    "systems": "List the systems, which of them are paused and why; pause or resume one.",
    "console": "Serve the web pages on which staff start jobs, watch them and settle what needs a person.",
    "user": "Make, change and disable the accounts that sign in to the console.",
    "show": "Tell one work item's whole story.",
    "audit": "Verify, sign and export the audit trail; erase what is held of somebody; account for disclosures.",
    "witness": "Watch the audit trails of others.",
    "signer": "Sign the audit trail with a key that its account can't read.",
    "store": "Make the tables of the ledger; move an office from a file into a database.",
    "schema": "Write the JSON Schemas for editors.",
    "doctor": "Check what this machine and project need.",
    "demo": "See the main job done with two fixture systems and 25 claims.",
}
"""Every verb and what it does, in the order of a bot's life."""


class Verbs(click.Group):
    """Loads the module of a verb only when it is asked for."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the verbs in their order."""
        return list(VERBS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Return the verb's command, or None where there is no such verb."""
        if name not in VERBS:
            return None
        command: click.Command = import_module(f"rpa.cli.{name}").command
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="keyonce")
def rpa() -> None:
    """Key it once: read a form once, enter it once in every system, prove it.

    Exit codes: 0 done, 1 failed, 2 usage or definition, 3 finished but items need a person, 4 audit trail not
    covered, 130 interrupted.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # under nohup the terminal's end is not to be heard
            signal.signal(number, signal.default_int_handler)
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code. Errors go to standard error, in words."""
    be_quiet()
    mask_threads()
    os.umask(0o077)  # what is kept holds personal values: nobody but its owner reads it
    try:
        result = rpa.main(args=arguments, standalone_mode=False)
    except RpaError as error:
        click.echo(f"rpa: {error}", err=True)
        return int(error.exit_code)
    except click.ClickException as error:
        error.show()
        return int(ExitCode.USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("rpa: interrupted; what was promised is settled by the next run", err=True)
        return int(ExitCode.INTERRUPTED)
    except Exception as error:  # noqa: BLE001  # the last door: nothing that holds a value may pass it
        click.echo(f"rpa: {unforeseen(error)}", err=True)
        return int(ExitCode.FAILED)
    return int(result or ExitCode.DONE)
