"""What an import changes, for programs that read it."""

from pathlib import Path

from tests.pdca.conftest import Command


def test_programs_read_what_an_import_changes(pdca: Command) -> None:
    sample = Path(__file__).parents[2] / "examples" / "organisation.yaml"

    tried = pdca("import", sample, "--dry-run", "--json").json
    first, again = (pdca("import", sample, "--json").json for _each in range(2))

    assert [each["stored"] for each in (tried, first, again)] == [False, True, False]
    assert tried["sections"] == first["sections"]
    assert {each["section"]: (len(each["new"]), each["same"]) for each in again["sections"]}["units"] == (0, 15)
