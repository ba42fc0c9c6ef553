"""A cycle is judged by the model edition it began with; a new one takes effect with the next cycle."""

from copy import deepcopy
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import asked, editions, recomputation, scores, standings
from domain.cycles import Cycle, CycleStatus
from domain.method.edition import edition_from
from tests.builders import MODEL, OPENING, Firm, a_firm, a_model, at
from tests.conftest import Database
from tests.domain.acts import answer, assessment_of, turn
from tests.domain.quarters import drafted, ids, the_cycle

CLOSES, AGREED = at("2026-04-21", 16), at("2026-04-28", 17)


def take_new_edition(session: Session, firm: Firm) -> int:
    """Give the programme an edition without topic 10 and with a topic 20; returns its number."""
    document = {**a_model("1", "2", "20", organisation=("1",)), "edition": "2"}
    firm.programme.edition_id = editions.keep(session, document).id
    session.flush()
    return firm.programme.edition_id


def an_open_cycle(session: Session) -> Firm:
    """Open a quarter in which u1 sees topic 10 differently."""
    firm = a_firm(session, below=("u1",))
    turn(session, OPENING)
    for who, level in (("u1.ann", 1), ("u1.ben", 2), ("u1.cem", 1)):
        answer(session, firm, who, {"10": level, "2": 3})
    return firm


def test_an_edition_that_comes_before_closing_changes_nothing_in_the_cycle(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_cycle(session)
        take_new_edition(session, firm)

        turn(session, CLOSES)
        contested = asked.contested(session, [assessment_of(session, "u1").id])
        turn(session, AGREED)

        assert [each.item for each in contested[assessment_of(session, "u1").id]] == ["10.2a", "10.2b"]
        assert the_cycle(session).status is CycleStatus.PLANNED
        assert drafted(session) == [(ids(firm, "u1")[0], ids(firm, "u1"), "10")]
        assert recomputation.recompute(session, the_cycle(session)) == []


def test_an_edition_that_comes_after_the_cycle_changes_no_number_of_it(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_cycle(session)
        turn(session, CLOSES)
        turn(session, AGREED)
        before = tables(session)

        take_new_edition(session, firm)

        assert tables(session) == before == [["1"], ["2", "10"]]
        assert recomputation.recompute(session, the_cycle(session)) == []


def tables(session: Session) -> list[list[str]]:
    """Return the topics of each unit in the cycle's table."""
    return [list(each.elements) for each in standings.cycle_table(session, the_cycle(session))]


def test_a_unit_that_opens_after_the_edition_came_is_asked_what_the_cycle_began_with(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        turn(session, at("2026-04-01"))
        take_new_edition(session, firm)

        turn(session, OPENING)

        assert assessment_of(session, "u1").scope == ["2", "10"]


def test_the_next_cycle_begins_with_the_new_edition(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = an_open_cycle(session)
        old = firm.programme.edition_id
        new = take_new_edition(session, firm)
        firm.programme.rotation = [["1", "2", "20"]]
        turn(session, CLOSES)
        turn(session, AGREED)

        turn(session, at("2026-07-07"))
        scope = assessment_of(session, "u1").scope
        turn(session, at("2026-10-06"))

        found = session.scalars(select(Cycle).order_by(Cycle.starts_on)).all()
        assert [(each.period, each.edition_id, each.status) for each in found] == [
            ("2026-Q2", old, CycleStatus.PLANNED),
            ("2026-Q3", new, CycleStatus.PLANNED),
            ("2026-Q4", new, CycleStatus.OPEN),
        ]
        assert scope == ["2", "20"]
        assert [recomputation.recompute(session, each) for each in found] == [[], [], []]


def test_what_a_new_edition_asks_otherwise_is_compared_with_nothing(database: Database) -> None:
    document = {**MODEL, "edition": "2", "elements": deepcopy(MODEL["elements"])}
    document["elements"][1]["items"][1].append({"id": "2.1c", "text": {"en": "Statement 2.1c holds."}})
    with transaction(database.engine) as session:
        firm = an_open_cycle(session)
        turn(session, AGREED)
        firm.programme.edition_id = editions.keep(session, document).id
        session.flush()
        turn(session, at("2026-07-07"))
        asked_anew = replace(firm, edition=edition_from(document))

        answer(session, asked_anew, "u1.ann", {"2": 3, "10": 3}, at("2026-07-07"))
        turn(session, at("2026-07-28", 17))

        found = scores.of_assessments(session, [assessment_of(session, "u1").id])
        assert [(each.element, str(each.result), each.changed is None) for each in found] == [
            ("2", "3", True),
            ("10", "3", False),
        ]
        assert recomputation.recompute(session, the_cycle(session, "2026-Q3")) == []
