"""The outbox: each key once, no message held by two, the bytes blanked at the end."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from config.database import reading, transaction
from domain.errors import NotAllowed, NotFound
from domain.events import Event, record
from notifications import claims, outbox
from notifications.outbox import Message, MessageStatus, Wanted, enqueue, key_of
from tests.builders import a_firm, a_person, at
from tests.conftest import Database

NOON = at("2026-04-07", 12)
LATER = NOON + timedelta(minutes=1)


def a_wish(session: Session, number: int, due_at: datetime = NOON) -> Wanted:
    person = a_person(session, f"somebody.{number}")
    return Wanted(key=key_of("digest", number), template="digest", person_id=person.id, due_at=due_at)


def claimed(database: Database, holder: str, limit: int = 10, **more: Any) -> list[Message]:
    given = {"now": NOON, "clock": NOON} | more
    with transaction(database.engine) as session:
        return claims.claim(session, holder, limit=limit, **given)


def stored(database: Database, number: int = 1) -> Message:
    with reading(database.engine) as session:
        return session.get_one(Message, number)


def two_wishes(database: Database) -> None:
    with transaction(database.engine) as session:
        enqueue(session, [a_wish(session, 1), a_wish(session, 2)])


def test_a_key_is_taken_once_for_ever(database: Database) -> None:
    with transaction(database.engine) as session:
        first, second = a_wish(session, 1), a_wish(session, 2)

        assert [enqueue(session, [first, first]), enqueue(session, [first, second]), enqueue(session, [])] == [1, 1, 0]


def test_of_two_who_enqueue_at_once_the_second_waits_and_adds_nothing(postgresql_database: Database) -> None:
    with transaction(postgresql_database.engine) as session:
        wish = a_wish(session, 1)
    found: list[int] = []

    def enqueue_too() -> None:
        with transaction(postgresql_database.engine) as session:
            found.append(enqueue(session, [wish]))

    with transaction(postgresql_database.engine) as session:
        found.append(enqueue(session, [wish]))
        other = threading.Thread(target=enqueue_too)
        other.start()
        other.join(0.5)
        assert found == [1]
    other.join()

    assert found == [1, 0]


def test_a_long_key_keeps_its_beginning_and_stays_unique() -> None:
    one, other = key_of("digest", "a" * 300), key_of("digest", "a" * 299 + "b")

    assert one != other
    assert [len(one), len(other)] == [200, 200]
    assert key_of("digest", "u1.ann", "2026-W20") == "digest/u1.ann/2026-W20"


def test_no_message_is_held_by_two(database: Database) -> None:
    two_wishes(database)

    one, other = claimed(database, "one", limit=1), claimed(database, "other")

    assert [[each.id for each in one], [each.id for each in other]] == [[1], [2]]
    assert claimed(database, "third") == []


def test_two_couriers_claiming_at_the_same_moment_share_the_messages(postgresql_database: Database) -> None:
    two_wishes(postgresql_database)
    engine = postgresql_database.engine
    with Session(engine) as one, Session(engine) as other:
        mine = claims.claim(one, "one", now=NOON, clock=NOON, limit=1)
        yours = claims.claim(other, "other", now=NOON, clock=NOON, limit=2)

        assert [[each.id for each in mine], [each.id for each in yours]] == [[1], [2]]


def test_a_message_is_claimed_when_it_is_due_by_the_moment_and_free_by_the_clock(database: Database) -> None:
    two_wishes(database)
    early = claimed(database, "one", now=NOON - timedelta(seconds=1))
    with transaction(database.engine) as session:
        for message in claims.claim(session, "one", now=NOON, clock=NOON, limit=1):
            claims.put_off(session, message, LATER, "451 later", NOON, is_unsure=False)

    assert early == []
    assert [each.id for each in claimed(database, "two", clock=LATER - timedelta(seconds=1))] == [2]
    assert [(each.id, each.attempts) for each in claimed(database, "two", clock=LATER)] == [(1, 1)]


def test_what_a_silent_courier_held_keeps_its_bytes_if_it_was_begun_and_the_silent_settle_nothing(
    database: Database,
) -> None:
    two_wishes(database)
    mine = claimed(database, "one")
    with transaction(database.engine) as session:
        for each in mine:
            claims.freeze(session, each, message_id=f"<{each.id}@x>", composed=b"mail", covers={"as_of": "noon"})
        claims.begin(session, mine[0])
    after = NOON + claims.LEASE + timedelta(seconds=1)

    with transaction(database.engine) as session:
        claims.give_back_left(session, NOON + claims.LEASE, gone=[])
    too_early = claimed(database, "two", clock=after)
    with transaction(database.engine) as session:
        claims.give_back_left(session, after, gone=[])
    taken = claimed(database, "two", clock=after)
    with transaction(database.engine) as session:
        settled = [claims.begin(session, mine[1]), claims.end(session, mine[0], MessageStatus.SENT, after)]

    assert (too_early, settled) == ([], [False, False])
    assert [(each.message_id, each.composed, each.covers, each.attempts) for each in taken] == [
        ("<1@x>", b"mail", {"as_of": "noon"}, 0),
        ("<2@x>", None, {}, 0),
    ]


def test_what_a_courier_that_is_gone_held_is_taken_over_at_once(database: Database) -> None:
    two_wishes(database)
    claimed(database, "one", limit=1)
    claimed(database, "two")

    with transaction(database.engine) as session:
        claims.give_back_left(session, NOON, gone=["one"])

    assert [each.id for each in claimed(database, "three")] == [1]


def test_a_mail_that_the_server_may_have_had_stays_so_where_it_refuses_us_later(database: Database) -> None:
    two_wishes(database)
    for lost in (True, False):
        with transaction(database.engine) as session:
            [message] = claims.claim(session, "one", now=NOON, clock=NOON, limit=1)
            claims.begin(session, message)
            if lost:
                claims.put_off(session, message, NOON, "no answer", NOON, is_unsure=True)
            else:
                claims.take_back(session, message)
                claims.give_back(session, "one")

    [again, other] = claimed(database, "two")

    assert [(again.may_have_arrived, again.attempts), (other.may_have_arrived, other.attempts)] == [
        (True, 1),
        (False, 0),
    ]


@pytest.mark.parametrize("status", [MessageStatus.SENT, MessageStatus.DEAD, MessageStatus.DROPPED])
def test_the_bytes_are_blanked_at_the_end(database: Database, status: MessageStatus) -> None:
    two_wishes(database)
    [mine] = claimed(database, "one", limit=1)
    with transaction(database.engine) as session:
        claims.freeze(session, mine, message_id="<1@example.org>", composed=b"mail", covers={})
        assert claims.end(session, mine, status, LATER, "because")

    found = stored(database)
    told = (found.status, found.composed, found.reason, found.ended_at, found.holder, found.message_id)
    assert told == (status, None, "because", LATER, None, "<1@example.org>")


def test_what_was_not_tried_is_given_back_untouched(database: Database) -> None:
    two_wishes(database)
    before = stored(database)

    claimed(database, "one", limit=1)
    claimed(database, "two")
    with transaction(database.engine) as session:
        assert claims.holders(session) == ["one", "two"]
        claims.give_back(session, "one")

    found = stored(database)
    assert (found.status, found.attempts, found.holder, found.until) == (before.status, 0, None, None)
    assert stored(database, 2).holder == "two"


def test_a_pause_lets_all_that_is_due_wait_and_shortens_no_longer_wait(database: Database) -> None:
    with transaction(database.engine) as session:
        later = a_wish(session, 3, due_at=LATER)
        enqueue(session, [a_wish(session, 1), a_wish(session, 2), later])
        [longer] = claims.claim(session, "one", now=NOON, clock=NOON, limit=1)
        claims.put_off(session, longer, LATER + claims.LEASE, "451 later", NOON, is_unsure=False)

        claims.pause(session, until=LATER, reason="535 wrong password", now=NOON)

    found = [(stored(database, number).next_at, stored(database, number).reason) for number in (1, 2, 3)]
    assert found == [(LATER + claims.LEASE, "451 later"), (LATER, "535 wrong password"), (None, None)]


def test_a_dead_message_is_tried_again_under_its_old_id_and_a_sent_one_is_not(database: Database) -> None:
    two_wishes(database)
    for message, status in zip(claimed(database, "one"), (MessageStatus.DEAD, MessageStatus.SENT), strict=True):
        with transaction(database.engine) as session:
            claims.freeze(session, message, message_id=f"<{message.id}@x>", composed=b"mail", covers={})
            claims.end(session, message, status, LATER, "550 no")

    with transaction(database.engine) as session:
        outbox.retry(session, 1)
        with pytest.raises(NotAllowed, match="mail 2 is sent; only a queued or dead one is tried again"):
            outbox.retry(session, 2)
        with pytest.raises(NotFound, match="no mail has the number 3"):
            outbox.retry(session, 3)

    [again] = claimed(database, "two")
    assert (again.id, again.attempts, again.message_id, again.composed) == (1, 0, "<1@x>", None)


def test_mails_are_listed_newest_first_by_status(database: Database) -> None:
    two_wishes(database)
    claimed(database, "one", limit=1)

    with reading(database.engine) as session:
        assert [each.id for each in outbox.listed(session)] == [2, 1]
        assert [each.id for each in outbox.listed(session, MessageStatus.SENDING)] == [1]
        assert [each.id for each in outbox.listed(session, limit=1)] == [2]


def test_an_event_is_routed_once_whatever_its_number(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        first = record(session, "first", firm.programme, by=None, now=NOON)
        second = record(session, "second", firm.programme, by=None, now=NOON)
        session.flush()
        outbox.mark_routed(session, [second])
        outbox.mark_routed(session, [second])
        left: list[Event] = outbox.unrouted(session)
        outbox.mark_routed(session, left)

        assert (left, outbox.unrouted(session)) == ([first], [])
