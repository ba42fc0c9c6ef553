"""The organisation file as values: the organisation, its units and people, who answers for what, the programmes."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from documents.faults import one_of
from documents.organisation_fields import (
    Day,
    Days,
    ElementId,
    ElementIds,
    IndicatorId,
    KnownPerson,
    KnownUnit,
    KnownUnits,
    Language,
    Mail,
    Name,
    PartyId,
    PersonId,
    PlayedAs,
    ProgrammeId,
    Rank,
    Region,
    Roles,
    Spans,
    TimeZone,
    Truth,
    UnitId,
    Weight,
    listed,
)
from documents.shapes import Shape, expected
from domain.method.planning_inputs import PlanningNumbers
from domain.programmes import Mode
from domain.words import _

CycleMonths: TypeAlias = Literal[1, 3, 6, 12]
NUMBERS = tuple(field.name for field in fields(PlanningNumbers))


class Entry(Shape):
    """A row of a section, validated in the context of the `Whole`; a field that is empty has its default."""

    model_config = ConfigDict(str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _without_what_is_empty(cls, fields: Any) -> Any:
        if not isinstance(fields, Mapping):
            return fields
        return {name: value for name, value in fields.items() if value is not None}


class OrganisationEntry(Entry):
    """The organisation; its zone, holidays and closed days hold in every unit that names no other."""

    name: Name
    language: Language = "en"
    time_zone: TimeZone = "UTC"
    holidays: Region | None = None
    closing_days: Days = ()
    no_ask_weeks: Spans = ()


class UnitEntry(Entry):
    """A site, department or process; the order of the units in the file is the unit order."""

    id: UnitId
    name: Name
    parent: Annotated[KnownUnit | None, Field(description="the unit above; empty for the top unit only")] = None
    lead: KnownPerson | None = None
    time_zone: TimeZone | None = None
    holidays: Region | None = None
    valid_from: Day | None = None
    valid_to: Annotated[Day | None, Field(description="the last day")] = None
    successors: Annotated[KnownUnits, Field(description="who takes over on the day after valid_to")] = ()
    has_capacity: Annotated[Truth, Field(description="no: no actions are drafted here")] = True
    closing_days: Days = ()
    no_ask_weeks: Annotated[Spans, Field(description="days on which nobody is asked anything")] = ()

    @field_validator("valid_to")
    @classmethod
    def _is_no_earlier_than_valid_from(cls, last: Day | None, info: ValidationInfo) -> Day | None:
        first = info.data.get("valid_from")
        if first and last and last < first:
            raise expected(_("a day from {first} on").format(first=first))
        return last

    @field_validator("successors")
    @classmethod
    def _follow_an_end(cls, successors: KnownUnits, info: ValidationInfo) -> KnownUnits:
        if successors and "valid_to" in info.data and info.data["valid_to"] is None:
            raise expected(_("nothing, or the unit's last day in valid_to"))
        return successors


class PersonEntry(Entry):
    """Somebody asked, owning or deciding; without a mail address, who gets a slip on paper."""

    id: PersonId
    name: Name
    mail: Mail | None = None
    language: Annotated[Language | None, Field(description="empty: the organisation's")] = None
    manager: KnownPerson | None = None
    deputy: KnownPerson | None = None
    absences: Spans = ()
    roles: Roles = ()
    left_on: Annotated[Day | None, Field(description="the first day on which they are no longer here")] = None

    @field_validator("manager", "deputy")
    @classmethod
    def _is_somebody_else(cls, other: str | None, info: ValidationInfo) -> str | None:
        if other is not None and other == info.data.get("id"):
            raise expected(_("somebody else"))
        return other

    @field_validator("absences")
    @classmethod
    def _begin_on_different_days(cls, absences: Spans) -> Spans:
        if len({first for first, _last in absences}) < len(absences):
            raise expected(_("absences that begin on different days"))
        return absences


class ResponsibilityEntry(Entry):
    """Who answers for an element or a group of elements in a unit; without a person, nobody does any more."""

    unit: KnownUnit
    element: ElementId | None = None
    group: ElementId | None = None
    person: KnownPerson | None = None

    @model_validator(mode="after")
    def _is_about_one_of_both(self) -> Self:
        if (self.element is None) == (self.group is None):
            raise expected(_("either an element or a group"))
        return self


class RespondentEntry(Entry):
    """Somebody asked in a unit: about all that the unit is asked, or about some elements."""

    person: KnownPerson
    elements: ElementIds = ()


def _named(value: object) -> object:
    return {"person": value} if isinstance(value, str) else value


def _nobody_twice(asked: tuple[RespondentEntry, ...]) -> tuple[RespondentEntry, ...]:
    people = [each.person for each in asked]
    if twice := sorted({person for person in people if people.count(person) > 1}):
        raise expected(_("everybody once, not {twice} again").format(twice=", ".join(twice)))
    return asked


Asked: TypeAlias = Annotated[
    RespondentEntry,
    BeforeValidator(_named),
    WithJsonSchema({"anyOf": [{"type": "string"}, RespondentEntry.model_json_schema()]}),
]


AskedInUnit: TypeAlias = Annotated[tuple[Asked, ...], BeforeValidator(listed), AfterValidator(_nobody_twice)]


class Targets(Entry):
    """The levels aimed at: a unit's own go before the element's, the element's before the default."""

    default: Rank = 3
    elements: dict[ElementId, Rank] = Field(default_factory=dict)
    units: dict[KnownUnit, dict[ElementId, Rank]] = Field(default_factory=dict)


class Importance(Entry):
    """How important elements are, to the programme and to single units; higher is more important."""

    elements: dict[ElementId, Rank] = Field(default_factory=dict)
    units: dict[KnownUnit, dict[ElementId, Rank]] = Field(default_factory=dict)


class ProgrammeEntry(Entry):
    """The standing order for a wheel of assessments."""

    id: ProgrammeId
    name: Annotated[Name | None, Field(description="empty: the id")] = None
    model: Annotated[str, Field(description="a shipped model's id, or a model file")]
    units: Annotated[KnownUnits, Field(description="empty: every unit of the file")] = ()
    respondents: dict[KnownUnit, AskedInUnit] = Field(default_factory=dict, description="by unit")
    rotation: Annotated[
        tuple[Annotated[ElementIds, Field(min_length=1)], ...],
        Field(description="the elements of each cycle, in turn; empty: all each time"),
    ] = ()
    targets: Targets = Targets()
    weights: dict[ElementId, Weight] = Field(default_factory=dict)
    importance: Importance = Importance()
    months_per_cycle: CycleMonths = 3
    fiscal_start: Annotated[int, Field(ge=1, le=12, description="the month the fiscal year begins in")] = 1
    opening_working_day: Annotated[int, Field(ge=1, le=20)] = 3
    answer_days: Annotated[int, Field(ge=1, le=60, description="in working days")] = 10
    consensus_days: Annotated[int, Field(ge=0, le=60, description="in working days; 0: no agreed round")] = 5
    round: PlayedAs = Mode.TEAM
    reminders: Annotated[
        tuple[Annotated[int, Field(ge=0, le=60)], ...],
        BeforeValidator(listed),
        Field(max_length=2, description="working days before closing"),
    ] = (3, 1)
    numbers: dict[str, Rank] = Field(default_factory=dict, description="planning numbers that differ from the default")
    starts_on: Day | None = None
    is_active: Truth = True

    @field_validator("months_per_cycle", mode="before")
    @classmethod
    def _is_a_length_of_a_cycle(cls, months: object) -> int:
        if str(months) not in {"1", "3", "6", "12"}:
            raise expected(one_of(("1", "3", "6", "12")))
        return int(str(months))

    @field_validator("numbers")
    @classmethod
    def _are_known(cls, numbers: dict[str, int]) -> dict[str, int]:
        if not set(NUMBERS).issuperset(numbers):
            raise expected(_("names among {known}").format(known=", ".join(NUMBERS)))
        return numbers


class IndicatorEntry(Entry):
    """A figure that the organisation watches."""

    id: IndicatorId
    name: Name
    unit: Annotated[KnownUnit | None, Field(description="empty: the whole organisation's")] = None


class InterestedPartyEntry(Entry):
    """Who has an interest in what the organisation does."""

    id: PartyId
    name: Name


class OrganisationDocument(Entry):
    """A whole organisation file, checked."""

    organisation: OrganisationEntry
    units: Annotated[tuple[UnitEntry, ...], Field(min_length=1)]
    people: tuple[PersonEntry, ...] = ()
    responsibilities: tuple[ResponsibilityEntry, ...] = ()
    programmes: tuple[ProgrammeEntry, ...] = ()
    indicators: tuple[IndicatorEntry, ...] = ()
    interested_parties: tuple[InterestedPartyEntry, ...] = ()
