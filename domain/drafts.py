"""Drafts: actions proposed and not yet released; they become binding when somebody releases them by hand."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from domain import events
from domain.actions import Action, ActionSource, ActionStatus, ActionUnit, Source, move
from domain.errors import NotAllowed
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


def release(session: Session, action: Action, *, today: date, answer_by: date, by: int | None, now: datetime) -> None:
    """Give a draft to its owner, who answers by a day; raises NotAllowed naming what it lacks."""
    if lacks := missing_for_release(action):
        raise NotAllowed(
            _("action {id} cannot be released; it lacks {lacks}").format(id=action.id, lacks=", ".join(lacks))
        )
    action.released_on = today
    action.answer_by = answer_by
    action.original_due_on = action.due_on
    move(session, action, ActionStatus.OPEN, by=by, now=now)
