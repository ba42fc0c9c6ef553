"""What the tests of the flows stand on: a firm about to close its round, and a picture of all rows to compare."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import httpx
from sqlalchemy import Engine, select

from config.database import reading, transaction
from domain import actions, deadlines, openings
from domain.actions import Source
from domain.base import Base
from tests.builders import a_firm, a_programme_beside, answer_all, at
from tests.domain.acts import an_open_action, answer
from tests.servers.prefect import PrefectServer

ONE_TURN = Path(__file__).with_name("one_turn.py")
OPENED, ANSWERED, CLOSED = at("2026-04-06"), at("2026-04-10"), at("2026-05-04", 18)

MACHINERY = {"lease", "wish", "turn", "seal", "sealed_events", "alembic_version"}
"""Tables that tell how often and by whom the wheel was turned, not what came of it."""
OF_THE_RUN = {"id", "by", "recorded_at", "holder", "until", "message_id", "composed", "first_attempt_at", "ended_at"}
"""Columns that differ from run to run: numbers, recorded times, who worked, the bytes of a mail."""


def answered(engine: Engine) -> None:
    """Store a firm whose respondents have all answered, each gap plain, at the end of their days."""
    with transaction(engine) as session:
        firm = a_firm(session, below=("u1", "u2", "u3", "u4"))
        openings.begin_cycles(session, OPENED)
        openings.open_assessments(session, OPENED)
    with transaction(engine) as session:
        answer_all(session, firm.edition, {"1": 2, "2": 1, "10": 3}, ANSWERED)


def everything_due(engine: Engine) -> None:
    """Let the evening of `CLOSED` have work for every step of the wheel, and mails of every kind to send.

    One round is to be scored and planned, one is contested, one is to be begun and opened; an action has rested until
    that day, one was not answered, one is late.
    """
    with transaction(engine) as session:
        firm = a_firm(session, below=("u1", "u2", "u3", "u4"))
        a_programme_beside(session, firm, "beside", "u4")
        openings.begin_cycles(session, OPENED)
        openings.open_assessments(session, OPENED)
    with transaction(engine) as session:
        answer(session, firm, "u4.ann", {"2": 3}, ANSWERED)
        answer_all(session, firm.edition, {"1": 2, "2": 1, "10": 3}, ANSWERED)
        a_programme_beside(session, firm, "monthly", "u1", months_per_cycle=1, opening_working_day=2)
        rests = an_open_action(session, firm, covers=("u1",), source=Source.IDEA)
        deadlines.hold(session, rests, CLOSED.date(), "the hall is rebuilt", by=rests.owner_id, now=ANSWERED)
        an_open_action(session, firm, covers=("u2",), source=Source.IDEA)
        late = an_open_action(session, firm, covers=("u4",), source=Source.IDEA, due_on=date(2026, 4, 20))
        actions.accept(session, late, today=ANSWERED.date(), by=late.owner_id, now=ANSWERED)


def environment(url: str, data: Path, prefect: PrefectServer, **more: str) -> dict[str, str]:
    """Return the environment of a process that turns the wheel of a database."""
    own = {"PDCA_DATA": str(data), "PDCA_DATABASE_URL": url, "PYTHONPATH": str(Path.cwd())}
    return {**os.environ, **prefect.environment, **own, **more}


def start_turn(as_of: datetime, variables: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Start a turn in a process of its own."""
    return subprocess.Popen(
        [sys.executable, str(ONE_TURN), as_of.isoformat(), *arguments],
        env=dict(variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def newest_report(prefect: PrefectServer) -> list[str]:
    """Return the lines that the last turn reported to Prefect."""
    wish = {"artifacts": {"key": {"any_": ["turn"]}}, "sort": "CREATED_DESC", "limit": 1}
    lines: list[str] = httpx.post(f"{prefect.api_url}/artifacts/filter", json=wish).json()[0]["data"].splitlines()
    return lines


def picture(engine: Engine) -> dict[str, list[str]]:
    """Return every row of every table that the turns are about, without numbers and recorded times, in order."""
    found = {}
    with reading(engine) as session:
        for table in Base.metadata.sorted_tables:
            if table.name in MACHINERY:
                continue
            kept = [each for each in table.columns if each.name not in OF_THE_RUN and not each.name.endswith("_id")]
            rows = session.execute(select(*kept)).all() if kept else []
            found[table.name] = sorted(repr(tuple(row)) for row in rows)
    return found


__all__ = ["CLOSED", "answered", "environment", "everything_due", "newest_report", "picture", "start_turn"]
