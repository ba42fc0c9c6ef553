"""Decision needed: one mail a day to whoever was asked how actions go on that their owners leave lying."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import ladder
from domain.actions import Action, ActionNote
from domain.ladder import Climber
from domain.method.workdays import is_working_day
from domain.organisation import Unit
from domain.people import Person, by_ids
from domain.places import Places, homes
from domain.rungs import UNSEEN, Because, Rung
from domain.words import N_, _, ngettext
from notifications.accounts import DIGEST, WRITTEN_AT
from notifications.assignments import ASSIGNMENT
from notifications.dates import day, short_day
from notifications.outbox import Message, MessageStatus, Wanted, key_of
from notifications.views import Desk, Gone, View, can_be_reached

DECISION = "decision"
A_DAY = timedelta(days=1)
UNDER_WAY = frozenset({MessageStatus.QUEUED, MessageStatus.SENDING})


@dataclass(frozen=True, slots=True)
class Decided:
    """An action to decide about: what it is, and what is known about it, a sentence a line."""

    title: str
    facts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Decision(View):
    """What a lead reads: about what to decide, by when, what is known, what follows if nothing is decided."""

    what: str
    these: str
    actions: tuple[Decided, ...]
    decide_by: str
    decide_by_short: str
    command: str
    undecided: str


def due_decisions(session: Session, now: datetime, places: Places) -> list[Wanted]:
    """Want today's mail for everybody who was asked to decide and has not read of it, where they are at work.

    What its owner was not told of yet, since that mail is still under way, waits until it was.
    """
    untold = _untold(session, places, now)
    for person_id in _expecting(session, untold):
        del untold[person_id]
    at_home = homes(session) if untold else {}
    readers = by_ids(session, untold)
    wanted = []
    for person_id in untold:
        home = at_home.get(person_id)
        local = now.astimezone(places.zone(home))
        is_at_work = local.time() >= WRITTEN_AT and is_working_day(places.calendar(home), local.date())
        if is_at_work and can_be_reached(readers[person_id], places.today):
            key = key_of(DECISION, readers[person_id].key, local.date().isoformat())
            wanted.append(Wanted(key, DECISION, person_id, now))
    return wanted


def decisions(session: Session, messages: Sequence[Message], desk: Desk) -> dict[int, View | Gone]:
    """Return what leads read; gone where all was decided meanwhile."""
    untold = _untold(session, desk.places, desk.now, but=[message.id for message in messages])
    asked = [each.action for message in messages for each in untold.get(message.person_id, ())]
    facts = _facts(session, asked, desk.places)
    views: dict[int, View | Gone] = {}
    for message in messages:
        climbers = untold.get(message.person_id)
        if not climbers:
            views[message.id] = Gone(N_("decided meanwhile, or put on the review's agenda"))
            continue
        with desk.speaking_to(message.person_id) as reader:
            views[message.id] = _view(reader, climbers, facts)
    return views


def _untold(session: Session, places: Places, now: datetime, but: Collection[int] = ()) -> dict[int, list[Climber]]:
    """Return what people were asked to decide and read of in no other mail than these, by person.

    Without what its owner has to read first.
    """
    asked: dict[int, list[Climber]] = {}
    for each in ladder.climbers(session, places):
        if each.standing.rung is Rung.LEAD_ASKED and each.standing.decider_id is not None:
            asked.setdefault(each.standing.decider_id, []).append(each)
    if not asked:
        return {}
    told = _told(session, asked, but)
    uninformed = _uninformed(session, {each.action.owner_id for some in asked.values() for each in some}, now)
    left = {
        person_id: [
            each for each in some if each.standing.decision_id not in told and each.action.owner_id not in uninformed
        ]
        for person_id, some in asked.items()
    }
    return {person_id: some for person_id, some in left.items() if some}


def _expecting(session: Session, people: Collection[int]) -> set[int]:
    """Return those of some people to whom a mail is still to be written: it will say all that it has to."""
    rows = select(Message.person_id).where(
        Message.template == DECISION,
        Message.person_id.in_(people),
        Message.status.in_(UNDER_WAY),
        Message.composed.is_(None),
    )
    return set(session.scalars(rows))


def _told(session: Session, people: Collection[int], but: Collection[int]) -> set[int]:
    """Return the decisions that mails to people say, sent or not: each is asked by one mail."""
    rows = select(Message.covers).where(
        Message.template == DECISION,
        Message.person_id.in_(people),
        Message.id.not_in(but),
        Message.status != MessageStatus.DROPPED,
    )
    return {decision for covers in session.scalars(rows) for decision in covers.get("decisions", ())}


def _uninformed(session: Session, owners: Collection[int | None], now: datetime) -> set[int]:
    """Return the owners whom a mail has not reached for a day or more that was put off and should come first.

    What was not tried yet goes out in its order, before what is wanted now.
    """
    rows = select(Message.person_id).where(
        Message.template.in_((DIGEST, ASSIGNMENT)),
        Message.person_id.in_({each for each in owners if each is not None}),
        Message.status.in_(UNDER_WAY),
        Message.reason.is_not(None),
        Message.due_at < now - A_DAY,
    )
    return set(session.scalars(rows))


@dataclass(frozen=True)
class _Facts:
    """What is known about the actions of some mails, before it is put in words."""

    places: Places
    units: Mapping[int, Unit]
    owners: Mapping[int, Person]
    verifiers: Mapping[int, Person]
    notes: Mapping[int, ActionNote]
    writers: Mapping[int, Person]


def _facts(session: Session, actions: Sequence[Action], places: Places) -> _Facts:
    """Gather the actions' units and owners, and what their owners said last."""
    owner_of = {action.id: action.owner_id for action in actions}
    units = select(Unit).where(Unit.id.in_({action.unit_id for action in actions}))
    said = select(ActionNote).where(ActionNote.action_id.in_(owner_of)).order_by(ActionNote.id)
    notes = {
        note.action_id: note
        for note in session.scalars(said)
        if note.kind == "declined" or note.by == owner_of[note.action_id]
    }
    return _Facts(
        places=places,
        units={unit.id: unit for unit in session.scalars(units)},
        owners=by_ids(session, (owner_id for owner_id in owner_of.values() if owner_id is not None)),
        verifiers=by_ids(session, (action.verifier_id for action in actions if action.verifier_id is not None)),
        notes=notes,
        writers=by_ids(session, (note.by for note in notes.values() if note.by is not None)),
    )


def _view(reader: Person, climbers: Sequence[Climber], facts: _Facts) -> Decision:
    days = {each.standing.decide_by for each in climbers if each.standing.decide_by is not None}
    first, count = climbers[0].action, len(climbers)
    return Decision(
        name=reader.name,
        threads=tuple(f"action/{each.action.id}" for each in climbers),
        covers={"decisions": [each.standing.decision_id for each in climbers]},
        what=ngettext("action {number}", "{n} actions", count).format(number=first.id, n=count),
        these=ngettext("action {number} goes on", "these {n} actions go on", count).format(number=first.id, n=count),
        actions=tuple(_decided(each, facts, is_one_of_several_days=len(days) > 1) for each in climbers),
        decide_by=day(min(days)),
        decide_by_short=short_day(min(days)),
        command=_command(climbers[0]),
        undecided=ngettext(
            "Undecided, it goes on the management review's agenda; no more mails.",
            "Undecided, they go on the management review's agenda; no more mails.",
            count,
        ),
    )


def _command(climber: Climber) -> str:
    """Return how a decision is recorded: another date, or who looks whether a done action worked."""
    number = climber.action.id
    if climber.standing.because in UNSEEN:
        return f"pdca actions edit {number} --verifier ... --check ..."
    return f'pdca actions move {number} --due ... --because "..."'


def _decided(climber: Climber, facts: _Facts, *, is_one_of_several_days: bool) -> Decided:
    action, decide_by = climber.action, climber.standing.decide_by
    title = _("{number} {title} ({unit})").format(
        number=action.id, title=action.title, unit=facts.units[action.unit_id].name
    )
    if is_one_of_several_days and decide_by is not None:
        title = _("{title}, by {day}").format(title=title, day=day(decide_by))
    return Decided(title, tuple(line for line in _lines(climber, facts) if line))


def _lines(climber: Climber, facts: _Facts) -> Iterable[str]:
    """Give what is known: why it is asked, since when, what the owner said, and since when the owner knows."""
    action, standing = climber.action, climber.standing
    if standing.because in UNSEEN:
        yield _unseen(climber, facts)
        return
    owner = facts.owners[action.owner_id or 0]
    name = owner.name or _("somebody")
    given_on = None if standing.given_at is None else facts.places.day(action.unit_id, standing.given_at)
    if standing.because is Because.DECLINED:
        yield _("{name} does not take it.").format(name=name)
    if standing.because is Because.NO_ANSWER and given_on is not None and action.answer_by is not None:
        words = _("Given to {name} on {given}, to be answered by {day}; no answer came.")
        yield words.format(name=name, given=day(given_on), day=day(action.answer_by))
    yield _due(action)
    yield _said(action, facts)
    knows_since = {Because.LATE: standing.told_on, Because.NO_ANSWER: given_on}.get(standing.because or Because.LATE)
    if owner.left_on is not None and owner.left_on <= facts.places.today:
        yield _("{name} has left.").format(name=name)
    elif not can_be_reached(owner, facts.places.today):
        yield _("{name} cannot be reached by mail.").format(name=name)
    elif knows_since is not None:
        yield _("{name} knows since {day} that we ask you.").format(name=name, day=day(knows_since))


def _unseen(climber: Climber, facts: _Facts) -> str:
    """Say that nobody looks whether a done action worked, and what to decide."""
    verifier = facts.verifiers[climber.action.verifier_id or 0]
    name = verifier.name or _("somebody")
    if climber.standing.because is Because.VERIFIER_LEFT:
        return _("It is done; {name}, who was to look whether it worked, has left. Say who looks.").format(name=name)
    words = _("It is done; {name} was to look by {day} whether it worked. Say who looks, or by when.")
    return words.format(name=name, day="" if climber.action.check_on is None else day(climber.action.check_on))


def _due(action: Action) -> str:
    if action.due_on is None:
        return ""
    if not action.moved_count or action.original_due_on is None:
        return _("Due {day}.").format(day=day(action.due_on))
    words = ngettext(
        "Due {day}, moved once (from {first}).", "Due {day}, moved {n} times (first {first}).", action.moved_count
    )
    return words.format(day=day(action.due_on), n=action.moved_count, first=day(action.original_due_on))


def _said(action: Action, facts: _Facts) -> str:
    """Return the owner's last words."""
    note = facts.notes.get(action.id)
    if note is None:
        return ""
    writer = facts.writers.get(note.by or 0)
    name = _("somebody") if writer is None else writer.name or _("somebody")
    on = facts.places.day(action.unit_id, note.at)
    return _('{name}, {day}: "{words}"').format(name=name, day=day(on), words=" ".join(note.text.split()))
