"""People: found by id or address, here until they leave, holding roles."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from config.database import transaction
from domain import people
from domain.errors import NotFound
from domain.people import Person, Role, RoleName
from tests.builders import a_person
from tests.conftest import Database

TODAY = date(2026, 4, 7)


def three(session: Session) -> list[Person]:
    """Store cem who has left, ben who leaves tomorrow, and ann."""
    return [
        a_person(session, "cem", left_on=TODAY),
        a_person(session, "ben", left_on=date(2026, 4, 8)),
        a_person(session, "ann"),
    ]


@pytest.mark.parametrize("key", ["ben", "ben@example.org"])
def test_a_person_is_found_by_id_or_address(database: Database, key: str) -> None:
    with transaction(database.engine) as session:
        _cem, ben, _ann = three(session)

        assert people.person(session, key) is ben


def test_an_unknown_person_is_named(database: Database) -> None:
    with transaction(database.engine) as session:
        three(session)

        with pytest.raises(NotFound) as refusal:
            people.person(session, "eva")

    assert str(refusal.value) == "nobody has the id or address eva; `pdca status --people` lists them"


def test_who_leaves_is_here_until_the_day_before(database: Database) -> None:
    with transaction(database.engine) as session:
        _cem, ben, ann = three(session)

        assert (people.active(session, TODAY), people.active(session, date(2026, 4, 8))) == ([ann, ben], [ann])


def test_holders_of_a_role_are_here_and_hold_it(database: Database) -> None:
    with transaction(database.engine) as session:
        cem, ben, ann = three(session)
        for person, name in (
            (cem, RoleName.MANAGER),
            (ben, RoleName.MANAGER),
            (ann, RoleName.AUDITOR),
            (ann, RoleName.MANAGER),
        ):
            session.add(Role(person_id=person.id, name=name))
        session.flush()

        assert people.holders(session, RoleName.MANAGER, TODAY) == [ann, ben]
        assert people.holders(session, RoleName.ADMINISTRATOR, TODAY) == []


def test_people_are_read_by_id_in_one_statement(database: Database) -> None:
    with transaction(database.engine) as session:
        cem, ben, _ann = three(session)

        with database.statements() as sent:
            found = people.by_ids(session, [cem.id, ben.id, 999_999])

        assert (found, len(sent)) == ({cem.id: cem, ben.id: ben}, 1)
