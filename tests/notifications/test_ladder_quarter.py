"""A quarter of daily turns: who acts hears of nobody else, who does not is put to the lead on the day, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import reading, transaction
from domain import actions, deadlines, ladder, releases
from domain.actions import Action
from domain.events import Event
from domain.method.workdays import Calendar, add_working_days
from domain.places import places
from domain.rungs import RUNGS
from notifications.decisions import DECISION
from notifications.outbox import Message, MessageStatus
from tests.builders import Firm, a_firm, at
from tests.conftest import Database
from tests.domain.acts import a_draft
from tests.notifications.post import deliver
from tests.servers.mail import MailServer

BEGIN, WEEKS = date(2026, 4, 6), 13
"""A Monday, and so many weeks from it on."""
OWNERS = ("u1.ben", "u1.cem", "u2.ben", "u2.cem", "u3.ben", "u3.cem")
WORKDAYS = Calendar()


@dataclass(frozen=True)
class Owned:
    """An action of the quarter: who owns it, when it was released and is due, and what its owner does."""

    number: int
    owner: str
    released: date
    due: date
    habit: str


HABITS = {
    "u1.ben": ("does it",) * 5,
    "u1.cem": ("moves it", "moves it", "does it", "does it", "does it once told"),
    "u2.ben": ("forgets",) * 5,
    "u2.cem": ("says nothing",) * 5,
    "u3.ben": ("declines", "does it", "forgets", "says nothing", "does it once told"),
    "u3.cem": ("does it", "rests", "does it", "forgets", "does it"),
}
TOLD = {"forgets", "does it once told", "rests"}
"""What rested beyond its due date is late as soon as it goes on."""
PUT_TO_THE_LEAD = {"forgets": "late", "says nothing": "no answer", "declines": "declined"}


def plan(session: Session, firm: Firm) -> list[Owned]:
    """Draft thirty actions, five for each owner, to be released on different days and due within the quarter."""
    found = []
    for row, owner in enumerate(OWNERS):
        unit = owner.partition(".")[0]
        for column, habit in enumerate(HABITS[owner]):
            released = add_working_days(WORKDAYS, BEGIN, 2 * column + row)
            due = add_working_days(WORKDAYS, released, 8 + 3 * column)
            people = {"owner_id": firm.people[owner].id, "verifier_id": firm.people[f"{unit}.ann"].id}
            element = f"{row}{column}"
            action = a_draft(
                session, firm, covers=(unit,), element=element, due_on=due, check_on=date(2026, 12, 1), **people
            )
            found.append(Owned(action.id, owner, released, due, habit))
    return found


def act(session: Session, owned: Owned, today: date, now: datetime) -> None:
    """Let an owner do on a day what the owner does."""
    action, where = session.get_one(Action, owned.number), places(session, now)
    by, answered = action.owner_id, add_working_days(WORKDAYS, owned.released, 3)
    told_on = add_working_days(WORKDAYS, owned.due, 4)
    if today == owned.released:
        releases.release(session, action, where, by=None, now=now)
    elif today == answered and owned.habit == "declines":
        ladder.decline(session, action, "not mine", by=by, now=now)
    elif today == answered and owned.habit != "says nothing":
        actions.accept(session, action, today=today, by=by, now=now)
    elif today == owned.due and owned.habit == "moves it":
        due = add_working_days(WORKDAYS, today, 5)
        deadlines.reschedule(session, action, due, date(2026, 12, 1), "parts", by=by, is_lead=False, now=now)
    elif today == owned.due and owned.habit == "rests":
        until = add_working_days(WORKDAYS, today, 20)
        deadlines.hold(session, action, until, "waits for the server", by=by, now=now)
    elif today == day_of_doing(owned, told_on):
        actions.done(session, action, "done", today=today, check_on=date(2026, 12, 1), by=by, now=now)


def day_of_doing(owned: Owned, told_on: date) -> date | None:
    """Return on which day an owner reports an action done, if ever."""
    return {
        "does it": owned.due,
        "moves it": add_working_days(WORKDAYS, owned.due, 5),
        "does it once told": told_on,
        "rests": add_working_days(WORKDAYS, owned.due, 20),
    }.get(owned.habit)


def asked_on(owned: Owned) -> date | None:
    """Return on which day the ladder puts an action to the lead."""
    days = {"forgets": (owned.due, 6), "says nothing": (owned.released, 6), "declines": (owned.released, 4)}
    return add_working_days(WORKDAYS, *days[owned.habit]) if owned.habit in days else None


def play(database: Database, server: MailServer, quarter: Sequence[Owned]) -> None:
    """Turn on each day at 8:00 and let people act on working days at 10:00."""
    for number in range(7 * WEEKS):
        today = BEGIN + timedelta(days=number)
        now = at(today, 8)
        with transaction(database.engine) as session:
            where = places(session, now)
            deadlines.resume_held(session, where.units, now)
            ladder.climb(session, where, now)
        deliver(database, server, now)
        with transaction(database.engine) as session:
            for owned in quarter:
                act(session, owned, today, at(today, 10))


def rungs(session: Session, name: str) -> Mapping[int, tuple[date, str]]:
    """Return on which day and why each action was put on a rung, which happens once."""
    rows = session.scalars(select(Event).where(Event.name == name).order_by(Event.id)).all()
    found = {each.subject_id: (each.at.date(), each.payload["because"]) for each in rows}
    assert len(found) == len(rows)
    return found


def test_who_acts_is_asked_of_nobody_and_who_does_not_is_put_to_the_lead_on_the_day_once(
    database: Database, mail_server: MailServer
) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1", "u2", "u3"), is_active=False)
        quarter = plan(session, firm)

    play(database, mail_server, quarter)

    expected = {
        each.number: (on, PUT_TO_THE_LEAD[each.habit]) for each in quarter if (on := asked_on(each)) is not None
    }
    with reading(database.engine) as session:
        asked, agenda = rungs(session, "action.lead asked"), rungs(session, "action.on agenda")
        told = rungs(session, "action.owner told")
        decisions = {
            each.id: each.payload | {"action": each.subject_id}
            for each in session.scalars(select(Event).where(Event.name == "action.lead asked"))
        }
        mails = session.scalars(select(Message).where(Message.template == DECISION)).all()
        climbed = session.scalars(select(Event.at).where(Event.name.in_(RUNGS))).all()

    assert (len(quarter), len({each.owner for each in quarter})) == (30, 6)
    assert asked == expected
    assert set(told) == {each.number for each in quarter if each.habit in TOLD}
    assert agenda == {
        number: (add_working_days(WORKDAYS, on, 5), because) for number, (on, because) in expected.items()
    }
    said = [(each.person_id, decision, each.due_at.date()) for each in mails for decision in each.covers["decisions"]]
    assert sorted(said) == sorted(
        (payload["decider"], id_, expected[payload["action"]][0]) for id_, payload in decisions.items()
    )
    assert {each.status for each in mails} == {MessageStatus.SENT}
    assert {moment.hour for moment in climbed} == {8}
    assert not {moment.weekday() for moment in climbed} & {5, 6}
