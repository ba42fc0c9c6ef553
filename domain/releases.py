"""From a draft to a binding action: its dates are counted anew from the day it is released, unless people set them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from domain import actions, drafts, people
from domain.actions import Action
from domain.cycles import Cycle
from domain.deadlines import refuse_past
from domain.errors import NotAllowed
from domain.method.due import check_on, due_on
from domain.method.planning_inputs import PlanningNumbers
from domain.method.workdays import Calendar, add_working_days
from domain.places import Places
from domain.programmes import Programme
from domain.verifications import Verdict
from domain.words import _

DAYS_TO_ANSWER = 5
"""Working days in which an owner says yes or no to a released action."""
DAYS_UNTIL_AGAIN = 20
"""Working days after which an action that could not be assessed is looked at again."""


@dataclass(frozen=True, slots=True)
class ReleasedDates:
    """When a released action is answered, due and checked; what the draft lacked stays empty."""

    answer_by: date
    due_on: date | None
    check_on: date | None


def release(session: Session, action: Action, where: Places, *, by: int | None, now: datetime) -> None:
    """Release a draft today in its unit, with dates counted from there; raises NotAllowed naming what it lacks."""
    drafts.refuse_unready(action)
    today = where.day(action.unit_id, now)
    _refuse_who_has_left(session, action, today)
    _refuse_the_same_again(session, action)
    dates = released_dates(where.calendar(action.unit_id), action, today, numbers_of(session, action))
    if dates.due_on is not None:
        refuse_past(dates.due_on, today)
    action.due_on = dates.due_on
    action.check_on = dates.check_on
    drafts.release(session, action, today=today, answer_by=dates.answer_by, by=by, now=now)


def reassign(
    session: Session, action: Action, owner_id: int, why: str, where: Places, *, by: int | None, now: datetime
) -> None:
    """Give an action to another owner; of a released one, the new owner has as many days to say yes as the first."""
    actions.reassign(session, action, owner_id, why, by=by, now=now)
    if action.released_on is not None:
        today = where.day(action.unit_id, now)
        action.answer_by = add_working_days(where.calendar(action.unit_id), today, DAYS_TO_ANSWER)


def released_dates(calendar: Calendar, action: Action, today: date, numbers: PlanningNumbers) -> ReleasedDates:
    """Return a draft's dates when it is released today.

    A due date that nobody edited is counted anew by the number of items; an edited one stays, and so does an edited
    check date that is not too early.
    """
    answer_by = add_working_days(calendar, today, DAYS_TO_ANSWER)
    due, check = action.due_on, action.check_on
    if due is None or due.isoformat() != action.facts.get("due_on"):
        return ReleasedDates(answer_by, due, check)
    counted = due_on(calendar, today, _items(action), numbers)
    is_edited = check is not None and check != check_on(calendar, due, numbers)
    if check is None or not is_edited or check < counted:
        check = check_on(calendar, counted, numbers)
    return ReleasedDates(answer_by, counted, check)


def check_after_done(calendar: Calendar, action: Action, today: date, numbers: PlanningNumbers) -> date:
    """Return when an action reported done today is checked: as planned, or after the whole waiting time if late."""
    due, check = action.due_on, action.check_on
    if due is not None and check is not None and today <= due:
        return check
    waited = check_on(calendar, today, numbers)
    return waited if check is None else max(check, waited)


def dates_after_verdict(
    calendar: Calendar, action: Action, verdict: Verdict, today: date, numbers: PlanningNumbers
) -> tuple[date, date]:
    """Return a successor's due and check date; where nothing could be assessed the second is the next look."""
    due = due_on(calendar, today, _items(action), numbers)
    if verdict is Verdict.NOT_ASSESSABLE:
        return due, add_working_days(calendar, today, DAYS_UNTIL_AGAIN)
    return due, check_on(calendar, due, numbers)


def numbers_of(session: Session, action: Action) -> PlanningNumbers:
    """Return the planning numbers of the programme an action comes from; the defaults for one from elsewhere."""
    if action.cycle_id is None:
        return PlanningNumbers()
    programme_id = session.get_one(Cycle, action.cycle_id).programme_id
    return PlanningNumbers(**session.get_one(Programme, programme_id).numbers)


def _refuse_who_has_left(session: Session, action: Action, today: date) -> None:
    """Raise NotAllowed where the owner or the verifier of a draft is no longer here."""
    meant = {each for each in (action.owner_id, action.verifier_id) if each is not None}
    for person in people.by_ids(session, meant).values():
        if person.left_on is not None and person.left_on <= today:
            raise NotAllowed(
                _("action {id} cannot be released; {who} left on {day} (reassign, or edit --verifier)").format(
                    id=action.id, who=person.key, day=person.left_on
                )
            )


def _refuse_the_same_again(session: Session, action: Action) -> None:
    """Raise NotAllowed where a successor says word for word what did not work before."""
    before = None if action.predecessor_id is None else session.get_one(Action, action.predecessor_id)
    if before is not None and (before.title, before.measure) == (action.title, action.measure):
        raise NotAllowed(
            _(
                "action {id} cannot be released; it says the same as action {before}, which did not work: say what is "
                "done otherwise (edit --title or --measure)"
            ).format(id=action.id, before=before.id)
        )


def _items(action: Action) -> int:
    return len(action.facts.get("items", ()))
