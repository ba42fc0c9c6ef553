"""Checking and planning: findings are the method's, and every gap is drafted, continued or put off exactly once."""

from datetime import date

from sqlalchemy import select

from config.database import transaction
from domain import continuations, drafts, findings, plans, recomputation
from domain.actions import Action, ActionStatus, ActionUnit
from domain.answersheets import answer_sheets
from domain.cycles import CycleInputs, CycleStatus
from domain.events import Event
from domain.findings import Finding
from domain.method import findings as method
from domain.method.findings import FindingKind
from domain.method.planning_inputs import PlanningInputs
from domain.method.respondents import score_unit
from tests.builders import OPENING, a_firm, at
from tests.conftest import Database
from tests.domain.acts import answer, assessment_of, turn
from tests.domain.quarters import FIVE, drafted, everywhere, ids, put_off, quarter, the_cycle


def test_findings_are_what_the_method_says_of_the_same_answers(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=FIVE)
        turn(session, OPENING)
        for number, unit in enumerate(FIVE):
            for name in ("ann", "ben", "cem"):
                answer(session, firm, f"{unit}.{name}", {"2": number % 4, "10": min(number, 1)})
        assessments = [assessment_of(session, unit) for unit in ("top", *FIVE)]
        sheets = list(answer_sheets(session, firm.edition, assessments))

        turn(session, at("2026-04-28", 17))

        inputs = PlanningInputs.from_json(session.scalars(select(CycleInputs)).one().document)
        expected: list[method.Finding] = []
        for sheet in sheets:
            score = score_unit(
                firm.edition, str(sheet.unit_id), sheet.answers, {}, applicable=sheet.scope, asked=sheet.asked
            )
            expected += method.find(firm.edition, inputs, score.unit, score.elements, changes={})
        expected += method.shared_gaps(firm.edition, inputs, expected)
        stored = findings.of_cycle(session, the_cycle(session).id)
        assert [(each.kind, str(each.unit_id), each.element) for each in stored] == [
            (each.kind, each.unit, each.element) for each in expected
        ]
        assert recomputation.recompute(session, the_cycle(session)) == []


def test_a_gap_becomes_a_draft_with_owner_dates_and_next_step(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))

        done = quarter(session, firm, everywhere("u1", e10=1, e2=3))

        action = session.scalars(select(Action)).one()
        assert done["drafts"] == 1
        assert (action.status, action.title, action.why, action.aims_at) == (
            ActionStatus.PROPOSED,
            "Topic 10: next step to level 2",
            "",
            2,
        )
        assert (action.owner_id, action.verifier_id) == (firm.people["u1.ann"].id, firm.people["top.ann"].id)
        assert (action.due_on, action.check_on) == (date(2026, 5, 26), date(2026, 7, 21))
        assert (action.original_due_on, action.released_on, action.measure) == (None, None, "")


def test_a_cycle_is_checked_only_when_its_last_assessment_is_at_its_end(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1", "u2"))
        firm.units["u2"].time_zone = "America/New_York"
        turn(session, OPENING)
        turn(session, at("2026-04-07", 14))
        answer(session, firm, "u1.ann", {"10": 1})
        statuses = []
        for hour in (17, 21):
            turn(session, at("2026-04-21", hour))
            statuses.append(the_cycle(session).status)

        assert statuses == [CycleStatus.OPEN, CycleStatus.PLANNED]


def test_checking_and_drafting_twice_adds_nothing(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        quarter(session, firm, everywhere("u1", e10=1, e2=1))
        cycle = the_cycle(session)
        before = [len(session.scalars(select(table.id)).all()) for table in (Finding, Action, Event)]

        again = plans.check(session, cycle, at("2026-04-28", 18)), plans.draft(session, cycle, at("2026-04-28", 18))
        session.flush()

        after = [len(session.scalars(select(table.id)).all()) for table in (Finding, Action, Event)]
        assert (again, after) == ((0, {}), before)


def test_a_gap_shared_by_many_is_one_draft_at_their_common_parent(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=FIVE)

        quarter(session, firm, {**everywhere(*FIVE[:3], e10=1, e2=3), **everywhere(*FIVE[3:], e10=3, e2=2)})

        top, u1, u2, u3, u4, u5 = ids(firm, "top", *FIVE)
        tries = select(ActionUnit.unit_id).where(ActionUnit.tries_first).order_by(ActionUnit.unit_id)
        assert drafted(session) == [(top, (u1, u2, u3), "10"), (u4, (u4,), "2"), (u5, (u5,), "2")]
        assert session.scalars(select(Action.title).where(Action.unit_id == int(top))).all() == [
            "Topic 10: next step to level 2"
        ]
        assert [str(unit_id) for unit_id in session.scalars(tries)] == [u1, u2]
        shared = findings.of_cycle(session, the_cycle(session).id, FindingKind.SHARED_GAP)
        assert [(str(each.unit_id), each.element, each.facts["units"]) for each in shared] == [
            (top, "10", [u1, u2, u3])
        ]


def test_units_that_share_a_gap_at_different_levels_each_take_one_step(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=FIVE)

        quarter(session, firm, {**everywhere("u1", e10=1), **everywhere("u2", "u3", e10=2)})

        action = session.scalars(select(Action)).one()
        assert (action.title, action.aims_at, action.due_on) == (
            "Topic 10: one step up in 3 units",
            2,
            date(2026, 6, 30),
        )
        assert action.facts["items"] == ["10.2a", "10.2b", "10.3a", "10.3b"]


def test_a_gap_found_again_continues_the_action_that_lives_on_it(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        quarter(session, firm, everywhere("u1", e10=1, e2=3))
        first = drafted(session)

        done = quarter(session, firm, everywhere("u1", e10=1, e2=3), at("2026-07-07"))

        second = continuations.of_cycle(session, the_cycle(session, "2026-Q3").id)
        assert (done["continued"], drafted(session)) == (1, first)
        assert [(each.action_id, each.facts["units"]) for each in second] == [
            (session.scalars(select(Action.id)).one(), list(ids(firm, "u1")))
        ]
        assert continuations.carried(session) == {second[0].action_id: 1}


def test_gaps_beyond_the_limit_are_put_off_with_the_reason(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1", "u2"), numbers={"drafts_per_unit": 1}, weights={"2": "2"})
        firm.units["u2"].has_capacity = False

        quarter(session, firm, everywhere("u1", "u2", e10=1, e2=1))

        u1, u2 = (firm.units[unit].id for unit in ("u1", "u2"))
        assert drafted(session) == [(str(u1), (str(u1),), "2")]
        assert put_off(session, the_cycle(session)) == [
            (u1, "10", "limit reached"),
            (u2, "2", "no capacity"),
            (u2, "10", "no capacity"),
        ]


def test_weight_zero_is_judged_and_never_drafted(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",), weights={"10": "0"})

        quarter(session, firm, everywhere("u1", e10=1, e2=3))

        assert (drafted(session), put_off(session, the_cycle(session))) == (
            [],
            [(firm.units["u1"].id, "10", "weight 0")],
        )


def test_an_action_whose_units_reached_their_target_is_asked_about(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=FIVE[:3])
        quarter(session, firm, everywhere(*FIVE[:3], e10=1, e2=2))
        shared, other = session.scalars(select(Action).order_by(Action.id)).all()

        second = {**everywhere("u1", "u2", e10=3, e2=3), **everywhere("u3", e10=3, e2=2)}
        quarter(session, firm, second, at("2026-07-07"))

        asked = session.scalars(select(Event).where(Event.name == "action.no longer needed")).all()
        by_element = {covers[2]: number for number, covers in zip((shared.id, other.id), drafted(session), strict=True)}
        assert [(each.subject_id, each.payload) for each in asked] == [
            (by_element["10"], {"cycle": the_cycle(session, "2026-Q3").id})
        ]


def test_the_agreed_round_is_waited_for(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        turn(session, OPENING)
        answer(session, firm, "u1.ann", {"10": 1})
        answer(session, firm, "u1.ben", {"10": 2})
        turn(session, at("2026-04-21", 16))
        before = the_cycle(session).status
        turn(session, at("2026-04-28", 16))

        assert (before, the_cycle(session).status) == (CycleStatus.OPEN, CycleStatus.PLANNED)
        assert drafts.missing_for_release(session.scalars(select(Action)).one()) == [
            "a measure in words (edit --measure)"
        ]
