"""What `pdca serve` does with its runner, once: applies the deployments, clears the backlog, runs what is due and ends.

Prints what was cleared.
"""

import asyncio

from prefect.runner import Runner

from config import clock
from flows import backlog
from flows.deployments import runner_deployments


async def main() -> None:
    """Serve what is due now."""
    runner = Runner(name="test", pause_on_shutdown=False)
    for deployment in runner_deployments():
        await runner.aadd_deployment(deployment)
    print(await backlog.clear(clock.now()), flush=True)
    await runner.start(run_once=True)


if __name__ == "__main__":
    asyncio.run(main())
