"""What tests of the ladder's mails do again and again: turn at many moments, read what arrived when."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from config.database import transaction
from domain import deadlines, ladder, oversight
from domain.places import places
from tests.conftest import Database
from tests.notifications.post import arrived, deliver
from tests.servers.mail import MailServer

AN_HOUR = timedelta(hours=1)
Found = dict[str, list[tuple[str, str]]]


def turn(database: Database, server: MailServer, now: datetime) -> None:
    """Let what lies go on, then deliver, as the wheel's turn does."""
    with transaction(database.engine) as session:
        where = places(session, now)
        oversight.note_left_alone(session, where, now)
        deadlines.resume_held(session, where.units, now)
        ladder.climb(session, where, now)
    deliver(database, server, now)


def turns(database: Database, server: MailServer, moments: Iterable[datetime]) -> Found:
    """Turn at each moment and return what arrived, by day and hour."""
    found = {}
    for now in moments:
        turn(database, server, now)
        if mails := arrived(server):
            found[f"{now:%m-%d %H}"] = mails
    return found


def hours(first: datetime, last: datetime, step: int = 1) -> Iterator[datetime]:
    """Give every so many hours from a moment to another."""
    while first <= last:
        yield first
        first += step * AN_HOUR
