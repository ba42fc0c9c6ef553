"""What the demo shows at its end: the quarter's table, the actions, where the mails are, and what is missing."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from rich.table import Table
from sqlalchemy import Engine

from config.database import engine_of, reading
from domain import cycles, events, programmes, standings
from domain.method.order import natural_key
from domain.method.quarters import Period
from domain.method.rounding import half_up
from domain.method.scoring import Summary
from domain.standings import UnitStanding
from domain.words import _
from pdca.console import table
from pdca.demo.stage import Stage

STEPS: Mapping[str, Sequence[str]] = {
    "opened": ["assessment.open"],
    "answered": ["response.submitted"],
    "agreed": ["assessment.agreed"],
    "released": ["action.open"],
    "accepted": ["action.accepted"],
    "done": ["action.done"],
    "re-assessed": ["action.re-assessed"],
    "verified": ["action.effective", "action.partly", "action.not effective"],
}
"""What one whole turn of the wheel leaves in the events, in its order."""


def missing_steps(engine: Engine) -> list[str]:
    """Return the steps of a turn of which the events know nothing."""
    with reading(engine) as session:
        happened = events.counts(session)
    return [step for step, names in STEPS.items() if not any(happened[name] for name in names)]


def show_results(stage: Stage, quarters: Sequence[Period]) -> None:
    """Show where the units stand after each quarter, all actions, and where the rest is to be seen."""
    engine = engine_of(stage.settings.database_url)
    for quarter in quarters:
        stage.console.print(quarter_table(engine, quarter.id))
    stage.console.print(stage.look("actions", "list"))
    mails = sorted((stage.settings.keep_eml or stage.settings.data).glob("*.eml"))
    stage.console.print(
        _("{count} mails were sent; they lie in {folder}").format(count=len(mails), folder=stage.settings.keep_eml)
    )


def quarter_table(engine: Engine, period: str) -> Table:
    """Return where each unit stands at the end of a quarter, group by group, and what changed in it."""
    with reading(engine) as session:
        programme = programmes.running(session)[0]
        rows = standings.cycle_table(session, cycles.cycle(session, programme.id, period))
    groups = sorted({each.group or "" for row in rows for each in row.groups}, key=natural_key)
    change = (_("changed"), _("seen differently"), _("mistake"))
    headings = (_("Unit"), *groups, _("Whole"), _("Judged"), *change)
    return table(headings, [_row(each, groups) for each in rows], title=period, numbers="bcdefghijklm")


def _row(row: UnitStanding, groups: Sequence[str]) -> list[str]:
    by_group = {each.group: each for each in row.groups}
    judged = _("{done} of {of}").format(done=row.judged[0], of=row.judged[1])
    change = row.change
    parts = [""] * 3 if change is None else map(_signed, (change.changed, change.seen_differently, change.mistake))
    return [row.unit.name, *(_level(by_group.get(group)) for group in groups), _level(row.whole), judged, *parts]


def _level(summary: Summary | None) -> str:
    """Return a mean as a whole level; a dot where too little was judged for one."""
    if summary is None:
        return ""
    return str(half_up(summary.result, 0)) if summary.result is not None and summary.enough else "·"


def _signed(levels: Fraction) -> str:
    return f"{int(levels):+d}" if levels else "0"
