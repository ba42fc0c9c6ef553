"""The JSON Schemas in the repository are those of the code."""

from documents.schemas import FOLDER, schemas


def test_the_schema_files_are_those_of_the_code() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}

    assert written == schemas(), "run `write_schemas()` of documents.schemas and commit what it writes"
