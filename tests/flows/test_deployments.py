"""prefect.yaml says the same as the table of deployments."""

from pathlib import Path
from typing import Any

import yaml

from flows.deployments import DEPLOYMENTS, runner_deployments

FILE = Path(__file__).parents[2] / "prefect.yaml"


def test_prefect_yaml_deploys_what_the_table_lists() -> None:
    written = yaml.safe_load(FILE.read_text())

    assert [in_short(each) for each in written["deployments"]] == [
        (each.name, each.entrypoint, list(each.tags), each.cron) for each in DEPLOYMENTS
    ]


def test_a_worker_pulls_nothing_so_that_no_path_of_the_deployer_is_stored() -> None:
    assert yaml.safe_load(FILE.read_text())["pull"] == []


def test_one_machine_serves_the_same_flows_by_module_path() -> None:
    served = [(each.name, str(each.entrypoint)) for each in runner_deployments()]

    assert served == [(each.name, each.entrypoint.replace(":", ".")) for each in DEPLOYMENTS]


def in_short(deployment: dict[str, Any]) -> tuple[str, str, list[str], str | None]:
    crons = [schedule["cron"] for schedule in deployment.get("schedules", [])]
    return deployment["name"], deployment["entrypoint"], deployment["tags"], next(iter(crons), None)
