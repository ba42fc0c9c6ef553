"""What an action rests on, in words: who said no, what the team agreed on, what was tried, where units stood."""

from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from domain import actions, closings, verifications, whys
from domain.actions import Action
from domain.grounds import Earlier, Grounds, Stand, Tried, grounds
from domain.method.edition import State, edition_from
from domain.verifications import Verdict, Verification
from domain.words import speaking
from tests.builders import OPENING, a_firm, a_model, at
from tests.conftest import Database
from tests.domain.acts import answer, assessment_of, turn
from tests.domain.quarters import FIVE, everywhere, quarter

CLOSES = at("2026-04-21", 17)
LATER = at("2026-07-20")


def why(session: Session, action: Action) -> list[str]:
    return whys.why(action.why, grounds(session, [action])[action.id], date.isoformat)


def a_stand(unit: str = "Sales", *, level: int = 1, last: int | None = None, agreed: str | None = None) -> Stand:
    """Return where a unit stood whose next step lacks statement a; a reason says why its team agreed on that."""
    item = f"10.{level + 1}a"
    return Stand(
        unit=unit,
        level=Fraction(level),
        last=None if last is None else Fraction(last),
        target=Fraction(3),
        aims_at=Fraction(level + 1),
        items=[item],
        said_no={item: [1, 4]},
        agreed={} if agreed is None else {item: agreed},
    )


def some_grounds(*stands: Stand, earlier: tuple[Earlier, ...] = (), tried: Tried | None = None) -> Grounds:
    return Grounds(
        edition=edition_from(a_model("10")),
        period="2026-Q4",
        stands={str(number): each for number, each in enumerate(stands)},
        earlier=earlier,
        tried=tried,
    )


def said(found: Grounds, own: str = "") -> list[str]:
    return whys.why(own, found, date.isoformat)


def test_a_draft_says_where_its_unit_stood_and_who_said_no(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        quarter(session, firm, everywhere("u1", e10=1, e2=3))

        assert why(session, session.scalars(select(Action)).one()) == [
            "Unit u1: level 1 in 2026-Q2, judged for the first time; target 3, next step level 2.",
            '3 of 3 said no: "Statement 10.2a holds."',
            '3 of 3 said no: "Statement 10.2b holds."',
        ]


def test_a_draft_says_what_the_team_agreed_on_and_why(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        turn(session, OPENING)
        for name, level in {"ann": 3, "ben": 3, "cem": 2}.items():
            answer(session, firm, f"u1.{name}", {"10": level, "2": 3})
        turn(session, CLOSES)
        agreed = {"10": {"10.3a": State.NO, "10.3b": State.YES}}
        reasons = {("10", "10.3a"): "nobody found it", ("10", "10.3b"): "it hangs there"}
        closings.agree(session, assessment_of(session, "u1"), agreed, reasons, by=None, now=CLOSES)

        turn(session, at("2026-05-04", 17))

        assert why(session, session.scalars(select(Action)).one()) == [
            "Unit u1: level 2 in 2026-Q2, judged for the first time; target 3, next step level 3.",
            'Agreed in the team: no, "nobody found it" (before: 1 of 3 said no): "Statement 10.3a holds."',
        ]


def test_a_shared_draft_says_the_statements_by_level(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=FIVE)
        quarter(session, firm, {**everywhere("u1", e10=1), **everywhere("u2", "u3", e10=2)})

        assert why(session, session.scalars(select(Action)).one()) == [
            "3 units were below target 3 in 2026-Q2: Unit u1: level 1; Unit u2, Unit u3: level 2.",
            "To level 2 (Unit u1):",
            '10.2a, 3 of 3 said no: "Statement 10.2a holds."',
            '10.2b, 3 of 3 said no: "Statement 10.2b holds."',
            "To level 3 (Unit u2, Unit u3):",
            '10.3a, 6 of 6 said no: "Statement 10.3a holds."',
            '10.3b, 6 of 6 said no: "Statement 10.3b holds."',
        ]


def test_what_was_done_on_it_before_is_said_in_the_next_quarters(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        quarter(session, firm, everywhere("u1", e10=1, e2=3))
        first = done(session, session.scalars(select(Action)).one())
        verify(session, first, Verdict.EFFECTIVE)

        quarter(session, firm, everywhere("u1", e10=1, e2=3), at("2026-10-06"))

        second = session.scalars(select(Action).order_by(Action.id.desc()).limit(1)).one()
        assert why(session, second)[-1] == (
            f"Action {first.id} was on this (effective, 2026-07-20); the unit says no again."
        )


def test_a_successor_says_first_what_was_tried_before(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session, below=("u1",))
        quarter(session, firm, everywhere("u1", e10=1, e2=3))
        first = done(session, session.scalars(select(Action)).one(), title="A list at the door")

        successor = verify(session, first, Verdict.NOT_EFFECTIVE)

        assert successor is not None
        session.flush()
        copied = why(session, successor)[:2]
        successor.title = "A list inside"
        assert [*copied, why(session, successor)[0]] == [
            f"Tried before in the same way: action {first.id}, not effective on 2026-07-20: the door was locked",
            "Unit u1: level 1 in 2026-Q2, judged for the first time; target 3, next step level 2.",
            f'Tried before: action {first.id}, "A list at the door", not effective on 2026-07-20: the door was locked',
        ]


def done(session: Session, action: Action, title: str = "") -> Action:
    """Let a draft be released by hand and done."""
    action.title, action.measure = title or action.title, "somebody looks"
    actions.move(session, action, actions.ActionStatus.OPEN, by=None, now=OPENING)
    actions.done(session, action, "it hangs", today=OPENING.date(), check_on=LATER.date(), by=None, now=OPENING)
    return action


def verify(session: Session, action: Action, verdict: Verdict) -> Action | None:
    look = Verification(action_id=action.id, verdict=verdict, by=action.verifier_id or 0, on=LATER.date())
    return verifications.verify(
        session, action, look, "the door was locked", again_on=date(2026, 11, 2), due_on=date(2026, 9, 1), now=LATER
    )


def test_what_people_say_stands_between_what_was_tried_and_the_facts() -> None:
    tried = Tried(54, "A list", Verdict.NOT_EFFECTIVE, date(2026, 11, 20), "Nobody used it.")

    assert said(some_grounds(a_stand(level=0, last=1), tried=tried), "A complaint waited.") == [
        'Tried before: action 54, "A list", not effective on 2026-11-20: Nobody used it.',
        "A complaint waited.",
        "Sales: below level 1 in 2026-Q4, last time level 1; target 3, next step level 1.",
        '1 of 4 said no: "Statement 10.1a holds."',
    ]


def test_an_action_from_elsewhere_says_what_people_said() -> None:
    assert said(Grounds(), "A complaint waited.") == ["A complaint waited."]


def test_an_erased_reason_leaves_the_agreement() -> None:
    assert said(some_grounds(a_stand(agreed="")))[1] == (
        'Agreed in the team: no (before: 1 of 4 said no): "Statement 10.2a holds."'
    )


def test_in_a_shared_draft_each_team_that_agreed_is_named_beside_the_others_counts() -> None:
    found = some_grounds(a_stand(), a_stand("Testing"), a_stand("Tools", agreed="it is gone", last=3))

    agreed = 'Tools agreed in the team: no, "it is gone" (before: 1 of 4 said no)'
    assert said(found) == [
        "3 units were below target 3 in 2026-Q4: Sales, Testing, Tools: level 1.",
        "Last time it was otherwise: Tools: level 3.",
        "The next step is level 2:",
        f'10.2a, 2 of 8 said no; {agreed}: "Statement 10.2a holds."',
    ]


def test_many_units_are_counted() -> None:
    found = some_grounds(*(a_stand(f"Unit {number}") for number in range(7)))

    assert said(found)[0] == "7 units were below target 3 in 2026-Q4: 7 units: level 1."


@pytest.mark.parametrize(
    ("again", "onward", "line"),
    [
        (["Sales"], [], "Action 54 was on this (effective, 2026-04-30); the unit says no again."),
        ([], ["Sales"], "Action 54 was about the step before (effective, 2026-04-30)."),
    ],
)
def test_what_was_done_before_is_said_to_be_in_vain_only_if_it_was(
    again: list[str], onward: list[str], line: str
) -> None:
    earlier = Earlier(54, Verdict.EFFECTIVE, date(2026, 4, 30), again, onward)

    assert said(some_grounds(a_stand(), earlier=(earlier,)))[-1] == line


def test_germans_read_it_in_german() -> None:
    earlier = Earlier(54, Verdict.EFFECTIVE, date(2026, 4, 30), ["Sales"], [])
    found = some_grounds(a_stand(last=1, agreed="it is gone"), earlier=(earlier,))

    with speaking("de"):
        assert said(found) == [
            "Sales: Reifegrad 1 in 2026-Q4, wie beim letzten Mal; Ziel 3, nächster Schritt Reifegrad 2.",
            "Im Team vereinbart: nein, „it is gone“ (vorher: 1 von 4 sagten nein): „Statement 10.2a holds.“",
            "Daran war Maßnahme 54 (wirksam, 2026-04-30); der Bereich sagt wieder nein.",
        ]
