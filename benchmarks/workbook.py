"""The answers as people without pdca keep them: a row per unit, respondent and element, a column per item."""

import json
import sqlite3
from pathlib import Path

import xlsxwriter

from benchmarks.places import DATABASE, WORKBOOK

ANSWERS, UNITS = "answers", "units"
ROWS = """
    SELECT assessment.unit_id, response.person_id, answer.element, answer.has_evidence, answer.states
    FROM answer
    JOIN response ON response.id = answer.response_id
    JOIN assessment ON assessment.id = response.assessment_id
    ORDER BY assessment.unit_id, response.id, answer.element
"""
TREE = """
    SELECT unit.id, unit_parent.parent_id, unit.lead_id, unit.has_capacity
    FROM unit LEFT JOIN unit_parent ON unit_parent.unit_id = unit.id ORDER BY unit.position
"""


def export(folder: Path) -> None:
    """Write the answers and the units of a database into a workbook beside it."""
    with sqlite3.connect(folder / DATABASE) as connection:
        (document,) = connection.execute("SELECT document FROM model_edition").fetchone()
        columns = item_columns(json.loads(document))
        book = xlsxwriter.Workbook(folder / WORKBOOK, {"constant_memory": True, "strings_to_urls": False})
        sheet = book.add_worksheet(ANSWERS)
        sheet.write_row(0, 0, ["unit", "respondent", "element", "evidence", *columns])
        for number, (unit, person, element, evidence, text) in enumerate(connection.execute(ROWS), 1):
            states = json.loads(text)
            said = [states.get(f"{element}.{column}", "") for column in columns]
            sheet.write_row(number, 0, [unit, person, element, evidence, *said])
        sheet = book.add_worksheet(UNITS)
        sheet.write_row(0, 0, ["unit", "parent", "lead", "has_capacity"])
        for number, row in enumerate(connection.execute(TREE), 1):
            sheet.write_row(number, 0, row)
        book.close()


def item_columns(document: dict[str, object]) -> list[str]:
    """Return the columns of the items: the ends of their ids, such as 1a, over all elements of a model in order."""
    elements = document["elements"]
    assert isinstance(elements, list)
    ends = {
        item["id"].removeprefix(f"{element['id']}.")
        for element in elements
        for items in element["items"].values()
        for item in items
    }
    return sorted(ends)
