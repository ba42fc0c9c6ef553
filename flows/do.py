"""Do: blind rounds and agreed rounds end at their time, whatever is missing."""

from prefect import flow

from domain import wheel
from flows.turning import Outcome, TurnParameters, as_tasks, turning

DO = as_tasks(wheel.DO, "do")


@flow(name="do", flow_run_name="do", description="End the blind and agreed rounds that are due.")
async def do_alone(parameters: TurnParameters = TurnParameters()) -> Outcome:
    """Run only this part of a turn."""
    return await turning(parameters, *DO)
