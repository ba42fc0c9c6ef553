"""Asking a real Prefect server for a run, by HTTP only."""

import httpx
import pytest

from config import prefect_api
from tests.servers.mail import free_port
from tests.servers.prefect import PrefectServer

NOBODY = f"http://127.0.0.1:{free_port()}/api"


@pytest.fixture
def deployment(prefect_server: PrefectServer) -> str:
    with httpx.Client(base_url=prefect_server.api_url) as server:
        flow = server.post("/flows/", json={"name": "asked"}).raise_for_status().json()["id"]
        server.post("/deployments/", json={"name": "once", "flow_id": flow}).raise_for_status()
    return "asked/once"


def test_the_same_key_asks_for_the_same_run(prefect_server: PrefectServer, deployment: str) -> None:
    first = prefect_api.ask_for_run(prefect_server.api_url, key="wanted-7", of=deployment)
    again = prefect_api.ask_for_run(prefect_server.api_url, key="wanted-7", of=deployment)
    later = prefect_api.ask_for_run(prefect_server.api_url, key="wanted-8", of=deployment)

    assert (first == again, first == later) == (True, False)


def test_a_deployment_that_nobody_made_is_out_of_reach(prefect_server: PrefectServer) -> None:
    with pytest.raises(prefect_api.OutOfReach, match=r"nobody/made could not be asked for at .*404"):
        prefect_api.ask_for_run(prefect_server.api_url, key="wanted-7", of="nobody/made")


def test_where_no_server_listens_a_run_is_out_of_reach() -> None:
    with pytest.raises(prefect_api.OutOfReach):
        prefect_api.ask_for_run(NOBODY, key="wanted-7")


def test_a_server_answers_only_where_one_runs(prefect_server: PrefectServer) -> None:
    assert (prefect_api.answers(prefect_server.api_url), prefect_api.answers(NOBODY)) == (True, False)
