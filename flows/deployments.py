"""Every deployment there is, in one table; `prefect.yaml` is held to it by a test."""

from dataclasses import dataclass
from typing import Any

from prefect import Flow
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.act import act_alone
from flows.check import check_alone
from flows.deliver import deliver
from flows.do import do_alone
from flows.plan import plan_alone
from flows.wheel import turn

HOURLY = "0 * * * *"


@dataclass(frozen=True)
class Deployment:
    """A flow as it is deployed; without a schedule it runs when somebody asks for it."""

    flow: Flow[Any, Any]
    name: str
    tags: tuple[str, ...]
    cron: str | None = None

    @property
    def entrypoint(self) -> str:
        """Where Prefect finds the flow, as a module path."""
        function: Any = self.flow.fn
        return f"{function.__module__}:{function.__name__}"


DEPLOYMENTS = (
    Deployment(turn, "wheel", ("pdca", "wheel"), HOURLY),
    Deployment(plan_alone, "plan", ("pdca", "plan")),
    Deployment(do_alone, "do", ("pdca", "do")),
    Deployment(check_alone, "check", ("pdca", "check")),
    Deployment(act_alone, "act", ("pdca", "act")),
    Deployment(deliver, "deliver", ("pdca", "mail")),
)


def runner_deployments() -> list[RunnerDeployment]:
    """Return the deployments as one machine serves them, without a work pool."""
    return [
        RunnerDeployment.from_flow(
            each.flow,
            name=each.name,
            description=each.flow.description,
            tags=list(each.tags),
            schedules=[Cron(each.cron, timezone="UTC")] if each.cron else [],
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        for each in DEPLOYMENTS
    ]
