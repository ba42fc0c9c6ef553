"""The command `pdca`: every command by its name, loaded when it is called, and one way to end."""

import os
import signal
import sys
from collections.abc import Sequence

from cyclopts import App, Group, Parameter

from config import settings
from config.settings import SettingsRefused
from domain.words import _, speaking
from pdca.console import complain
from pdca.failures import Exit, told

DEBUG = "--debug"
"""Lets an unexpected error show where it happened."""


def main() -> None:
    """Run the command line and end with its exit code; asked to terminate, it first stops what it started."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(128 + signal.SIGTERM))
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run one command and return its exit code; whatever goes wrong is said on stderr."""
    with speaking(_language()):
        return _run(words)


def _run(words: Sequence[str]) -> int:
    is_debugging = DEBUG in words
    try:
        done = commands()(
            [word for word in words if word != DEBUG],
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
        sys.stdout.flush()
    except KeyboardInterrupt:
        complain(_("Stopped; what is stored stays."))
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read us (head, less) has enough; without this Python complains when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except Exception as error:
        if is_debugging:
            raise
        code, lines = told(error)
        complain(*lines)
        return code
    return done if isinstance(done, int) else Exit.DONE


def commands() -> App:
    """Return the command line; what a command needs is imported when it is called."""
    app = App(
        name="pdca",
        help=_("Turn the wheel of self-assessment: plan, do, check, act."),
        help_epilogue=_(
            "Exit codes: 0 done; 1 done, but something is wrong; 2 refused, nothing stored; 3 something needed is out "
            "of reach; 70 unexpected (--debug shows where); 130 interrupted."
        ),
        version=_version,
        default_parameter=Parameter(negative=(), show_default=False),
        group_commands=Group.create_default_commands(_("Commands")),
        help_flags=["--help", "-h"],
        suppress_keyboard_interrupt=False,
    )
    app["--help"].help = _("Show this and end.")
    app["--version"].help = _("Show the version and end.")
    for path, name, told_in_help in _table():
        app.command(f"pdca.commands.{path}", name=name, help=told_in_help)
    return app


def _table() -> list[tuple[str, str, str]]:
    return [
        ("demo:demo", "demo", _("Play two quarters of a sample organisation.")),
        ("simulate:simulate", "simulate", _("Play an organisation over some years, with people who act and forget.")),
        ("files:import_", "import", _("Take in an organisation and its programmes from a YAML or XLSX file.")),
        ("files:import_answers", "import-answers", _("Take in the answers to a cycle from a CSV or XLSX file.")),
        ("respondents:app", "respondents", _("Change who answers in an open round.")),
        ("wheel:turn", "turn", _("Turn the wheel: do whatever is due.")),
        ("status:status", "status", _("Show where the wheel stands and what it waits for.")),
        ("wheel:agree", "agree", _("Record what a team agreed on after its blind round.")),
        ("actions:app", "actions", _("See and decide about improvement actions.")),
        ("models:app", "model", _("See and check maturity models.")),
        ("models:score", "score", _("Score an answers file, without a database.")),
        ("models:explain", "explain", _("Show how a level came about, so that a pencil follows it.")),
        ("wheel:recompute", "recompute", _("Compute everything stored again and name what differs.")),
        ("mail:app", "mail", _("See the outbox.")),
        ("admin:doctor", "doctor", _("Examine settings, database, mail, Prefect, owners and seals.")),
        ("admin:db", "db", _("Look after the database.")),
    ]


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415

    return version("pdca")


def _language() -> str:
    try:
        return settings.load().language
    except SettingsRefused:
        return "en"
