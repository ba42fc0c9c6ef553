"""Plan: the current period's cycle begins, and each unit's assessment opens on its day."""

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from domain import openings, oversight
from flows.steps import TurnParameters, Wheel
from flows.turning import turning

step = task(cache_policy=NO_CACHE, retries=2, retry_delay_seconds=1, timeout_seconds=600, tags=["plan"])


@step
def begin_cycles(wheel: Wheel) -> int:
    """Begin the cycles whose period has come, and note the missed ones."""
    with wheel.step() as session:
        return openings.begin_cycles(session, wheel.now, wheel.reach)


@step
def open_assessments(wheel: Wheel) -> int:
    """Open the assessments whose day has come."""
    with wheel.step() as session:
        return openings.open_assessments(session, wheel.now, wheel.reach)


@step
def skip_unopened(wheel: Wheel) -> int:
    """Skip what could not open before its period ended."""
    with wheel.step() as session:
        return openings.skip_unopened(session, wheel.now, wheel.reach)


@step
def find_nobody(wheel: Wheel) -> int:
    """Note units whose actions would have nobody to own them."""
    with wheel.step() as session:
        return oversight.note_missing_owners(session, wheel.now, wheel.reach)


async def plan(wheel: Wheel) -> dict[str, int]:
    """Begin, open and skip what is due; returns how many of each."""
    return {
        "cycles begun": begin_cycles(wheel),
        "assessments opened": open_assessments(wheel),
        "assessments skipped": skip_unopened(wheel),
        "units without an owner": find_nobody(wheel),
    }


@flow(name="plan", description="Begin cycles and open assessments that are due.", flow_run_name="plan")
async def plan_alone(parameters: TurnParameters = TurnParameters()) -> dict[str, int]:
    """Run only the plan part of a turn."""
    return await turning(parameters, plan)
