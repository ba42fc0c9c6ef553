"""The check-up of an installation, and the database brought up to date."""

import pytest
from sqlalchemy import update

from config import clock
from config.database import transaction
from domain import events
from domain.events import Event
from domain.organisation import Unit, organisation
from domain.turns import Turn
from notifications.outbox import Message, MessageStatus
from pdca import migrations
from tests.builders import OPENING, Firm, at
from tests.conftest import Database
from tests.pdca.conftest import Command, change_by_hand
from tests.servers.mail import MailServer, free_port

WELL = {
    "Mail": "{mail} answers",
    "Prefect": "no server is set; each turn starts one of its own",
    "Database": "is reachable and up to date (step {step})",
    "Owners in wheel": "every action would find one",
    "Seals": "the history is as it was sealed",
    "Turns": "the last one ended 0 hours ago",
    "Outbox": "no mail was put off or given up",
}


@pytest.fixture
def mail(mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a mail server that answers and is set."""
    monkeypatch.setenv("PDCA_SMTP_PORT", str(mail_server.port))
    return f"{mail_server.host}:{mail_server.port}"


@pytest.fixture
def turned_firm(database: Database, firm: Firm) -> Firm:
    """A firm whose wheel was turned just now."""
    now = clock.now()
    with transaction(database.engine) as session:
        session.add(Turn(as_of=now, holder="x", started_at=now, ended_at=now))
        events.record(session, "programme.seen", firm.programme, by=None, now=now)
        events.seal(session, now)
    return firm


def faults(pdca: Command) -> dict[str, list[str]]:
    """Return what the doctor finds wrong and what to do, by part."""
    return {
        each["part"]: [each["said"], each["todo"]]
        for each in pdca("doctor", "--json").json["findings"]
        if each["todo"] is not None
    }


@pytest.mark.usefixtures("turned_firm")
def test_a_sound_installation_is_well(pdca: Command, mail: str) -> None:
    ran = pdca("doctor", "--json")

    found = {each["part"]: each["said"] for each in ran.json["findings"]}
    assert found == {part: said.format(mail=mail, step=migrations.newest()) for part, said in WELL.items()}
    assert ran.code == 0


@pytest.mark.usefixtures("turned_firm")
def test_people_read_each_setting_with_its_origin(pdca: Command, mail: str) -> None:
    ran = pdca("doctor")

    assert ran.code == 0
    assert "language en default" in ran.lines
    assert f"smtp_port {mail.rpartition(':')[2]} PDCA_SMTP_PORT in the environment" in ran.lines
    assert ran.lines[-1] == "All is well."
    assert max(len(line) for line in ran.out.splitlines()) <= 100


@pytest.mark.usefixtures("turned_firm")
def test_a_mail_server_that_is_down_is_a_fault(pdca: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("PDCA_SMTP_PORT", str(port))

    ran = pdca("doctor")

    assert ran.code == 1
    assert ran.lines[-1] == "1 fault."
    assert faults(pdca) == {
        "Mail": [
            f"127.0.0.1:{port} does not answer (Connection refused)",
            "set PDCA_SMTP_HOST and PDCA_SMTP_PORT, or start the mail server",
        ]
    }


@pytest.mark.usefixtures("turned_firm", "mail")
def test_a_prefect_server_that_is_set_and_down_is_a_fault(pdca: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"http://127.0.0.1:{free_port()}/api"
    monkeypatch.setenv("PDCA_PREFECT_API_URL", address)

    assert faults(pdca) == {
        "Prefect": [
            f"{address} does not answer",
            "start the server, or take PDCA_PREFECT_API_URL out; until then each turn starts a server of its own",
        ]
    }


@pytest.mark.usefixtures("mail")
def test_an_organisation_nobody_turns_is_a_fault(pdca: Command, database: Database, firm: Firm) -> None:
    assert faults(pdca) == {"Turns": ["the wheel was never turned", "run `pdca turn` every hour"]}

    with transaction(database.engine) as session:
        session.add(Turn(as_of=OPENING, holder="x", started_at=OPENING, ended_at=OPENING))
        session.execute(update(Unit).values(lead_id=None))
        session.add(
            Message(
                key="a",
                template="alarm",
                person_id=firm.people["quality"].id,
                due_at=OPENING,
                status=MessageStatus.DEAD,
            )
        )
    assert sorted(faults(pdca)) == ["Outbox", "Owners in wheel", "Turns"]


@pytest.mark.usefixtures("mail")
def test_mails_that_wait_for_the_mail_server_are_a_fault(pdca: Command, database: Database, turned_firm: Firm) -> None:
    with transaction(database.engine) as session:
        organisation(session).time_zone = "Europe/Berlin"
        session.add_all(
            Message(
                key=key,
                template="invitation",
                person_id=turned_firm.people["u1.ann"].id,
                due_at=OPENING,
                next_at=next_at,
                reason=reason,
            )
            for key, next_at, reason in (
                (
                    "a",
                    at("2026-04-08"),
                    "Error connecting to mail on port 2: [Errno 111] Connect call failed ('::1', 2)",
                ),
                ("b", at("2026-04-07", 11), "Error connecting to mail on port 2: [Errno 111] Connect call failed"),
                ("not tried yet", None, None),
            )
        )

    assert faults(pdca) == {
        "Outbox": [
            "2 mails wait since 2026-04-07 11:00 CEST (Connection refused)",
            (
                "see that the mail server takes them; the first turn after 2026-04-07 13:00 CEST tries again "
                "(`pdca mail list`)"
            ),
        ]
    }


@pytest.mark.usefixtures("mail", "turned_firm")
def test_a_history_changed_by_hand_is_a_fault(pdca: Command, database: Database) -> None:
    change_by_hand(database, "event", update(Event).values(name="programme.loved"))

    assert faults(pdca) == {
        "Seals": ["events were changed by hand; these seals no longer fit: 1", "compare with a backup, find out who"]
    }


@pytest.mark.usefixtures("mail")
def test_an_empty_database_is_a_fault_that_an_upgrade_mends(bare_pdca: Command) -> None:
    assert faults(bare_pdca) == {"Database": ["is empty", "run `pdca db upgrade`"]}

    upgraded = bare_pdca("db", "upgrade")

    assert upgraded.out == f"The database is up to date now (from step 0 to {migrations.newest()}).\n"
    assert bare_pdca("db", "upgrade").out == f"The database is up to date (step {migrations.newest()}).\n"
    assert faults(bare_pdca) == {"Organisation": ["there is none yet", "run `pdca import FILE`"]}


@pytest.mark.usefixtures("mail")
def test_a_database_that_is_away_is_a_fault(bare_pdca: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_DATABASE_URL", f"postgresql://pdca@127.0.0.1:{free_port()}/pdca")

    [said, todo] = faults(bare_pdca)["Database"]

    assert said.startswith("cannot be reached: ")
    assert todo == "start it, or set PDCA_DATABASE_URL"


def test_an_unknown_setting_is_refused_with_what_it_may_mean(
    bare_pdca: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PDCA_SMPT_HOST", "mail.example.org")

    ran = bare_pdca("doctor")

    assert (ran.code, ran.err) == (2, "PDCA_SMPT_HOST in the environment is no setting; did you mean PDCA_SMTP_HOST?\n")
