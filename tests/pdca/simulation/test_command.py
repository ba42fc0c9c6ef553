"""`pdca simulate` as people run it."""

from pathlib import Path

from tests.pdca.conftest import Command


def test_simulate_tells_each_quarter_and_what_came_of_all(bare_pdca: Command) -> None:
    ran = bare_pdca("simulate", "--units", 2, "--quarters", 1, "--seed", 3)

    assert ran.code == 0
    assert [line.split()[0] for line in ran.lines[1:6]] == ["Asked", "Found", "Acted", "Verified", "At"]
    assert "What really changed, and what was measured, in levels" in ran.lines


def test_simulate_prints_the_same_numbers_for_programs(bare_pdca: Command) -> None:
    ran = bare_pdca("simulate", "--units", 2, "--quarters", 1, "--seed", 3, "--json")

    assert list(ran.json) == ["quarters", "outcome"]
    assert [each["opened"] for each in ran.json["quarters"]] == [2]
    assert list(ran.json["outcome"]) == ["planted", "judged_again", "measured", "drafts"]


def test_a_simulation_can_be_kept_and_looked_at(bare_pdca: Command, tmp_path: Path) -> None:
    kept = tmp_path / "kept"

    ran = bare_pdca("simulate", "--units", 2, "--quarters", 1, "--keep", kept)

    assert " ".join(ran.out.split()).endswith(f"The data is kept: PDCA_DATA={kept} pdca status")
    assert sorted(each.name for each in kept.iterdir() if each.suffix in {".db", ".yaml"}) == [
        "organisation.yaml",
        "pdca.db",
    ]


def test_the_mails_of_a_simulation_can_be_read_each_in_its_readers_language(bare_pdca: Command, tmp_path: Path) -> None:
    mails = tmp_path / "mails"

    ran = bare_pdca("simulate", "--units", 2, "--quarters", 1, "--seed", 3, "--mails", mails, "--json")

    written = {each.name: each.read_text(encoding="utf-8") for each in sorted(mails.iterdir())}
    invitations = [text.splitlines()[4] for name, text in written.items() if "-invitation-" in name]
    assert ran.code == 0
    assert {tuple(line.split(":")[0] for line in text.splitlines()[:3]) for text in written.values()} == {
        ("To", "Date", "Subject")
    }
    assert {"please answer" in line for line in invitations} == {True, False}
    assert all(("please answer" in line) != ("bitte" in line) for line in invitations)


def test_a_folder_that_holds_something_is_refused(bare_pdca: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()

    ran = bare_pdca("simulate", "--keep", tmp_path)

    assert (ran.code, ran.err) == (2, f"{tmp_path} holds something; name a new folder (--keep)\n")
