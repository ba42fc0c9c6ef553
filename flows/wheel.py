"""The wheel: one idempotent flow that looks at the clock and does whatever is due."""

from prefect import flow

from flows.act import act
from flows.check import check
from flows.deliver import deliver_due
from flows.do import do
from flows.plan import plan
from flows.steps import TurnParameters
from flows.turning import turning


@flow(
    name="wheel",
    description="Turn the wheel: plan, do, check, act, then deliver the mail that follows from it.",
    flow_run_name="wheel",
)
async def turn(parameters: TurnParameters = TurnParameters()) -> dict[str, int]:
    """Do whatever is due, once; a second turn, a late one or one at the same time changes nothing more."""
    done = await turning(parameters, plan, do, check, act)
    return {**done, **await deliver_due(parameters.as_of)}
