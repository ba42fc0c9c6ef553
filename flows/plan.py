"""Plan: the current period's cycle begins, and each unit's assessment opens on its day."""

from prefect import flow

from domain import wheel
from flows.turning import Outcome, TurnParameters, as_tasks, turning

PLAN = as_tasks(wheel.PLAN, "plan")


@flow(name="plan", flow_run_name="plan", description="Begin cycles and open assessments that are due.")
async def plan_alone(parameters: TurnParameters = TurnParameters()) -> Outcome:
    """Run only this part of a turn."""
    return await turning(parameters, *PLAN)
