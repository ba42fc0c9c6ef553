"""The line: who is next to take an action or to verify it, who decides, and who records it for the quality team."""

from collections.abc import Iterable

from domain import actions, deciders, people, register
from domain.actions import Action
from domain.people import Person, RoleName
from pdca.simulation.world import Scene


def next_owner(scene: Scene, action: Action, *without: int | None) -> Person | None:
    """Return the nearest who can take an action, who is here and none of these, and has not declined it.

    First the people of its unit, then the leads of the units it covers, then the leads above from below.
    """
    units, firm = scene.places.units, scene.world.firm
    team = firm.teams.get(units.by_id[action.unit_id].key, [])
    covered = [units.by_id[int(unit)].lead_id for unit in action.facts["by_unit"] if int(unit) in units.by_id]
    above = [units.by_id[unit].lead_id for unit in units.line(action.unit_id)]
    declined = {each.by for each in register.history(scene.session, action).notes if each.kind == "declined"}
    here = _here(scene)
    colleagues = [each.id for key in reversed(team) for each in here.values() if each.key == key]
    return _first(here, [*colleagues, *covered, *above], {*without, *declined})


def next_in_line(scene: Scene, action: Action, *without: int | None) -> Person | None:
    """Return the nearest lead above an action's unit, else a quality manager, who is here and none of these."""
    units = scene.places.units
    leads = [units.by_id[unit].lead_id for unit in units.line(action.unit_id)]
    managers = people.holders(scene.session, RoleName.QUALITY_MANAGER, scene.places.today)
    return _first(_here(scene), [*leads, *(each.id for each in managers)], without)


def decider(scene: Scene, action: Action) -> int:
    """Return who decides how an action goes on that its owner does not take, as the ladder asks them."""
    who = deciders.deciders(scene.session, scene.places.units)
    return who.decider(action.unit_id, action.owner_id, scene.day(action.unit_id)) or manager(scene)


def is_here(scene: Scene, person_id: int | None) -> bool:
    """Say whether somebody is there and has not left."""
    return person_id in _here(scene)


def _here(scene: Scene) -> dict[int, Person]:
    return {each.id: each for each in people.active(scene.session, scene.places.today)}


def _first(here: dict[int, Person], line: Iterable[int | None], without: Iterable[int | None]) -> Person | None:
    barred = set(without)
    return next((here[each] for each in line if each in here and each not in barred), None)


def manager(scene: Scene) -> int:
    """Return the quality manager who records what is decided."""
    return people.holders(scene.session, RoleName.QUALITY_MANAGER, scene.places.today)[0].id


def cancel(scene: Scene, action: Action, why: str) -> None:
    """Stop an action for a reason."""
    actions.cancel(scene.session, action, why, by=manager(scene), now=scene.now)
    scene.world.counts["cancelled"] += 1
