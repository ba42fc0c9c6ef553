"""A turn from its beginning to its end: the lease, the record of the turn, the seal, the report in Prefect."""

from collections.abc import Awaitable, Callable, Mapping

from prefect.artifacts import acreate_markdown_artifact

from config import clock
from config.database import transaction
from domain import events, turns
from flows.steps import TurnParameters, Wheel, is_gone, wheel_for

Part = Callable[[Wheel], Awaitable[dict[str, int]]]


async def turning(parameters: TurnParameters, *parts: Part) -> dict[str, int]:
    """Run parts of the wheel under its lease until no decision wants another round; returns what was done.

    Where another process holds the lease nothing is done and the answer is empty: the decision that asked for this
    turn stays wanted, and the holder sees it.
    """
    wheel = wheel_for(parameters)
    with transaction(wheel.engine) as session:
        holder = turns.holder(session)
        if holder is not None and is_gone(holder):
            turns.release_lease(session, holder)
        if not turns.take_lease(session, wheel.holder, clock.now()):
            return {}
    try:
        done = await _rounds(wheel, parts)
    finally:
        with transaction(wheel.engine) as session:
            turns.release_lease(session, wheel.holder)
    await acreate_markdown_artifact(key="turn", markdown=report(wheel, done), description="What this turn did.")
    return done


def report(wheel: Wheel, done: Mapping[str, int]) -> str:
    """Return a turn's report in markdown: what was done, how often."""
    rows = [f"| {name} | {count} |" for name, count in done.items() if count]
    table = ["| what | how many |", "|---|---:|", *rows] if rows else ["Nothing was due."]
    return "\n".join([f"# Turn as of {turns.said(wheel.now)}", "", *table])


async def _rounds(wheel: Wheel, parts: tuple[Part, ...]) -> dict[str, int]:
    with wheel.step() as session:
        turn_id = turns.begin_turn(session, holder=wheel.holder, as_of=wheel.now, clock=clock.now()).id
    done: dict[str, int] = {}
    seen = None
    while seen != (seen := _wanted(wheel)):
        for part in parts:
            for name, count in (await part(wheel)).items():
                done[name] = done.get(name, 0) + count
    with wheel.step() as session:
        events.seal(session, wheel.now)
        turns.end_turn(session, turn_id, done, clock.now())
    return done


def _wanted(wheel: Wheel) -> int:
    with wheel.look() as session:
        return turns.wanted(session)
