"""The wheel's lease, its turns and the chunks they are cut into: who works, until when, on what."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, String, UniqueConstraint, delete, or_, select, text, true, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.base import Base, Json
from domain.errors import NotAllowed
from domain.events import Event
from domain.words import _

LEASE = timedelta(minutes=5)
"""How long a holder may be silent before another takes over."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a turn is about: everything, or one programme, or one unit."""

    programme_id: int | None = None
    unit_id: int | None = None

    def covers(self, programme_id: int, unit_id: int | None = None) -> bool:
        """Return whether a programme's (and unit's) work is part of the turn."""
        fits_programme = self.programme_id in {None, programme_id}
        return fits_programme and (unit_id is None or self.unit_id in {None, unit_id})


EVERYWHERE = Reach()


class Lease(Base):
    """The one row that says who turns the wheel."""

    __tablename__ = "lease"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    holder: Mapped[str | None] = mapped_column(String(80), default=None)
    until: Mapped[datetime | None] = mapped_column(default=None)


class Wish(Base):
    """A decision that wants a turn, until one begins after it; its number is never given twice.

    A row of its own for each, since a turn holds the lease's row during a step, and no decision waits for that.
    """

    __tablename__ = "wish"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)


class Turn(Base):
    """One run of the wheel; `ended_at` stays empty where it was cut off."""

    __tablename__ = "turn"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    as_of: Mapped[datetime] = mapped_column(index=True)
    holder: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    done: Mapped[dict[str, int]] = mapped_column(Json, default_factory=dict)


class Chunk(Base):
    """About fifty assessments of a cycle for one step, claimed by compare-and-swap."""

    __tablename__ = "chunk"
    __table_args__ = (UniqueConstraint("cycle_id", "step", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    cycle_id: Mapped[int]
    step: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    assessments: Mapped[list[int]] = mapped_column(Json)
    holder: Mapped[str | None] = mapped_column(String(80), default=None)
    until: Mapped[datetime | None] = mapped_column(default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)


def want(session: Session) -> int:
    """Ask for a turn in the transaction of a decision; returns the number of the wish."""
    wish = Wish()
    session.add(wish)
    session.flush()
    return wish.id


def grant(session: Session) -> int:
    """Take away the wishes for a turn, for whoever turns after that; returns how many there were."""
    return len(session.scalars(delete(Wish).returning(Wish.id)).all())


def holder(session: Session) -> str | None:
    """Return who turns the wheel now, if somebody does."""
    return session.scalars(select(Lease.holder)).first()


def take_lease(session: Session, holder: str, clock: datetime) -> bool:
    """Take the wheel if nobody holds it, if its holder fell silent, or if it is ours already."""
    _ensure_lease(session)
    free = or_(Lease.holder.is_(None), Lease.until < clock, Lease.holder == holder)
    taken = session.execute(update(Lease).where(free).values(holder=holder, until=clock + LEASE).returning(Lease.id))
    return taken.first() is not None


def renew_lease(session: Session, holder: str, clock: datetime) -> bool:
    """Say that the holder still works; False where the lease was lost to another."""
    ours = update(Lease).where(Lease.holder == holder).values(until=clock + LEASE).returning(Lease.id)
    return session.execute(ours).first() is not None


def release_lease(session: Session, holder: str) -> None:
    """Let go of the wheel; nothing happens where another holds it."""
    session.execute(update(Lease).where(Lease.holder == holder).values(holder=None, until=None))


def begin_turn(session: Session, *, holder: str, as_of: datetime, clock: datetime) -> Turn:
    """Start a turn; raises NotAllowed where `as_of` is later than the clock or earlier than the last turn."""
    check_as_of(session, as_of, clock)
    turn = Turn(as_of=as_of, holder=holder, started_at=clock)
    session.add(turn)
    session.flush()
    return turn


def end_turn(session: Session, turn_id: int, done: dict[str, int], clock: datetime) -> None:
    """Write when a turn ended and how many things each step did."""
    turn = session.get_one(Turn, turn_id)
    turn.ended_at = clock
    turn.done = done


def last_turn(session: Session) -> Turn | None:
    """Return the newest turn that came to its end."""
    return session.scalars(select(Turn).where(Turn.ended_at.is_not(None)).order_by(Turn.id.desc()).limit(1)).first()


def latest_moment(session: Session) -> datetime | None:
    """Return the latest moment that a turn was as of, even if that was cut off."""
    return session.scalars(_NEWEST_TURN).first()


def check_as_of(session: Session, as_of: datetime, clock: datetime) -> None:
    """Refuse a moment that lies in the future or before the newest turn: history is not rewritten.

    Moments are said in the zone of `as_of`.
    """
    _refuse_future(as_of, clock)
    newest = latest_moment(session)
    if newest is not None and as_of < newest:
        raise NotAllowed(
            _("--as-of {as_of} lies before the last turn ({newest}); give a moment from then on").format(
                as_of=said(as_of), newest=said(newest.astimezone(as_of.tzinfo))
            )
        )


def check_look(session: Session, as_of: datetime, clock: datetime) -> None:
    """Refuse to look as of the future, or of a moment after which something happened: only what is stored is known.

    Moments are said in the zone of `as_of`.
    """
    _refuse_future(as_of, clock)
    newest = max((at for each in (_NEWEST_TURN, _NEWEST_EVENT) for at in session.scalars(each)), default=as_of)
    if as_of < newest:
        raise NotAllowed(
            _(
                "--as-of {as_of} lies before the last thing that happened ({newest}); how it stood earlier is not "
                "shown, give a moment from then on"
            ).format(as_of=said(as_of), newest=said(newest.astimezone(as_of.tzinfo)))
        )


_NEWEST_TURN = select(Turn.as_of).order_by(Turn.as_of.desc()).limit(1)
_NEWEST_EVENT = select(Event.at).order_by(Event.at.desc()).limit(1)


def _refuse_future(as_of: datetime, clock: datetime) -> None:
    if as_of > clock:
        raise NotAllowed(_("--as-of {as_of} lies in the future; give a moment up to now").format(as_of=said(as_of)))


def said(moment: datetime) -> str:
    """Return a moment as people type it: 2026-10-15T16:00+00:00."""
    return moment.isoformat(timespec="minutes")


def cut_chunks(session: Session, cycle_id: int, step: str, assessments: list[int], size: int = 50) -> None:
    """Cut assessments not yet in a chunk of this step into new chunks."""
    chunks = session.scalars(select(Chunk).where(Chunk.cycle_id == cycle_id, Chunk.step == step)).all()
    known = {assessment for chunk in chunks for assessment in chunk.assessments}
    left = [assessment for assessment in assessments if assessment not in known]
    for start in range(0, len(left), size):
        number = len(chunks) + start // size
        session.add(Chunk(cycle_id=cycle_id, step=step, number=number, assessments=left[start : start + size]))
    session.flush()


def chunks_left(session: Session, cycle_id: int, step: str) -> list[Chunk]:
    """Return the chunks that nobody has finished."""
    left = select(Chunk).where(Chunk.cycle_id == cycle_id, Chunk.step == step, Chunk.done_at.is_(None))
    return list(session.scalars(left.order_by(Chunk.number)))


def claim_chunk(
    session: Session, cycle_id: int, step: str, holder: str, clock: datetime, *, among: Collection[int] | None = None
) -> Chunk | None:
    """Claim the next chunk, `among` some or all, that nobody has finished or holds; None where none is left."""
    free = (
        select(Chunk.id)
        .where(Chunk.cycle_id == cycle_id, Chunk.step == step, Chunk.done_at.is_(None))
        .where(or_(Chunk.until.is_(None), Chunk.until < clock, Chunk.holder == holder))
        .where(true() if among is None else Chunk.id.in_(among))
        .order_by(Chunk.number)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    claim = update(Chunk).where(Chunk.id.in_(free)).values(holder=holder, until=clock + LEASE).returning(Chunk)
    return session.scalars(claim).first()


def _ensure_lease(session: Session) -> None:
    if session.get(Lease, 1) is None:
        # Two processes may find no row at once; the second does not stumble over the first one's.
        session.execute(text("INSERT INTO lease (id) VALUES (1) ON CONFLICT DO NOTHING"))
