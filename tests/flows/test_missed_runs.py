"""Hours in which no runner was there: of thirty missed wheel runs one does the work, once."""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import State, StateType
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Pending, Running, Scheduled
from sqlalchemy import select

from config import clock
from config.database import reading
from config.prefect_api import WHEEL
from domain.turns import Turn
from flows import backlog
from flows.backlog import Cleared
from flows.deployments import DEPLOYMENTS, runner_deployments
from tests.conftest import Database
from tests.flows.ground import answered, environment, picture
from tests.servers.mail import MailServer
from tests.servers.prefect import PrefectServer

ONE_RUNNER = Path(__file__).with_name("one_runner.py")
HOURS = 30


@pytest.fixture
def server(prefect_server: PrefectServer) -> Iterator[SyncPrefectClient]:
    """The server's API, with our deployments applied; they are gone afterwards, since nobody serves them.

    Paused, so that the server schedules no run of its own when a test passes the full hour.
    """
    with temporary_settings({PREFECT_API_URL: prefect_server.api_url}), get_client(sync_client=True) as client:
        for deployment in runner_deployments():
            deployment.paused = True
            deployment.apply()
        yield client
        for each in DEPLOYMENTS:
            client.delete_deployment(client.read_deployment_by_name(f"{each.flow.name}/{each.name}").id)


def a_run(server: SyncPrefectClient, hours_ago: int, **parameters: Any) -> UUID:
    """Schedule a wheel run in a past hour."""
    wheel = server.read_deployment_by_name(WHEEL).id
    scheduled: State[Any] = Scheduled(scheduled_time=clock.now() - timedelta(hours=hours_ago))
    return server.create_flow_run_from_deployment(wheel, state=scheduled, parameters=parameters).id


def states(server: SyncPrefectClient, run_ids: Sequence[UUID]) -> list[StateType | None]:
    return [server.read_flow_run(run_id).state_type for run_id in run_ids]


def test_of_thirty_missed_hourly_runs_one_turn_does_the_work(
    sqlite_database: Database,
    server: SyncPrefectClient,
    prefect_server: PrefectServer,
    mail_server: MailServer,
    tmp_path: Path,
) -> None:
    answered(sqlite_database.engine)
    runs = [a_run(server, hours) for hours in range(HOURS, 0, -1)]
    mail = {"PDCA_SMTP_HOST": mail_server.host, "PDCA_SMTP_PORT": str(mail_server.port)}

    served = subprocess.run(
        [sys.executable, str(ONE_RUNNER)],
        env=environment(sqlite_database.url, tmp_path, prefect_server, **mail),
        capture_output=True,
        text=True,
        timeout=200,
        check=True,
    )

    assert str(Cleared(missed=HOURS - 1, stuck=0)) in served.stdout
    assert states(server, runs) == [StateType.CANCELLED] * (HOURS - 1) + [StateType.COMPLETED]
    with reading(sqlite_database.engine) as session:
        (turn,) = session.scalars(select(Turn)).all()
    assert (turn.done["blind rounds closed"], turn.done["assessments scored"], turn.done["drafts"]) == (5, 5, 2)
    assert len(picture(sqlite_database.engine)["action"]) == 2
    assert set(Counter(message["Message-ID"] for message in mail_server.messages).values()) == {1}


def test_what_a_runner_that_is_gone_left_under_way_is_ended_and_the_rest_waits(server: SyncPrefectClient) -> None:
    stuck = [a_run(server, 9), a_run(server, 8)]
    under_way: list[State[Any]] = [Running(), Pending()]
    for run_id, state in zip(stuck, under_way, strict=True):
        server.set_flow_run_state(run_id, state, force=True)
    missed, newest, ahead = a_run(server, 3), a_run(server, 2), a_run(server, -1)
    of_one_unit = a_run(server, 5, parameters={"unit": "u1"})

    cleared = [asyncio.run(backlog.clear(clock.now())) for _time in range(2)]

    assert cleared == [Cleared(missed=1, stuck=2), Cleared(missed=0, stuck=0)]
    assert states(server, stuck) == [StateType.CRASHED, StateType.CRASHED]
    assert states(server, [missed]) == [StateType.CANCELLED]
    assert states(server, [newest, ahead, of_one_unit]) == [StateType.SCHEDULED] * 3


def test_where_nothing_was_deployed_yet_nothing_is_cleared(prefect_server: PrefectServer) -> None:
    with temporary_settings({PREFECT_API_URL: prefect_server.api_url}):
        assert asyncio.run(backlog.clear(clock.now())) == Cleared(missed=0, stuck=0)
