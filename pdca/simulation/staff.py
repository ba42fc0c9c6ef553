"""The staff at the beginning of a quarter: some leave, newcomers take their parts, some will be away."""

from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from documents.organisation import read_organisation
from documents.takeover import take_over
from domain import actions, drafts, people, releases
from domain.actions import WORKING, Action, ActionStatus
from domain.drafts import Edit
from pdca.simulation import owners
from pdca.simulation.chance import happens
from pdca.simulation.line import manager, next_in_line, next_owner
from pdca.simulation.world import Scene, World

FILE = "organisation.yaml"
QUARTER_DAYS = 85
DAYS_AWAY = (4, 11)


def change(scene: Scene, quarter: str) -> None:
    """Import who has left, who came and who will be away; what leavers owned or verify goes to others."""
    world, on = scene.world, scene.places.today
    leavers = []
    for key in list(world.firm.people):
        dice = world.chance.of("staff", quarter, key)
        if happens(dice, world.habits.leaves):
            world.firm.replace(key, on)
            leavers.append(key)
        else:
            world.firm.people[key]["absences"] = _absences(dice, world.habits.is_away, on)
    take_in(world, scene.session, scene.now)
    gone = {people.person(scene.session, key).id for key in leavers}
    world.counts["left"] += len(gone)
    for action in {action.id: action for action, _row in actions.living(scene.session)}.values():
        _hand_on(scene, action, gone)


def take_in(world: World, session: Session, now: datetime) -> None:
    """Import the organisation file as it stands now."""
    take_over(session, read_organisation(world.firm.write(world.folder / FILE)), None, now)
    session.flush()
    world.today = world.due = None


def _absences(dice: Random, away: int, on: date) -> list[str]:
    if not happens(dice, away):
        return []
    first = on + timedelta(days=dice.randrange(QUARTER_DAYS))
    return [f"{first}/{first + timedelta(days=dice.randint(*DAYS_AWAY))}"]


def _hand_on(scene: Scene, action: Action, gone: set[int]) -> None:
    """Give what a leaver owned or would have verified to the next in line, with the reason."""
    by = manager(scene)
    if action.verifier_id in gone and (verifier := next_in_line(scene, action, action.owner_id)) is not None:
        wanted = Edit(verifier_id=verifier.id)
        drafts.edit(scene.session, action, wanted, today=scene.day(action.unit_id), by=by, now=scene.now)
    if action.owner_id in gone and action.status in {*WORKING, ActionStatus.PROPOSED}:
        owner = next_owner(scene, action, action.verifier_id, action.owner_id)
        if owner is not None:
            why = scene.world.words.any(scene.world.chance.of("left", action.id), "reasons", "left")
            releases.reassign(scene.session, action, owner.id, why, scene.places, by=by, now=scene.now)
            if action.status is not ActionStatus.PROPOSED:
                owners.plan_answer(scene, action)
