"""JSON Schemas of what others rely on, written from the code into documents/schemas."""

import json
from pathlib import Path

from documents.answers import AnswerRow
from documents.model_document import ModelDocument
from documents.organisation_entries import OrganisationDocument
from documents.results import ResultsDocument
from documents.workings import WorkingsDocument

FOLDER = Path(__file__).parent / "schemas"


def schemas() -> dict[str, str]:
    """Return the text of every schema by the name of its file."""
    written = {
        "model.json": ModelDocument.model_json_schema(),
        "answers.json": AnswerRow.model_json_schema(),
        "organisation.json": OrganisationDocument.model_json_schema(),
        "results.json": ResultsDocument.model_json_schema(mode="serialization"),
        "workings.json": WorkingsDocument.model_json_schema(mode="serialization"),
    }
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in written.items()}


def write_schemas() -> None:
    """Write every schema to its file."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
