"""Act: checked cycles get their draft actions, what was on hold goes on, and what lies goes on to somebody else."""

from prefect import flow

from domain import wheel
from flows.turning import Outcome, TurnParameters, as_tasks, turning

ACT = as_tasks(wheel.ACT, "act")


@flow(name="act", flow_run_name="act", description="Draft actions, let held ones go on, put what lies to the lead.")
async def act_alone(parameters: TurnParameters = TurnParameters()) -> Outcome:
    """Run only this part of a turn."""
    return await turning(parameters, *ACT)
