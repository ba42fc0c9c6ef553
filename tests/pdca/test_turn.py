"""Turning the wheel from the command line, in processes of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

from config import clock
from config.database import reading, transaction
from config.processes import this_process
from domain.turns import last_turn, latest_moment, take_lease
from tests.conftest import Database
from tests.flows.ground import environment
from tests.pdca.conftest import Command
from tests.servers.mail import MailServer, free_port
from tests.servers.prefect import PrefectServer

OPENING = "2026-04-07T09:00"


def turn(variables: dict[str, str], *words: str) -> tuple[int, list[str], str]:
    """Run `pdca turn` as it is installed; return its code, its lines and its complaints."""
    pdca = Path(sys.executable).with_name("pdca")
    ran = subprocess.run([pdca, "turn", *words], env=variables, capture_output=True, text=True, check=False)
    return ran.returncode, [" ".join(line.split()) for line in ran.stdout.splitlines() if line.strip(" ─")], ran.stderr


@pytest.mark.usefixtures("firm")
def test_a_turn_does_what_is_due_and_a_second_one_nothing(
    database: Database, prefect_server: PrefectServer, mail_server: MailServer, tmp_path: Path
) -> None:
    variables = environment(
        database.url,
        tmp_path,
        prefect_server,
        PDCA_PREFECT_API_URL=prefect_server.api_url,
        PDCA_SMTP_PORT=str(mail_server.port),
    )

    first = turn(variables, "--as-of", OPENING)
    second = turn(variables, "--as-of", OPENING)
    third = turn(variables, "--as-of", OPENING, "--json")

    assert first == (0, ["Done How many", "cycles begun 1", "assessments opened 3", "mails sent 9"], "")
    assert second == (0, ["Nothing was due."], "")
    assert third == (0, ["{", '"done": {},', '"left": false', "}"], "")
    assert len(mail_server.messages) == 9


@pytest.mark.usefixtures("firm")
def test_while_another_process_turns_a_turn_leaves_the_work_to_it(
    database: Database, prefect_server: PrefectServer, tmp_path: Path
) -> None:
    variables = environment(database.url, tmp_path, prefect_server, PDCA_PREFECT_API_URL=prefect_server.api_url)
    with transaction(database.engine) as session:
        take_lease(session, this_process(), clock.now())

    ran = turn(variables, "--as-of", OPENING)

    assert ran == (0, ["Another process is turning the wheel at this moment and does the work."], "")


@pytest.mark.usefixtures("firm")
def test_a_turn_says_which_mail_server_leaves_mails_waiting_and_why(
    database: Database, prefect_server: PrefectServer, tmp_path: Path
) -> None:
    port = str(free_port())
    variables = environment(
        database.url, tmp_path, prefect_server, PDCA_PREFECT_API_URL=prefect_server.api_url, PDCA_SMTP_PORT=port
    )

    code, lines, _said = turn(variables, "--as-of", OPENING)

    waiting = f"9 mails wait for the mail server 127.0.0.1:{port} (Connection refused); the first turn after "
    assert (code, lines[:3]) == (0, ["Done How many", "cycles begun 1", "assessments opened 3"])
    assert " ".join(lines).partition(waiting)[1] == waiting


@pytest.mark.usefixtures("firm")
def test_a_turn_may_be_about_one_unit(
    database: Database, prefect_server: PrefectServer, mail_server: MailServer, tmp_path: Path
) -> None:
    variables = environment(
        database.url,
        tmp_path,
        prefect_server,
        PDCA_PREFECT_API_URL=prefect_server.api_url,
        PDCA_SMTP_PORT=str(mail_server.port),
    )

    ran = turn(variables, "--unit", "u1", "--programme", "wheel", "--as-of", OPENING)

    assert ran == (0, ["Done How many", "cycles begun 1", "assessments opened 1", "mails sent 3"], "")


def test_without_a_server_a_turn_starts_one_and_stops_it(
    sqlite_database: Database, tmp_path: Path, mail_server: MailServer
) -> None:
    variables = {
        "PDCA_DATA": str(tmp_path),
        "PDCA_DATABASE_URL": sqlite_database.url,
        "PDCA_SMTP_PORT": str(mail_server.port),
        "HOME": str(tmp_path),
    }
    pdca = Path(sys.executable).with_name("pdca")
    sample = Path(__file__).parents[2] / "examples" / "organisation.yaml"
    subprocess.run([pdca, "import", sample], env=variables, check=True, capture_output=True)

    code, lines, said = turn(variables)

    assert (code, lines[:2], said) == (0, ["Done How many", "cycles begun 1"], "")
    assert not (tmp_path / "prefect" / "server.pid").exists()
    with reading(sqlite_database.engine) as session:
        assert last_turn(session) is not None


@pytest.mark.usefixtures("firm")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as-of", "2999-01-01T00:00"), "--as-of 2999-01-01T00:00+00:00 lies in the future; give a moment up to now"),
        (("--programme", "nothing"), "no programme has the id nothing; `pdca status` lists them"),
        (("--unit", "u9"), "no unit has the id u9; `pdca status` lists them"),
    ],
)
def test_what_cannot_be_turned_is_refused_before_a_server_starts(
    pdca: Command, words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    ran = pdca("turn", *words)

    assert (ran.code, ran.out, ran.err) == (2, "", said + "\n")
    assert not (tmp_path / "data" / "prefect").exists()


def test_without_an_organisation_there_is_nothing_to_turn(pdca: Command, database: Database, tmp_path: Path) -> None:
    ran = pdca("turn")

    said = "no organisation here yet; `pdca import FILE` brings one in\n"
    assert (ran.code, ran.out, ran.err) == (2, "", said)
    assert not (tmp_path / "data" / "prefect").exists()
    with reading(database.engine) as session:
        assert latest_moment(session) is None
