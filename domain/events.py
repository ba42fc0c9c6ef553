"""What happened to what, by whom: append-only events, the moves that write them, the seals over them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

from sqlalchemy import ForeignKey, Index, String, func, insert, select, tuple_, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.base import Base, Json, write
from domain.errors import InvalidTransition, Stale
from domain.method.edition import digest
from domain.words import _


class Event(Base):
    """One thing that happened. `by` is a person's id without a foreign key, so that an erased person leaves no hole."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    name: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    by: Mapped[int | None] = mapped_column(default=None)
    at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now(), init=False)
    payload: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)


class Seal(Base):
    """A link of the digest chain: the digest of the seal before and of the events it seals."""

    __tablename__ = "seal"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("seal.id"), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    count: Mapped[int]
    at: Mapped[datetime]


class SealedEvent(Base):
    """Which seal holds an event; an event is sealed once."""

    __tablename__ = "sealed_events"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    seal_id: Mapped[int] = mapped_column(ForeignKey("seal.id"), index=True)


class Subject(Protocol):
    """A thing that events are about."""

    __tablename__: str
    id: int


class Movable(Subject, Protocol):
    """A thing whose status changes by `move()` only."""

    TRANSITIONS: ClassVar[Mapping[Any, frozenset[Any]]]
    status: Any
    version: int


def record(session: Session, name: str, thing: Subject, *, by: int | None, now: datetime, **payload: object) -> Event:
    """Write that something happened to a thing; the payload holds ids, dates and numbers, never names or text."""
    session.flush()
    event = Event(name=name, subject=thing.__tablename__, subject_id=thing.id, by=by, at=now, payload=payload)
    session.add(event)
    return event


def record_all(
    session: Session, name: str, kind: type[Base], ids: Iterable[int], *, by: int | None, now: datetime
) -> None:
    """Write that the same happened to many things of one table, without a payload."""
    rows = [
        {"name": name, "subject": kind.__tablename__, "subject_id": id_, "by": by, "at": now, "payload": {}}
        for id_ in ids
    ]
    write(session, Event, rows)


def move(session: Session, thing: Movable, to: StrEnum, *, by: int | None, now: datetime, **payload: object) -> None:
    """Lead a thing to another status and write the event of it, in one transaction.

    Raises InvalidTransition where `TRANSITIONS` does not lead there; a thing changed meanwhile by somebody else fails
    at the flush by its version.
    """
    start = thing.status
    allowed = thing.TRANSITIONS[start]
    if to not in allowed:
        raise InvalidTransition(refusal(thing, to, allowed))
    thing.status = to
    record(session, f"{thing.__tablename__}.{to}", thing, by=by, now=now, was=start, **payload)


def refusal(thing: Movable, to: StrEnum, allowed: frozenset[Any]) -> str:
    """Say why a thing cannot become what is wanted, and what it can become; or that it is that already."""
    if thing.status == to:
        return _("{thing} {id} is {status} already").format(
            thing=_named(thing.__tablename__), id=thing.id, status=_(thing.status)
        )
    can = ", ".join(_(each) for each in sorted(allowed)) or _("nothing")
    return _("{thing} {id} is {status}; it can become {can}, not {to}").format(
        thing=_named(thing.__tablename__), id=thing.id, status=_(thing.status), can=can, to=_(to)
    )


def _named(table: str) -> str:
    """Return what people call a thing of a table."""
    words = {"action": _("action"), "assessment": _("assessment"), "cycle": _("cycle"), "response": _("response")}
    return words.get(table, table)


def move_all(
    session: Session,
    things: Sequence[Base],
    to: StrEnum,
    *,
    by: int | None,
    now: datetime,
    own: Mapping[int, Mapping[str, object]] = MappingProxyType({}),
    **payload: object,
) -> None:
    """Lead many things of one table to another status: one UPDATE, one bulk INSERT of events.

    `payload` stands in every event, `own` in that of the thing with the id. Raises InvalidTransition if one of them
    cannot, Stale if one was changed meanwhile; then none is moved.
    """
    if not things:
        return
    kind: Any = type(things[0])
    movables: Sequence[Any] = things
    was = _starts(movables, to)
    session.flush()
    as_read = [(movable.id, movable.version) for movable in movables]
    statement = (
        update(kind)
        .where(tuple_(kind.id, kind.version).in_(as_read))
        .values(status=to, version=kind.version + 1)
        .execution_options(synchronize_session=False)
    )
    moved: Any = session.execute(statement)
    if moved.rowcount != len(was):
        stale = _("{count} {thing}s were to become {to}, but somebody changed one meanwhile; try again")
        raise Stale(stale.format(count=len(was), thing=_named(kind.__tablename__), to=_(to)))
    session.execute(
        insert(Event),
        [
            {
                "name": f"{kind.__tablename__}.{to}",
                "subject": kind.__tablename__,
                "subject_id": id_,
                "by": by,
                "at": now,
                "payload": {"was": start, **payload, **own.get(id_, {})},
            }
            for id_, start in was.items()
        ],
    )
    for thing in things:
        session.expire(thing)


def _starts(things: Sequence[Movable], to: StrEnum) -> dict[int, StrEnum]:
    """Return where things stand, by id; raises InvalidTransition where one of them cannot go on from there."""
    was: dict[int, StrEnum] = {}
    for thing in things:
        allowed = thing.TRANSITIONS[thing.status]
        if to not in allowed:
            raise InvalidTransition(refusal(thing, to, allowed))
        was[thing.id] = thing.status
    return was


def counts(session: Session) -> Counter[str]:
    """Return how often each kind of event happened, by its name."""
    rows = select(Event.name, func.count()).group_by(Event.name)
    return Counter(dict(session.execute(rows).all()))


def seal(session: Session, now: datetime) -> Seal | None:
    """Seal every event that is not sealed yet; None where there is none.

    The digest covers the previous seal's digest and, per event in order of id, everything but the time of recording.
    """
    open_events = session.scalars(
        select(Event).where(~select(SealedEvent).where(SealedEvent.event_id == Event.id).exists()).order_by(Event.id)
    ).all()
    if not open_events:
        return None
    last = session.scalars(select(Seal).order_by(Seal.id.desc()).limit(1)).first()
    new = Seal(
        previous_id=None if last is None else last.id,
        digest=_chained(None if last is None else last.digest, open_events),
        count=len(open_events),
        at=now,
    )
    session.add(new)
    session.flush()
    session.execute(insert(SealedEvent), [{"event_id": event.id, "seal_id": new.id} for event in open_events])
    return new


def broken_seals(session: Session) -> list[int]:
    """Return the ids of seals whose digest no longer fits their events: somebody changed history."""
    sealed = (
        select(SealedEvent.seal_id, *_SEALED_COLUMNS)
        .join(Event, Event.id == SealedEvent.event_id)
        .order_by(SealedEvent.seal_id, Event.id)
        .execution_options(yield_per=1000)
    )
    groups = groupby(session.execute(sealed), key=attrgetter("seal_id"))
    found = next(groups, None)
    broken = []
    before: str | None = None
    for each in session.scalars(select(Seal).order_by(Seal.id)).all():
        events: list[Any] = []
        if found is not None and found[0] == each.id:
            events = list(found[1])
            found = next(groups, None)
        if each.digest != _chained(before, events):
            broken.append(each.id)
        before = each.digest
    return broken


_SEALED_COLUMNS = (Event.id, Event.name, Event.subject, Event.subject_id, Event.by, Event.at, Event.payload)


def _chained(before: str | None, events: Iterable[Any]) -> str:
    rows = [
        [each.id, each.name, each.subject, each.subject_id, each.by, each.at.astimezone(UTC).isoformat(), each.payload]
        for each in events
    ]
    return digest([before, rows])
