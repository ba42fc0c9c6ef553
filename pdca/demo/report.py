"""What the demo shows at its end: the quarter's table, the actions, where the mails are, and what is missing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from rich import box
from rich.table import Table
from rich.text import Text
from sqlalchemy import Engine

from config.database import engine_of, reading
from domain import cycles, events, programmes, standings
from domain.actions import ActionStatus
from domain.method.order import natural_key
from domain.method.quarters import Period
from domain.method.rounding import half_up
from domain.method.scoring import Summary
from domain.standings import UnitStanding
from domain.words import _
from pdca.demo import sample
from pdca.demo.sample import Action
from pdca.demo.stage import Stage
from pdca.labels import label

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
    say = stage.console.print
    engine = engine_of(stage.settings.database_url)
    for quarter in quarters:
        say("", quarter_table(engine, quarter.id), sep="\n")
    say(_("2/4: only 2 of 4 topics were judged so far, too few for a level of the group."))
    actions = stage.read("actions", "list", "--as-of", stage.now.isoformat())["actions"]
    say("", action_table(actions, sample.read_sample().names), did_it_work(actions), sep="\n")
    folder = stage.settings.keep_eml
    mails = [*folder.glob("*.eml")] if folder else []
    say(_("{count} mails were sent; they lie in {folder}").format(count=len(mails), folder=folder), soft_wrap=True)
    say(_("See more with: PDCA_DATA={folder} pdca actions show 4").format(folder=stage.settings.data), soft_wrap=True)


def quarter_table(engine: Engine, period: str) -> Table:
    """Return where each unit stands at the end of a quarter, group by group, and what changed in it."""
    with reading(engine) as session:
        programme = programmes.running(session)[0]
        rows = standings.cycle_table(session, cycles.cycle(session, programme.id, period))
    groups = sorted({each.group or "" for row in rows for each in row.groups}, key=natural_key)
    is_baseline = all(row.change is None for row in rows)
    change = () if is_baseline else (_("changed"), _("seen\ndifferently"), _("mistake"))
    told = _("{period}: levels by group, how many topics are judged, and what changed since the last result")
    if is_baseline:
        told = _("{period}: levels by group, and how many topics are judged")
    made = _table(told.format(period=period), between=0)
    made.add_column(_("Unit"), no_wrap=True)
    for heading in (*groups, _("All"), _("Judged"), *change):
        made.add_column(heading, justify="right", min_width=4)
    for row in rows:
        made.add_row(*_cells(row, groups, is_baseline=is_baseline))
    return made


def _cells(row: UnitStanding, groups: Sequence[str], *, is_baseline: bool) -> list[str]:
    by_group = {each.group: each for each in row.groups}
    levels = [*(_level(by_group.get(group)) for group in groups), _level(row.whole)]
    cells = [row.unit.name, *levels, "/".join(map(str, row.judged))]
    if is_baseline:
        return cells
    change = row.change
    parts = () if change is None else (change.changed, change.seen_differently, change.mistake)
    return [*cells, *map(_signed, parts)]


def _level(summary: Summary | None) -> str:
    """Return a mean as a whole level; where too little was judged for one, how much."""
    if summary is None:
        return ""
    if summary.result is None or not summary.enough:
        return "/".join(map(str, summary.coverage))
    return str(half_up(summary.result, 0) or "<1")


def _signed(levels: Fraction) -> str:
    return f"{int(levels):+d}" if levels else "0"


def action_table(actions: Sequence[Action], names: Mapping[str, str]) -> Table:
    """Return all actions, two lines each: what will be different, whose it is, by when, and how it stands."""
    made = _table(_("Actions"), between=1)
    made.add_column(_("No."), justify="right")
    made.add_column(_("What will be different"), width=47)
    made.add_column(_("Owner, unit"), no_wrap=True)
    made.add_column(_("Due, check"), no_wrap=True)
    made.add_column(_("Stands at"), no_wrap=True)
    for each in actions:
        status = label(ActionStatus(each["status"]))
        made.add_row(
            str(each["number"]),
            Text(each["title"]),
            f"{names[each['owner']]}\n{each['unit']}",
            f"{each['due_on']}\n{each['check_on']}",
            _("{status},\nlate").format(status=status) if each["late"] else status,
        )
    return made


def did_it_work(actions: Sequence[Action]) -> str:
    """Return in a sentence what came of the actions that were done."""
    stand = Counter(each["status"] for each in actions)
    done = {word: stand[word] for word in ("effective", "partly", "not effective", "done")}
    told = _("Of {done} done: {worked} worked, {partly} partly, {not_} not, {early} too early to say.")
    return told.format(
        done=sum(done.values()),
        worked=done["effective"],
        partly=done["partly"],
        not_=done["not effective"],
        early=done["done"],
    )


def _table(title: str, *, between: int) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, between, 0, 0),
        pad_edge=False,
    )
