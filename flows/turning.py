"""A turn as Prefect sees it: its parameters, its steps as tasks, its report as an artifact."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from prefect import task
from prefect.artifacts import acreate_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.context import SyncClientContext
from prefect.logging.handlers import APILogHandler
from pydantic import BaseModel, Field

from config import clock
from config.database import engine_of, reading
from config.processes import this_process
from config.settings import load
from domain import programmes, turns
from domain.organisation import organisation, unit
from domain.turns import Reach
from domain.wheel import Counts, Hand, Step
from flows.rounds import Run, Turn, plainly, rounds


class TurnParameters(BaseModel):
    """What a turn may be told: as of when, and whether it is about one programme or one unit only."""

    as_of: datetime | None = Field(default=None, description="The moment the turn is as of; empty for now.")
    programme: str | None = Field(default=None, description="The id of one programme; empty for all.")
    unit: str | None = Field(default=None, description="The id of one unit; empty for all.")


def as_tasks(steps: Iterable[Step], part: str) -> tuple[Run, ...]:
    """Return a part's steps, each a Prefect task that may be tried again: a step repeated changes nothing more."""
    return tuple(_as_task(step, part) for step in steps)


@dataclass(frozen=True)
class Outcome:
    """What a turn came to: how often what was done, and whether it was left to another process that turns."""

    done: Counts
    is_left: bool


def asked_for(parameters: TurnParameters) -> Turn:
    """Make ready for a turn; raises NotFound or NotAllowed where it cannot begin so, or without an organisation."""
    engine = engine_of(load().database_url)
    with reading(engine) as session:
        organisation(session)
        programme = programmes.programme(session, parameters.programme) if parameters.programme else None
        only = unit(session, parameters.unit) if parameters.unit else None
        reach = Reach(None if programme is None else programme.id, None if only is None else only.id)
        if parameters.as_of is not None:
            turns.check_as_of(session, parameters.as_of, clock.now())
    hand = Hand(this_process(), parameters.as_of or clock.now(), clock.now, reach)
    return Turn(engine, hand, is_of_now=parameters.as_of is None)


async def turning(turn: Turn, *runs: Run) -> Outcome:
    """Run steps of the wheel under its lease and report in an artifact what was done."""
    try:
        # Prefect would open a client for each step, and read all certificates for it.
        with SyncClientContext.get_or_create():
            done = rounds(turn, runs)
    finally:
        turn.engine.dispose()
    await acreate_markdown_artifact(key="turn", markdown=report(turn.hand.now, done), description="What this turn did.")
    return Outcome(done, turn.is_left)


def report(now: datetime, done: Mapping[str, int]) -> str:
    """Return a turn's report in markdown: what was done, how often."""
    rows = [f"| {name} | {count} |" for name, count in done.items() if count]
    table: Sequence[str] = ["| what | how many |", "|---|---:|", *rows] if rows else ["Nothing was due."]
    return "\n".join([f"# Turn as of {turns.said(now)}", "", *table])


def hand_over_logs() -> None:
    """Send Prefect what was logged, before the process or its server ends."""
    APILogHandler().flush()


def _as_task(step: Step, part: str) -> Run:
    run = plainly(step)
    # No tags: for each of them Prefect asks its server for a place among the runs, which takes longer than most steps.
    as_task = task(
        name=f"{part}: {step.__name__.replace('_', ' ')}",
        description=step.__doc__,
        cache_policy=NO_CACHE,
        retries=2,
        retry_delay_seconds=1,
        timeout_seconds=1800,
    )
    return Run(as_task(run.call), run.is_repeated)
