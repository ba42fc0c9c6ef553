"""What piled up while no runner was there: of all wheel runs that were missed the newest does the work of the others.

For whoever starts the only runner of an installation, before it starts; with several workers nobody can tell which
runs are stuck.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterTags,
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Crashed

from config.prefect_api import WHEEL

AT_ONCE = 200
"""How many runs the server tells at once."""
OURS = DeploymentFilter(tags=DeploymentFilterTags(all_=["pdca"]))
UNDER_WAY = FlowRunFilterState(
    type=FlowRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING, StateType.CANCELLING])
)
WAITING = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many runs were cancelled because a newer one does their work, and how many were stuck."""

    missed: int
    stuck: int


async def clear(now: datetime) -> Cleared:
    """Cancel the wheel runs due by now but the newest, and end what a runner that is gone has left under way.

    A run that was asked for with parameters of its own waits on: no other one does its work.
    """
    async with get_client() as server:
        stuck = await _runs(server, FlowRunFilter(state=UNDER_WAY))
        await _end(server, stuck, Crashed(message="its runner is gone"))
        missed = (await _waiting(server, now))[1:]
        await _end(server, missed, Cancelled(message="a newer turn does its work"))
    return Cleared(len(missed), len(stuck))


async def _waiting(server: PrefectClient, now: datetime) -> list[FlowRun]:
    """Return the plain wheel runs that are due by now, the newest first."""
    try:
        wheel = (await server.read_deployment_by_name(WHEEL)).id
    except ObjectNotFound:
        return []
    due = FlowRunFilter(
        state=WAITING,
        deployment_id=FlowRunFilterDeploymentId(any_=[wheel]),
        expected_start_time=FlowRunFilterExpectedStartTime(before_=now),
    )
    return [run for run in await _runs(server, due) if not run.parameters]


async def _runs(server: PrefectClient, wanted: FlowRunFilter) -> list[FlowRun]:
    """Return all runs of our deployments that are wanted, the newest first."""
    found: list[FlowRun] = []
    while True:
        page = await server.read_flow_runs(
            flow_run_filter=wanted,
            deployment_filter=OURS,
            sort=FlowRunSort.EXPECTED_START_TIME_DESC,
            limit=AT_ONCE,
            offset=len(found),
        )
        found += page
        if len(page) < AT_ONCE:
            return found


async def _end(server: PrefectClient, runs: Iterable[FlowRun], state: State) -> None:
    for run in runs:
        await server.set_flow_run_state(run.id, state, force=True)
