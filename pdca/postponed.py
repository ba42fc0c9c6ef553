"""What is not done now, and why, as it reads on the screen and for programs."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.table import Table

from domain.method.planning import NotNow
from domain.postponed import Postponed
from domain.words import _, in_language
from pdca.console import table


def not_now(found: Sequence[Postponed]) -> Iterator[Table]:
    """Show by topic which units wait and why; nothing where no gap waits."""
    if found:
        yield table((_("Not now"), _("Units"), _("Because"), _("Counted at")), [_row(each) for each in found])


def document(found: Sequence[Postponed]) -> list[dict[str, Any]]:
    """Return the same for programs."""
    return [
        {
            "element": each.element.id,
            "units": [unit.key for unit in each.units],
            "because": each.because,
            "counted_at": None if each.counted_at is None else each.counted_at.key,
        }
        for each in found
    ]


def _row(each: Postponed) -> tuple[str, str, str, str]:
    topic = f"{each.element.id} {in_language(each.element.title)}"
    units = ", ".join(unit.key for unit in each.units)
    return topic, units, _reasons()[each.because], "" if each.counted_at is None else each.counted_at.key


def _reasons() -> dict[NotNow, str]:
    return {
        NotNow.LIMIT_REACHED: _("as many actions as it should have at once"),
        NotNow.NO_CAPACITY: _("no time for actions in this cycle"),
        NotNow.NOT_VISIBLE_HERE: _("too few people there could answer"),
        NotNow.WEIGHT_ZERO: _("the topic does not count in this programme"),
    }
