"""Who decides, as of when, and what happens when two decide at once."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from config.database import reading, transaction
from domain.errors import Stale
from domain.events import Event
from domain.organisation import organisation
from domain.people import Person, Role, RoleName
from domain.turns import Turn
from pdca.failures import Exit, told
from tests.builders import OPENING, Firm
from tests.conftest import Database
from tests.pdca.conftest import Command

AS_OF = ("--as-of", "2026-04-08T10:00")


def test_a_command_leaves_the_connections_of_the_process_open(pdca: Command, draft: int, database: Database) -> None:
    connections = database.engine.pool

    codes = [pdca(*words).code for words in (("status",), ("actions", "release", draft, *AS_OF), ("db", "upgrade"))]

    assert (codes, database.engine.pool is connections) == ([0, 0, 0], True)


def test_a_moment_in_the_future_is_refused(pdca: Command, draft: int) -> None:
    ran = pdca("actions", "release", draft, "--as-of", "2999-01-01T00:00")

    assert ran.code == 2
    assert ran.err == "--as-of 2999-01-01T00:00+00:00 lies in the future; give a moment up to now\n"


def test_a_moment_without_a_zone_is_in_the_organisations(pdca: Command, draft: int, database: Database) -> None:

    with transaction(database.engine) as session:
        organisation(session).time_zone = "Europe/Berlin"

    pdca("actions", "edit", draft, "--title", "x", "--as-of", "2026-04-08T10:00")

    with reading(database.engine) as session:
        at = session.scalars(select(Event.at).order_by(Event.id.desc()).limit(1)).one()
    assert at.isoformat() == "2026-04-08T08:00:00+00:00"


def test_several_quality_managers_have_to_say_who_decides(
    pdca: Command, draft: int, database: Database, firm: Firm
) -> None:

    with transaction(database.engine) as session:
        session.add(Role(person_id=firm.people["top.cem"].id, name=RoleName.QUALITY_MANAGER))

    ran = pdca("actions", "release", draft, "--as-of", "2026-04-08T10:00")

    assert (ran.code, ran.err) == (2, "say who decides (--by); the quality managers are quality, top.cem\n")


def test_a_moment_before_the_last_turn_is_refused_in_the_organisations_zone(
    pdca: Command, draft: int, database: Database
) -> None:
    with transaction(database.engine) as session:
        session.add(Turn(as_of=OPENING, holder="x", started_at=OPENING))
        organisation(session).time_zone = "Europe/Berlin"

    ran = pdca("actions", "release", draft, "--as-of", "2026-04-07T10:59")

    said = "--as-of 2026-04-07T10:59+02:00 lies before the last turn (2026-04-07T11:00+02:00)"
    assert (ran.code, ran.err) == (2, f"{said}; give a moment from then on\n")


def test_without_a_quality_manager_somebody_has_to_be_named(pdca: Command, draft: int, database: Database) -> None:
    with transaction(database.engine) as session:
        session.delete(session.scalars(select(Role)).one())

    ran = pdca("actions", "release", draft, *AS_OF)

    assert (ran.code, ran.err) == (2, "say who decides (--by); there is no quality manager\n")


def test_an_administrator_decides_too(pdca: Command, draft: int, database: Database, firm: Firm) -> None:
    with transaction(database.engine) as session:
        session.add(Role(person_id=firm.people["top.cem"].id, name=RoleName.ADMINISTRATOR))

    ran = pdca("actions", "release", draft, "--by", "top.cem", *AS_OF)

    assert ran.code == 0


def test_who_has_left_decides_nothing_and_gets_nothing(pdca: Command, draft: int, database: Database) -> None:
    with transaction(database.engine) as session:
        for key in ("quality", "u1.cem"):
            session.scalars(select(Person).where(Person.key == key)).one().left_on = OPENING.date()

    decided = pdca("actions", "release", draft, "--by", "quality", *AS_OF)

    assert (decided.code, decided.err) == (2, "quality left on 2026-04-07; name somebody else\n")
    assert pdca("actions", "release", draft, *AS_OF).err == "say who decides (--by); there is no quality manager\n"


def test_two_who_decide_the_same_at_once_decide_once(database: Database, draft: int, tmp_path: Path) -> None:
    environment = {"PDCA_DATA": str(tmp_path), "PDCA_DATABASE_URL": database.url}
    command: list[str | Path] = [Path(sys.executable).with_name("pdca"), "actions", "release", str(draft), *AS_OF]

    both = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in "ab"]
    for each in both:
        each.communicate(timeout=60)

    assert sorted(each.returncode for each in both) == [Exit.DONE, Exit.REFUSED]
    with reading(database.engine) as session:
        assert list(session.scalars(select(Event.name).where(Event.subject == "action").order_by(Event.id))) == [
            "action.proposed",
            "action.open",
        ]


@pytest.mark.parametrize(
    "error",
    [
        StaleDataError("UPDATE expected to update 1 row(s); 0 were matched."),
        IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed: response.assessment_id")),
        IntegrityError("INSERT", {}, Exception('duplicate key value violates unique constraint "uq_response_agreed"')),
    ],
)
def test_what_another_changed_meanwhile_is_refused(error: Exception) -> None:
    said = "Somebody else changed this at the same time; look again and repeat the command."

    assert told(error) == (Exit.REFUSED, [said])
    assert told(Stale("two were to become open")) == (Exit.REFUSED, ["two were to become open"])


AGAIN = "Others are changing the same at this moment; nothing was stored, try again."


def test_what_another_holds_too_long_may_be_tried_again(database: Database) -> None:
    hasty = {"timeout": 0} if database.kind == "sqlite" else {"options": "-c lock_timeout=100ms"}
    engine = create_engine(database.url.replace("postgresql:", "postgresql+psycopg:"), connect_args=hasty)
    a_wish = text("INSERT INTO wish (id) VALUES (1)")

    with transaction(database.engine) as session, engine.connect() as other:
        session.execute(a_wish)
        with pytest.raises(OperationalError) as refused:
            other.execute(a_wish)
    engine.dispose()

    assert told(refused.value) == (Exit.OUT_OF_REACH, [AGAIN])


def test_two_that_wait_for_each_other_may_try_again(postgresql_database: Database) -> None:
    errors: list[Exception] = []
    both_hold_one = threading.Barrier(2)

    def change(first: int, then: int) -> None:
        a_row = text("UPDATE pair SET id = id WHERE id = :id")
        try:
            with postgresql_database.engine.connect() as connection:
                connection.execute(a_row, {"id": first})
                both_hold_one.wait()
                connection.execute(a_row, {"id": then})
        except OperationalError as error:
            errors.append(error)

    with transaction(postgresql_database.engine) as session:
        session.execute(text("CREATE TABLE pair AS SELECT generate_series(1, 2) AS id"))
    both = [threading.Thread(target=change, args=order) for order in ((1, 2), (2, 1))]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert [told(error) for error in errors] == [(Exit.OUT_OF_REACH, [AGAIN])]


def test_a_row_that_breaks_a_rule_of_the_database_is_unexpected() -> None:
    code, _said = told(IntegrityError("UPDATE", {}, Exception("CHECK constraint failed: ck_action_other_verifier")))

    assert code is Exit.UNEXPECTED
