"""Mails: each working morning the rules decide which are wanted; they are counted in the outbox and never sent."""

from notifications import rules
from pdca.simulation.world import Scene


def ask(scene: Scene) -> None:
    """Decide the mails that events and the hour ask for, and do so again on the next working day."""
    top = scene.places.units.top.id
    scene.plan(top, scene.working_day(top, 1), scene.world.chance.of("mails"), ask)
    while rules.route(scene.session, scene.now):
        pass
    rules.due_messages(scene.session, scene.now)
