"""Check: closed assessments are scored chunk by chunk; a finished cycle gets its inputs and findings."""

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from config import clock
from domain import chunks, plans
from flows.steps import TurnParameters, Wheel
from flows.turning import turning

step = task(cache_policy=NO_CACHE, retries=2, retry_delay_seconds=1, timeout_seconds=1800, tags=["check"])


@step
def cut(wheel: Wheel) -> int:
    """Cut the closed assessments into chunks."""
    with wheel.step() as session:
        return chunks.cut(session, wheel.reach)


@step
def score(wheel: Wheel) -> int | None:
    """Score the next free chunk; None where none is left."""
    with wheel.step() as session:
        return chunks.score_next(session, wheel.holder, now=wheel.now, clock=clock.now())


@step
def find(wheel: Wheel) -> int:
    """Keep the inputs of finished cycles and write their findings."""
    with wheel.step() as session:
        return sum(plans.check(session, cycle, wheel.now) for cycle in plans.to_check(session, wheel.reach))


async def check(wheel: Wheel) -> dict[str, int]:
    """Score and find what is due; returns how many of each."""
    cut(wheel)
    scored = 0
    while (count := score(wheel)) is not None:
        scored += count
    return {"assessments scored": scored, "findings": find(wheel)}


@flow(name="check", description="Score closed assessments and derive findings.", flow_run_name="check")
async def check_alone(parameters: TurnParameters = TurnParameters()) -> dict[str, int]:
    """Run only the check part of a turn."""
    return await turning(parameters, check)
