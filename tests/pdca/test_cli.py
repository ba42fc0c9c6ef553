"""The command line as a whole: what there is, how it ends, in which language, how quickly it begins."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.database import transaction
from pdca import cli
from tests.builders import a_firm
from tests.conftest import Database
from tests.pdca.conftest import Command
from tests.servers.mail import free_port

CHANGING = (
    *("import", "import-answers", "agree", "turn", "actions edit", "actions release", "actions accept"),
    *("actions move", "actions reassign", "actions hold", "actions progress", "actions done", "actions verify"),
    *("actions cancel", "mail retry"),
)
LOOKING = (
    *("actions list", "actions show", "doctor", "explain", "mail list", "mail show", "model list", "model show"),
    *("model check", "recompute", "score", "status", "db upgrade"),
)
HEAVY = ("prefect", "altair", "jinja2", "aiosmtplib", "alembic", "xlsxwriter", "css_inline")
"""What most commands can do without, and what costs them half a second."""


def test_help_lists_every_command(bare_pdca: Command) -> None:
    ran = bare_pdca("--help")

    assert ran.code == 0
    names = [line.split()[1] for line in ran.out.splitlines() if line.startswith("│ ") and line[2] != " "]
    assert names == [
        *("actions", "agree", "db", "demo", "doctor", "explain", "import", "import-answers", "mail", "model"),
        *("recompute", "respondents", "score", "simulate", "status", "turn", "--help", "--version"),
    ]


def test_every_command_has_a_help_of_its_own(bare_pdca: Command) -> None:
    for command in (*CHANGING, *LOOKING):
        ran = bare_pdca(*command.split(), "--help")
        assert (ran.code, ran.err) == (0, "")
        assert f"Usage: pdca {command}" in ran.out


def test_whatever_changes_something_takes_a_moment(bare_pdca: Command) -> None:
    without = [command for command in CHANGING if "--as-of" not in bare_pdca(*command.split(), "--help").out]

    assert without == []


def test_a_mistyped_command_or_option_is_refused_with_what_was_meant(bare_pdca: Command) -> None:
    command = bare_pdca("statsu")
    option = bare_pdca("actions", "list", "--ownr", "x")
    choice = bare_pdca("actions", "list", "--status", "openn")
    moment = bare_pdca("status", "--as-of", "yesterday")
    day = bare_pdca("actions", "hold", "1", "--until", "31.02.2027", "--because", "x")

    assert [ran.code for ran in (command, option, choice, moment, day)] == [2] * 5
    assert 'Did you mean "status"?' in command.err
    assert option.err == "Unknown option: --ownr. Did you mean --owner?\n"
    assert '"open"' in choice.err
    assert moment.err == 'Invalid value for --as-of: "yesterday" is no moment; write 2026-10-15T16:00\n'
    assert day.err == 'Invalid value for --until: "31.02.2027" is no date; write 2027-02-28\n'


def test_a_database_that_is_not_set_up_says_how_to_set_it_up(bare_pdca: Command) -> None:
    ran = bare_pdca("actions", "list")

    assert (ran.code, ran.err) == (3, "The database is not set up or not up to date; run `pdca db upgrade`.\n")


def test_a_database_out_of_reach_says_what_to_do(bare_pdca: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_DATABASE_URL", f"postgresql://pdca@127.0.0.1:{free_port()}/pdca")

    ran = bare_pdca("status")

    assert ran.code == 3
    assert ran.err.startswith("The database cannot be used (")
    assert "pdca doctor" in ran.err


def test_an_empty_postgresql_database_says_how_to_set_it_up(
    bare_pdca: Command, empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PDCA_DATABASE_URL", empty_database.url)

    ran = bare_pdca("import", Path(__file__).parents[2] / "examples" / "organisation.yaml")

    assert (ran.code, ran.err) == (3, "The database is not set up or not up to date; run `pdca db upgrade`.\n")


def test_an_unexpected_error_is_short_and_says_how_to_see_more(
    bare_pdca: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PDCA_SMTP_PORT", "not a port")
    refused = bare_pdca("doctor")
    monkeypatch.delenv("PDCA_SMTP_PORT")
    monkeypatch.setattr(cli, "_table", lambda: [("nowhere:nothing", "broken", "")])

    unexpected = bare_pdca("broken")

    assert refused.code == 2
    assert unexpected.code == 70
    assert unexpected.err.startswith("Unexpected, and no fault of yours: ImportError: ")
    assert unexpected.err.endswith("The same command with --debug shows where.\n")
    with pytest.raises(ImportError):
        bare_pdca("broken", "--debug")


def test_a_command_that_is_stopped_ends_with_130(bare_pdca: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop() -> list[tuple[str, str, str]]:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_table", stop)

    ran = bare_pdca("status")

    assert (ran.code, ran.out, ran.err) == (130, "", "Stopped; what is stored stays.\n")


def test_an_installation_that_lacks_a_library_is_told_of_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "httpx.py").write_text("raise ImportError('no httpx here')")
    variables = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path.cwd())]),
        "PDCA_DATA": str(tmp_path / "data"),
    }
    pdca = Path(sys.executable).with_name("pdca")

    ran = subprocess.run([pdca, "status"], env=variables, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout) == (70, "")
    assert ran.stderr == (
        "Unexpected, and no fault of yours: ImportError: no httpx here. The same command with --debug shows where.\n"
    )


@pytest.mark.parametrize("words", ["--help", "actions list", "status", "model list", "mail list"])
def test_a_command_imports_nothing_heavy_that_it_does_not_need(
    words: str, sqlite_database: Database, tmp_path: Path
) -> None:
    with transaction(sqlite_database.engine) as session:
        a_firm(session)
    code = f"""
import sys
from pdca.cli import run
print(run({words.split()!r}), [name for name in {HEAVY!r} if name in sys.modules])
"""

    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={"PDCA_DATA": str(tmp_path), "PDCA_DATABASE_URL": sqlite_database.url},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.splitlines()[-1] == "0 []"


def test_the_installed_command_ends_with_the_codes_it_says(tmp_path: Path) -> None:
    pdca = Path(sys.executable).with_name("pdca")
    environment = {"PDCA_DATA": str(tmp_path)}

    codes = [
        subprocess.run([pdca, *words], env=environment, capture_output=True, check=False).returncode
        for words in (["model", "list"], ["nothing"], ["status"])
    ]

    assert codes == [0, 2, 3]


def test_help_and_refusals_are_in_the_language_of_the_settings(tmp_path: Path) -> None:
    pdca = Path(sys.executable).with_name("pdca")
    environment = {"PDCA_DATA": str(tmp_path), "PDCA_LANGUAGE": "de", "PYTHONIOENCODING": "utf-8"}

    helped, refused = (
        subprocess.run([pdca, *words], env=environment, capture_output=True, encoding="utf-8", check=False)
        for words in (["--help"], ["status"])
    )

    assert "Das Rad der Selbstbewertung drehen: planen, tun, prüfen, handeln." in helped.stdout
    assert refused.stderr.startswith("Die Datenbank ist nicht eingerichtet oder nicht auf dem neuesten Stand;")
