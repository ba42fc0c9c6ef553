"""What findings and drafts rest on besides answers: gathered once, ids and numbers only, read back equal."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import actions, cycles, programmes
from domain.actions import ActionStatus, Source
from domain.continuations import Continuation
from domain.cycles import Cycle, CycleInputs
from domain.events import move
from domain.inputs import planning_inputs, standing_inputs
from domain.method.owners import owner, verifier
from domain.method.planning_inputs import (
    Corroboration,
    LivingAction,
    LookedAt,
    PersonPlace,
    PlanningInputs,
    Responsibility,
    UnitPlace,
)
from domain.method.workdays import Calendar
from domain.organisation import ClosingDay, NoAskWeek
from domain.organisation import Responsibility as Answering
from domain.people import Absence
from domain.responses import Assessor
from domain.scores import Score
from tests.builders import OPENING, Firm, a_firm
from tests.conftest import Database
from tests.domain.acts import a_draft, an_open_action, assessment_of, plan

TODAY = date(2026, 4, 28)
SUMMER = (date(2026, 7, 1), date(2026, 7, 31))


def a_running_firm(session: Session, **programme: Any) -> tuple[Firm, Cycle]:
    firm = a_firm(session, **programme)
    plan(session, OPENING)
    return firm, session.scalars(select(Cycle)).one()


def ids(firm: Firm, *keys: str) -> list[str]:
    return [str(firm.people[key].id) for key in keys]


def gathered(session: Session, cycle: Cycle) -> PlanningInputs:
    session.flush()
    return planning_inputs(session, cycle, TODAY)


def test_units_come_with_parents_leads_targets_and_what_they_were_asked(database: Database) -> None:
    targets = {"default": 2, "elements": {"2": 3, "10": 9}, "units": {"u1": {"10": 1}}}
    importance = {"elements": {"2": 1}, "units": {"u2": {"10": 5}}}
    with transaction(database.engine) as session:
        firm, cycle = a_running_firm(session, targets=targets, importance=importance, weights={"2": "1/3"})
        top, u1, u2 = (str(firm.units[key].id) for key in ("top", "u1", "u2"))
        leads = ids(firm, "top.ann", "u1.ann", "u2.ann")
        firm.units["u2"].has_capacity = False

        found = gathered(session, cycle)

        assert found.units == (
            UnitPlace(top, None, leads[0], top, asked=("1",)),
            UnitPlace(u1, top, leads[1], top, asked=("2", "10"), targets={"10": Fraction(1)}),
            UnitPlace(u2, top, leads[2], top, asked=("2", "10"), has_capacity=False, importance={"10": 5}),
        )
        assert found.targets == {"1": 2, "2": 3, "10": 3}
        assert (found.weights, found.importance) == ({"1": 1, "2": Fraction(1, 3), "10": 1}, {"2": 1})


def test_a_unit_that_was_skipped_was_asked_nothing(database: Database) -> None:
    with transaction(database.engine) as session:
        _firm, cycle = a_running_firm(session)
        unit = assessment_of(session, "u1")
        move(session, unit, unit.status.SKIPPED, by=None, now=OPENING)

        assert [each.asked for each in gathered(session, cycle).units] == [("1",), (), ("2", "10")]


def test_standing_inputs_ask_what_is_asked_over_all_cycles(database: Database) -> None:
    with transaction(database.engine) as session:
        firm, _cycle = a_running_firm(session, rotation=[["2"]])

        found = standing_inputs(session, firm.programme, TODAY)

        assert [each.asked for each in found.units] == [("1",), ("2", "10"), ("2", "10")]


def test_who_has_a_deputy_or_is_away_comes_with_them_and_all_others_are_there(database: Database) -> None:
    with transaction(database.engine) as session:
        firm, cycle = a_running_firm(session)
        ann, ben, cem = (firm.people[f"u1.{name}"] for name in ("ann", "ben", "cem"))
        ann.deputy_id = ben.id
        session.add(Absence(person_id=ann.id, starts_on=SUMMER[0], ends_on=SUMMER[1]))
        ben.left_on = date(2026, 6, 1)
        cem.left_on = TODAY

        assert gathered(session, cycle).people == (
            PersonPlace(str(ann.id), str(ben.id), (SUMMER,)),
            PersonPlace(str(ben.id), None, ((date(2026, 6, 1), date.max),)),
        )


def test_nothing_is_given_to_somebody_who_has_left(database: Database) -> None:
    due = date(2026, 7, 15)
    with transaction(database.engine) as session:
        firm, cycle = a_running_firm(session)
        responsible, lead, deputy, boss = (firm.people[key] for key in ("u1.cem", "u1.ann", "u1.ben", "top.ann"))
        session.add(Answering(unit_id=firm.units["u1"].id, person_id=responsible.id, element="10"))
        lead.deputy_id = deputy.id
        u1, element = str(firm.units["u1"].id), firm.edition.by_id["10"]
        owners = []
        for gone in (None, responsible, deputy, lead):
            if gone is not None:
                gone.left_on = TODAY
            if gone is deputy:
                session.add(Absence(person_id=lead.id, starts_on=SUMMER[0], ends_on=SUMMER[1]))
            owners.append(owner(gathered(session, cycle), u1, element, due))

        found = gathered(session, cycle)
        assert owners == [str(each.id) for each in (responsible, lead, boss, boss)]
        assert verifier(found, u1, str(boss.id), due) is None


def test_who_answers_for_an_element_or_a_group_is_told(database: Database) -> None:
    with transaction(database.engine) as session:
        firm, cycle = a_running_firm(session)
        u1, u2 = (firm.units[key] for key in ("u1", "u2"))
        ben, cem = (firm.people[f"u1.{name}"] for name in ("ben", "cem"))
        session.add(Answering(unit_id=u1.id, person_id=ben.id, element="10"))
        session.add(Answering(unit_id=u1.id, person_id=cem.id, element_group="A"))
        session.add(Answering(unit_id=u2.id, person_id=cem.id, element="2"))
        u2.valid_to = date(2026, 4, 27)

        assert gathered(session, cycle).responsibilities == (
            Responsibility(str(u1.id), str(ben.id), element="10"),
            Responsibility(str(u1.id), str(cem.id), group="A"),
        )


def test_a_calendar_is_kept_once_and_holds_what_its_units_do_not_work_for_years_ahead(database: Database) -> None:
    with transaction(database.engine) as session:
        firm, cycle = a_running_firm(session)
        u1 = firm.units["u1"]
        u1.holidays = "DE-BY"
        session.add(ClosingDay(unit_id=u1.id, day=date(2026, 12, 24)))
        session.add(NoAskWeek(unit_id=None, starts_on=SUMMER[0], ends_on=SUMMER[1]))

        found = gathered(session, cycle)

        calendar = found.calendar(str(u1.id))
        assert (calendar.closing_days, calendar.no_ask) == (frozenset({date(2026, 12, 24)}), (SUMMER,))
        assert {day.year for day in calendar.holidays} == {2026, 2027, 2028}
        assert found.calendar(str(firm.units["u2"].id)) == Calendar(no_ask=(SUMMER,))
        assert len(found.calendars) == 2


def test_living_actions_come_with_what_they_cover_and_how_often_they_were_carried(database: Database) -> None:
    with transaction(database.engine) as session:
        firm, cycle = a_running_firm(session)
        u1, u2 = (str(firm.units[key].id) for key in ("u1", "u2"))
        shared = a_draft(session, firm, covers=("u1", "u2"), unit_id=firm.units["top"].id)
        done = an_open_action(session, firm, element="2")
        actions.move(session, done, ActionStatus.DONE, by=None, now=OPENING)
        audit = a_draft(session, firm, source=Source.AUDIT_FINDING)
        ended = a_draft(session, firm, covers=("u2",), element="2")
        actions.cancel(session, ended, "no longer wanted", by=None, now=OPENING)
        session.add(Continuation(action_id=shared.id, cycle_id=cycle.id))

        found = gathered(session, cycle)

        assert found.living == (
            LivingAction(shared.id, str(firm.units["top"].id), (u1, u2), "10", carried=1),
            LivingAction(done.id, u1, (u1,), "2", is_done=True),
            LivingAction(audit.id, u1, (u1,), "10", source="audit finding"),
        )
        assert found.corroborations == (Corroboration(u1, "10", "audit finding", "2026-Q2"),)


def looked_at(session: Session, firm: Firm, unit: str, result: int, on: date, **more: Any) -> None:
    assessment = assessment_of(session, unit)
    ready: dict[str, Any] = {"assessor": Assessor.INTERNAL, "is_proven": True, "revision": on.day}
    session.add(
        Score(
            assessment_id=assessment.id,
            unit_id=assessment.unit_id,
            model=firm.edition.id,
            element="10",
            on=on,
            rule="no-gap",
            edition_digest="",
            inputs_digest="",
            result=Fraction(result),
            basis="single",
            at=OPENING,
            **ready | more,
        )
    )


def test_the_newest_level_that_somebody_from_outside_saw_can_be_learnt_from(database: Database) -> None:
    with transaction(database.engine) as session:
        firm, cycle = a_running_firm(session)
        looked_at(session, firm, "u1", 1, date(2026, 4, 8))
        looked_at(session, firm, "u1", 3, date(2026, 4, 9))
        looked_at(session, firm, "u1", 2, date(2026, 4, 10), is_proven=False)
        looked_at(session, firm, "u1", 2, date(2026, 4, 11), assessor=Assessor.SELF)
        looked_at(session, firm, "u2", 3, date(2026, 4, 9))
        firm.units["u2"].valid_to = date(2026, 4, 27)

        assert gathered(session, cycle).looked_at == (LookedAt(str(firm.units["u1"].id), "10", Fraction(3)),)


def test_inputs_are_kept_once_and_read_back_equal(database: Database) -> None:
    with transaction(database.engine) as session:
        firm, cycle = a_running_firm(session, weights={"2": "1/3"}, numbers={"drafts_per_unit": 1})
        a_draft(session, firm, covers=("u1", "u2"))
        session.add(Absence(person_id=firm.people["u1.ann"].id, starts_on=SUMMER[0], ends_on=SUMMER[1]))
        first = gathered(session, cycle)
        cycles.keep_inputs(session, cycle.id, first.to_json())
        firm.units["u1"].has_capacity = False
        second = gathered(session, cycle)
        cycles.keep_inputs(session, cycle.id, second.to_json())
        session.expire_all()

        kept = session.scalars(select(CycleInputs)).one()

        assert second != first
        assert PlanningInputs.from_json(kept.document) == first


def test_inputs_hold_ids_and_numbers_and_nobodys_name(database: Database) -> None:
    with transaction(database.engine) as session:
        firm, cycle = a_running_firm(session)
        an_open_action(session, firm)

        text = str(gathered(session, cycle).to_json())

        names = [*(each.name for each in firm.people.values()), *(each.name for each in firm.units.values())]
        assert [name for name in (*names, "@", "handover") if name in text] == []


def test_gathering_takes_the_same_statements_for_few_units_and_for_many(database: Database) -> None:
    counts = []
    for below in (["u1"], [f"u{number}" for number in range(1, 21)]):
        with transaction(database.engine) as session:
            firm, cycle = a_running_firm(session, below=below)
            for unit in below:
                a_draft(session, firm, covers=(unit,), source=Source.IDEA)
            session.flush()
            session.expunge_all()
            cycle = session.get_one(Cycle, cycle.id)
            with database.statements() as sent:
                planning_inputs(session, cycle, TODAY)
            counts.append(len(sent))
            session.rollback()

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("unit", "element", "target"), [("u1", "10", 1), ("u1", "2", 2), ("u2", "10", 3), ("u2", "1", 3)]
)
def test_a_target_is_the_units_else_the_elements_else_the_default(
    database: Database, unit: str, element: str, target: int
) -> None:
    targets = {"elements": {"2": 2, "10": 7}, "units": {"u1": {"10": 1}}}
    with transaction(database.engine) as session:
        firm = a_firm(session, targets=targets)

        assert programmes.target(firm.programme, firm.edition, unit, element) == target
