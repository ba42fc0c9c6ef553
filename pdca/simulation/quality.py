"""The quality team: it words, releases and drops drafts with the units, and holds the review at a quarter's end."""

from random import Random

from domain import deadlines, drafts, duties, overview, register, releases
from domain.actions import WORKING, Action, ActionStatus
from domain.drafts import Edit
from domain.method.due import check_on
from pdca.simulation import owners
from pdca.simulation.chance import happens
from pdca.simulation.line import cancel, is_here, manager, next_in_line, next_owner
from pdca.simulation.steps import steps_of
from pdca.simulation.world import Scene

DAYS_UNTIL_RELEASE = 4
"""Working days from planned drafts to the meeting that goes through them."""
LONG_LATE = 10
"""Working days after which the review speaks about a late action."""
DROPPED_IN_REVIEW = 35


def plan_release(scene: Scene) -> None:
    """Let the drafts of a planned cycle be gone through some days later."""
    top = scene.places.units.top.id
    day = scene.working_day(top, DAYS_UNTIL_RELEASE)
    scene.plan(top, day, scene.world.chance.of("release", scene.day(top)), release)


def release(scene: Scene) -> None:
    """Go through all drafts: most are worded and released, some dropped, some left for the next time."""
    _drop_what_is_reached(scene)
    for number in overview.waiting(scene.session, scene.places, scene.now).drafts:
        action = scene.action(number)
        dice, habits = scene.world.chance.of("draft", number, scene.day(action.unit_id)), scene.world.habits
        if _is_there(scene, action) and happens(dice, habits.looks_before_releasing):
            cancel(scene, action, scene.world.words.any(dice, "reasons", "is_there"))
        elif happens(dice, habits.drops_a_draft):
            cancel(scene, action, scene.world.words.any(dice, "reasons", "cancelled"))
        elif not happens(dice, habits.leaves_a_draft):
            _release(scene, action)


def plan_review(scene: Scene) -> None:
    """Let the review be held on the next working day."""
    top = scene.places.units.top.id
    scene.plan(top, scene.working_day(top, 0), scene.world.chance.of("day of review", scene.now), review)


def review(scene: Scene) -> None:
    """Decide about actions that are long late or were carried through many quarters."""
    waiting = overview.waiting(scene.session, scene.places, scene.now)
    late = [number for number in waiting.late if _is_long_late(scene, scene.action(number))]
    for number in dict.fromkeys([*waiting.for_review, *late]):
        action = scene.action(number)
        dice = scene.world.chance.of("review", number, scene.day(action.unit_id))
        if action.status not in WORKING:
            continue
        if happens(dice, DROPPED_IN_REVIEW):
            cancel(scene, action, scene.world.words.any(dice, "reasons", "dropped"))
        else:
            _go_on(scene, action, dice)


def _drop_what_is_reached(scene: Scene) -> None:
    """End the actions of which it was asked whether they are still needed, because their topic is at its target."""
    asked_since = scene.now.replace(hour=0, minute=0) - owners.SOME_WEEKS
    for each in duties.changes(scene.session, asked_since, scene.now):
        action = scene.action(each.action_id)
        if each.name == "action.no longer needed" and action.status in {*WORKING, ActionStatus.PROPOSED}:
            dice = scene.world.chance.of("reached", action.id)
            cancel(scene, action, scene.world.words.any(dice, "reasons", "reached"))


def _release(scene: Scene, action: Action) -> None:
    by, today = manager(scene), scene.day(action.unit_id)
    if not is_here(scene, action.owner_id) and (owner := next_owner(scene, action, action.verifier_id)) is not None:
        why = "nobody is there to own it"
        releases.reassign(scene.session, action, owner.id, why, scene.places, by=by, now=scene.now)
    verifier = None if is_here(scene, action.verifier_id) else next_in_line(scene, action, action.owner_id)
    entry = register.entries(scene.session, scene.places, scene.now, [action])[0]
    items = steps_of(scene.world.edition, action)
    names = [unit.name for unit, _row in entry.covers]
    first = [unit.name for unit, row in entry.covers if row.tries_first]
    title = _otherwise(scene, action, scene.world.words.title(items, names, first))
    wanted = Edit(
        title=title,
        measure=scene.world.words.measure(items),
        verifier_id=None if verifier is None else verifier.id,
    )
    drafts.edit(scene.session, action, wanted, today=today, by=by, now=scene.now)
    if drafts.missing_for_release(action) or not all(
        is_here(scene, each) for each in (action.owner_id, action.verifier_id)
    ):
        return
    releases.release(scene.session, action, scene.places, by=by, now=scene.now)
    scene.world.counts["released"] += 1
    entry = register.entries(scene.session, scene.places, scene.now, [action])[0]
    scene.world.samples.see(scene.session, entry)
    owners.plan_answer(scene, action)


def _otherwise(scene: Scene, action: Action, title: str) -> str:
    """Give a title, and after what did not work one that says what is done otherwise this time."""
    if action.predecessor_id is None:
        return title
    titles = [f"{title}; this time {each}" for each in scene.world.words.texts["otherwise"]]
    before = scene.action(action.predecessor_id).title
    return scene.world.chance.of("otherwise", action.id).choice([each for each in titles if each != before])


def _is_there(scene: Scene, action: Action) -> bool:
    """Say whether a look in the units would show all that a draft misses."""
    truth, element_of = scene.world.truth, scene.world.element_of
    steps = steps_of(scene.world.edition, action)
    return all(truth.is_met(int(unit), element_of[step], step) for unit in action.facts["by_unit"] for step in steps)


def _is_long_late(scene: Scene, action: Action) -> bool:
    return action.due_on is not None and scene.working_day(action.unit_id, -LONG_LATE) >= action.due_on


def _go_on(scene: Scene, action: Action, dice: Random) -> None:
    """Give an action that is to go on a new date, with its lead's reason."""
    by = next_in_line(scene, action)
    due = scene.working_day(action.unit_id, dice.randint(15, 30))
    check = check_on(scene.places.calendar(action.unit_id), due, releases.numbers_of(scene.session, action))
    why = scene.world.words.any(dice, "reasons", "review")
    deadlines.reschedule(
        scene.session, action, due, check, why, by=None if by is None else by.id, is_lead=True, now=scene.now
    )
    scene.world.counts["moved"] += 1
    owners.plan_work(scene, action)
