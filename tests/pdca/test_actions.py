"""Deciding about actions from the command line: who may, what is stored, what is said."""

from datetime import date

from sqlalchemy import select

from config.database import reading, transaction
from domain import ladder
from domain.actions import ActionNote, ActionStatus
from domain.events import Event
from domain.people import Absence, Person
from domain.places import places
from domain.turns import Wish
from tests.builders import Firm, at
from tests.conftest import Database
from tests.domain.acts import a_draft
from tests.pdca.conftest import Command, Stored

NOW = ("--as-of", "2026-04-08T10:00")
"""The day after the acts' action was released; its first seven working days end on 16 April."""
OWNER = ("--by", "u1.ben")
VERIFIER = ("--by", "u1.ann")
ON_CHECK = ("--as-of", "2026-07-10T10:00")


def events_of(database: Database, number: int) -> list[str]:
    with reading(database.engine) as session:
        rows = select(Event.name).where(Event.subject == "action", Event.subject_id == number).order_by(Event.id)
        return list(session.scalars(rows))


def notes_of(database: Database, number: int) -> list[tuple[str, str]]:
    with reading(database.engine) as session:
        rows = select(ActionNote).where(ActionNote.action_id == number).order_by(ActionNote.id)
        return [(each.kind, each.text) for each in session.scalars(rows)]


def test_an_edited_draft_holds_what_people_say(pdca: Command, draft: int, stored: Stored, database: Database) -> None:
    changes = ("--title", "Settle who may hold a shipment", "--measure", "Five people asked name the same")

    ran = pdca("actions", "edit", draft, *changes, "--owner", "u1.cem@example.org", *NOW)

    assert (ran.code, ran.out, ran.err) == (0, f"Action {draft} is changed.\n", "")
    assert stored(draft, "title", "measure") == ("Settle who may hold a shipment", "Five people asked name the same")
    assert events_of(database, draft) == ["action.proposed", "action.edited"]


def test_editing_twice_changes_nothing_more(pdca: Command, draft: int, database: Database) -> None:
    pdca("actions", "edit", draft, "--title", "Another", *NOW)

    ran = pdca("actions", "edit", draft, "--title", "Another", *NOW)

    assert (ran.code, ran.out) == (0, "Nothing changed.\n")
    assert events_of(database, draft) == ["action.proposed", "action.edited"]


def test_a_new_due_date_moves_the_check_date_with_it(pdca: Command, draft: int, stored: Stored) -> None:
    pdca("actions", "edit", draft, "--due", "2026-06-01", *NOW)

    assert stored(draft, "due_on", "check_on") == (date(2026, 6, 1), date(2026, 7, 27))


def test_release_counts_dates_that_nobody_edited_from_its_day(
    pdca: Command, database: Database, firm: Firm, stored: Stored
) -> None:
    facts = {"items": ["10.1a", "10.1b"], "due_on": "2026-05-15"}
    with transaction(database.engine) as session:
        number = a_draft(session, firm, facts=facts, check_on=date(2026, 7, 10)).id

    ran = pdca("actions", "release", number, *NOW)

    assert ran.lines == [
        f"Action {number} is released: answer by 2026-04-15, due on 2026-05-06, checked on 2026-07-01."
    ]
    assert stored(number, "status", "released_on", "answer_by", "due_on", "original_due_on", "check_on") == (
        ActionStatus.OPEN,
        date(2026, 4, 8),
        date(2026, 4, 15),
        date(2026, 5, 6),
        date(2026, 5, 6),
        date(2026, 7, 1),
    )


def test_release_keeps_dates_that_people_set(pdca: Command, draft: int, stored: Stored) -> None:
    pdca("actions", "edit", draft, "--due", "2026-06-01", "--check", "2026-09-01", *NOW)

    pdca("actions", "release", draft, *NOW)

    assert stored(draft, "due_on", "check_on") == (date(2026, 6, 1), date(2026, 9, 1))


def test_drafts_are_released_all_or_none(pdca: Command, database: Database, firm: Firm, stored: Stored) -> None:
    with transaction(database.engine) as session:
        whole = a_draft(session, firm).id
        bare = a_draft(session, firm, covers=("u2",), measure="", verifier_id=None).id

    ran = pdca("actions", "release", whole, bare, *NOW)

    assert ran.code == 2
    assert ran.err == (
        f"action {bare} cannot be released; it lacks a measure in words (edit --measure), "
        "a verifier other than the owner (edit --verifier)\n"
    )
    assert stored(whole, "status") == (ActionStatus.PROPOSED,)


def test_a_decision_asks_for_a_turn_in_its_own_transaction(pdca: Command, draft: int, database: Database) -> None:
    pdca("actions", "release", draft, *NOW)
    pdca("actions", "release", draft, *NOW)  # refused

    with reading(database.engine) as session:
        assert len(session.scalars(select(Wish.id)).all()) == 1


def test_an_action_goes_from_yes_to_done(pdca: Command, opened: int, stored: Stored, database: Database) -> None:
    said = [
        pdca("actions", "accept", opened, *OWNER, *NOW).out,
        pdca("actions", "progress", opened, "half of it", *OWNER, *NOW).out,
        pdca("actions", "hold", opened, "--until", "2026-04-20", "--because", "no access", *OWNER, *NOW).out,
        pdca("actions", "done", opened, "--what", "the list", "--evidence", "in the intranet", *OWNER, *NOW).out,
    ]

    assert said == [
        f"Action {opened} is accepted.\n",
        f"Action {opened} is in progress.\n",
        f"Action {opened} rests until 2026-04-20.\n",
        f"Action {opened} is done and proves itself until 2026-07-10.\n",
    ]
    assert stored(opened, "status", "accepted_on", "done_on", "hold_until", "check_on") == (
        ActionStatus.DONE,
        date(2026, 4, 8),
        date(2026, 4, 8),
        None,
        date(2026, 7, 10),
    )
    assert notes_of(database, opened) == [
        ("progress", "half of it"),
        ("reason", "no access"),
        ("done", "the list"),
        ("evidence", "in the intranet"),
    ]


def test_accepting_twice_changes_nothing(pdca: Command, opened: int, database: Database) -> None:
    pdca("actions", "accept", opened, *OWNER, *NOW)

    again = pdca("actions", "accept", opened, *OWNER, "--as-of", "2026-04-09T10:00")

    assert (again.code, again.out) == (0, f"Action {opened} is accepted already, since 2026-04-08.\n")
    assert events_of(database, opened) == ["action.proposed", "action.open", "action.accepted"]


def test_what_is_done_late_is_checked_after_the_whole_waiting_time(pdca: Command, opened: int, stored: Stored) -> None:
    pdca("actions", "done", opened, "--what", "the list", *OWNER, "--as-of", "2026-06-15T10:00")

    assert stored(opened, "check_on") == (date(2026, 8, 10),)


def test_the_owner_moves_a_date_once_and_the_lead_again(pdca: Command, opened: int, stored: Stored) -> None:
    because = ("--because", "no access to the drive")

    first = pdca("actions", "move", opened, "--due", "2026-06-01", *because, *OWNER, *NOW)
    second = pdca("actions", "move", opened, "--due", "2026-06-08", *because, *OWNER, *NOW)
    by_lead = pdca("actions", "move", opened, "--due", "2026-06-15", *because, "--by", "top.ann", *NOW)

    assert first.out == f"Action {opened} is due on 2026-06-01, checked on 2026-07-27.\n"
    assert second.err == f"action {opened} was moved before; the unit's lead decides about another date\n"
    assert by_lead.code == 0
    assert stored(opened, "due_on", "original_due_on", "moved_count", "check_on") == (
        date(2026, 6, 15),
        date(2026, 5, 15),
        2,
        date(2026, 8, 10),
    )


def test_another_owner_has_to_say_yes(pdca: Command, opened: int, stored: Stored, firm: Firm) -> None:
    pdca("actions", "accept", opened, *OWNER, *NOW)

    ran = pdca("actions", "reassign", opened, "--to", "u1.cem", "--because", "ben is away", *NOW)

    assert ran.out == f"Action {opened} belongs to u1.cem.\n"
    assert stored(opened, "owner_id", "accepted_on") == (firm.people["u1.cem"].id, None)


def test_the_verifier_says_whether_it_worked(pdca: Command, opened: int, stored: Stored, database: Database) -> None:
    pdca("actions", "done", opened, "--what", "the list", *OWNER, *NOW)

    look = ("--verdict", "effective", "--seen", "three of three used it")
    ran = pdca("actions", "verify", opened, *look, *VERIFIER, *ON_CHECK)

    assert ran.out == f"Action {opened} is verified.\n"
    assert stored(opened, "status") == (ActionStatus.EFFECTIVE,)
    assert notes_of(database, opened)[-1] == ("verification", "three of three used it")


def test_what_did_not_work_is_followed_by_a_draft_with_dates_of_its_own(
    pdca: Command, opened: int, stored: Stored
) -> None:
    pdca("actions", "done", opened, "--what", "the list", *OWNER, *NOW)

    look = ("--verdict", "not-effective", "--seen", "nobody used it")
    ran = pdca("actions", "verify", opened, *look, *VERIFIER, *ON_CHECK)

    assert ran.out == f"Action {opened} was not effective; action {opened + 1} follows it.\n"
    assert stored(opened + 1, "status", "predecessor_id", "due_on", "check_on") == (
        ActionStatus.PROPOSED,
        opened,
        date(2026, 8, 7),
        date(2026, 10, 2),
    )


def test_what_cannot_be_assessed_is_looked_at_again(pdca: Command, opened: int, stored: Stored) -> None:
    look = ("--verdict", "not-assessable", "--seen", "nobody left yet")
    pdca("actions", "done", opened, "--what", "the list", *OWNER, *NOW)

    ran = pdca("actions", "verify", opened, *look, *VERIFIER, *ON_CHECK)

    assert ran.out == f"Action {opened} is looked at again on 2026-08-07.\n"
    assert stored(opened, "status", "check_on") == (ActionStatus.DONE, date(2026, 8, 7))


def test_what_can_be_seen_earlier_is_verified_from_an_earlier_check_date_on(
    pdca: Command, opened: int, stored: Stored
) -> None:
    look = ("--verdict", "effective", "--seen", "three of three used it", *VERIFIER)
    pdca("actions", "done", opened, "--what", "the list", *OWNER, *NOW)

    too_early = pdca("actions", "verify", opened, *look, "--as-of", "2026-05-15T10:00")
    edited = pdca("actions", "edit", opened, "--check", "2026-05-15", "--as-of", "2026-05-15T10:00")
    verified = pdca("actions", "verify", opened, *look, "--as-of", "2026-05-15T10:00")

    assert too_early.err == (
        f"action {opened} proves itself until 2026-07-10 and is verified from that day on; "
        "the quality team can set an earlier check date (edit --check)\n"
    )
    assert (too_early.code, edited.code, verified.code) == (2, 0, 0)
    assert stored(opened, "status", "check_on") == (ActionStatus.EFFECTIVE, date(2026, 5, 15))


def test_a_cancelled_action_says_why(pdca: Command, opened: int, stored: Stored, database: Database) -> None:
    ran = pdca("actions", "cancel", opened, "--because", "the product ends", *NOW)

    assert ran.out == f"Action {opened} is cancelled.\n"
    assert stored(opened, "status") == (ActionStatus.CANCELLED,)
    assert notes_of(database, opened) == [("reason", "the product ends")]


def test_who_was_asked_decides_even_as_a_deputy(
    pdca: Command, opened: int, stored: Stored, firm: Firm, database: Database
) -> None:
    with transaction(database.engine) as session:
        session.get_one(Person, firm.people["u1.ann"].id).deputy_id = firm.people["u2.ben"].id
        session.add(Absence(person_id=firm.people["u1.ann"].id, starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 9)))
    deputy, late = ("--by", "u2.ben"), ("--because", "not my topic")

    declined = pdca("actions", "decline", opened, *late, *OWNER, *NOW)
    too_early = pdca("actions", "reassign", opened, "--to", "u1.cem", "--because", "has time", *deputy, *NOW)
    with transaction(database.engine) as session:
        now = at("2026-04-08", 11)
        ladder.climb(session, places(session, now), now)
    reassigned = pdca(
        "actions", "reassign", opened, "--to", "u1.cem", "--because", "has time", *deputy, "--as-of", "2026-04-08T12:00"
    )
    too_late = pdca("actions", "cancel", opened, "--because", "x", *deputy, "--as-of", "2026-04-08T13:00")

    assert declined.out == f"Action {opened} is declined; who decides about it is asked.\n"
    assert (too_early.code, too_late.code) == (2, 2)
    assert reassigned.out == f"Action {opened} belongs to u1.cem.\n"
    assert stored(opened, "owner_id", "accepted_on") == (firm.people["u1.cem"].id, None)
    assert notes_of(database, opened) == [("declined", "not my topic"), ("reason", "has time")]
