"""Files in from the command line: an organisation, blind answers, what teams agreed."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from config.database import reading, transaction
from domain.base import Base
from domain.events import Event
from domain.organisation import Unit
from domain.responses import Answer
from domain.turns import Wish
from tests.builders import OPENING, Firm, at
from tests.conftest import Database
from tests.documents.organisations import a_file
from tests.domain.acts import answer, turn
from tests.pdca.conftest import Command

AS_OF = ("--as-of", "2026-04-08T10:00")
HEADINGS = "unit,respondent,element,item,answer,reason,round\n"


@pytest.fixture
def opened_firm(database: Database, firm: Firm) -> Firm:
    """A firm whose second quarter of 2026 is open."""
    with transaction(database.engine) as session:
        turn(session, OPENING)
    return firm


@pytest.fixture
def agreeing_firm(database: Database, opened_firm: Firm) -> Firm:
    """A firm in which u1's ann and ben see items 10.2a and 10.2b differently, after the blind round."""
    with transaction(database.engine) as session:
        answer(session, opened_firm, "u1.ann", {"2": 2, "10": 2})
        answer(session, opened_firm, "u1.ben", {"2": 2, "10": 1})
        turn(session, at("2026-04-22"))
    return opened_firm


def a_csv(folder: Path, *rows: str) -> Path:
    path = folder / "answers.csv"
    path.write_text(HEADINGS + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def count(database: Database, table: type[Base]) -> int:
    with reading(database.engine) as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def events(database: Database) -> list[tuple[str, int | None]]:
    with reading(database.engine) as session:
        return [(each.name, each.by) for each in session.scalars(select(Event).order_by(Event.id))]


def test_an_organisation_is_taken_in(pdca: Command, database: Database, tmp_path: Path) -> None:
    ran = pdca("import", a_file(tmp_path), *AS_OF)

    assert (ran.code, ran.err) == (0, "")
    assert ran.lines == [
        "Section New Changed The same Not in the file, kept",
        "organisation 1 0 0 0",
        "units 3 0 0 0",
        "people 3 0 0 0",
        "responsibilities 1 0 0 0",
        "programmes 1 0 0 0",
        "models 1 0 0 0",
    ]
    assert count(database, Unit) == 3
    assert count(database, Wish) == 1


def test_the_same_organisation_again_changes_nothing(pdca: Command, database: Database, tmp_path: Path) -> None:
    file = a_file(tmp_path)
    pdca("import", file, *AS_OF)
    before = events(database)

    again = pdca("import", file, "--as-of", "2026-04-09T10:00")

    assert again.lines[-1] == "Nothing is new and nothing differs."
    assert events(database) == before


def test_what_differs_is_said_before_it_is_stored(pdca: Command, database: Database, tmp_path: Path) -> None:
    pdca("import", a_file(tmp_path), *AS_OF)
    before = events(database)
    changed = a_file(
        tmp_path, ("{id: u1, name: Ward 1, parent: top, lead: ben}", "{id: u1, name: Ward 1, parent: top, lead: cem}")
    )

    tried = pdca("import", changed, "--dry-run")
    assert tried.lines[-2:] == ["unit u1: lead changes from ben to cem", "Nothing was stored (--dry-run)."]
    assert events(database) == before

    done = pdca("import", changed, *AS_OF)
    assert done.lines[-1] == "unit u1: lead changes from ben to cem"
    assert len(events(database)) > len(before)


def test_a_wrong_organisation_is_refused_whole(pdca: Command, database: Database, tmp_path: Path) -> None:
    wrong = a_file(tmp_path, ("lead: ben", "lead: nobody"), ("parent: top, lead: cem", "parent: u9, lead: cem"))

    ran = pdca("import", wrong, *AS_OF)

    assert (ran.code, ran.out) == (2, "")
    assert [line.split(": ")[0] for line in ran.err.splitlines()] == [
        "organisation.yaml, line 4, units[1].lead",
        "organisation.yaml, line 5, units[2].parent",
    ]
    assert (count(database, Unit), count(database, Event)) == (0, 0)


def test_a_file_that_is_not_there_is_refused(pdca: Command, tmp_path: Path) -> None:
    ran = pdca("import", tmp_path / "nothing.yaml")

    assert ran.code == 2
    assert "No such file or directory" in ran.err


def test_answers_are_taken_in_and_handed_in(
    pdca: Command, database: Database, opened_firm: Firm, tmp_path: Path
) -> None:
    file = a_csv(tmp_path, "u1,u1.ben,10,10.1a,yes,,", "u1,u1.ben,10,10.1b,no,,", "u1,u1.cem,2,2.1a,n/a,no staff,")

    ran = pdca("import-answers", "2026-Q2", file, *AS_OF)

    assert ran.lines == ["Topics with a new answer 2", "Respondents handed in 2"]
    assert count(database, Answer) == 2
    assert events(database)[-2:] == [("response.submitted", opened_firm.people["quality"].id)] * 2


@pytest.mark.usefixtures("opened_firm")
def test_the_same_answers_again_add_nothing(pdca: Command, database: Database, tmp_path: Path) -> None:
    file = a_csv(tmp_path, "u1,u1.ben,10,10.1a,yes,,")
    pdca("import-answers", "2026-Q2", file, *AS_OF)
    before = events(database)

    again = pdca("import-answers", "2026-Q2", file, "--as-of", "2026-04-09T10:00")

    assert again.lines == ["Topics answered the same 1"]
    assert (count(database, Answer), events(database)) == (1, before)


@pytest.mark.usefixtures("opened_firm")
def test_a_dry_run_stores_no_answer(pdca: Command, database: Database, tmp_path: Path) -> None:
    ran = pdca("import-answers", "2026-Q2", a_csv(tmp_path, "u1,u1.ben,10,10.1a,yes,,"), "--dry-run")

    assert ran.lines == ["Topics with a new answer 1", "Respondents handed in 1", "Nothing was stored (--dry-run)."]
    assert count(database, Answer) == 0


@pytest.mark.usefixtures("opened_firm")
def test_wrong_answers_are_refused_whole_with_every_fault(pdca: Command, database: Database, tmp_path: Path) -> None:
    file = a_csv(tmp_path, "u1,u1.ben,10,10.1a,si,,", "u9,u1.ben,10,10.1b,perhaps,,", "u2,u1.ben,10,10.1a,yes,,")

    ran = pdca("import-answers", "2026-Q2", file, *AS_OF)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "answers.csv, row 2, column answer: found 'si'; expected yes, no, don't know or n/a\n"
        "answers.csv, row 3, column answer: found 'perhaps'; expected yes, no, don't know or n/a\n"
        "answers.csv, row 3, column unit: found 'u9'; expected a unit of 2026-Q2: top, u1 or u2\n"
        "answers.csv, row 4, column respondent: found 'u1.ben'; "
        "expected somebody asked in u2: u2.ann, u2.ben or u2.cem\n"
    )
    assert count(database, Answer) == 0


@pytest.mark.usefixtures("opened_firm")
def test_a_file_of_another_kind_is_no_answers_file(pdca: Command, tmp_path: Path) -> None:
    ran = pdca("import-answers", "2026-Q2", a_file(tmp_path), *AS_OF)

    assert (ran.code, ran.out, ran.err) == (
        2,
        "",
        (
            "organisation.yaml: found no answers; "
            "expected a CSV or XLSX file with the headings unit, respondent, element, item, answer\n"
        ),
    )


def test_what_a_team_agreed_is_recorded_with_its_reason(pdca: Command, database: Database, agreeing_firm: Firm) -> None:
    because = ("--because", "seen in the ward book")

    ran = pdca("agree", "2026-Q2", "u1", "10.2a", "yes", *because, "--by", "u1.cem", "--as-of", "2026-04-22T10:00")

    assert ran.lines == ["u1 agreed: 10.2a is yes.", "Still contested: 10.2b."]
    assert events(database)[-1] == ("assessment.agreed", agreeing_firm.people["u1.cem"].id)


@pytest.mark.usefixtures("agreeing_firm")
def test_of_what_nobody_contested_the_team_hears_so(pdca: Command) -> None:
    how = ("--because", "the book is gone", "--by", "u1.cem", "--as-of", "2026-04-22T10:00")

    agreed = pdca("agree", "2026-Q2", "u1", "10.1a", "no", *how)
    corrected = [pdca("agree", "2026-Q2", "u1", "10.2b", state, *how).lines[1:] for state in ("yes", "no")]

    assert agreed.lines == [
        "u1 agreed: 10.1a is no.",
        "It was not contested; what the team agreed holds all the same.",
        "Still contested: 10.2a, 10.2b.",
    ]
    assert corrected == [["Still contested: 10.2a."], ["Still contested: 10.2a."]]


@pytest.mark.usefixtures("agreeing_firm")
def test_a_file_names_what_was_agreed_without_being_contested(pdca: Command, tmp_path: Path) -> None:
    file = a_csv(tmp_path, "u1,team,10,10.2a,yes,seen,agreed", "u1,team,10,10.1a,no,not seen,agreed")

    lines = [pdca("agree", "2026-Q2", file, "--as-of", "2026-04-22T10:00").lines for _each in range(2)]

    assert lines == [["Units that agreed 1", "Items agreed 2", "Agreed, though not contested u1 10.1a"]] * 2


@pytest.mark.usefixtures("agreeing_firm")
def test_a_file_of_what_teams_agreed_is_recorded(pdca: Command, tmp_path: Path) -> None:
    file = a_csv(tmp_path, "u1,team,10,10.2a,yes,seen,agreed", "u1,team,10,10.2b,no,not seen,agreed")

    ran = pdca("agree", "2026-Q2", file, "--as-of", "2026-04-22T10:00")

    assert ran.lines == ["Units that agreed 1", "Items agreed 2"]
    assert "u1 Unit u1 agreeing agrees until 2026-04-29 16:00 2 of 3" in pdca("status", "2026-Q2").lines


@pytest.mark.usefixtures("agreeing_firm")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("u1", "10.2a", "yes"), "say why 10.2a is agreed (--because)"),
        (("u1", "1.1a", "yes", "--because", "x"), "the unit was not asked about 1.1a in this cycle"),
        (("u1", "10.2a", "perhaps", "--because", "x"), "perhaps is no answer; say yes, no, don't know or n/a"),
        (
            ("u1", "10.2a", "yes", "--because", "x", "--by", "u2.ben"),
            "u2.ben was not asked in this unit; its team, its lead or the quality team records this (--by)",
        ),
        (("u9", "10.2a", "yes", "--because", "x"), "no unit has the id u9; `pdca status` lists them"),
        (("u2", "10.2a", "yes", "--because", "x"), "this assessment is scored; what was agreed in time stands"),
    ],
)
def test_what_cannot_be_agreed_is_refused(pdca: Command, database: Database, words: tuple[str, ...], said: str) -> None:
    before = events(database)

    ran = pdca("agree", "2026-Q2", *words, "--as-of", "2026-04-22T10:00")

    assert (ran.code, ran.out, ran.err) == (2, "", said + "\n")
    assert events(database) == before


@pytest.mark.usefixtures("agreeing_firm")
def test_a_file_with_blind_answers_is_nothing_to_agree(pdca: Command, tmp_path: Path) -> None:
    file = a_csv(tmp_path, "u1,u1.ben,10,10.2a,yes,,blind")

    ran = pdca("agree", "2026-Q2", file, "--as-of", "2026-04-22T10:00")

    assert (ran.code, ran.err) == (2, "answers.csv, row 2, column round: found blind; expected agreed in every row\n")


@pytest.mark.usefixtures("agreeing_firm")
def test_a_file_of_agreements_is_taken_from_the_team_its_lead_and_the_quality_team_only(
    pdca: Command, tmp_path: Path
) -> None:
    by_team = a_csv(tmp_path, "u1,team,10,10.2a,yes,seen,agreed")
    when = ("--as-of", "2026-04-22T10:00")
    stranger = pdca("agree", "2026-Q2", by_team, "--by", "u2.ben", *when)
    member = pdca("agree", "2026-Q2", by_team, "--by", "u1.ben", *when)
    recorded = pdca("import-answers", "2026-Q2", a_csv(tmp_path, "u1,u2.ben,10,10.2b,yes,seen,agreed"), *when)

    refused = "u2.ben was not asked in this unit; its team, its lead or the quality team records this (--by)\n"
    assert (stranger.code, stranger.err) == (2, refused)
    assert (member.code, member.err) == (0, "")
    assert (recorded.code, recorded.err) == (2, refused)


@pytest.mark.usefixtures("opened_firm")
def test_answers_are_taken_from_who_belongs_to_the_unit_or_the_quality_team(pdca: Command, tmp_path: Path) -> None:
    file = a_csv(tmp_path, "u1,u1.ben,10,10.1a,yes,,")

    stranger = pdca("import-answers", "2026-Q2", file, "--by", "u2.ben", *AS_OF)
    own = pdca("import-answers", "2026-Q2", file, "--by", "u1.ben", *AS_OF)

    assert (stranger.code, own.code) == (2, 0)


@pytest.mark.usefixtures("agreeing_firm")
def test_programs_read_what_was_agreed_and_what_is_left(pdca: Command, tmp_path: Path) -> None:
    when = ("--as-of", "2026-04-22T10:00", "--json")
    one = pdca("agree", "2026-Q2", "u1", "10.2a", "yes", "--because", "seen", *when)
    file = pdca("agree", "2026-Q2", a_csv(tmp_path, "u1,team,10,10.2b,no,not seen,agreed"), *when)

    assert one.json == {"unit": "u1", "item": "10.2a", "agreed": "yes", "was_contested": True, "left": ["10.2b"]}
    counts = {"changed": 0, "same": 0, "handed_in": 0, "units_agreed": 1, "items_agreed": 1, "uncontested": []}
    assert file.json == counts
