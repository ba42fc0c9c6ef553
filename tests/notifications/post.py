"""What tests of mail do again and again: open a quarter, deliver as of a moment, read what arrived."""

import asyncio
import os
import subprocess
import sys
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import reading
from config.settings import Settings
from domain import openings
from domain.responses import Given, Response, save, submit
from notifications import courier
from notifications.outbox import Message
from tests.builders import Firm, a_firm, at
from tests.conftest import Database
from tests.servers.mail import MailServer

OPENED = at("2026-04-03", 8)
"""The third working day of the quarter, at the hour at which assessments open; they close on Friday 17 April, 16:00."""
CONTACT = "Miriam Falk, extension 214"
ONE_DELIVERY = Path(__file__).with_name("one_delivery.py")


def settings_for(server: MailServer, **more: Any) -> Settings:
    """Return settings that send to a server of a test."""
    sender = "Quality team <quality@example.org>"
    given = {"smtp_host": server.host, "smtp_port": server.port, "sender": sender, "contact": CONTACT}
    return Settings(data=Path("nowhere"), **(given | more))


def deliver(
    database: Database, server: MailServer, now: datetime, *, clock: datetime | None = None, **more: Any
) -> dict[str, int]:
    """Deliver what is due as of a moment, which is also the machine's time unless told otherwise."""
    settings = settings_for(server, **more)
    return asyncio.run(courier.deliver(database.engine, settings, now, clock=lambda: clock or now))


def start_courier(database: Database, port: int, **more: Any) -> subprocess.Popen[bytes]:
    """Start a courier in a process of its own, which delivers once as of the opening; `more` are settings."""
    known = {f"PDCA_{name.upper()}": str(value) for name, value in more.items()}
    run = [sys.executable, str(ONE_DELIVERY), database.url, str(port), OPENED.isoformat()]
    return subprocess.Popen(run, env={**os.environ, **known, "PYTHONPATH": str(Path.cwd())})


def an_open_quarter(session: Session, **more: Any) -> Firm:
    """Store a firm whose units were all opened."""
    firm = a_firm(session, **more)
    openings.begin_cycles(session, OPENED)
    openings.open_assessments(session, OPENED)
    return firm


def response_of(session: Session, firm: Firm, person: str) -> Response:
    """Return a person's newest response."""
    rows = select(Response).where(Response.person_id == firm.people[person].id).order_by(Response.id.desc())
    return session.scalars(rows).first()  # type: ignore[return-value]


def hand_in(session: Session, firm: Firm, person: str, given: dict[str, Given], now: datetime = OPENED) -> None:
    """Have somebody answer and hand in."""
    response = response_of(session, firm, person)
    save(session, response, given, now)
    submit(session, response, by=response.person_id, now=now)


def arrived(server: MailServer) -> list[tuple[str, str]]:
    """Return to whom mails went and their subjects, in order of person; forgets them."""
    mails = sorted((recipient(mail), str(mail["Subject"])) for mail in server.messages)
    server.envelopes.clear()
    return mails


def recipient(mail: EmailMessage) -> str:
    """Return the key of the person a mail is to: what stands before the @."""
    to: str = mail["To"].addresses[0].username
    return to


def text_of(mail: EmailMessage) -> str:
    """Return a mail's text part."""
    part = mail.get_body(("plain",))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    """Return a mail's HTML part."""
    part = mail.get_body(("html",))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def texts(server: MailServer, person: str) -> list[str]:
    """Return the text of each mail to a person, oldest first."""
    return [text_of(mail) for mail in server.messages if recipient(mail) == person]


def outbox(database: Database) -> list[tuple[str, str, str | None]]:
    """Return key, status and reason of every message, in order of key."""
    with reading(database.engine) as session:
        rows = select(Message.key, Message.status, Message.reason).order_by(Message.key)
        return [(key, status.value, reason) for key, status, reason in session.execute(rows)]


def statuses(database: Database) -> dict[str, int]:
    """Count the messages by their status."""
    found: dict[str, int] = {}
    for _key, status, _reason in outbox(database):
        found[status] = found.get(status, 0) + 1
    return found
