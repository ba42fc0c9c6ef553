"""What a step of the wheel runs in: one transaction as of one moment, while the lease is ours."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from pydantic import BaseModel, Field
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config import clock
from config.database import engine_of, reading, transaction
from config.settings import Settings, load
from domain import programmes, turns
from domain.organisation import unit
from domain.turns import Reach


class TurnParameters(BaseModel):
    """What a turn may be told: as of when, and whether it is about one programme or one unit only."""

    as_of: datetime | None = Field(default=None, description="The moment the turn is as of; empty for now.")
    programme: str | None = Field(default=None, description="The id of one programme; empty for all.")
    unit: str | None = Field(default=None, description="The id of one unit; empty for all.")


class LeaseLost(Exception):
    """Another process turns the wheel; this one stops where it is, and nothing is lost."""


@dataclass(frozen=True)
class Wheel:
    """A turn in the hand: its settings, its database, its moment, what it reaches, and who holds the lease."""

    settings: Settings
    engine: Engine
    now: datetime
    reach: Reach
    holder: str

    @contextmanager
    def step(self) -> Iterator[Session]:
        """One transaction that also renews the lease; raises LeaseLost where another took it."""
        with transaction(self.engine) as session:
            if not turns.renew_lease(session, self.holder, clock.now()):
                raise LeaseLost(self.holder)
            yield session

    @contextmanager
    def look(self) -> Iterator[Session]:
        """A session to read with."""
        with reading(self.engine) as session:
            yield session


def wheel_for(parameters: TurnParameters) -> Wheel:
    """Make ready for a turn; raises NotFound where the programme or unit does not exist."""
    settings = load()
    engine = engine_of(settings.database_url)
    with reading(engine) as session:
        programme = programmes.programme(session, parameters.programme) if parameters.programme else None
        only = unit(session, parameters.unit) if parameters.unit else None
        reach = Reach(None if programme is None else programme.id, None if only is None else only.id)
    return Wheel(
        settings=settings,
        engine=engine,
        now=parameters.as_of or clock.now(),
        reach=reach,
        holder=f"{_machine()}:{os.getpid()}:{uuid4().hex[:8]}",
    )


def is_gone(holder: str) -> bool:
    """Say whether a holder was a process of this machine that no longer runs; killed, it will not come back."""
    machine, _colon, rest = holder.rpartition(":")[0].rpartition(":")
    if machine != _machine() or not rest.isdecimal():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _machine() -> str:
    """Name this machine and, where there is such a thing, its space of process numbers (a container has its own)."""
    space = Path("/proc/self/ns/pid")
    return f"{socket.gethostname()}/{space.stat().st_ino}" if space.exists() else socket.gethostname()
