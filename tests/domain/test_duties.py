"""Duties: what is due, late, waiting, to verify and changed, for everybody at once."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from config.database import reading, transaction
from domain import actions, deadlines, drafts, duties, verifications
from domain.actions import Action
from domain.duties import RELEASED, Duties, Owed
from domain.organisation import ClosingDay
from domain.places import Places, places
from domain.verifications import Verdict, Verification
from tests.builders import OPENING, Firm, a_firm, at
from tests.conftest import Database
from tests.domain.acts import CHECK, DUE, a_draft, an_open_action

MONDAY = at("2026-05-04", 8)
"""Nine working days before the actions of these tests are due, on Friday 15 May."""


def accepted(session: Session, firm: Firm, **more: Any) -> Action:
    action = an_open_action(session, firm, **more)
    actions.accept(session, action, today=OPENING.date(), by=action.owner_id, now=OPENING)
    return action


def on(session: Session, day: str) -> Places:
    return places(session, at(day))


def owed(action: Action, by: date, working_days: int) -> Owed:
    return Owed(action.id, action.title, action.unit_id, by, working_days)


def to_check(action: Action, by: date, working_days: int) -> Owed:
    return replace(owed(action, by, working_days), measure=action.measure)


def test_an_action_is_due_from_ten_working_days_before_and_late_from_the_day_after(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = accepted(session, firm)
        ben = firm.people["u1.ben"].id

        eleven, ten, same, after = (
            duties.owed(session, on(session, day))[ben]
            for day in ("2026-04-30", "2026-05-01", "2026-05-15", "2026-05-18")
        )

        assert eleven == Duties(far=[owed(action, DUE, 11)], open=[action.id])
        assert ten == Duties(due=[owed(action, DUE, 10)], open=[action.id])
        assert same == Duties(due=[owed(action, DUE, 0)], open=[action.id])
        assert after == Duties(late=[owed(action, DUE, -1)], open=[action.id])


def test_late_days_are_working_days_of_the_actions_unit(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = accepted(session, firm)
        session.add(ClosingDay(unit_id=firm.units["u1"].id, day=date(2026, 5, 18)))
        session.flush()

        found = duties.owed(session, on(session, "2026-05-20"))

        assert found[firm.people["u1.ben"].id].late == [owed(action, DUE, -2)]


def test_an_unanswered_action_waits_for_its_owner_and_a_done_one_for_its_verifier(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        unanswered = an_open_action(session, firm)
        done = accepted(session, firm, element="2")
        actions.done(session, done, "a list", today=DUE, check_on=CHECK, by=done.owner_id, now=MONDAY)
        ann, ben = firm.people["u1.ann"].id, firm.people["u1.ben"].id

        early = duties.owed(session, on(session, "2026-04-10"))
        near = duties.owed(session, on(session, "2026-06-29"), [ann])

        assert early == {
            ben: Duties(waiting=[owed(unanswered, date(2026, 4, 14), 2)], open=[unanswered.id]),
            ann: Duties(to_verify_later=[to_check(done, CHECK, 65)], open=[done.id]),
        }
        assert near == {ann: Duties(to_verify=[to_check(done, CHECK, 9)], open=[done.id])}


def test_what_rests_on_hold_needs_nothing_and_a_draft_is_owed_by_nobody(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        a_draft(session, firm)
        held = accepted(session, firm, element="2")
        deadlines.hold(session, held, date(2026, 9, 1), "waits for the new server", by=held.owner_id, now=MONDAY)

        assert duties.owed(session, on(session, "2026-05-20")) == {
            firm.people["u1.ben"].id: Duties(resting=[owed(held, date(2026, 9, 1), 74)], open=[held.id])
        }


def test_an_owner_who_was_asked_by_a_mail_is_asked_again_two_working_days_before_the_answer_date(
    database: Database,
) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm)
        ben, answer_by = firm.people["u1.ben"].id, date(2026, 4, 14)

        early, near = (duties.owed(session, on(session, day)) for day in ("2026-04-09", "2026-04-10"))

        assert early == {ben: Duties(far=[owed(action, DUE, 26)], open=[action.id])}
        assert near == {ben: Duties(waiting=[owed(action, answer_by, 2)], open=[action.id])}


def test_changes_are_told_to_owner_and_verifier_but_not_to_who_made_them(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = accepted(session, firm)
        ann, ben, cem = (firm.people[f"u1.{name}"].id for name in ("ann", "ben", "cem"))
        actions.reassign(session, action, cem, "Ben is away", by=None, now=at("2026-05-05"))
        actions.done(session, action, "a list", today=DUE, check_on=CHECK, by=cem, now=at("2026-05-06"))
        seen = Verification(action_id=action.id, verdict=Verdict.EFFECTIVE, by=ann, on=CHECK)
        verifications.verify(session, action, seen, "used", again_on=CHECK, due_on=CHECK, now=at("2026-07-10"))

        found = duties.changes(session, MONDAY, at("2026-07-10"))

        assert [(each.name, each.person_id) for each in found] == [
            ("action.reassigned", ann),
            ("action.reassigned", ben),
            ("action.done", ann),
            ("action.effective", cem),
        ]
        assert duties.changes(session, at("2026-05-06"), at("2026-07-09")) == []
        assert duties.assigned_since(session, MONDAY) == {action.id}
        assert duties.assigned_since(session, at("2026-05-06")) == frozenset()


def test_a_change_is_told_to_who_owned_the_action_then(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = accepted(session, firm)
        ann, ben, cem = (firm.people[f"u1.{name}"].id for name in ("ann", "ben", "cem"))
        actions.progress(session, action, "half of it", by=None, now=at("2026-05-05"))
        actions.reassign(session, action, cem, "Ben is away", by=None, now=at("2026-05-06"))
        deadlines.hold(session, action, date(2026, 9, 1), "waits for the new server", by=None, now=at("2026-05-07"))

        found = duties.changes(session, MONDAY, at("2026-05-08"))

        assert [(each.name, each.person_id) for each in found] == [
            ("action.in progress", ben),
            ("action.reassigned", ann),
            ("action.reassigned", ben),
            ("action.on hold", ann),
            ("action.on hold", cem),
        ]
        assert [each.person_id for each in duties.changes(session, MONDAY, at("2026-05-05"))] == [ben]


def test_nobody_is_told_of_a_draft_and_its_verifier_of_the_release(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        cem = firm.people["u1.cem"].id
        ended = a_draft(session, firm)
        actions.cancel(session, ended, "not now", by=None, now=at("2026-05-05"))
        released = a_draft(session, firm, element="2")
        actions.reassign(session, released, cem, "knows it", by=None, now=at("2026-05-05"))
        drafts.release(session, released, today=DUE, answer_by=DUE, by=None, now=at("2026-05-06"))

        found = duties.changes(session, MONDAY, at("2026-05-08"))

        assert [(each.name, each.person_id, each.measure) for each in found] == [
            (RELEASED, firm.people["u1.ann"].id, "The last three leavers used it")
        ]


def test_more_people_and_actions_take_no_more_statements(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        accepted(session, firm)

    def count() -> int:
        with database.statements() as sent, reading(database.engine) as session:
            where = places(session, MONDAY)
            duties.owed(session, where)
            duties.changes(session, OPENING, MONDAY)
            duties.assigned_since(session, OPENING)
        return len(sent)

    one = count()
    with transaction(database.engine) as session:
        for unit, element in (("u1", "2"), ("u2", "2"), ("u2", "10")):
            accepted(session, firm, covers=(unit,), element=element)

    assert count() == one
