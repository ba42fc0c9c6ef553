"""Scores: what an assessment's answers came to, by which rule, from which inputs."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Row, String, UniqueConstraint, func, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.assessments import Assessment
from domain.base import Base, Json, choice, write
from domain.cycles import Cycle
from domain.responses import Assessor

AT_ONCE = 1000
"""How many rows are taken from the database at once."""


class Score(Base):
    """An element's result in an assessment. A recomputation that differs adds a revision; none is ever changed."""

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("assessment_id", "element", "assessor", "revision"),
        Index(None, "unit_id", "model", "element", "on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    model: Mapped[str] = mapped_column(String(80))
    element: Mapped[str] = mapped_column(String(40))
    assessor: Mapped[Assessor] = mapped_column(choice(Assessor, "assessor"), default=Assessor.SELF)
    revision: Mapped[int] = mapped_column(default=1)
    on: Mapped[date]
    rule: Mapped[str] = mapped_column(String(20))
    edition_digest: Mapped[str] = mapped_column(String(64))
    inputs_digest: Mapped[str] = mapped_column(String(64))
    result: Mapped[Fraction | None] = mapped_column(default=None)
    why: Mapped[str | None] = mapped_column(String(20), default=None)
    is_proven: Mapped[bool] = mapped_column(default=False)
    basis: Mapped[str] = mapped_column(String(20))
    naive: Mapped[Fraction | None] = mapped_column(default=None)
    coverage_done: Mapped[int] = mapped_column(default=0)
    coverage_of: Mapped[int] = mapped_column(default=0)
    minimum: Mapped[Fraction | None] = mapped_column(default=None)
    maximum: Mapped[Fraction | None] = mapped_column(default=None)
    changed: Mapped[Fraction | None] = mapped_column(default=None)
    seen_differently: Mapped[Fraction | None] = mapped_column(default=None)
    mistake: Mapped[Fraction | None] = mapped_column(default=None)
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default_factory=dict)
    at: Mapped[datetime]


COMES_TO = (
    *("assessment_id", "unit_id", "element", "result", "why", "is_proven", "basis", "naive"),
    *("coverage_done", "coverage_of", "minimum", "maximum", "changed", "seen_differently", "mistake", "detail"),
)
"""The columns that say what an element came to, and where."""


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest proven result of a unit and element: what the standing picture is made of."""

    score_id: int
    assessment_id: int
    unit_id: int
    element: str
    result: Fraction
    on: date
    states: Mapping[str, str]


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write scores in bulk; each row names every column of `Score` but the id."""
    write(session, Score, rows)


def of_assessments(session: Session, assessment_ids: Sequence[int], assessor: Assessor = Assessor.SELF) -> list[Score]:
    """Return the newest revision of each score of assessments, in order of assessment and id."""
    newest = (
        select(Score.assessment_id, Score.element, func.max(Score.revision).label("revision"))
        .where(Score.assessment_id.in_(assessment_ids), Score.assessor == assessor)
        .group_by(Score.assessment_id, Score.element)
        .subquery()
    )
    rows = select(Score).join(
        newest,
        (Score.assessment_id == newest.c.assessment_id)
        & (Score.element == newest.c.element)
        & (Score.revision == newest.c.revision),
    )
    return list(session.scalars(rows.where(Score.assessor == assessor).order_by(Score.assessment_id, Score.id)))


def stream(session: Session, assessment_ids: Sequence[int]) -> Iterator[Row[Any]]:
    """Yield the newest self-assessed scores of assessments as columns, by assessment, in a stream."""
    session.flush()
    columns = (Score.__table__.columns[name] for name in COMES_TO)
    own = select(*columns).where(Score.assessment_id.in_(assessment_ids), Score.assessor == Assessor.SELF)
    ordered = own.order_by(Score.assessment_id, Score.revision, Score.id)
    found = session.connection().execute(ordered, execution_options={"yield_per": AT_ONCE})
    for _assessment_id, together in groupby(found, key=attrgetter("assessment_id")):
        yield from {row.element: row for row in together}.values()


def proven(session: Session, assessment_ids: Sequence[int]) -> set[tuple[int, str]]:
    """Return the (unit id, element) pairs with a proven result in assessments."""
    own = select(Score.unit_id, Score.element, Score.is_proven).where(
        Score.assessment_id.in_(assessment_ids), Score.assessor == Assessor.SELF
    )
    newest = {(unit_id, element): proven for unit_id, element, proven in session.execute(own.order_by(Score.revision))}
    return {place for place, is_proven in newest.items() if is_proven}


def standing(session: Session, model: str, *, up_to: int | None = None) -> dict[tuple[int, str], Latest]:
    """Return the newest proven self-assessed result per (unit id, element), of assessments up to one of this id."""
    conditions = [] if up_to is None else [Score.assessment_id <= up_to]
    return {(each.unit_id, each.element): each for each in _latest(session, model, *conditions)}


def standing_at(session: Session, model: str, places: Collection[tuple[int, str]]) -> dict[tuple[int, str], Latest]:
    """Return the newest proven self-assessed result at some (unit id, element), those without one left out."""
    here = tuple_(Score.unit_id, Score.element).in_(places)
    return {(each.unit_id, each.element): each for each in _latest(session, model, here)}


def standing_before(
    session: Session, model: str, programme_id: int, assessments: Mapping[int, int]
) -> dict[tuple[int, str], Latest]:
    """Return what assessments of one cycle are compared with: each unit's newest proven result of earlier cycles.

    `assessments` is assessment id -> unit id; the answer is by (assessment id, element). Within a programme the
    assessments of an earlier cycle have smaller ids. What was scored after an assessment's own scores were, because
    an earlier cycle ended late, was not known to them.
    """
    if not assessments:
        return {}
    by_unit = {unit_id: assessment_id for assessment_id, unit_id in assessments.items()}
    of_programme = select(Assessment.id).join(Cycle).where(Cycle.programme_id == programme_id)
    own = select(Score.unit_id, func.min(Score.id).label("first")).where(Score.assessment_id.in_(assessments))
    first = own.group_by(Score.unit_id).subquery()
    came_later = select(Score.id).join(first, (first.c.unit_id == Score.unit_id) & (first.c.first < Score.id))
    of_units = (Score.assessment_id.in_(of_programme), Score.unit_id.in_(by_unit), Score.id.not_in(came_later))
    earlier = _latest(session, model, Score.assessment_id < min(assessments), *of_units)
    return {(by_unit[each.unit_id], each.element): each for each in earlier}


def _latest(session: Session, model: str, *conditions: ColumnElement[bool]) -> Iterator[Latest]:
    proven = [Score.model == model, Score.assessor == Assessor.SELF, Score.is_proven, *conditions]
    newest_first = (Score.on.desc(), Score.assessment_id.desc(), Score.revision.desc())
    rank = func.row_number().over(partition_by=(Score.unit_id, Score.element), order_by=newest_first)
    ranked = select(Score.id, rank.label("rank")).where(*proven).subquery()
    rows = select(
        Score.id, Score.assessment_id, Score.unit_id, Score.element, Score.result, Score.on, Score.detail
    ).join(ranked, (ranked.c.id == Score.id) & (ranked.c.rank == 1))
    for row in session.execute(rows.order_by(Score.unit_id, Score.id)):
        yield Latest(
            row.id, row.assessment_id, row.unit_id, row.element, row.result, row.on, row.detail.get("states", {})
        )
