"""Teams: they talk about what they see differently, agree on most of it with a reason, or do not find the time."""

from domain import asked, closings
from domain.assessments import Assessment, AssessmentStatus
from domain.method.edition import State
from pdca.simulation.chance import happens
from pdca.simulation.world import Scene

SETTLED = 95
RIGHT = 93


def plan_meeting(scene: Scene, assessment: Assessment) -> None:
    """Let a team whose blind round has ended meet within its days for agreeing, or not at all."""
    dice = scene.world.chance.of("meeting", assessment.id)
    scene.world.counts["contested"] += len(asked.contested(scene.session, [assessment.id])[assessment.id])
    if happens(dice, scene.world.habits.meets_to_agree):
        day = scene.working_day(assessment.unit_id, dice.choice((1, 2, 3, 4)))
        scene.plan(assessment.unit_id, day, dice, agree, assessment.id)


def agree(scene: Scene, assessment_id: int) -> None:
    """Settle most of what is contested, as it really is more often than not."""
    assessment = scene.session.get_one(Assessment, assessment_id)
    if assessment.status is not AssessmentStatus.AGREEING:
        return
    unit_id, truth = assessment.unit_id, scene.world.truth
    agreed: dict[str, dict[str, State]] = {}
    reasons: dict[tuple[str, str], str] = {}
    for each in asked.contested(scene.session, [assessment_id])[assessment_id]:
        dice = scene.world.chance.of("agree", assessment_id, each.item)
        if not happens(dice, SETTLED):
            continue
        is_so = truth.is_met(unit_id, each.element, each.item) == happens(dice, RIGHT)
        state = State.YES if is_so else State.NO
        agreed.setdefault(each.element, {})[each.item] = state
        reasons[each.element, each.item] = scene.world.words.any(dice, "agreed", state.value)
    if agreed:
        team = asked.teams(scene.session, [assessment_id])[assessment_id]
        closings.agree(scene.session, assessment, agreed, reasons, by=team.members[0], now=scene.now)
        scene.world.counts["agreed"] += len(reasons)
