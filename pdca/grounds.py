"""Where the units of a shared action stood, and what each lacks, as it reads on the screen."""

from collections.abc import Iterator

from rich.table import Table

from domain.grounds import Grounds, Stand
from domain.whys import who_said_no
from domain.words import _
from pdca.console import table
from pdca.labels import step


def stands(grounds: Grounds) -> Iterator[Table]:
    """Show a row for each unit that shares an action; nothing where it is one unit's alone."""
    if grounds.is_shared:
        headings = (_("Unit"), _("Level"), _("Last time"), _("Target"), _("Aims at level"), _("Not yet so"))
        yield table(headings, [_row(each) for each in grounds.stands.values()])


def _row(stand: Stand) -> tuple[object, ...]:
    last = "" if stand.last is None else step(stand.last)
    lacks = (f"{item}, {who_said_no(stand, item)}" for item in stand.items)
    return stand.unit, step(stand.level), last, step(stand.target), step(stand.aims_at), "\n".join(lacks)
