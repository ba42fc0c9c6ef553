"""The summary: what came out of a cycle, for the quality team, which reads and releases the drafts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import editions, findings
from domain.actions import Action, ActionStatus
from domain.continuations import Continuation, deferrals
from domain.cycles import Cycle
from domain.events import Event
from domain.method.edition import Edition
from domain.method.findings import FindingKind
from domain.method.workdays import add_working_days
from domain.organisation import Unit
from domain.people import Person, RoleName, holders
from domain.places import Places
from domain.programmes import Programme
from domain.standings import UnitStanding, cycle_table
from domain.words import _, in_language, ngettext
from notifications.dates import day
from notifications.outbox import Message, Wanted, key_of
from notifications.views import Desk, Gone, View, can_be_reached

SUMMARY = "summary"
TWO_BELOW = 2
DAYS_TO_RELEASE = 10
"""Working days in which the quality team reads and releases drafts; due dates count from the release."""


@dataclass(frozen=True, slots=True)
class Row:
    """A unit's line: topics judged of those asked, and how far they are from target."""

    unit: str
    judged: str
    at_target: int
    one_below: int
    two_below: int
    drafts: int


@dataclass(frozen=True, kw_only=True)
class Summary(View):
    """What the quality team reads when a cycle is planned."""

    period: str
    drafts: str
    first: str
    planned: str
    rows: tuple[Row, ...]
    findings: tuple[str, ...]
    disagreements: tuple[str, ...]


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
    drafts: Counter[int]
    release_by: date
    continued: int
    put_off: int
    kinds: Counter[FindingKind]
    disagreements: Sequence[tuple[Unit, str]]

    def view(self, reader: Person) -> Summary:
        """Put it in the reader's words."""
        count = self.drafts.total()
        drafts = ngettext("{n} draft action", "{n} draft actions", count).format(n=count)
        return Summary(
            name=reader.name,
            threads=(f"cycle/{self.programme.key}/{self.cycle.period}",),
            period=self.cycle.period,
            drafts=drafts,
            first=self._first(reader, drafts),
            planned=_("Continued actions: {continued}. Gaps put off for now: {put_off}.").format(
                continued=self.continued, put_off=self.put_off
            ),
            rows=tuple(self._row(each) for each in self.table),
            findings=tuple(_found(kind, self.kinds[kind]) for kind in FindingKind if self.kinds[kind]),
            disagreements=tuple(
                f"{unit.name}: {element} {in_language(self.model.by_id[element].title)}"
                for unit, element in self.disagreements
            ),
        )

    def _first(self, reader: Person, drafts: str) -> str:
        """Return who must do what by when."""
        words = _("{name}, please read {drafts} of {period} ({programme}) and release what is ripe by {day}.")
        if not self.drafts:
            words = _("{name}, {period} of {programme} is planned; no draft action waits for you.")
        return words.format(
            name=reader.name,
            drafts=drafts,
            period=self.cycle.period,
            programme=self.programme.name,
            day=day(self.release_by),
        )

    def _row(self, each: UnitStanding) -> Row:
        judged, asked = each.judged
        return Row(
            unit=each.unit.name,
            judged=_("{judged} of {asked}").format(judged=judged, asked=asked),
            at_target=each.distances.get(0, 0),
            one_below=each.distances.get(1, 0),
            two_below=sum(count for below, count in each.distances.items() if below >= TWO_BELOW),
            drafts=self.drafts[each.unit.id],
        )


def _facts(session: Session, cycle_id: int, places: Places) -> _Facts:
    cycle = session.get_one(Cycle, cycle_id)
    programme = session.get_one(Programme, cycle.programme_id)
    drafts = session.scalars(
        select(Action).where(Action.cycle_id == cycle_id, Action.status == ActionStatus.PROPOSED)
    ).all()
    found = findings.of_cycle(session, cycle_id)
    table = cycle_table(session, cycle)
    units = {each.unit.id: each.unit for each in table}
    return _Facts(
        cycle=cycle,
        programme=programme,
        model=editions.edition(session, programme.edition_id),
        table=table,
        drafts=Counter(action.unit_id for action in drafts),
        release_by=add_working_days(places.calendar(None), places.today, DAYS_TO_RELEASE),
        continued=len(session.scalars(select(Continuation.id).where(Continuation.cycle_id == cycle_id)).all()),
        put_off=len(deferrals(session, cycle_id)),
        kinds=Counter(each.kind for each in found),
        disagreements=[
            (units[each.unit_id], each.element)
            for each in found
            if each.kind is FindingKind.DISAGREEMENT and each.unit_id in units
        ],
    )


def _found(kind: FindingKind, count: int) -> str:
    """Return how often something was found."""
    words = {
        FindingKind.STRENGTH: ngettext("{n} strength", "{n} strengths", count),
        FindingKind.GAP: ngettext("{n} gap", "{n} gaps", count),
        FindingKind.OPPORTUNITY_FOR_IMPROVEMENT: ngettext(
            "{n} opportunity for improvement", "{n} opportunities for improvement", count
        ),
        FindingKind.OPPORTUNITY_FOR_INNOVATION: ngettext(
            "{n} opportunity for innovation", "{n} opportunities for innovation", count
        ),
        FindingKind.DISAGREEMENT: ngettext("{n} disagreement", "{n} disagreements", count),
        FindingKind.NOT_VISIBLE_HERE: ngettext("{n} not visible here", "{n} not visible here", count),
        FindingKind.REGRESSION: ngettext("{n} lower than last time", "{n} lower than last time", count),
        FindingKind.THIN_EVIDENCE: ngettext(
            "{n} judged high without evidence", "{n} judged high without evidence", count
        ),
        FindingKind.SHARED_GAP: ngettext("{n} gap that units share", "{n} gaps that units share", count),
    }
    return words[kind].format(n=count)
