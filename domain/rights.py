"""Who may decide what: the quality team releases, owners report, verifiers look, leads and who is asked decide."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actions import Action
from domain.assessments import Assessment
from domain.errors import NotAllowed
from domain.ladder import standing_of
from domain.organisation import Tree
from domain.people import Person, Role, RoleName
from domain.places import Places
from domain.responses import Response
from domain.words import _

TEAM = frozenset({RoleName.QUALITY_MANAGER, RoleName.ADMINISTRATOR})


def is_of_the_team(session: Session, person: Person) -> bool:
    """Return whether somebody is a quality manager or an administrator."""
    roles = select(Role.name).where(Role.person_id == person.id)
    return not TEAM.isdisjoint(session.scalars(roles))


def leads(session: Session, where: Places, action: Action, person: Person) -> bool:
    """Return whether somebody leads the action's unit or one above it, or was asked to decide in a lead's place."""
    return _leads(where.units, action.unit_id, person) or is_asked(session, where, action, person)


def is_asked(session: Session, where: Places, action: Action, person: Person) -> bool:
    """Return whether somebody was asked to decide how an action goes on that its owner leaves lying."""
    return standing_of(session, where, action).decider_id == person.id


def require_team(session: Session, person: Person) -> None:
    """Raise NotAllowed unless somebody is of the quality team."""
    if not is_of_the_team(session, person):
        raise NotAllowed(
            _("{who} is no quality manager and no administrator; one of them decides this (--by)").format(
                who=person.key
            )
        )


def require_decider(session: Session, where: Places, person: Person, action: Action) -> None:
    """Raise NotAllowed unless somebody was asked to decide about the action or is of the quality team."""
    if not is_asked(session, where, action, person):
        require_team(session, person)


def require_owner(session: Session, person: Person, action: Action) -> None:
    """Raise NotAllowed unless somebody owns the action or is of the quality team."""
    if action.owner_id != person.id and not is_of_the_team(session, person):
        raise NotAllowed(
            _("{who} does not own action {id}; its owner or the quality team says this (--by)").format(
                who=person.key, id=action.id
            )
        )


def require_mover(session: Session, where: Places, person: Person, action: Action) -> None:
    """Raise NotAllowed unless somebody owns the action, decides about it as a lead does, or is of the quality team."""
    if not leads(session, where, action, person):
        require_owner(session, person, action)


def require_member(session: Session, units: Tree, person: Person, assessment: Assessment) -> None:
    """Raise NotAllowed unless somebody was asked in the assessment, leads its unit, or is of the quality team."""
    asked = select(Response.id).where(Response.assessment_id == assessment.id, Response.person_id == person.id)
    belongs = session.scalars(asked).first() is not None or _leads(units, assessment.unit_id, person)
    if not belongs and not is_of_the_team(session, person):
        raise NotAllowed(
            _("{who} was not asked in this unit; its team, its lead or the quality team records this (--by)").format(
                who=person.key
            )
        )


def require_lead(session: Session, units: Tree, person: Person, assessment: Assessment) -> None:
    """Raise NotAllowed unless somebody leads the assessed unit or one above it, or is of the quality team."""
    if not _leads(units, assessment.unit_id, person) and not is_of_the_team(session, person):
        raise NotAllowed(
            _("{who} does not lead this unit; its lead or the quality team decides this (--by)").format(who=person.key)
        )


def require_verifier(person: Person, action: Action) -> None:
    """Raise NotAllowed unless somebody is the action's verifier."""
    if action.verifier_id != person.id:
        raise NotAllowed(
            _("{who} does not verify action {id}; its verifier does (--by), or name another (edit --verifier)").format(
                who=person.key, id=action.id
            )
        )


def _leads(units: Tree, unit_id: int, person: Person) -> bool:
    line = units.line(unit_id) if unit_id in units.by_id else [units.top.id]
    return any(units.by_id[each].lead_id == person.id for each in line)
