"""Drafts: actions proposed and not yet released; they become binding when somebody releases them by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from domain import events
from domain.actions import LIVING, Action, ActionSource, ActionStatus, ActionUnit, Source, move
from domain.base import write
from domain.deadlines import refuse_past
from domain.errors import InvalidTransition, NotAllowed
from domain.words import _


def propose(
    session: Session,
    action: Action,
    covers: Sequence[ActionUnit],
    sources: Mapping[Source, Sequence[str]],
    *,
    now: datetime,
) -> Action:
    """Add a draft with the units it covers (their `action_id` is set here) and its sources."""
    session.add(action)
    session.flush()
    for each in covers:
        each.action_id = action.id
        session.add(each)
    for source, references in sources.items():
        for reference in references or [""]:
            session.add(ActionSource(action_id=action.id, source=source, reference=reference))
    events.record(session, f"action.{action.status}", action, by=None, now=now)
    return action


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft as values: the columns of its action, and of each unit it covers but for the action's id."""

    action: Mapping[str, Any]
    covers: Sequence[Mapping[str, Any]]


def propose_all(
    session: Session, proposals: Sequence[Proposal], source: Source, reference: str, *, now: datetime
) -> None:
    """Add many drafts of one source at once; all name the same columns."""
    if not proposals:
        return
    numbered = insert(Action).returning(Action.id, sort_by_parameter_order=True)
    ids = session.scalars(numbered, [each.action for each in proposals]).all()
    covers = [{"action_id": id_, **cover} for id_, each in zip(ids, proposals, strict=True) for cover in each.covers]
    write(session, ActionUnit, covers)
    write(session, ActionSource, [{"action_id": id_, "source": source, "reference": reference} for id_ in ids])
    events.record_all(session, f"action.{ActionStatus.PROPOSED}", Action, ids, by=None, now=now)


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody changes about an action by hand; what is None stays as it is."""

    title: str | None = None
    why: str | None = None
    measure: str | None = None
    owner_id: int | None = None
    verifier_id: int | None = None
    due_on: date | None = None
    check_on: date | None = None


def edit(session: Session, action: Action, wanted: Edit, *, today: date, by: int | None, now: datetime) -> list[str]:
    """Change a draft, or who verifies a living action and when, and return the names of what changed.

    Raises NotAllowed for anything else that was released: its date moves, its owner is reassigned.
    """
    changed = {
        name: value for name, value in asdict(wanted).items() if value is not None and value != getattr(action, name)
    }
    if action.status is not ActionStatus.PROPOSED and (
        action.status not in LIVING or set(changed) - {"verifier_id", "check_on"}
    ):
        raise NotAllowed(
            _(
                "action {id} is {status}; only a draft is edited, and until an action is verified, who verifies it and "
                "when (--verifier, --check)"
            ).format(id=action.id, status=_(action.status))
        )
    _refuse_contradictions(action, changed, today)
    for name, value in changed.items():
        setattr(action, name, value)
    if changed:
        events.record(session, "action.edited", action, by=by, now=now, changed=sorted(changed))
    return sorted(changed)


def _refuse_contradictions(action: Action, changed: Mapping[str, Any], today: date) -> None:
    def after(name: str) -> Any:
        return changed.get(name, getattr(action, name))

    if not after("title").strip():
        raise NotAllowed(_("action {id} needs a title (--title)").format(id=action.id))
    if after("owner_id") is not None and after("owner_id") == after("verifier_id"):
        raise NotAllowed(_("the owner of action {id} cannot verify it; name somebody else").format(id=action.id))
    for name in {"due_on", "check_on"} & set(changed):
        refuse_past(changed[name], today)
    due, check = after("due_on"), after("check_on")
    if due is not None and check is not None and check < due:
        raise NotAllowed(
            _("action {id} cannot be checked on {check}, before it is due on {due}").format(
                id=action.id, check=check, due=due
            )
        )


def missing_for_release(action: Action) -> list[str]:
    """Return what a draft still lacks, in words; empty where it can be released."""
    wanted = {
        _("a measure in words (edit --measure)"): action.measure.strip(),
        _("an owner (reassign)"): action.owner_id,
        _("a verifier other than the owner (edit --verifier)"): action.verifier_id,
        _("a due date (edit --due)"): action.due_on,
        _("a check date (edit --check)"): action.check_on,
    }
    return [words for words, value in wanted.items() if not value]


def refuse_unready(action: Action) -> None:
    """Raise InvalidTransition where an action is no draft any more, NotAllowed naming what a draft lacks."""
    if action.status in LIVING and action.released_on is not None:
        raise InvalidTransition(
            _("action {id} is released already, since {day}").format(id=action.id, day=action.released_on)
        )
    allowed = action.TRANSITIONS[action.status]
    if ActionStatus.OPEN not in allowed:
        raise InvalidTransition(events.refusal(action, ActionStatus.OPEN, allowed))
    if lacks := missing_for_release(action):
        raise NotAllowed(
            _("action {id} cannot be released; it lacks {lacks}").format(id=action.id, lacks=", ".join(lacks))
        )


def release(session: Session, action: Action, *, today: date, answer_by: date, by: int | None, now: datetime) -> None:
    """Give a draft to its owner, who answers by a day; raises NotAllowed for one not ready, or due on a day past."""
    refuse_unready(action)
    if action.due_on is not None:
        refuse_past(action.due_on, today)
    action.released_on = today
    action.answer_by = answer_by
    action.original_due_on = action.due_on
    move(session, action, ActionStatus.OPEN, by=by, now=now)
