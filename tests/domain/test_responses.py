"""Answers are appended where they differ, and handed in one by one or many at once."""

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.database import transaction
from domain import answernotes, openings, responses
from domain.answernotes import AnswerNote, NoteKind
from domain.assessments import Assessment, AssessmentStatus
from domain.errors import NotAllowed, NotFound
from domain.events import Event, move
from domain.method.edition import digest
from domain.responses import Answer, Assessor, Given, Response, ResponseStatus
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


@pytest.mark.parametrize(
    "changed",
    [
        Given(states={"1.1a": "yes", "1.1b": "no"}),
        Given(states={}),
        Given(states={"1.1a": "yes"}, because={"1.1a": "changed"}),
        Given(states={"1.1a": "yes"}, has_evidence=True),
        Given(value="2"),
    ],
)
def test_an_answer_that_differs_in_anything_is_a_new_revision(database: Database, changed: Given) -> None:
    first = Given(states={"1.1a": "yes"})
    with transaction(database.engine) as session:
        response = asked(session)[0]

        written = [responses.save(session, response, {"1": each}, OPENING) for each in (first, first, changed, changed)]

        newest = responses.latest(session, response.id)["1"]
        assert written == [1, 0, 1, 0]
        assert (newest.revision, newest.states, newest.value, newest.because, newest.has_evidence) == (2, *changed.row)


def test_the_order_in_which_items_are_given_makes_no_difference(database: Database) -> None:
    with transaction(database.engine) as session:
        response = asked(session)[0]
        orders: list[dict[str, str]] = [{"1.1a": "yes", "1.1b": "no"}, {"1.1b": "no", "1.1a": "yes"}]

        assert [responses.save(session, response, {"1": Given(states=each)}, OPENING) for each in orders] == [1, 0]


def test_an_answer_is_states_or_a_value_and_never_both(database: Database) -> None:
    with transaction(database.engine) as session:
        response = asked(session)[0]

        for neither_nor_both in (Given(), Given(states={}, value="2")):
            with pytest.raises(IntegrityError), session.begin_nested():
                responses.save(session, response, {"1": neither_nor_both}, OPENING)


def test_the_digest_of_handing_in_covers_all_that_is_computed_from(database: Database) -> None:
    answers = [
        Given(states={"1.1a": "yes"}),
        Given(states={"1.1a": "no"}),
        Given(states={"1.1a": "no"}, because={"1.1a": "changed"}),
        Given(states={"1.1a": "no"}, because={"1.1a": "changed"}, has_evidence=True),
    ]
    with transaction(database.engine) as session:
        response = asked(session)[0]
        for each in answers:
            responses.save(session, response, {"1": each}, OPENING)
            responses.submit(session, response, by=response.person_id, now=OPENING)

        handed = select(Event.payload).where(Event.name == "response.submitted")
        assert len({each["digest"] for each in session.scalars(handed)}) == len(answers)


def test_what_was_handed_in_may_be_taken_back_until_closing(database: Database) -> None:
    with transaction(database.engine) as session:
        response = asked(session)[0]
        responses.submit(session, response, by=response.person_id, now=OPENING)

        move(session, response, ResponseStatus.INVITED, by=response.person_id, now=LATER)
        written = responses.save(session, response, {"1": Given(states={"1.1a": "no"})}, LATER)
        responses.submit(session, response, by=response.person_id, now=LATER)

        names = session.scalars(select(Event.name).where(Event.subject == "response").order_by(Event.id)).all()
        assert (written, response.status) == (1, ResponseStatus.SUBMITTED)
        assert names == ["response.submitted", "response.invited", "response.submitted"]


@pytest.mark.parametrize("late", [False, True])
def test_a_round_takes_answers_only_while_it_is_open(database: Database, *, late: bool) -> None:
    with transaction(database.engine) as session:
        response = asked(session)[0]
        assessment = session.get_one(Assessment, response.assessment_id)
        if late:
            move(session, assessment, AssessmentStatus.CLOSED, by=None, now=LATER)
        given = {"1": Given(states={"1.1a": "yes"})}

        with pytest.raises(NotAllowed) if late else nullcontext() as refusal:
            responses.save(session, response, given, LATER)
        with pytest.raises(NotAllowed) if late else nullcontext():
            responses.submit(session, response, by=response.person_id, now=LATER)

        assert session.scalars(select(Answer.element)).all() == ([] if late else ["1"])
        assert refusal is None or str(refusal.value) == (
            f"assessment {assessment.id} is closed; it takes answers while it is open"
        )


def test_an_internal_assessor_answers_after_the_round_of_the_unit(database: Database) -> None:
    with transaction(database.engine) as session:
        response = asked(session)[0]
        assessment = session.get_one(Assessment, response.assessment_id)
        move(session, assessment, AssessmentStatus.CLOSED, by=None, now=LATER)
        auditor = Response(
            assessment_id=assessment.id, person_id=response.person_id, assessor=Assessor.INTERNAL, scope=["1"]
        )
        session.add(auditor)
        session.flush()

        assert responses.save(session, auditor, {"1": Given(states={"1.1a": "no"})}, LATER) == 1
        assert responses.response_of(session, assessment.id, response.person_id or 0) is response


def test_somebody_who_was_not_asked_has_no_response(database: Database) -> None:
    with transaction(database.engine) as session:
        response = asked(session)[0]

        with pytest.raises(NotFound) as refusal:
            responses.response_of(session, response.assessment_id, 999_999)

    assert str(refusal.value) == "this person was not asked in this assessment"
