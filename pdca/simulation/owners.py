"""Owners: they take an action or not, work on it well, halfway or badly, move its date, forget it, report it done."""

from datetime import timedelta
from random import Random

from domain import actions, deadlines, ladder, releases
from domain.actions import WORKING, Action, ActionStatus
from domain.method.due import check_on
from pdca.simulation import verifiers
from pdca.simulation.chance import happens, one_of
from pdca.simulation.line import decider, next_owner
from pdca.simulation.steps import steps_of
from pdca.simulation.world import Deed, Scene

SOME_WEEKS = timedelta(days=40)
DAYS_TO_ANSWER = 5
AFTER_SILENCE = 2
DAYS_TO_DECIDE = (2, 4)
DAYS_BEFORE_DUE = 8
DAYS_LATE = 25
DAYS_MORE = (8, 20)
DAYS_OF_REST = 15


def plan_answer(scene: Scene, action: Action) -> None:
    """Let an owner who was given an action answer within some days, or say nothing."""
    if action.status is not ActionStatus.OPEN:
        plan_work(scene, action)
        return
    unit_id, dice = action.unit_id, scene.world.chance.of("owner", action.id, action.owner_id)
    if happens(dice, scene.world.habits.says_nothing):
        day = scene.working_day(unit_id, DAYS_TO_ANSWER + AFTER_SILENCE)
        scene.plan(unit_id, day, dice, decide, action.id, "silent")
        return
    scene.plan(unit_id, scene.working_day(unit_id, dice.randint(1, DAYS_TO_ANSWER)), dice, answer, action.id)


def answer(scene: Scene, number: int) -> None:
    """Say yes, another date, or not me."""
    action = scene.action(number)
    if action.status is not ActionStatus.OPEN or action.accepted_on is not None or _comes_back(scene, action, answer):
        return
    dice, habits = scene.world.chance.of("yes", number, action.owner_id), scene.world.habits
    if happens(dice, habits.refuses):
        decline(scene, action, dice)
        return
    today = scene.day(action.unit_id)
    actions.accept(scene.session, action, today=today, by=action.owner_id, now=scene.now)
    scene.world.counts["accepted"] += 1
    if happens(dice, habits.wants_another_date):
        _move(scene, action, dice, "other_date")
    plan_work(scene, action)


def decline(scene: Scene, action: Action, dice: Random) -> None:
    """Say "not me" with a reason; some days later whoever the ladder asks decides who does it."""
    why = scene.world.words.any(dice, "reasons", "not_me")
    ladder.decline(scene.session, action, why, by=action.owner_id, now=scene.now)
    scene.world.due = None
    day = scene.working_day(action.unit_id, dice.randint(*DAYS_TO_DECIDE))
    scene.plan(action.unit_id, day, dice, decide, action.id, "declined")


def decide(scene: Scene, number: int, about: str) -> None:
    """Give an action whose owner said nothing, or "not me", to somebody else, if there is anybody."""
    action = scene.action(number)
    if action.status is ActionStatus.OPEN and action.accepted_on is None:
        dice = scene.world.chance.of("decide", number, action.owner_id)
        hand_over(scene, action, scene.world.words.any(dice, "reasons", about), by=decider(scene, action))


def hand_over(scene: Scene, action: Action, why: str, *, by: int) -> None:
    """Give an action to the nearest who is not its owner or verifier; without one it stays."""
    successor = next_owner(scene, action, action.owner_id, action.verifier_id)
    if successor is not None:
        releases.reassign(scene.session, action, successor.id, why, scene.places, by=by, now=scene.now)
        plan_answer(scene, action)


def plan_work(scene: Scene, action: Action) -> None:
    """Let an owner report progress, let it rest, finish in time, late, after another date, or forget it."""
    unit_id, habits = action.unit_id, scene.world.habits
    dice = scene.world.chance.of("work", action.id, action.owner_id, action.due_on)
    due = max(action.due_on or scene.day(unit_id), scene.day(unit_id))
    days = max((due - scene.day(unit_id)).days, 1)
    if happens(dice, habits.reports_progress):
        _plan_in(scene, action, dice.randint(1, days), dice, progress)
    if happens(dice, habits.rests):
        _plan_in(scene, action, dice.randint(1, days), dice, rest)
    in_time = 100 - habits.is_late - habits.moves_the_date - habits.forgets
    how = one_of(
        dice,
        (("in time", in_time), ("late", habits.is_late), ("moves", habits.moves_the_date), ("forgets", habits.forgets)),
    )
    if how == "in time":
        day = scene.working_day(unit_id, -dice.randint(0, DAYS_BEFORE_DUE) or -1, due)
        scene.plan(unit_id, max(day, scene.working_day(unit_id, 1)), dice, finish, action.id)
    elif how == "late":
        scene.plan(unit_id, scene.working_day(unit_id, dice.randint(1, DAYS_LATE), due), dice, finish, action.id)
    elif how == "moves":
        scene.plan(unit_id, max(scene.working_day(unit_id, -3, due), scene.day(unit_id)), dice, put_off, action.id)


def progress(scene: Scene, number: int) -> None:
    """Report how far it is."""
    action = scene.action(number)
    if action.status in WORKING - {ActionStatus.ON_HOLD} and not _comes_back(scene, action, progress):
        words = scene.world.words.any(scene.world.chance.of("progress", number, scene.now), "progress")
        actions.progress(scene.session, action, words, by=action.owner_id, now=scene.now)


def rest(scene: Scene, number: int) -> None:
    """Let an action rest for some weeks; the wheel lets it go on."""
    action = scene.action(number)
    if action.status in WORKING - {ActionStatus.ON_HOLD}:
        until = scene.working_day(action.unit_id, DAYS_OF_REST)
        why = scene.world.words.any(scene.world.chance.of("rest", number), "reasons", "rests")
        deadlines.hold(scene.session, action, until, why, by=action.owner_id, now=scene.now)
        scene.world.due = None


def put_off(scene: Scene, number: int) -> None:
    """Move the date once, with a reason; who has moved it before finishes some days late."""
    action = scene.action(number)
    if action.status not in WORKING:
        return
    dice = scene.world.chance.of("put off", number)
    if action.moved_count:
        _plan_in(scene, action, dice.randint(1, DAYS_LATE), dice, finish)
    else:
        _move(scene, action, dice, "moved")
        plan_work(scene, action)


def finish(scene: Scene, number: int) -> None:
    """Report an action done; whether it really was shows in the truth."""
    action = scene.action(number)
    if action.status not in WORKING or _comes_back(scene, action, finish):
        return
    dice, today = scene.world.chance.of("finish", number), scene.day(action.unit_id)
    numbers = releases.numbers_of(scene.session, action)
    check = releases.check_after_done(scene.places.calendar(action.unit_id), action, today, numbers)
    words = scene.world.words.any(dice, "done")
    actions.done(scene.session, action, words, today=today, check_on=check, by=action.owner_id, now=scene.now)
    scene.world.counts["done"] += 1
    _change_the_truth(scene, action, dice)
    verifiers.plan_look(scene, action)


def _change_the_truth(scene: Scene, action: Action, dice: Random) -> None:
    """Let what was done well be so from now on: all steps in each unit, or half of them."""
    habits, steps = scene.world.habits, steps_of(scene.world.edition, action)
    how = one_of(
        dice,
        (
            ("well", habits.does_it_well),
            ("halfway", habits.does_it_halfway),
            ("badly", 100 - habits.does_it_well - habits.does_it_halfway),
        ),
    )
    items = steps if how == "well" else steps[::2] if how == "halfway" else []
    for unit in action.facts["by_unit"]:
        scene.world.truth.improve(int(unit), scene.world.element_of[steps[0]], items, scene.day(action.unit_id))


def _plan_in(scene: Scene, action: Action, days: int, dice: Random, deed: Deed) -> None:
    day = scene.day(action.unit_id) + timedelta(days=days)
    scene.plan(action.unit_id, scene.working_day(action.unit_id, 0, day), dice, deed, action.id)


def _move(scene: Scene, action: Action, dice: Random, why: str) -> None:
    unit_id = action.unit_id
    start = max(action.due_on or scene.day(unit_id), scene.day(unit_id))
    due = scene.working_day(unit_id, dice.randint(*DAYS_MORE), start)
    check = check_on(scene.places.calendar(unit_id), due, releases.numbers_of(scene.session, action))
    words = scene.world.words.any(dice, "reasons", why)
    deadlines.reschedule(scene.session, action, due, check, words, by=action.owner_id, is_lead=False, now=scene.now)
    scene.world.counts["moved"] += 1


def _comes_back(scene: Scene, action: Action, deed: Deed) -> bool:
    """Say whether an owner is away; then the deed waits until they are back."""
    back = scene.back_on(action.owner_id, action.unit_id)
    if back is None:
        return False
    dice = scene.world.chance.of("back", action.id, scene.now)
    scene.plan(action.unit_id, scene.working_day(action.unit_id, 0, back), dice, deed, action.id)
    return True
