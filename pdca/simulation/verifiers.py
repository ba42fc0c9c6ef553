"""Verifiers: on the check date, or some days after it, they look, and their verdict follows the truth."""

from domain import releases, verifications
from domain.actions import Action, ActionStatus
from domain.verifications import Verdict, Verification
from pdca.simulation.chance import happens
from pdca.simulation.steps import steps_of
from pdca.simulation.world import Scene

DAYS_LATE = (0, 0, 0, 1, 2, 5)


def plan_look(scene: Scene, action: Action) -> None:
    """Let a verifier look on the check date, or a little later."""
    dice = scene.world.chance.of("look", action.id, action.check_on)
    start = max(action.check_on or scene.day(action.unit_id), scene.day(action.unit_id))
    day = scene.working_day(action.unit_id, dice.choice(DAYS_LATE), start)
    scene.plan(action.unit_id, day, dice, look, action.id)


def look(scene: Scene, number: int) -> None:
    """Say whether an action worked, by what is really so."""
    action = scene.action(number)
    if action.status is not ActionStatus.DONE or action.verifier_id is None:
        return
    unit_id, session = action.unit_id, scene.session
    if (back := scene.back_on(action.verifier_id, unit_id)) is not None:
        dice = scene.world.chance.of("back", number, scene.now)
        scene.plan(unit_id, scene.working_day(unit_id, 0, back), dice, look, number)
        return
    verdict, missing = _verdict(scene, action)
    today, calendar = scene.day(unit_id), scene.places.calendar(unit_id)
    numbers = releases.numbers_of(session, action)
    due, again = releases.dates_after_verdict(calendar, action, verdict, today, numbers)
    level, without_owner = verifications.levels(session, action)
    seen = Verification(
        action_id=number,
        verdict=verdict,
        by=action.verifier_id,
        on=today,
        level=level,
        level_without_owner=without_owner,
    )
    words = scene.world.words.seen(verdict, missing)
    verifications.verify(session, action, seen, words, again_on=again, due_on=due, now=scene.now)
    scene.world.counts[verdict] += 1
    if verdict is Verdict.NOT_ASSESSABLE:
        plan_look(scene, action)


def _verdict(scene: Scene, action: Action) -> tuple[Verdict, list[str]]:
    """Return the verdict and the steps that are missing in one of the units."""
    dice = scene.world.chance.of("verdict", action.id, action.check_on)
    if happens(dice, scene.world.habits.cannot_be_seen_yet):
        return Verdict.NOT_ASSESSABLE, []
    truth = scene.world.truth
    wanted = [
        (item, truth.is_met(int(unit), scene.world.element_of[item], item))
        for item in steps_of(scene.world.edition, action)
        for unit in action.facts["by_unit"]
    ]
    missing = list(dict.fromkeys(item for item, is_met in wanted if not is_met))
    if not missing:
        return Verdict.EFFECTIVE, []
    return (Verdict.PARTLY if any(is_met for _item, is_met in wanted) else Verdict.NOT_EFFECTIVE), missing
