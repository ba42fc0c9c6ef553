"""The summary: what came out of a cycle, for the quality team, which reads and releases the drafts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import continuations, editions, findings
from domain.actions import Action, ActionStatus, ActionUnit
from domain.cycles import Cycle
from domain.events import Event
from domain.method.edition import Edition
from domain.method.findings import FindingKind
from domain.method.planning import NotNow
from domain.method.workdays import add_working_days
from domain.organisation import Unit
from domain.people import Person, RoleName, by_ids, holders
from domain.places import Places
from domain.programmes import Programme
from domain.standings import UnitStanding, cycle_table
from domain.words import _, in_language, in_short, ngettext
from notifications.dates import day
from notifications.outbox import Message, Wanted, key_of
from notifications.views import Desk, Gone, View, can_be_reached

SUMMARY = "summary"
TWO_BELOW = 2
DAYS_TO_RELEASE = 10
"""Working days in which the quality team reads and releases drafts; due dates count from the release."""
COUNTED = tuple(kind for kind in FindingKind if kind is not FindingKind.OPPORTUNITY_FOR_IMPROVEMENT)
"""The findings that the mail counts: each gap is an opportunity for improvement too, which says nothing more."""


@dataclass(frozen=True, slots=True)
class Row:
    """A unit's line, in words and as figures: topics judged of those asked, and how far they are from target."""

    unit: str
    said: str
    judged: str
    at_target: int
    one_below: int
    two_below: int
    drafts: int


@dataclass(frozen=True, kw_only=True)
class Summary(View):
    """What the quality team reads when a cycle is planned."""

    period: str
    count: str
    first: str
    drafts: tuple[str, ...]
    not_now: str
    reasons: tuple[str, ...]
    continued: str
    rows: tuple[Row, ...]
    findings: tuple[str, ...]
    unsettled: tuple[str, ...]


def on_planned(session: Session, events: Sequence[Event], places: Places) -> list[Wanted]:
    """Tell the quality managers that a cycle's drafts wait for them."""
    planned = {event.subject_id: event.at for event in events}
    rows = select(Cycle, Programme).join(Programme, Programme.id == Cycle.programme_id).where(Cycle.id.in_(planned))
    managers = holders(session, RoleName.QUALITY_MANAGER, places.today)
    return [
        Wanted(
            key=key_of(SUMMARY, programme.key, cycle.period, manager.key),
            template=SUMMARY,
            person_id=manager.id,
            due_at=planned[cycle.id],
            subject={"cycle": cycle.id},
        )
        for cycle, programme in session.execute(rows.order_by(Cycle.id))
        for manager in managers
        if can_be_reached(manager, places.today)
    ]


def summaries(session: Session, messages: Sequence[Message], desk: Desk) -> dict[int, View | Gone]:
    """Return what the quality team reads."""
    facts = {
        cycle_id: _facts(session, cycle_id, desk.places)
        for cycle_id in {message.subject["cycle"] for message in messages}
    }
    views: dict[int, View | Gone] = {}
    for message in messages:
        with desk.speaking_to(message.person_id) as reader:
            views[message.id] = facts[message.subject["cycle"]].view(reader)
    return views


@dataclass(frozen=True)
class _Facts:
    """What came out of one cycle, before it is put in words."""

    cycle: Cycle
    programme: Programme
    model: Edition
    table: Sequence[UnitStanding]
    drafts: Sequence[Action]
    homes: Mapping[int, str]
    covers: Counter[int]
    owners: Mapping[int, Person]
    release_by: date
    continued: int
    put_off: Counter[NotNow]
    kinds: Counter[FindingKind]
    unsettled: Sequence[tuple[Unit, str]]

    def view(self, reader: Person) -> Summary:
        """Put it in the reader's words."""
        count = len(self.drafts)
        drafts = ngettext("{n} draft action", "{n} draft actions", count).format(n=count)
        in_units = Counter(action.unit_id for action in self.drafts)
        return Summary(
            name=reader.name,
            threads=(f"cycle/{self.programme.key}/{self.cycle.period}",),
            period=self.cycle.period,
            count=drafts,
            first=self._first(reader, drafts),
            drafts=tuple(self._draft(each, self.homes[each.unit_id]) for each in self.drafts),
            not_now=_not_now(self.put_off.total()),
            reasons=tuple(_because(why, self.put_off[why]) for why in NotNow if self.put_off[why]),
            continued=_continued(self.continued),
            rows=tuple(_row(each, in_units[each.unit.id]) for each in self.table),
            findings=tuple(_found(kind, self.kinds[kind]) for kind in COUNTED if self.kinds[kind]),
            unsettled=tuple(
                f"{unit.name}: {element} {in_language(self.model.by_id[element].title)}"
                for unit, element in self.unsettled
            ),
        )

    def _first(self, reader: Person, drafts: str) -> str:
        """Return who must do what by when."""
        words = _("{name}, please read {drafts} of {period} ({programme}) by {day} and release what is ripe.")
        if not self.drafts:
            words = _("{name}, {period} of {programme} is planned; no draft action waits for you.")
        return words.format(
            name=reader.name,
            drafts=drafts,
            period=self.cycle.period,
            programme=self.programme.name,
            day=day(self.release_by),
        )

    def _draft(self, draft: Action, unit: str) -> str:
        """Return a draft's number, where it is to be done, what it is about and who is to do it."""
        units = self.covers[draft.id]
        where = _("{unit}, for {n} units").format(unit=unit, n=units) if units > 1 else unit
        title = in_short(draft.title)
        if draft.owner_id is None:
            return _("{number} {unit}: {title}; it has no owner yet").format(number=draft.id, unit=where, title=title)
        owner = self.owners[draft.owner_id].name or _("somebody")
        return _("{number} {unit}: {title}; owner: {owner}").format(
            number=draft.id, unit=where, title=title, owner=owner
        )


def _facts(session: Session, cycle_id: int, places: Places) -> _Facts:
    cycle = session.get_one(Cycle, cycle_id)
    programme = session.get_one(Programme, cycle.programme_id)
    is_draft = (Action.cycle_id == cycle_id) & (Action.status == ActionStatus.PROPOSED)
    drafts = session.scalars(select(Action).where(is_draft).order_by(Action.id)).all()
    found = findings.of_cycle(session, cycle_id)
    table = cycle_table(session, cycle)
    units = {each.unit.id: each.unit for each in table}
    # What several units share is at home in a unit above them, which may not have been asked.
    homes = select(Unit.id, Unit.name).where(Unit.id.in_({each.unit_id for each in drafts}))
    return _Facts(
        cycle=cycle,
        programme=programme,
        model=editions.edition(session, cycle.edition_id),
        table=table,
        drafts=drafts,
        homes=dict(session.execute(homes).all()),
        covers=Counter(session.scalars(select(ActionUnit.action_id).join(Action).where(is_draft))),
        owners=by_ids(session, {each.owner_id for each in drafts if each.owner_id is not None}),
        release_by=add_working_days(places.calendar(None), places.today, DAYS_TO_RELEASE),
        continued=len(continuations.of_cycle(session, cycle_id)),
        put_off=Counter(NotNow(each.because) for each in continuations.deferrals(session, cycle_id)),
        kinds=Counter(each.kind for each in found),
        unsettled=[
            (units[each.unit_id], each.element)
            for each in found
            if each.kind is FindingKind.DISAGREEMENT and each.facts["is_unsettled"] and each.unit_id in units
        ],
    )


def _not_now(count: int) -> str:
    """Return how many gaps got no draft; nothing where each got one or goes on."""
    return ngettext("Not now: {n} gap.", "Not now: {n} gaps.", count).format(n=count) if count else ""


def _because(why: NotNow, count: int) -> str:
    """Return why so many gaps got no draft."""
    words = {
        NotNow.LIMIT_REACHED: _("{n}: the unit has as many actions already as it should have at once"),
        NotNow.NO_CAPACITY: _("{n}: the unit has no time for actions in this cycle"),
        NotNow.NOT_VISIBLE_HERE: _("{n}: too few people there could answer"),
        NotNow.WEIGHT_ZERO: _("{n}: the topic does not count in this programme"),
    }
    return words[why].format(n=count)


def _continued(count: int) -> str:
    """Return how many actions go on because their gap was found again; nothing where none does."""
    words = ngettext(
        "{n} action goes on: its gap was found again.", "{n} actions go on: their gaps were found again.", count
    )
    return words.format(n=count) if count else ""


def _row(each: UnitStanding, drafts: int) -> Row:
    judged, asked = each.judged
    at_target, one_below = each.distances.get(0, 0), each.distances.get(1, 0)
    two_below = sum(count for below, count in each.distances.items() if below >= TWO_BELOW)
    distances = (
        (at_target, _("{n} at target")),
        (one_below, _("{n} one below")),
        (two_below, _("{n} two or more below")),
    )
    words = _("{unit}: {judged} of {asked} topics judged").format(unit=each.unit.name, judged=judged, asked=asked)
    if some := ", ".join(said.format(n=count) for count, said in distances if count):
        words = f"{words}: {some}"
    if drafts:
        words = f"{words}; " + ngettext("{n} draft", "{n} drafts", drafts).format(n=drafts)
    return Row(
        unit=each.unit.name,
        said=words,
        judged=_("{judged} of {asked}").format(judged=judged, asked=asked),
        at_target=at_target,
        one_below=one_below,
        two_below=two_below,
        drafts=drafts,
    )


def _found(kind: FindingKind, count: int) -> str:
    """Return how often something was found."""
    words = {
        FindingKind.STRENGTH: ngettext("{n} strength", "{n} strengths", count),
        FindingKind.GAP: ngettext("{n} gap", "{n} gaps", count),
        FindingKind.OPPORTUNITY_FOR_INNOVATION: ngettext(
            "{n} opportunity for innovation", "{n} opportunities for innovation", count
        ),
        FindingKind.DISAGREEMENT: ngettext("{n} topic seen differently", "{n} topics seen differently", count),
        FindingKind.NOT_VISIBLE_HERE: ngettext("{n} not visible here", "{n} not visible here", count),
        FindingKind.REGRESSION: ngettext("{n} lower than last time", "{n} lower than last time", count),
        FindingKind.THIN_EVIDENCE: ngettext(
            "{n} judged high without evidence", "{n} judged high without evidence", count
        ),
        FindingKind.SHARED_GAP: ngettext("{n} gap that units share", "{n} gaps that units share", count),
    }
    return words[kind].format(n=count)
