"""The check-up of an installation: each part looked at, each fault with what to do."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from config import clock, prefect_api
from config.database import engine_of, reading
from config.settings import Settings
from domain import events, oversight, programmes, turns
from domain.organisation import Organisation, Unit, today
from domain.words import _, ngettext
from notifications import outbox
from notifications.outbox import MessageStatus
from notifications.waiting import waiting
from pdca import migrations
from pdca.deciding import as_typed
from pdca.labels import moment, trouble

LONGEST_SILENCE = timedelta(hours=3)
"""How long ago the last turn may have ended: the wheel is turned hourly."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found about a part; where it is a fault, with what to do."""

    part: str
    said: str
    todo: str | None = None


def examine(settings: Settings) -> Iterator[Found]:
    """Look at every part; what rests on the database is looked at once that is reachable and up to date."""
    yield _mail_server(settings)
    yield _prefect(settings)
    engine = engine_of(settings.database_url)
    database = _database(engine)
    yield database
    if database.todo is None:
        with reading(engine) as session:
            yield from _stored(session, clock.now())


def _mail_server(settings: Settings) -> Found:
    """Ask the mail server for its greeting; nothing is sent."""
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        with socket.create_connection((settings.smtp_host, settings.smtp_port), timeout=5) as connection:
            greeting = connection.recv(512).decode("ascii", errors="replace").strip()
            with suppress(OSError):
                connection.sendall(b"QUIT\r\n")
    except OSError as error:
        said = _("{where} does not answer ({reason})").format(where=where, reason=error.strerror or error)
        return Found(_("Mail"), said, _("set PDCA_SMTP_HOST and PDCA_SMTP_PORT, or start the mail server"))
    if not greeting.startswith("220"):
        said = _("{where} answers, but not as a mail server ({greeting})").format(where=where, greeting=greeting)
        return Found(_("Mail"), said, _("set PDCA_SMTP_HOST and PDCA_SMTP_PORT to a mail server"))
    return Found(_("Mail"), _("{where} answers").format(where=where))


def _prefect(settings: Settings) -> Found:
    address = settings.prefect_api_url
    if address is None:
        return Found(_("Prefect"), _("no server is set; each turn starts one of its own"))
    if prefect_api.answers(address):
        return Found(_("Prefect"), _("{address} answers").format(address=address))
    return Found(
        _("Prefect"),
        _("{address} does not answer").format(address=address),
        _("start the server, or take PDCA_PREFECT_API_URL out; until then each turn starts a server of its own"),
    )


def _database(engine: Engine) -> Found:
    part = _("Database")
    try:
        step, newest = migrations.current(engine), migrations.newest()
    except OperationalError as error:
        said = _("cannot be reached: {reason}").format(reason=" ".join(str(error.orig).split()))
        return Found(part, said, _("start it, or set PDCA_DATABASE_URL"))
    if step is None:
        return Found(part, _("is empty"), _("run `pdca db upgrade`"))
    if step < newest:
        return Found(
            part, _("stands at step {step} of {newest}").format(step=step, newest=newest), _("run `pdca db upgrade`")
        )
    if step > newest:
        return Found(part, _("was made by a newer pdca (step {step})").format(step=step), _("install that pdca"))
    return Found(part, _("is reachable and up to date (step {step})").format(step=step))


def _stored(session: Session, now: datetime) -> Iterator[Found]:
    if session.get(Organisation, 1) is None:
        yield Found(_("Organisation"), _("there is none yet"), _("run `pdca import FILE`"))
        return
    yield from _owners(session, now)
    yield _seals(session)
    yield _last_turn(session, now)
    yield from _outbox(session, now)


def _owners(session: Session, now: datetime) -> Iterator[Found]:
    for programme in programmes.running(session):
        missing = oversight.without_owner(session, programme, today(session, now))
        part = _("Owners in {programme}").format(programme=programme.key)
        if not missing:
            yield Found(part, _("every action would find one"))
        for each in missing:
            unit = session.get_one(Unit, int(each.unit)).key
            said = _("{unit}: nobody would own an action on {elements}").format(
                unit=unit, elements=", ".join(each.elements)
            )
            yield Found(part, said, _("give the unit a lead or somebody responsible, and import again"))


def _seals(session: Session) -> Found:
    broken = events.broken_seals(session)
    if not broken:
        return Found(_("Seals"), _("the history is as it was sealed"))
    said = _("events were changed by hand; these seals no longer fit: {seals}")
    return Found(_("Seals"), said.format(seals=", ".join(map(str, broken))), _("compare with a backup, find out who"))


def _last_turn(session: Session, now: datetime) -> Found:
    last = turns.last_turn(session)
    if last is None or last.ended_at is None:
        return Found(_("Turns"), _("the wheel was never turned"), _("run `pdca turn` every hour"))
    ago = now - last.ended_at
    said = _("the last one ended {hours} hours ago").format(hours=ago // timedelta(hours=1))
    return Found(_("Turns"), said, _("run `pdca turn` every hour") if ago > LONGEST_SILENCE else None)


def _outbox(session: Session, now: datetime) -> Iterator[Found]:
    part, left = _("Outbox"), waiting(session, now)
    dead = outbox.listed(session, MessageStatus.DEAD)
    if left is not None:
        since, again = (moment(as_typed(session, at)) for at in (left.since, left.next_at))
        said = ngettext(
            "{count} mail waits since {since} ({reason})", "{count} mails wait since {since} ({reason})", left.count
        )
        todo = _("see that the mail server takes them; the first turn after {again} tries again (`pdca mail list`)")
        yield Found(
            part, said.format(count=left.count, since=since, reason=trouble(left.reason)), todo.format(again=again)
        )
    if dead:
        said = ngettext("{count} mail was given up", "{count} mails were given up", len(dead)).format(count=len(dead))
        yield Found(part, said, _("see `pdca mail list --status dead`, then `pdca mail retry NUMBER`"))
    if not dead and left is None:
        yield Found(part, _("no mail was put off or given up"))
