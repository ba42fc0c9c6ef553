"""Responses: one respondent's part of an assessment, and the append-only answers in it."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.assessments import Assessment, AssessmentStatus
from domain.base import Base, Json, canonical, choice
from domain.errors import NotAllowed, NotFound
from domain.events import move, move_all
from domain.method.edition import digest
from domain.words import _


class Round(StrEnum):
    """Blind: nobody sees another's answers. Agreed: what the team settled about contested items."""

    BLIND = "blind"
    AGREED = "agreed"


class Assessor(StrEnum):
    """Who judges: the unit itself, or somebody from outside it; never pooled."""

    SELF = "self"
    INTERNAL = "internal"
    EXTERNAL = "external"


class ResponseStatus(StrEnum):
    """Invited, submitted (until closing it may be taken back), or declined: "I can't this time"."""

    INVITED = "invited"
    SUBMITTED = "submitted"
    DECLINED = "declined"


class Response(Base):
    """One respondent's part; the agreed round has one response per assessment, without a person of its own."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("assessment_id", "person_id", "round", "assessor"),
        Index(
            "uq_response_agreed",
            "assessment_id",
            unique=True,
            sqlite_where=text("round = 'agreed'"),
            postgresql_where=text("round = 'agreed'"),
        ),
        CheckConstraint("person_id IS NOT NULL OR round = 'agreed'", name="somebody"),
    )
    TRANSITIONS: ClassVar[Mapping[ResponseStatus, frozenset[ResponseStatus]]] = {
        ResponseStatus.INVITED: frozenset({ResponseStatus.SUBMITTED, ResponseStatus.DECLINED}),
        ResponseStatus.SUBMITTED: frozenset({ResponseStatus.INVITED}),
        ResponseStatus.DECLINED: frozenset({ResponseStatus.INVITED}),
    }

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    round: Mapped[Round] = mapped_column(choice(Round, "round"), default=Round.BLIND)
    assessor: Mapped[Assessor] = mapped_column(choice(Assessor, "assessor"), default=Assessor.SELF)
    scope: Mapped[list[str]] = mapped_column(Json, default_factory=list)
    status: Mapped[ResponseStatus] = mapped_column(choice(ResponseStatus, "status"), default=ResponseStatus.INVITED)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class Answer(Base):
    """One revision of a respondent's answer to one element; never changed, never deleted (triggers).

    `states` is the canonical JSON of item -> state, unanswered items absent; `because` of item -> because.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("response_id", "element", "revision"),
        CheckConstraint("(states IS NULL) <> (value IS NULL)", name="states_or_value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    element: Mapped[str] = mapped_column(String(40))
    revision: Mapped[int]
    states: Mapped[str | None] = mapped_column(default=None)
    value: Mapped[str | None] = mapped_column(String(40), default=None)
    because: Mapped[str] = mapped_column(default="{}")
    has_evidence: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Given:
    """What a respondent gives for one element: states or a value, becauses, whether there is evidence."""

    states: Mapping[str, str] | None = None
    value: str | None = None
    because: Mapping[str, str] | None = None
    has_evidence: bool = False

    @property
    def row(self) -> tuple[str | None, str | None, str, bool]:
        """The four stored columns: equal answers are equal rows."""
        states = None if self.states is None else canonical(dict(self.states))
        return (states, self.value, canonical(dict(self.because or {})), self.has_evidence)


def of_assessment(session: Session, assessment_id: int) -> list[Response]:
    """Return an assessment's responses in order of id."""
    return list(session.scalars(select(Response).where(Response.assessment_id == assessment_id).order_by(Response.id)))


def response_of(session: Session, assessment_id: int, person_id: int, assessor: Assessor = Assessor.SELF) -> Response:
    """Return a person's blind response; raises NotFound where they were not asked."""
    wanted = select(Response).where(
        Response.assessment_id == assessment_id,
        Response.person_id == person_id,
        Response.round == Round.BLIND,
        Response.assessor == assessor,
    )
    found = session.scalars(wanted).first()
    if found is None:
        raise NotFound(_("this person was not asked in this assessment"))
    return found


def agreed_response(session: Session, assessment_id: int, person_id: int | None) -> Response:
    """Return the team's response of an assessment; made, with who records it, when the first state is agreed."""
    agreed = select(Response).where(Response.assessment_id == assessment_id, Response.round == Round.AGREED)
    found = session.scalars(agreed).first()
    if found is None:
        found = Response(
            assessment_id=assessment_id, person_id=person_id, round=Round.AGREED, status=ResponseStatus.SUBMITTED
        )
        session.add(found)
        session.flush()
    return found


def latest(session: Session, response_id: int) -> dict[str, Answer]:
    """Return a response's newest answer per element."""
    return newest(session, [response_id])[response_id]


def newest(session: Session, response_ids: Collection[int]) -> dict[int, dict[str, Answer]]:
    """Return the newest answer per element of many responses, in one query."""
    last = (
        select(Answer.response_id, Answer.element, func.max(Answer.revision).label("revision"))
        .where(Answer.response_id.in_(response_ids))
        .group_by(Answer.response_id, Answer.element)
        .subquery()
    )
    rows = select(Answer).join(
        last,
        (Answer.response_id == last.c.response_id)
        & (Answer.element == last.c.element)
        & (Answer.revision == last.c.revision),
    )
    found: dict[int, dict[str, Answer]] = {response_id: {} for response_id in response_ids}
    for each in session.scalars(rows):
        found[each.response_id][each.element] = each
    return found


def states_of(answer: Answer) -> dict[str, str]:
    """Return an answer's item states; empty where it is a value."""
    states: dict[str, str] = json.loads(answer.states or "{}")
    return states


def save(session: Session, response: Response, given: Mapping[str, Given], now: datetime) -> int:
    """Append what differs from the newest answers and return how many rows that were: nothing new adds none."""
    return save_all(session, {response.id: given}, now)[response.id]


def save_all(session: Session, given: Mapping[int, Mapping[str, Given]], now: datetime) -> Counter[int]:
    """Append what differs from the newest answers of many responses, in three statements; return the rows of each.

    Raises NotAllowed where one of them is part of a blind round that is not open.
    """
    _refuse_unless_open(session, given)
    before = newest(session, given)
    rows: list[dict[str, Any]] = []
    for response_id, answers in given.items():
        for element, answer in answers.items():
            last = before[response_id].get(element)
            if last is not None and (last.states, last.value, last.because, last.has_evidence) == answer.row:
                continue
            columns = dict(zip(("states", "value", "because", "has_evidence"), answer.row, strict=True))
            revision = 1 if last is None else last.revision + 1
            rows.append({"response_id": response_id, "element": element, "revision": revision, "at": now, **columns})
    if rows:
        session.execute(insert(Answer), rows)
    return Counter(row["response_id"] for row in rows)


def submit(session: Session, response: Response, *, by: int | None, now: datetime) -> None:
    """Hand in a response; the event carries the digest of its newest answers. Handing in again writes what is new."""
    _refuse_unless_open(session, [response.id])
    if response.status is ResponseStatus.SUBMITTED:
        move(session, response, ResponseStatus.INVITED, by=by, now=now)
    handed = _handed(latest(session, response.id))
    move(session, response, ResponseStatus.SUBMITTED, by=by, now=now, **handed)


def submit_all(session: Session, handed_in: Sequence[Response], *, by: int | None, now: datetime) -> None:
    """Hand in many responses, also those declined before, in a fixed number of statements."""
    ids = [each.id for each in handed_in]
    _refuse_unless_open(session, ids)
    answers = newest(session, ids)
    again = [each for each in handed_in if each.status is not ResponseStatus.INVITED]
    move_all(session, again, ResponseStatus.INVITED, by=by, now=now)
    reread = select(Response).where(Response.id.in_(ids)).execution_options(populate_existing=True)
    own = {response_id: _handed(newest_answers) for response_id, newest_answers in answers.items()}
    move_all(session, session.scalars(reread).all(), ResponseStatus.SUBMITTED, by=by, now=now, own=own)


def _refuse_unless_open(session: Session, response_ids: Collection[int]) -> None:
    """Raise NotAllowed where a blind round is not open: what was scored would no longer rest on its answers.

    On PostgreSQL a round that is being answered is not closed before the answers are stored.
    """
    rounds = (
        select(Assessment.id, Assessment.status)
        .join(Response, Response.assessment_id == Assessment.id)
        .where(Response.id.in_(response_ids), Response.round == Round.BLIND, Response.assessor == Assessor.SELF)
        .order_by(Assessment.id)
        .with_for_update(read=True, of=Assessment)
    )
    for assessment_id, status in session.execute(rounds):
        if status is not AssessmentStatus.OPEN:
            raise NotAllowed(
                _("assessment {id} is {status}; it takes answers while it is open").format(
                    id=assessment_id, status=_(status)
                )
            )


def _handed(answers: Mapping[str, Answer]) -> dict[str, object]:
    """Return what the event of handing in holds: how many answers, and their digest."""
    return {"digest": seen(answers), "answers": len(answers)}


def seen(answers: Mapping[str, Answer]) -> str:
    """Return the digest of a response's newest answers; the seals over events hold them by it."""
    return digest(
        {element: [each.states, each.value, each.because, each.has_evidence] for element, each in answers.items()}
    )
