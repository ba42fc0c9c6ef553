"""An organisation file whose rows were read one by one, with what is wrong in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import ValidationError

from documents.faults import Fault, RefusedInput, one_of, shown
from documents.organisation_entries import (
    Entry,
    IndicatorEntry,
    InterestedPartyEntry,
    OrganisationDocument,
    OrganisationEntry,
    PersonEntry,
    ProgrammeEntry,
    ResponsibilityEntry,
    UnitEntry,
)
from documents.organisation_whole import Whole, whole
from documents.shapes import described, misfits
from documents.written import Path, Written
from domain.words import _

Row = TypeVar("Row", bound=Entry)


@dataclass(frozen=True)
class Draft:
    """What could be read: the rows without a fault of their own, by their number in the section, and all faults."""

    written: Written
    organisation: OrganisationEntry | None
    units: Mapping[int, UnitEntry]
    people: Mapping[int, PersonEntry]
    responsibilities: Mapping[int, ResponsibilityEntry]
    programmes: Mapping[int, ProgrammeEntry]
    indicators: Mapping[int, IndicatorEntry]
    interested_parties: Mapping[int, InterestedPartyEntry]
    faults: list[Fault] = field(default_factory=list)

    def count(self, section: str) -> int:
        """Return how many rows a section of the file has, with and without faults."""
        return len(_listed(self.written, section))

    def is_whole(self, *sections: str) -> bool:
        """Return whether every row of these sections could be read."""
        return all(len(getattr(self, section)) == self.count(section) for section in sections)

    @property
    def document(self) -> OrganisationDocument:
        """The document of a draft without faults."""
        return OrganisationDocument(
            organisation=self.organisation,
            units=tuple(self.units.values()),
            people=tuple(self.people.values()),
            responsibilities=tuple(self.responsibilities.values()),
            programmes=tuple(self.programmes.values()),
            indicators=tuple(self.indicators.values()),
            interested_parties=tuple(self.interested_parties.values()),
        )


def drafted(written: Written) -> Draft:
    """Read the rows of a file that is YAML or a workbook."""
    faults: list[Fault] = []
    if not isinstance(written.content, Mapping):
        sections = _("sections: {names}").format(names=", ".join(OrganisationDocument.model_fields))
        raise RefusedInput([written.fault((), described(written.content), sections)])
    for name in written.content:
        if name not in OrganisationDocument.model_fields:
            found = _("the key {key}").format(key=shown(name))
            faults.append(written.fault((name,), found, one_of(OrganisationDocument.model_fields)))
    reader = _Reader(written, whole(written.content), faults)
    return Draft(
        written,
        organisation=reader.row(("organisation",), written.content.get("organisation"), OrganisationEntry),
        units=reader.rows("units", UnitEntry),
        people=reader.rows("people", PersonEntry),
        responsibilities=reader.rows("responsibilities", ResponsibilityEntry),
        programmes=reader.rows("programmes", ProgrammeEntry),
        indicators=reader.rows("indicators", IndicatorEntry),
        interested_parties=reader.rows("interested_parties", InterestedPartyEntry),
        faults=faults,
    )


@dataclass(frozen=True)
class _Reader:
    """Reads rows, and notes what is wrong in them."""

    written: Written
    whole: Whole
    faults: list[Fault]

    def rows(self, section: str, shape: type[Row]) -> dict[int, Row]:
        """Return the rows of a section that have no fault of their own."""
        content = self.written.content.get(section)
        if content is not None and not isinstance(content, list):
            self.faults.append(self.written.fault((section,), described(content), _("a list")))
        read = {
            number: self.row((section, number), row, shape) for number, row in enumerate(_listed(self.written, section))
        }
        return {number: row for number, row in read.items() if row is not None}

    def row(self, path: Path, content: object, shape: type[Row]) -> Row | None:
        """Return a row, unless it has a fault."""
        try:
            return shape.model_validate(content, context=self.whole)
        except ValidationError as error:
            self.faults.extend(
                self.written.fault((*path, *way), found, wanted) for way, found, wanted in misfits(shape, error)
            )
            return None


def _listed(written: Written, section: str) -> list[object]:
    content = written.content.get(section)
    return content if isinstance(content, list) else []
