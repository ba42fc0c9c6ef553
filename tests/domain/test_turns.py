"""The lease and the turns: one holder at a time, decisions that want a turn, a moment that history allows."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from config.database import reading, transaction
from domain import turns
from domain.errors import NotAllowed
from domain.turns import EVERYWHERE, LEASE, Lease, Reach, Turn, Wish
from tests.builders import at
from tests.conftest import Database

CLOCK = at("2026-04-07", 10)
MOMENT = timedelta(seconds=1)


def held(session: Session) -> tuple[str | None, datetime | None]:
    row = session.execute(select(Lease.holder, Lease.until)).one()
    return row.holder, row.until


def wishes(session: Session) -> list[int]:
    return list(session.scalars(select(Wish.id)))


def test_nobody_turns_the_wheel_of_a_new_database(database: Database) -> None:
    with reading(database.engine) as session:
        assert (turns.holder(session), wishes(session), turns.last_turn(session)) == (None, [], None)


def test_the_lease_is_taken_by_one_and_refused_to_another(database: Database) -> None:
    with transaction(database.engine) as session:
        taken = [turns.take_lease(session, name, CLOCK) for name in ("one", "two")]

        assert (taken, held(session)) == ([True, False], ("one", CLOCK + LEASE))


def test_who_holds_the_lease_may_take_it_again(database: Database) -> None:
    with transaction(database.engine) as session:
        turns.take_lease(session, "one", CLOCK)

        assert turns.take_lease(session, "one", CLOCK + MOMENT)
        assert held(session) == ("one", CLOCK + MOMENT + LEASE)


@pytest.mark.parametrize(("after", "is_taken"), [(LEASE, False), (LEASE + MOMENT, True)])
def test_a_silent_holder_is_followed_by_another(database: Database, after: timedelta, *, is_taken: bool) -> None:
    with transaction(database.engine) as session:
        turns.take_lease(session, "one", CLOCK)

        assert turns.take_lease(session, "two", CLOCK + after) is is_taken
        assert turns.holder(session) == ("two" if is_taken else "one")


def test_a_renewed_lease_lasts_from_then_on(database: Database) -> None:
    with transaction(database.engine) as session:
        turns.take_lease(session, "one", CLOCK)
        renewed = turns.renew_lease(session, "one", CLOCK + LEASE)

        assert (renewed, turns.take_lease(session, "two", CLOCK + LEASE + MOMENT)) == (True, False)


def test_a_lost_lease_cannot_be_renewed(database: Database) -> None:
    with transaction(database.engine) as session:
        turns.take_lease(session, "one", CLOCK)
        turns.take_lease(session, "two", CLOCK + LEASE + MOMENT)

        assert not turns.renew_lease(session, "one", CLOCK + LEASE + MOMENT)
        assert held(session) == ("two", CLOCK + LEASE + MOMENT + LEASE)


def test_a_lease_that_ran_out_is_still_the_holders_while_nobody_took_it(database: Database) -> None:
    with transaction(database.engine) as session:
        turns.take_lease(session, "one", CLOCK)

        assert turns.renew_lease(session, "one", CLOCK + 3 * LEASE)


def test_only_its_holder_lets_go_of_the_lease(database: Database) -> None:
    with transaction(database.engine) as session:
        turns.take_lease(session, "one", CLOCK)
        turns.release_lease(session, "two")
        before = turns.holder(session)
        turns.release_lease(session, "one")

        assert (before, held(session)) == ("one", (None, None))
        assert turns.take_lease(session, "two", CLOCK)


def test_of_many_who_want_the_first_lease_at_once_one_gets_it(database: Database) -> None:
    start = threading.Barrier(4)
    taken: list[bool] = []

    def take(name: str) -> None:
        start.wait()
        with transaction(database.engine) as session:
            taken.append(turns.take_lease(session, name, CLOCK))

    threads = [threading.Thread(target=take, args=(f"worker {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == [False, False, False, True]


def test_each_decision_wants_a_turn_until_one_begins(database: Database) -> None:
    with transaction(database.engine) as session:
        numbers = [turns.want(session) for _time in range(3)]
        wanted = wishes(session)

        assert (numbers, wanted, turns.grant(session), turns.grant(session)) == ([1, 2, 3], [1, 2, 3], 3, 0)


def test_the_number_of_a_wish_is_never_given_twice(database: Database) -> None:
    with transaction(database.engine) as session:
        first = turns.want(session)
        turns.grant(session)

        assert (first, turns.want(session)) == (1, 2)


def test_a_decision_waits_for_no_step_of_a_turn(postgresql_database: Database) -> None:
    with transaction(postgresql_database.engine) as step, Session(postgresql_database.engine) as decision:
        turns.take_lease(step, "one", CLOCK)
        decision.execute(text("SET LOCAL lock_timeout = '1s'"))

        number = turns.want(decision)
        decision.commit()

        assert wishes(step) == [number]


def test_a_decision_that_is_not_stored_wants_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        decide_and_fail(database)

    with reading(database.engine) as session:
        assert wishes(session) == []


def decide_and_fail(database: Database) -> None:
    with transaction(database.engine) as session:
        turns.want(session)
        raise ZeroDivisionError


def test_wanting_a_turn_leaves_the_lease_with_its_holder(database: Database) -> None:
    with transaction(database.engine) as session:
        turns.take_lease(session, "one", CLOCK)
        turns.want(session)

        assert held(session) == ("one", CLOCK + LEASE)


def test_a_turn_tells_when_it_ended_and_what_it_did(database: Database) -> None:
    with transaction(database.engine) as session:
        turn = turns.begin_turn(session, holder="one", as_of=CLOCK, clock=CLOCK + MOMENT)
        cut_off = turns.begin_turn(session, holder="two", as_of=CLOCK, clock=CLOCK + MOMENT)
        turns.end_turn(session, turn.id, {"cycles begun": 1}, CLOCK + 2 * MOMENT)

    with reading(database.engine) as session:
        kept = session.get_one(Turn, turn.id)
        assert (kept.as_of, kept.holder, kept.started_at, kept.ended_at, kept.done) == (
            CLOCK,
            "one",
            CLOCK + MOMENT,
            CLOCK + 2 * MOMENT,
            {"cycles begun": 1},
        )
        assert session.get_one(Turn, cut_off.id).ended_at is None
        assert turns.last_turn(session) is kept


@pytest.mark.parametrize(
    ("as_of", "refusal"),
    [
        (CLOCK + timedelta(minutes=1), "--as-of 2026-04-07T10:01+00:00 lies in the future; give a moment up to now"),
        (
            CLOCK - timedelta(days=1),
            (
                "--as-of 2026-04-06T10:00+00:00 lies before the last turn (2026-04-07T09:00+00:00); "
                "give a moment from then on"
            ),
        ),
    ],
)
def test_no_turn_is_as_of_the_future_or_of_before_the_last_one(
    database: Database, as_of: datetime, refusal: str
) -> None:
    with transaction(database.engine) as session:
        turns.begin_turn(session, holder="one", as_of=at("2026-04-07", 9), clock=CLOCK)

        with pytest.raises(NotAllowed) as refused:
            turns.begin_turn(session, holder="one", as_of=as_of, clock=CLOCK)

        assert str(refused.value) == refusal
        assert len(session.scalars(select(Turn)).all()) == 1


@pytest.mark.parametrize("as_of", [at("2026-04-07", 9), CLOCK])
def test_a_turn_may_be_as_of_the_last_one_or_of_now(database: Database, as_of: datetime) -> None:
    with transaction(database.engine) as session:
        turns.begin_turn(session, holder="one", as_of=at("2026-04-07", 9), clock=CLOCK)

        assert turns.begin_turn(session, holder="one", as_of=as_of, clock=CLOCK).as_of == as_of


def test_a_turn_that_was_cut_off_counts_as_the_last_one_too(database: Database) -> None:
    with transaction(database.engine) as session:
        for as_of in (at("2026-04-05"), at("2026-04-06")):
            turns.begin_turn(session, holder="one", as_of=as_of, clock=CLOCK)

        with pytest.raises(NotAllowed, match="lies before the last turn"):
            turns.check_as_of(session, at("2026-04-05"), CLOCK)


@pytest.mark.parametrize(
    ("reach", "covered"),
    [
        (EVERYWHERE, [True, True, True]),
        (Reach(programme_id=1), [True, True, True]),
        (Reach(programme_id=2), [False, False, False]),
        (Reach(unit_id=7), [True, True, False]),
        (Reach(programme_id=1, unit_id=7), [True, True, False]),
    ],
)
def test_a_turn_reaches_everything_or_one_programme_or_one_unit(reach: Reach, covered: list[bool]) -> None:
    assert [reach.covers(1), reach.covers(1, 7), reach.covers(1, 8)] == covered
