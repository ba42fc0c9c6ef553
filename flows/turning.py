"""A turn as Prefect sees it: its parameters, its steps as tasks, its report as an artifact."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
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
from domain.words import _, speaking
from flows.counted import counted
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


async def turning(parameters: TurnParameters, *runs: Run) -> Outcome:
    """Run some steps of the wheel under its lease, and report what was done."""
    turn = asked_for(parameters)
    async with reported(turn):
        go_round(turn, *runs)
    return Outcome(turn.done, turn.is_left)


def go_round(turn: Turn, *runs: Run) -> None:
    """Run steps of the wheel under its lease."""
    # Prefect would open a client for each step, and read all certificates for it.
    with SyncClientContext.get_or_create():
        rounds(turn, runs)


@asynccontextmanager
async def reported(turn: Turn) -> AsyncIterator[None]:
    """Write the turn's artifact when everything in the block is done, or where it failed."""
    try:
        yield
    except Exception as error:
        await _keep(turn, error)
        raise
    await _keep(turn)


def report(turn: Turn, failure: Exception | None = None) -> str:
    """Return a turn's report in markdown: where it failed, what was done how often.

    Of an error it says the kind only; its words may hold what is in the database.
    """
    said: list[str] = []
    if failure is not None:
        words = _('Failed at "{step}": {error}. The log of the run says more.')
        said += [words.format(step=turn.at, error=type(failure).__name__), ""]
    if turn.is_left:
        said += [_("Left to another process, which was turning."), ""]
    rows = [f"| {counted(name)} | {count} |" for name, count in turn.done.items() if count]
    if rows:
        said += ["| {} | {} |".format(_("what"), _("how many")), "|---|---:|", *rows]
    headline = _("# Turn as of {moment}").format(moment=turns.said(turn.hand.now))
    return "\n".join([headline, "", *(said or [_("Nothing was due.")])]).rstrip()


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
    return Run(as_task(run.call), run.is_repeated, run.name)


async def _keep(turn: Turn, failure: Exception | None = None) -> None:
    with speaking(load().language):
        told, what = report(turn, failure), _("What this turn did.")
    await acreate_markdown_artifact(key="turn", markdown=told, description=what)
