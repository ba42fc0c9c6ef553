"""Mails: each morning the rules decide which are wanted; they are counted in the outbox and never sent."""

from datetime import timedelta

from notifications import rules
from pdca.simulation.world import Scene

WRITTEN_AT = 9
ONE_DAY = timedelta(days=1)


def ask(scene: Scene) -> None:
    """Decide the mails that events and the hour ask for, and do so again tomorrow."""
    scene.world.diary.write(scene.now + ONE_DAY, ask)
    while rules.route(scene.session, scene.now):
        pass
    rules.due_messages(scene.session, scene.now)
