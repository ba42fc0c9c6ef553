"""Check: closed assessments are scored chunk by chunk; a finished cycle gets its inputs and findings."""

from prefect import flow

from domain import wheel
from flows.turning import Outcome, TurnParameters, as_tasks, turning

CHECK = as_tasks(wheel.CHECK, "check")


@flow(name="check", flow_run_name="check", description="Score closed assessments and derive findings.")
async def check_alone(parameters: TurnParameters = TurnParameters()) -> Outcome:
    """Run only this part of a turn."""
    return await turning(parameters, *CHECK)
