"""The rules: which events and which hours ask for a mail, and whether a mail is still true when its time comes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain import respondents
from domain.events import Event
from domain.organisation import Organisation
from domain.places import Places, places
from domain.words import N_
from notifications import (
    accounts,
    alarms,
    assignments,
    contested,
    decisions,
    digests,
    invitations,
    outbox,
    summaries,
    tellings,
)
from notifications.outbox import Message, Wanted
from notifications.views import Desk, Gone, View, can_be_reached

EventRule = Callable[[Session, Sequence[Event], Places], list[Wanted]]
ClockRule = Callable[[Session, datetime, Places], list[Wanted]]
ViewRule = Callable[[Session, Sequence[Message], Desk], dict[int, View | Gone]]

ON_EVENTS: Mapping[str, EventRule] = {
    "assessment.open": invitations.on_opening,
    respondents.ASKED: invitations.on_asked,
    "assessment.agreeing": contested.on_agreeing,
    "action.open": assignments.on_assigned,
    "action.reassigned": assignments.on_assigned,
    "action.owner told": tellings.on_owner_told,
    "cycle.planned": summaries.on_planned,
}
"""What happened -> the mails it asks for; all other events ask for none."""

BY_CLOCK: Sequence[ClockRule] = (invitations.due_reminders, digests.due_digests, decisions.due_decisions)
"""The mails that an hour asks for."""

VIEWS: Mapping[str, ViewRule] = {
    invitations.INVITATION: invitations.questions,
    invitations.REMINDER: invitations.questions,
    contested.CONTESTED: contested.statements,
    assignments.ASSIGNMENT: assignments.assignments,
    accounts.DIGEST: digests.digests,
    decisions.DECISION: decisions.decisions,
    summaries.SUMMARY: summaries.summaries,
    alarms.ALARM: alarms.alarms,
}
"""What a mail of each template says, asked of its rule again when its time has come."""


def route(session: Session, now: datetime) -> int:
    """Decide the mails of some events that are not decided yet; returns how many events that were, 0 at the end."""
    events = outbox.unrouted(session)
    by_rule: dict[EventRule, list[Event]] = {}
    for event in events:
        if event.name in ON_EVENTS:
            by_rule.setdefault(ON_EVENTS[event.name], []).append(event)
    if by_rule:
        where = places(session, now)
        for rule, theirs in by_rule.items():
            outbox.enqueue(session, rule(session, theirs, where))
    outbox.mark_routed(session, events)
    return len(events)


def due_messages(session: Session, now: datetime) -> int:
    """Put into the outbox what the hour asks for; returns how many mails were new."""
    if session.get(Organisation, 1) is None:
        return 0
    where = places(session, now)
    return sum(outbox.enqueue(session, rule(session, now, where)) for rule in BY_CLOCK)


def views(session: Session, messages: Sequence[Message], desk: Desk) -> dict[int, View | Gone]:
    """Return what messages say now, or why they are no longer true."""
    found: dict[int, View | Gone] = {}
    by_rule: dict[ViewRule, list[Message]] = {}
    for message in messages:
        if can_be_reached(desk.readers[message.person_id], desk.places.today):
            by_rule.setdefault(VIEWS[message.template], []).append(message)
        else:
            found[message.id] = Gone(N_("the person has left or has no address"))
    for rule, theirs in by_rule.items():
        found |= rule(session, theirs, desk)
    return found
