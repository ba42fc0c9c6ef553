"""Respondents: they see the truth through their own eyes, and answer in time, late, partly or not at all."""

from collections.abc import Mapping
from datetime import timedelta

from domain import answernotes, asked, events, responses, scores
from domain.actions import ActionStatus, living
from domain.answernotes import NoteKind
from domain.answersheets import given_before
from domain.assessments import Assessment, AssessmentStatus
from domain.cycles import Cycle
from domain.method.change import Because
from domain.method.edition import State
from domain.method.respondents import Answer
from domain.responses import Given, Response, ResponseStatus
from domain.scores import Latest
from pdca.simulation.chance import happens, one_of
from pdca.simulation.eyes import Eyes
from pdca.simulation.world import Compared, Scene

BEFORE_THE_LAST_RESULT = timedelta(days=20)
"""How long before a result its answers may have been given."""
WHY_SEEN_ANEW = ((Because.SEEN_DIFFERENTLY, 75), (Because.MISTAKE, 15), (None, 10))


def plan_answers(scene: Scene, known: set[int]) -> int:
    """Let everybody who is newly asked decide when to answer; returns how many were not known yet."""
    new = [each for each in asked.questionnaires(scene.session) if each.response_id not in known]
    for each in new:
        known.add(each.response_id)
        dice = scene.world.chance.of("answer", each.response_id)
        if happens(dice, scene.world.habits.never_answers):
            continue
        last = scene.places.day(each.unit_id, each.closes_at)
        share = 1.0 if happens(dice, scene.world.habits.answers_late) else dice.random()
        day = scene.day(each.unit_id) + timedelta(days=round(share * (last - scene.day(each.unit_id)).days))
        scene.plan(each.unit_id, scene.working_day(each.unit_id, 0, day), dice, answer, each.response_id)
    return len(new)


def answer(scene: Scene, response_id: int) -> None:
    """Answer what is asked, unless it is too late; whoever is away does it when they are back."""
    response = scene.session.get_one(Response, response_id)
    assessment = scene.session.get_one(Assessment, response.assessment_id)
    if response.status is not ResponseStatus.INVITED or assessment.status is not AssessmentStatus.OPEN:
        return
    if assessment.closes_at is None or scene.now >= assessment.closes_at:
        return
    dice, habits = scene.world.chance.of("hand in", response_id), scene.world.habits
    if (back := scene.back_on(response.person_id, assessment.unit_id)) is not None:
        scene.plan(assessment.unit_id, scene.working_day(assessment.unit_id, 0, back), dice, answer, response_id)
    elif happens(dice, habits.declines):
        events.move(scene.session, response, ResponseStatus.DECLINED, by=response.person_id, now=scene.now)
    else:
        stops = happens(dice, habits.stops_halfway)
        topics = response.scope[: len(response.scope) // 2] if stops else response.scope
        _hand_in(scene, response, assessment, topics, is_whole=not stops)


def _hand_in(scene: Scene, response: Response, assessment: Assessment, topics: list[str], *, is_whole: bool) -> None:
    session, by = scene.session, response.person_id
    given: dict[str, Given] = {}
    notes: dict[tuple[str, str, NoteKind], str] = {}
    eyes = _eyes(scene, response, assessment)
    compared = _compared(scene, assessment)
    for topic in topics:
        element = scene.world.edition.by_id[topic]
        states = eyes.states(element)
        last, before = compared.get(topic, (None, {}))
        because = _because(scene, eyes, last, before.get(str(by)), states)
        has_evidence = eyes.has_evidence(element, states)
        given[topic] = Given(
            states={item: state.value for item, state in states.items()},
            because={item: why.value for item, why in because.items()},
            has_evidence=has_evidence,
        )
        for item, state in states.items():
            if state is State.NOT_APPLICABLE:
                notes[topic, item, NoteKind.REASON] = scene.world.words.texts["not_here"][item]
    responses.save(session, response, given, scene.now)
    answernotes.keep(session, response.id, notes)
    if is_whole:
        responses.submit(session, response, by=by, now=scene.now)


def _eyes(scene: Scene, response: Response, assessment: Assessment) -> Eyes:
    """Return a respondent's eyes; who reported an action done may hope too much of it."""
    done = [
        (action, row)
        for action, row in living(scene.session)
        if action.status is ActionStatus.DONE
        and action.owner_id == response.person_id
        and row.unit_id == assessment.unit_id
    ]
    hoped = {
        item
        for action, _row in done
        if happens(scene.world.chance.of("hope", action.id), scene.world.habits.hopes_too_much)
        for item in action.facts["items"]
    }
    return Eyes(
        scene.world,
        person_id=response.person_id or 0,
        unit_id=assessment.unit_id,
        is_office=assessment.unit_id in scene.world.offices,
        round=assessment.id,
        hoped=frozenset(hoped),
    )


def _compared(scene: Scene, assessment: Assessment) -> Compared:
    """Return each topic's last result and the answers it rests on, which do not change while a round runs."""
    known = scene.world.compared.get(assessment.id)
    if known is None:
        programme_id = scene.session.get_one(Cycle, assessment.cycle_id).programme_id
        standing = scores.standing_before(
            scene.session, scene.world.edition.id, programme_id, {assessment.id: assessment.unit_id}
        )
        last = {
            topic: standing[assessment.id, topic] for topic in assessment.scope if (assessment.id, topic) in standing
        }
        before = given_before(scene.session, [(each.assessment_id, topic) for topic, each in last.items()])
        known = {topic: (each, before.get((each.assessment_id, topic), {})) for topic, each in last.items()}
        scene.world.compared[assessment.id] = known
    return known


def _because(
    scene: Scene, eyes: Eyes, last: Latest | None, before: Answer | None, states: Mapping[str, State]
) -> dict[str, Because]:
    """Say for each item that is answered otherwise than last time why that is; some say nothing."""
    if last is None or before is None:
        return {}
    truth, found = scene.world.truth, {}
    for item, state in states.items():
        if item not in before.states or before.states[item] is state:
            continue
        dice = scene.world.chance.of("because", eyes.person_id, item, eyes.round)
        if truth.changed_since(eyes.unit_id, item, last.on - BEFORE_THE_LAST_RESULT) or item in eyes.hoped:
            why = None if happens(dice, scene.world.habits.gives_no_reason) else Because.CHANGED
        else:
            why = one_of(dice, WHY_SEEN_ANEW)
        if why is not None:
            found[item] = why
    return found
