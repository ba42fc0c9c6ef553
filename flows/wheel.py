"""The wheel: one idempotent flow that looks at the clock and does whatever is due."""

from typing import Any

from prefect import Flow, State, flow
from prefect.client.schemas.objects import FlowRun

from config import clock
from config.database import engine_of, transaction
from config.settings import load
from domain.wheel import Counts
from flows.act import ACT
from flows.check import CHECK
from flows.deliver import deliver_due
from flows.do import DO
from flows.plan import PLAN
from flows.turning import TurnParameters, turning
from notifications.alarms import Trouble, alarm


def call_the_administrator(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - a hook
    """Enqueue an alarm that a turn failed; the courier or the next turn sends it."""
    engine = engine_of(load().database_url)
    try:
        with transaction(engine) as session:
            alarm(session, Trouble.TURN_FAILED, clock.now())
    finally:
        engine.dispose()


@flow(
    name="wheel",
    flow_run_name="wheel",
    description="Turn the wheel: plan, do, check, act, then deliver the mail that follows from it.",
    on_failure=[call_the_administrator],
    on_crashed=[call_the_administrator],
)
async def turn(parameters: TurnParameters = TurnParameters()) -> Counts:
    """Do whatever is due, once; a second turn, a late one or one at the same time changes nothing more."""
    done = await turning(parameters, *PLAN, *DO, *CHECK, *ACT)
    return {**done, **await deliver_due(parameters.as_of)}
