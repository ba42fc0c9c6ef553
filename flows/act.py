"""Act: checked cycles get their draft actions, and actions on hold go on when their day has come."""

from prefect import flow

from domain import wheel
from domain.wheel import Counts
from flows.turning import TurnParameters, as_tasks, turning

ACT = as_tasks(wheel.ACT, "act")


@flow(name="act", flow_run_name="act", description="Draft improvement actions and let held actions go on.")
async def act_alone(parameters: TurnParameters = TurnParameters()) -> Counts:
    """Run only this part of a turn."""
    return await turning(parameters, *ACT)
