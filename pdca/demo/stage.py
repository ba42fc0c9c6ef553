"""The stage of the demo: commands run as somebody types them, at moments that have passed."""

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, time
from json import loads
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from config.database import engine_of, reading
from config.settings import Settings
from domain import overview
from domain.places import places
from domain.words import _
from pdca.cli import run
from pdca.failures import Exit

EVENING = time(18)


class DemoFailed(Exception):
    """A command of the demo did not do what it should."""


@dataclass
class Stage:
    """Where the demo plays: its settings, what it tells, and the moment it has come to."""

    settings: Settings
    console: Console
    now: datetime
    turns: int = field(default=0, init=False)

    def say(self, words: str) -> None:
        """Tell what happens now."""
        told = Table.grid(padding=(0, 2))
        told.add_row(Text(f"{self.now:%a %d %b %Y %H:%M}", "dim"), words)
        self.console.print(told)

    def go_to(self, moment: datetime) -> None:
        """Let time pass up to a moment and turn the wheel in the evening of each day on which something is due."""
        while (due := self.next_due()) is not None and due <= moment:
            evening = datetime.combine(due.astimezone(self.now.tzinfo), EVENING, self.now.tzinfo)
            self._pass(min(max(due, evening), moment))
            self.turn()
        self._pass(moment)

    def _pass(self, moment: datetime) -> None:
        self.now = max(self.now, moment.astimezone(self.now.tzinfo))

    def next_due(self) -> datetime | None:
        """Return when the wheel has something to do next."""
        with reading(engine_of(self.settings.database_url)) as session:
            due = overview.next_due(session, places(session, self.now), self.now)
        return None if due is None else due.at

    def turn(self) -> None:
        """Turn the wheel at this moment."""
        self.turns += 1
        self.do("turn")

    def do(self, *words: object) -> str:
        """Run a command as of this moment and return what it printed; raises DemoFailed with it where it fails."""
        return self.look(*words, "--as-of", self.now.isoformat())

    def look(self, *words: object) -> str:
        """Run a command that changes nothing and return what it printed."""
        command = [str(word) for word in words]
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            code = run(command)
        if code == Exit.INTERRUPTED:
            raise KeyboardInterrupt
        if code != 0:
            raise DemoFailed(
                _("pdca {command} ended with {code}:\n{said}").format(
                    command=" ".join(command), code=code, said=said.getvalue()
                )
            )
        return said.getvalue()

    def read(self, *words: object) -> Any:
        """Run a command with --json and return what it says."""
        return loads(self.look(*words, "--json"))
