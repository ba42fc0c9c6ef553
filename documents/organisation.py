"""The organisation file, YAML or the same as sheets of one workbook, read into one checked value."""

from pathlib import Path

from documents.faults import refuse
from documents.organisation_checks import faults_across
from documents.organisation_draft import drafted
from documents.organisation_entries import OrganisationDocument
from documents.organisation_sheets import read_workbook
from documents.sheets import WORKBOOKS
from documents.yaml_lines import read_yaml


def read_organisation(path: Path) -> OrganisationDocument:
    """Read an organisation file; one with any fault is refused whole, with every fault and its place."""
    written = read_workbook(path) if path.suffix.lower() in WORKBOOKS else read_yaml(path)
    draft = drafted(written)
    refuse([*draft.faults, *faults_across(draft)])
    return draft.document
