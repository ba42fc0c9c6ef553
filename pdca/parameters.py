"""The options that many commands share: as of when, by whom, for people or for programs."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, TypeAlias

from cyclopts import Parameter, Token

from domain.words import _


def _moment(_type: object, tokens: Sequence[Token]) -> datetime:
    text = tokens[0].value
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(_('"{text}" is no moment; write 2026-10-15T16:00').format(text=text)) from error


def _day(_type: object, tokens: Sequence[Token]) -> date:
    text = tokens[0].value
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(_('"{text}" is no date; write 2027-02-28').format(text=text)) from error


DAY: Any = {"converter": _day, "n_tokens": 1}
"""How an option that takes a day reads it."""

AsOf: TypeAlias = Annotated[
    datetime | None,
    Parameter(
        name="--as-of",
        help=_(
            "The moment this happens at (2026-10-15T16:00), in the organisation's zone if it names none; now if empty."
        ),
        converter=_moment,
        n_tokens=1,
    ),
]
By: TypeAlias = Annotated[
    str | None,
    Parameter(
        name="--by", help=_("The id or address of who decides; the quality manager if there is only one."), n_tokens=1
    ),
]
AsJson: TypeAlias = Annotated[bool, Parameter(name="--json", help=_("Print JSON for programs."))]
DryRun: TypeAlias = Annotated[bool, Parameter(name="--dry-run", help=_("Only say what would change."))]
InProgramme: TypeAlias = Annotated[
    str | None, Parameter(name="--programme", help=_("The id of the programme, where several have such a cycle."))
]
Because: TypeAlias = Annotated[str, Parameter(name="--because", help=_("The reason, in a sentence."))]
Number: TypeAlias = Annotated[int, Parameter(help=_("The number of the action."))]
