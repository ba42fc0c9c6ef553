"""Answers are appended where they differ, and handed in one by one or many at once."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import answernotes, openings, responses
from domain.answernotes import AnswerNote, NoteKind
from domain.events import Event, move
from domain.method.edition import digest
from domain.responses import Answer, Given, Response, ResponseStatus
from tests.builders import OPENING, a_firm
from tests.conftest import Database

LATER = datetime(2026, 4, 8, 9, tzinfo=UTC)


def asked(session: Session) -> list[Response]:
    """Open a small firm's assessments and return the responses of those who are asked."""
    a_firm(session)
    openings.begin_cycles(session, OPENING)
    openings.open_assessments(session, OPENING)
    return list(session.scalars(select(Response).order_by(Response.id)))


def test_saving_many_adds_only_what_differs(database: Database) -> None:
    with transaction(database.engine) as session:
        first, second, *_others = asked(session)
        responses.save(session, first, {"1": Given(states={"1.1a": "yes"})}, OPENING)

        written = responses.save_all(
            session,
            {
                first.id: {"1": Given(states={"1.1a": "yes"}), "2": Given(states={"2.1a": "no"})},
                second.id: {"1": Given(states={"1.1a": "no"}), "2": Given(states={})},
            },
            LATER,
        )
        again = responses.save_all(session, {first.id: {"1": Given(states={"1.1a": "no"})}, second.id: {}}, LATER)

        assert written == {first.id: 1, second.id: 2}
        assert again == {first.id: 1}
        rows = session.scalars(select(Answer).order_by(Answer.id)).all()
        assert [(each.response_id, each.element, each.revision, each.states) for each in rows] == [
            (first.id, "1", 1, '{"1.1a":"yes"}'),
            (first.id, "2", 1, '{"2.1a":"no"}'),
            (second.id, "1", 1, '{"1.1a":"no"}'),
            (second.id, "2", 1, "{}"),
            (first.id, "1", 2, '{"1.1a":"no"}'),
        ]


def test_words_of_many_are_kept_changed_and_removed(database: Database) -> None:
    place = ("1", "1.1a", NoteKind.COMMENT)
    with transaction(database.engine) as session:
        first, second, *_others = asked(session)

        answernotes.keep_all(session, {first.id: {place: "ask Eva"}, second.id: {place: "on the wall"}})
        session.flush()
        answernotes.keep_all(session, {first.id: {place: ""}, second.id: {place: "on the door"}})
        session.flush()

        assert session.scalars(select(AnswerNote.text)).all() == ["on the door"]


def test_many_hand_in_with_the_same_events_as_one_by_one(database: Database) -> None:
    with transaction(database.engine) as session:
        first, second, third, fourth, *_others = asked(session)
        given = {"1": Given(states={"1.1a": "yes"})}
        responses.save_all(session, dict.fromkeys((each.id for each in (first, second, third, fourth)), given), LATER)
        move(session, second, ResponseStatus.DECLINED, by=None, now=LATER)
        responses.submit(session, third, by=None, now=LATER)

        responses.submit(session, fourth, by=7, now=LATER)
        responses.submit_all(session, [first, second, third], by=7, now=LATER)

        assert {each.status for each in (first, second, third, fourth)} == {ResponseStatus.SUBMITTED}
        handed = session.scalars(
            select(Event).where(Event.name == "response.submitted", Event.by == 7).order_by(Event.subject_id)
        ).all()
        assert [each.subject_id for each in handed] == [first.id, second.id, third.id, fourth.id]
        assert [each.payload for each in handed] == [handed[0].payload] * 4
        assert handed[0].payload == {
            "was": "invited",
            "answers": 1,
            "digest": digest({"1": ['{"1.1a":"yes"}', None, "{}", False]}),
        }


def test_four_hand_in_with_as_many_statements_as_two(database: Database) -> None:
    with transaction(database.engine) as session:
        invited = asked(session)
        sent = []
        for handed in (invited[:2], invited[2:6]):
            with database.statements() as statements:
                given = {each.id: {"1": Given(states={"1.1a": "yes"})} for each in handed}
                responses.save_all(session, given, LATER)
                responses.submit_all(session, handed, by=None, now=LATER)
            sent.append(len(statements))

        assert sent[0] == sent[1]
