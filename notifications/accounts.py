"""Accounts: what a person's Monday mail rests on, and whether it is worth one."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.duties import RELEASED, Change, Duties, Owed, assigned_since, changes, owed
from domain.people import Person
from domain.places import Places
from domain.rungs import Rung, Standing
from notifications.outbox import Message, MessageStatus, key_of

DIGEST = "digest"
WRITTEN_AT = time(8)
DAYS_PER_WEEK = 7
MONDAY = 0
ONE_DAY = timedelta(days=1)
WIDEST_ZONE = timedelta(hours=14)
LOOKS_BACK = timedelta(days=35)
"""From one first Monday of a month to the next: whoever has anything open gets a mail at least as often."""

OF_LATE = timedelta(days=14)
"""How long an owner needs no list of what is open after an assignment."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a person's digest of a week rests on; `last` is the day of the digest before.

    `given` are the actions that an assignment told of not long ago.
    """

    duties: Duties
    changes: tuple[Change, ...]
    last: date | None
    given: Collection[int]

    @property
    def news(self) -> tuple[Change, ...]:
        """The changes that are worth a mail; that they will verify what was released, somebody reads in the next."""
        return tuple(each for each in self.changes if each.name != RELEASED)

    def is_worth_a_mail(self, day: date) -> bool:
        """Say whether something is due soon, passed its day since the last digest, goes on to somebody, or changed.

        Else what is open and was not given of late is worth one a month. What is on the management review's agenda is
        worth none. On another day than a Monday it is worth one only where somebody else will be asked.
        """
        owes = self.duties.near
        ended = {each.action_id for each in owes if each.standing is not None and each.standing.rung is Rung.ON_AGENDA}
        left = [each for each in owes if each.action_id not in ended]
        if any(each.standing is not None and _is_told(each.standing, day) for each in left):
            return True
        if day.weekday() != MONDAY:
            return False
        has_news = any(self.last is None or each.by >= self.last for each in left)
        is_first_of_month = day.day <= DAYS_PER_WEEK
        has_open = any(each.action_id not in self.given for each in (*left, *self.duties.later))
        return has_news or bool(self.news) or (is_first_of_month and has_open)


def _is_told(standing: Standing, day: date) -> bool:
    """Say whether an owner was told on this day or after it that somebody else will be asked.

    Where their unit is, it may still have been the day before.
    """
    return standing.told_on is not None and standing.told_on >= day - ONE_DAY


def week_key(person: Person, day: date) -> str:
    """Return the key of the digest that a person gets in the week of a day."""
    week = day.isocalendar()
    return key_of(DIGEST, person.key, f"{week.year}-W{week.week:02}")


def begins_at(day: date) -> datetime:
    """Return a moment when it is not yet 8:00 of a day in any zone."""
    return datetime.combine(day, WRITTEN_AT, UTC) - WIDEST_ZONE


def accounts(
    session: Session,
    places: Places,
    day: date,
    moment_of: Callable[[int], datetime | None],
    *,
    without: Collection[int],
    person_ids: Collection[int] | None = None,
) -> dict[int, Account]:
    """Return what a day's digests rest on as of the places' day, for everybody or for these people.

    `moment_of` a person is when theirs is written, Monday 8:00 in their zone as a rule, and later changes are left out;
    so is what is owed on the actions in `without`.
    """
    begins = begins_at(day)
    duties = owed(session, places, person_ids)
    last = _last(session, begins)
    given = assigned_since(session, begins - OF_LATE)
    changed: dict[int, dict[int, Change]] = {}
    for change in changes(session, begins - LOOKS_BACK, begins + 2 * WIDEST_ZONE):
        moment = moment_of(change.person_id)
        since = last.get(change.person_id, begins - LOOKS_BACK)
        if moment is not None and since < change.at <= moment:
            changed.setdefault(change.person_id, {})[change.action_id] = change
    concerned = duties.keys() | changed.keys()
    return {
        person_id: Account(
            duties=_rest(duties.get(person_id, Duties()), without),
            changes=tuple(changed.get(person_id, {}).values()),
            last=last[person_id].date() if person_id in last else None,
            given=given,
        )
        for person_id in sorted(concerned if person_ids is None else concerned & set(person_ids))
    }


def _last(session: Session, before: datetime) -> dict[int, datetime]:
    """Return when each person's last digest before a moment was due, of those that went out or may have.

    What was to be said by one that is still to be written is news until somebody has read it.
    """
    is_written = (Message.status == MessageStatus.SENT) | (
        Message.status.in_((MessageStatus.QUEUED, MessageStatus.SENDING)) & Message.composed.is_not(None)
    )
    rows = (
        select(Message.person_id, func.max(Message.due_at))
        .where(Message.template == DIGEST, Message.due_at < before, is_written)
        .group_by(Message.person_id)
    )
    return dict(session.execute(rows).all())


def newest_due(session: Session, person_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Return when each person's newest digest is due that is due by now, of those that went out or still will."""
    rows = (
        select(Message.person_id, func.max(Message.due_at))
        .where(Message.template == DIGEST, Message.person_id.in_(person_ids), Message.due_at <= now)
        .where(Message.status.in_((MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.SENT)))
        .group_by(Message.person_id)
    )
    return dict(session.execute(rows).all())


def _rest(duties: Duties, without: Collection[int]) -> Duties:
    def rest(owes: Iterable[Owed]) -> list[Owed]:
        return [each for each in owes if each.action_id not in without]

    return Duties(
        due=rest(duties.due),
        late=rest(duties.late),
        waiting=rest(duties.waiting),
        to_verify=rest(duties.to_verify),
        far=rest(duties.far),
        resting=rest(duties.resting),
        to_verify_later=rest(duties.to_verify_later),
        open=[action_id for action_id in duties.open if action_id not in without],
    )
