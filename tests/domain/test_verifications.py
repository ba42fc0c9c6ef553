"""Whether a done action worked: the level with and without its owner's answers stands beside the verdict."""

from fractions import Fraction

from sqlalchemy.orm import Session

from config.database import transaction
from domain import verifications
from tests.builders import OPENING, Firm, a_firm, at
from tests.conftest import Database
from tests.domain.acts import an_open_action, answer, turn

CLOSED = at("2026-05-04")


def test_the_owners_answers_stay_out_of_the_second_level(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, consensus_days=0)
        action = an_open_action(session, firm)
        answered(session, firm, ann=1, ben=3, cem=3)

        assert verifications.levels(session, action) == (Fraction(3), Fraction(1))


def test_over_several_units_the_lower_median_counts(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1", "u2", "u3"), consensus_days=0)
        action = an_open_action(session, firm, covers=("u1", "u2", "u3"))
        turn(session, OPENING)
        for unit, level in {"u1": 3, "u2": 1, "u3": 2}.items():
            for name in ("ann", "cem"):
                answer(session, firm, f"{unit}.{name}", {"10": level})
        turn(session, CLOSED)

        assert verifications.levels(session, action) == (Fraction(2), Fraction(2))


def test_without_a_proven_level_there_is_none(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm)

        assert verifications.levels(session, action) == (None, None)


def test_where_only_the_owner_answered_nothing_is_left_without_them(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        action = an_open_action(session, firm)
        turn(session, OPENING)
        answer(session, firm, "u1.ben", {"10": 2})
        turn(session, CLOSED)

        assert verifications.levels(session, action) == (Fraction(2), None)


def answered(session: Session, firm: Firm, **levels: int) -> None:
    """Let u1's members answer element 10 each at their level, and the round close."""
    turn(session, OPENING)
    for name, level in levels.items():
        answer(session, firm, f"u1.{name}", {"10": level})
    turn(session, CLOSED)
