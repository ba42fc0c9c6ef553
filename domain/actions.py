"""Improvement actions: what is to be different, by whom, by when, seen how; from proposal to verified end."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain import events
from domain.base import Base, Json, choice
from domain.errors import NotAllowed, NotFound
from domain.words import _


class ActionStatus(StrEnum):
    """From a draft to its verified end; done means proving until the check date, not effective."""

    PROPOSED = "proposed"
    OPEN = "open"
    IN_PROGRESS = "in progress"
    ON_HOLD = "on hold"
    DONE = "done"
    EFFECTIVE = "effective"
    PARTLY = "partly"
    NOT_EFFECTIVE = "not effective"
    CANCELLED = "cancelled"


class Source(StrEnum):
    """Where an action comes from."""

    SELF_ASSESSMENT = "self-assessment"
    AUDIT_FINDING = "audit finding"
    NONCONFORMITY = "nonconformity"
    CUSTOMER_FEEDBACK = "customer feedback"
    INTERESTED_PARTY = "interested party"
    RISK_OR_OPPORTUNITY = "risk or opportunity"
    QUALITY_OBJECTIVE = "quality objective"
    MANAGEMENT_REVIEW = "management review"
    IDEA = "idea"


S = ActionStatus
WORKING = frozenset({S.OPEN, S.IN_PROGRESS, S.ON_HOLD})
"""Released and not yet reported done."""
LIVING = WORKING | {S.PROPOSED, S.DONE}
"""Not at an end: a gap found again continues such an action."""


class Action(Base):
    """One improvement action. `unit_id` is where it lives; the units it covers stand in `ActionUnit`.

    Dates are days in the unit's zone. `due_on` moves, `original_due_on` stays; `fixed_by` names who locked the date.
    `facts` is what the draft rests on (ids, counts, levels).
    """

    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint("owner_id IS NULL OR verifier_id IS NULL OR owner_id <> verifier_id", name="other_verifier"),
        CheckConstraint("check_on IS NULL OR due_on IS NULL OR check_on >= due_on", name="check_after_due"),
        CheckConstraint(
            "status IN ('proposed', 'cancelled') OR (owner_id IS NOT NULL AND verifier_id IS NOT NULL "
            "AND due_on IS NOT NULL AND check_on IS NOT NULL AND measure <> '')",
            name="complete_when_released",
        ),
    )
    TRANSITIONS: ClassVar[Mapping[ActionStatus, frozenset[ActionStatus]]] = {
        S.PROPOSED: frozenset({S.OPEN, S.CANCELLED}),
        S.OPEN: frozenset({S.IN_PROGRESS, S.ON_HOLD, S.DONE, S.CANCELLED}),
        S.IN_PROGRESS: frozenset({S.ON_HOLD, S.DONE, S.CANCELLED}),
        S.ON_HOLD: frozenset({S.IN_PROGRESS, S.DONE, S.CANCELLED}),
        S.DONE: frozenset({S.EFFECTIVE, S.PARTLY, S.NOT_EFFECTIVE}),
        S.EFFECTIVE: frozenset(),
        S.PARTLY: frozenset(),
        S.NOT_EFFECTIVE: frozenset(),
        S.CANCELLED: frozenset(),
    }

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"), default=None, index=True)
    title: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    measure: Mapped[str] = mapped_column(default="")
    status: Mapped[ActionStatus] = mapped_column(choice(S, "status"), default=S.PROPOSED, index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None, index=True)
    verifier_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None, index=True)
    released_on: Mapped[date | None] = mapped_column(default=None)
    answer_by: Mapped[date | None] = mapped_column(default=None)
    accepted_on: Mapped[date | None] = mapped_column(default=None)
    due_on: Mapped[date | None] = mapped_column(default=None)
    original_due_on: Mapped[date | None] = mapped_column(default=None)
    moved_count: Mapped[int] = mapped_column(default=0)
    fixed_by: Mapped[str | None] = mapped_column(String(200), default=None)
    hold_until: Mapped[date | None] = mapped_column(default=None)
    done_on: Mapped[date | None] = mapped_column(default=None)
    check_on: Mapped[date | None] = mapped_column(default=None)
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"), default=None)
    aims_at: Mapped[int | None] = mapped_column(default=None)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class ActionUnit(Base):
    """A unit and element an action covers; at most one living self-assessment action per unit, model and element."""

    __tablename__ = "action_unit"
    __table_args__ = (
        UniqueConstraint("action_id", "unit_id", "model", "element"),
        Index(
            "uq_action_unit_living",
            "unit_id",
            "model",
            "element",
            unique=True,
            sqlite_where=text("is_living AND source = 'self-assessment'"),
            postgresql_where=text("is_living AND source = 'self-assessment'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    model: Mapped[str] = mapped_column(String(80), default="")
    element: Mapped[str] = mapped_column(String(40), default="")
    source: Mapped[Source] = mapped_column(choice(Source, "source"))
    is_living: Mapped[bool] = mapped_column(default=True)
    tries_first: Mapped[bool] = mapped_column(default=False)


class ActionSource(Base):
    """Where an action comes from; several rows where a gap is corroborated. `reference` is the source's own number."""

    __tablename__ = "action_source"
    __table_args__ = (UniqueConstraint("action_id", "source", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    source: Mapped[Source] = mapped_column(choice(Source, "source"))
    reference: Mapped[str] = mapped_column(String(80), default="")


class ActionNote(Base):
    """Words about an action (progress, what was done, reasons, comments); erasable, nothing is computed from them."""

    __tablename__ = "action_note"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    by: Mapped[int | None]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str]


def move(
    session: Session, action: Action, to: ActionStatus, *, by: int | None, now: datetime, **payload: object
) -> None:
    """Lead an action to another status; keeps which units it is living for. Raises InvalidTransition."""
    events.move(session, action, to, by=by, now=now, **payload)
    rows = update(ActionUnit).where(ActionUnit.action_id == action.id).values(is_living=to in LIVING)
    session.execute(rows)


def say(session: Session, action: Action, kind: str, text: str, *, by: int | None, now: datetime) -> None:
    """Keep words about an action; an empty text adds nothing."""
    if text:
        session.add(ActionNote(action_id=action.id, by=by, at=now, kind=kind, text=text))


def action(session: Session, number: int) -> Action:
    """Return the action with this number; raises NotFound."""
    found = session.get(Action, number)
    if found is None:
        raise NotFound(_("no action has the number {number}; `pdca actions list` shows them").format(number=number))
    return found


def accept(session: Session, action: Action, *, today: date, by: int | None, now: datetime) -> None:
    """Take an action on: its owner, or who owns it now, said yes. Saying yes twice changes nothing."""
    if action.status not in WORKING:
        raise NotAllowed(
            _("action {id} is {status}; only a released action that is not done awaits its owner's answer").format(
                id=action.id, status=_(action.status)
            )
        )
    if action.accepted_on is None:
        action.accepted_on = today
        events.record(session, "action.accepted", action, by=by, now=now)


def progress(session: Session, action: Action, text: str, *, by: int | None, now: datetime) -> None:
    """Report progress; the first report puts an open action in progress."""
    if action.status not in WORKING:
        raise NotAllowed(
            _("action {id} is {status}; progress is reported while it runs").format(
                id=action.id, status=_(action.status)
            )
        )
    if action.status is not S.IN_PROGRESS:
        action.hold_until = None
        move(session, action, S.IN_PROGRESS, by=by, now=now)
    else:
        events.record(session, "action.progress", action, by=by, now=now)
    say(session, action, "progress", text, by=by, now=now)


def done(
    session: Session, action: Action, what: str, *, today: date, check_on: date, by: int | None, now: datetime
) -> None:
    """Report an action done: from now on it proves itself until its check date."""
    if not what.strip():
        raise NotAllowed(_("say what was done on action {id}, so that its verifier can look").format(id=action.id))
    move(session, action, S.DONE, by=by, now=now, check_on=check_on.isoformat())
    action.done_on = today
    action.hold_until = None
    action.check_on = check_on
    say(session, action, "done", what, by=by, now=now)


def reassign(session: Session, action: Action, owner_id: int, why: str, *, by: int | None, now: datetime) -> None:
    """Give an action to another owner, who has to say yes; the verifier stays somebody else."""
    if action.status not in WORKING | {S.PROPOSED}:
        raise NotAllowed(
            _("action {id} is {status}; its owner no longer changes").format(id=action.id, status=_(action.status))
        )
    if not why.strip():
        raise NotAllowed(_("give the reason why action {id} changes hands (--because)").format(id=action.id))
    if owner_id == action.verifier_id:
        raise NotAllowed(
            _("that person verifies action {id}; name another verifier first (edit --verifier)").format(id=action.id)
        )
    was = action.owner_id
    action.owner_id = owner_id
    action.accepted_on = None
    events.record(session, "action.reassigned", action, by=by, now=now, was=was, to=owner_id)
    say(session, action, "reason", why, by=by, now=now)


def cancel(session: Session, action: Action, why: str, *, by: int | None, now: datetime) -> None:
    """Stop an action for a reason."""
    if not why.strip():
        raise NotAllowed(_("give the reason why action {id} is cancelled (--because)").format(id=action.id))
    move(session, action, S.CANCELLED, by=by, now=now)
    say(session, action, "reason", why, by=by, now=now)


def living(session: Session) -> list[tuple[Action, ActionUnit]]:
    """Return every living action with each unit and element it covers, by action and row."""
    rows = (
        select(Action, ActionUnit)
        .join(ActionUnit, ActionUnit.action_id == Action.id)
        .where(ActionUnit.is_living)
        .order_by(Action.id, ActionUnit.id)
    )
    return [(found, covered) for found, covered in session.execute(rows)]
