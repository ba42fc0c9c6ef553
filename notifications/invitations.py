"""Invitations and closing reminders: what a respondent is asked, by when, and who will see it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.asked import answered, awaited, teams
from domain.assessments import Assessment, AssessmentStatus
from domain.cycles import Cycle
from domain.editions import edition
from domain.events import Event
from domain.method.edition import Edition
from domain.method.workdays import add_working_days
from domain.organisation import Unit
from domain.people import Person
from domain.places import Places
from domain.programmes import Mode, Programme
from domain.responses import Response
from domain.words import N_, _, in_language, ngettext
from notifications.dates import day, near_moment, short_day
from notifications.outbox import Message, MessageStatus, Wanted, key_of
from notifications.views import Desk, Gone, View, can_be_reached, said_on

INVITATION = "invitation"
REMINDER = "reminder"
MINUTES_PER_STATEMENT = Fraction(1, 3)
"""A statement of some 15 words is read in five seconds; to remember what is so, and to tick it, takes fifteen."""
REMINDED_AT = time(8)
MOST_REMINDERS = 2


@dataclass(frozen=True, kw_only=True)
class Questions(View):
    """What a respondent reads: the topics left of all that were asked, how long they take, until when.

    `team` counts those who will see the answers with names; it is 0 where nobody will.
    """

    unit: str
    topics: tuple[str, ...]
    left: str
    asked: int
    minutes: int
    until: str
    until_short: str
    closes: str
    team: int
    team_until: str
    is_last: bool


class Asked(NamedTuple):
    """A response that is waited for, with all that it belongs to."""

    response: Response
    person: Person
    assessment: Assessment
    unit: Unit
    cycle: Cycle
    programme: Programme

    def key(self, template: str, *more: object) -> str:
        """Return a mail's key, from names that are the same in every run."""
        return key_of(template, self.programme.key, self.cycle.period, self.unit.key, self.person.key, *more)


def on_opening(session: Session, events: Sequence[Event], places: Places) -> list[Wanted]:
    """Invite everybody who is asked in the assessments that opened."""
    opened = {event.subject_id: event.at for event in events}
    asked = _asked(session, Assessment.id.in_(opened), places.today)
    return [_invitation(each, opened[each.assessment.id]) for each in asked]


def on_asked(session: Session, events: Sequence[Event], places: Places) -> list[Wanted]:
    """Invite whoever answers in another's place."""
    since = {event.subject_id: event.at for event in events}
    asked = _asked(session, Response.id.in_(since), places.today)
    return [_invitation(each, since[each.response.id]) for each in asked]


def due_reminders(session: Session, now: datetime, places: Places) -> list[Wanted]:
    """Remind those who have not handed in, some working days before closing, two times at most.

    Of reminders that a machine switched off has missed, only the last is sent.
    """
    is_open = (Assessment.status == AssessmentStatus.OPEN) & (Assessment.closes_at > now)
    rows = (
        select(Assessment, Programme.reminders)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Programme, Programme.id == Cycle.programme_id)
        .where(is_open)
    )
    due = {}
    for assessment, reminders in session.execute(rows):
        if (days := _reminded_before(assessment, reminders, now, places)) is not None:
            due[assessment.id] = days
    if not due:
        return []
    return [
        Wanted(
            key=asked.key(REMINDER, due[asked.assessment.id].days),
            template=REMINDER,
            person_id=asked.person.id,
            due_at=due[asked.assessment.id].moment,
            subject={"response": asked.response.id, "is_last": due[asked.assessment.id].is_last},
        )
        for asked in _asked(session, Assessment.id.in_(due), places.today)
    ]


def questions(session: Session, messages: Sequence[Message], desk: Desk) -> dict[int, View | Gone]:
    """Return what invitations and reminders say.

    They are gone for those who handed in, declined or are too late, and where another mail about the same questions
    goes out on this day.
    """
    is_open = (Assessment.status == AssessmentStatus.OPEN) & (Assessment.closes_at > desk.now)
    ids = {message.subject["response"] for message in messages}
    asked = {each.response.id: each for each in _asked(session, is_open & Response.id.in_(ids), desk.places.today)}
    done = answered(session, ids)
    in_teams = teams(session, {each.assessment.id for each in asked.values()})
    models = {id_: edition(session, id_) for id_ in {each.cycle.edition_id for each in asked.values()}}
    said_today = _said_today(session, messages, desk)
    views: dict[int, View | Gone] = {}
    for message in messages:
        each = asked.get(message.subject["response"])
        if each is None:
            views[message.id] = Gone(N_("handed in, declined or closed meanwhile"))
        elif message.id in said_today:
            views[message.id] = Gone(N_("another mail about the same questions goes out today"))
        else:
            left = [element for element in each.response.scope if element not in done.get(each.response.id, ())]
            team = len(in_teams[each.assessment.id].members)
            with desk.speaking_to(message.person_id):
                views[message.id] = _view(each, models[each.cycle.edition_id], left, team, message, desk)
    return views


def _invitation(asked: Asked, due_at: datetime) -> Wanted:
    return Wanted(
        key=asked.key(INVITATION),
        template=INVITATION,
        person_id=asked.person.id,
        due_at=due_at,
        subject={"response": asked.response.id},
    )


class _Reminder(NamedTuple):
    days: int
    moment: datetime
    is_last: bool


def _reminded_before(
    assessment: Assessment, reminders: Collection[int], now: datetime, places: Places
) -> _Reminder | None:
    """Return the reminder whose day came last, if its hour has come."""
    if assessment.closes_at is None:
        return None
    zone, calendar = places.zone(assessment.unit_id), places.calendar(assessment.unit_id)
    closes_on = assessment.closes_at.astimezone(zone).date()
    nearest = sorted(set(reminders))[:MOST_REMINDERS]
    for days in nearest:
        on = add_working_days(calendar, closes_on, -days)
        if on <= now.astimezone(zone).date():
            moment = datetime.combine(on, REMINDED_AT, zone)
            return _Reminder(days, moment, days == nearest[0]) if moment <= now else None
    return None


def _view(asked: Asked, model: Edition, left: Sequence[str], team: int, message: Message, desk: Desk) -> Questions:
    zone = desk.places.zone(asked.unit.id)
    today = desk.now.astimezone(zone).date()
    until, agreed = (
        (moment or desk.now).astimezone(zone) for moment in (asked.assessment.closes_at, asked.assessment.agree_until)
    )
    return Questions(
        name=asked.person.name,
        threads=(f"assessment/{asked.programme.key}/{asked.cycle.period}/{asked.unit.key}",),
        unit=asked.unit.name,
        topics=tuple(f"{each} {in_language(model.by_id[each].title)}" for each in left),
        left=ngettext("{n} topic", "{n} topics", len(left)).format(n=len(left)),
        asked=len(asked.response.scope),
        minutes=_minutes(model, left),
        until=near_moment(until, today),
        until_short=short_day(until.date()),
        closes=_closes(until.date(), today),
        team=team if asked.programme.mode is Mode.TEAM else 0,
        team_until=day(agreed.date()),
        is_last=message.subject.get("is_last", False),
    )


def _minutes(model: Edition, topics: Sequence[str]) -> int:
    """Return how long topics take; one without statements takes the time of one."""
    statements = sum(len(model.by_id[each].items) or 1 for each in topics)
    return ceil(MINUTES_PER_STATEMENT * statements)


def _closes(until: date, today: date) -> str:
    days = (until - today).days
    if days == 0:
        return _("closes today")
    return (
        _("closes tomorrow") if days == 1 else ngettext("closes in {n} day", "closes in {n} days", days).format(n=days)
    )


def _asked(session: Session, where: ColumnElement[bool], today: date) -> list[Asked]:
    rows = (
        select(Response, Person, Assessment, Unit, Cycle, Programme)
        .join(Person, Person.id == Response.person_id)
        .join(Assessment, Assessment.id == Response.assessment_id)
        .join(Unit, Unit.id == Assessment.unit_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Programme, Programme.id == Cycle.programme_id)
        .where(*awaited(), where)
        .order_by(Response.id)
    )
    return [asked for row in session.execute(rows) if can_be_reached((asked := Asked(*row)).person, today)]


def _said_today(session: Session, messages: Sequence[Message], desk: Desk) -> set[int]:
    """Return the messages of which an earlier one about the same questions is on its way or went out on this day."""
    rows = select(Message.id, Message.subject, Message.covers, Message.person_id).where(
        Message.template.in_((INVITATION, REMINDER)),
        Message.person_id.in_({message.person_id for message in messages}),
        Message.status.in_((MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.SENT)),
    )
    earlier: dict[int, list[tuple[int, date | None]]] = {}
    for id_, subject, covers, person_id in session.execute(rows):
        said = said_on(covers, desk.zone(person_id))
        earlier.setdefault(subject["response"], []).append((id_, said))
    return {
        message.id
        for message in messages
        for id_, said in earlier[message.subject["response"]]
        if id_ < message.id and said in {None, desk.now.astimezone(desk.zone(message.person_id)).date()}
    }
