"""The wheel: one idempotent flow that looks at the clock and does whatever is due."""

from datetime import datetime
from typing import Any

from prefect import Flow, State, flow
from prefect.client.schemas.objects import FlowRun

from config import clock
from config.database import engine_of, transaction
from config.settings import load
from flows.act import ACT
from flows.check import CHECK
from flows.deliver import deliver_due
from flows.do import DO
from flows.plan import PLAN
from flows.turning import Outcome, TurnParameters, asked_for, go_round, reported
from notifications.alarms import Trouble, alarm


def call_the_administrator(now: datetime) -> None:
    """Enqueue an alarm that a turn failed; the delivery that follows sends it."""
    with transaction(engine_of(load().database_url)) as session:
        alarm(session, Trouble.TURN_FAILED, now)


def was_cut_off(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - a hook
    """Enqueue an alarm where a turn's process was ended; the next turn sends it, even if it fails."""
    call_the_administrator(clock.now())


@flow(
    name="wheel",
    flow_run_name="wheel",
    description="Turn the wheel: plan, do, check, act, then deliver the mail that follows from it.",
    on_crashed=[was_cut_off],
)
async def turn(parameters: TurnParameters = TurnParameters()) -> Outcome:
    """Do whatever is due, once; a second turn, a late one or one at the same time changes nothing more.

    Mails go out after a turn that failed too, and with them the alarm about it; not where it cannot begin.
    """
    ready = asked_for(parameters)
    async with reported(ready):
        try:
            go_round(ready, *PLAN, *DO, *CHECK, *ACT)
            ready.at = "deliver"
            ready.add(await deliver_due(parameters.as_of))
        except Exception:
            call_the_administrator(ready.hand.now)
            ready.add(await deliver_due(parameters.as_of))
            raise
    return Outcome(ready.done, ready.is_left)
