"""Act: checked cycles get their draft actions, and actions on hold go on when their day has come."""

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from domain import cycles, deadlines, organisation, plans
from domain.cycles import CycleStatus
from flows.steps import TurnParameters, Wheel
from flows.turning import turning

step = task(cache_policy=NO_CACHE, retries=2, retry_delay_seconds=1, timeout_seconds=1800, tags=["act"])


@step
def draft(wheel: Wheel) -> dict[str, int]:
    """Draft, continue or put off the gaps of every checked cycle."""
    counts: dict[str, int] = {}
    with wheel.step() as session:
        for cycle in cycles.with_status(session, CycleStatus.CHECKED):
            if wheel.reach.covers(cycle.programme_id):
                for name, count in plans.draft(session, cycle, wheel.now).items():
                    counts[name] = counts.get(name, 0) + count
    return counts


@step
def resume_held(wheel: Wheel) -> int:
    """Let actions on hold go on."""
    with wheel.step() as session:
        units = organisation.tree(session, organisation.today(session, wheel.now))
        return deadlines.resume_held(session, units, wheel.now)


async def act(wheel: Wheel) -> dict[str, int]:
    """Draft and resume what is due; returns how many of each."""
    return {**draft(wheel), "actions resumed": resume_held(wheel)}


@flow(
    name="act", description="Draft improvement actions from findings and let held actions go on.", flow_run_name="act"
)
async def act_alone(parameters: TurnParameters = TurnParameters()) -> dict[str, int]:
    """Run only the act part of a turn."""
    return await turning(parameters, act)
