"""The line: who is next to take an action, and who decides for the quality team."""

from domain import actions, people
from domain.actions import Action
from domain.people import Person, RoleName
from pdca.simulation.world import Scene


def next_in_line(scene: Scene, action: Action, *without: int | None) -> Person | None:
    """Return the nearest lead above an action's unit, else a quality manager, who is here and none of these."""
    units = scene.places.units
    leads = [units.by_id[unit].lead_id for unit in units.line(action.unit_id)]
    here = {each.id: each for each in people.active(scene.session, scene.places.today)}
    managers = people.holders(scene.session, RoleName.QUALITY_MANAGER, scene.places.today)
    line = [*leads, *(each.id for each in managers)]
    return next((here[each] for each in line if each in here and each not in without), None)


def manager(scene: Scene) -> int:
    """Return the quality manager who records what is decided."""
    return people.holders(scene.session, RoleName.QUALITY_MANAGER, scene.places.today)[0].id


def cancel(scene: Scene, action: Action, why: str) -> None:
    """Stop an action for a reason."""
    actions.cancel(scene.session, action, why, by=manager(scene), now=scene.now)
    scene.world.counts["cancelled"] += 1
