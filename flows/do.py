"""Do: blind rounds and agreed rounds end at their time, whatever is missing."""

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from domain import closings
from flows.steps import TurnParameters, Wheel
from flows.turning import turning

step = task(cache_policy=NO_CACHE, retries=2, retry_delay_seconds=1, timeout_seconds=600, tags=["do"])


@step
def close_blind_rounds(wheel: Wheel) -> int:
    """End the blind rounds whose time is over."""
    with wheel.step() as session:
        return closings.close_blind_rounds(session, wheel.now, wheel.reach)


@step
def close_agreed_rounds(wheel: Wheel) -> int:
    """Close the assessments whose days for agreeing are over."""
    with wheel.step() as session:
        return closings.close_agreed_rounds(session, wheel.now, wheel.reach)


async def do(wheel: Wheel) -> dict[str, int]:
    """End the rounds that are due; returns how many of each."""
    return {"blind rounds closed": close_blind_rounds(wheel), "agreed rounds closed": close_agreed_rounds(wheel)}


@flow(name="do", description="End the blind and agreed rounds that are due.", flow_run_name="do")
async def do_alone(parameters: TurnParameters = TurnParameters()) -> dict[str, int]:
    """Run only the do part of a turn."""
    return await turning(parameters, do)
