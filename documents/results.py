"""Results as others read them: `pdca score MODEL ANSWERS --json`, every computed value exact."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from documents.answer_groups import UnitAnswers
from domain.method.edition import Edition
from domain.method.respondents import Basis, UnitScore, score_unit
from domain.method.scoring import Why
from domain.responses import Assessor

Exact: TypeAlias = Annotated[
    Fraction,
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(/[0-9]+)?$", "examples": ["7/3", "2"]}),
]
Counts: TypeAlias = Annotated[tuple[int, int], Field(description="[done, of]")]


class Outcome(BaseModel):
    """Part of what pdca says; it may gain fields, never lose or rename one."""

    model_config = ConfigDict(frozen=True)


class EditionDocument(Outcome):
    """Which model was scored; the digest is over all that a score depends on."""

    id: str
    edition: str
    digest: str


class RespondentDocument(Outcome):
    """What one respondent's own answers give."""

    respondent: str
    result: Exact | None
    proven: bool
    coverage: Counts


class ElementDocument(Outcome):
    """A unit's result on one element."""

    element: str
    result: Exact | None
    why: Why | None
    proven: bool
    basis: Basis
    naive: Exact | None
    blocking: tuple[str, ...]
    contested: tuple[str, ...]
    coverage: Counts
    respondents: tuple[RespondentDocument, ...]
    minimum: Exact | None
    maximum: Exact | None


class GroupDocument(Outcome):
    """The mean of a group of elements."""

    group: str
    result: Exact | None
    minimum: Exact | None
    coverage: Counts
    enough: bool


class WholeDocument(Outcome):
    """The mean over all elements; points and percent only where the rule has them."""

    result: Exact | None
    minimum: Exact | None
    coverage: Counts
    enough: bool
    points: Exact | None = None
    percent: Exact | None = None


class AgreementDocument(Outcome):
    """Krippendorff's alpha over the elements, and r_wg of each element with at least three results."""

    alpha: Exact | None
    elements: dict[str, Exact]


class AssessorDocument(Outcome):
    """What an assessor from outside the unit found; shown beside the unit's own results, never pooled with them."""

    assessor: Assessor
    elements: tuple[ElementDocument, ...]
    groups: tuple[GroupDocument, ...]
    whole: WholeDocument
    agreement: AgreementDocument


class UnitDocument(Outcome):
    """A unit's own results, which are the official ones."""

    unit: str
    elements: tuple[ElementDocument, ...]
    groups: tuple[GroupDocument, ...]
    whole: WholeDocument
    agreement: AgreementDocument
    others: tuple[AssessorDocument, ...] = ()


class ResultsDocument(Outcome):
    """The results of an answers file, by unit in natural order."""

    model: EditionDocument
    units: tuple[UnitDocument, ...]


def results(edition: Edition, answers: Iterable[UnitAnswers]) -> ResultsDocument:
    """Score answers that stand by unit and assessor, as `by_unit` groups them."""
    units = groupby(answers, key=attrgetter("unit"))
    return ResultsDocument(
        model=edition_document(edition), units=tuple(_unit_document(edition, unit, of_unit) for unit, of_unit in units)
    )


def edition_document(edition: Edition) -> EditionDocument:
    """Return how a document names the edition it was made by."""
    return EditionDocument(id=edition.id, edition=edition.edition, digest=edition.digest)


def _unit_document(edition: Edition, unit: str, answers: Iterable[UnitAnswers]) -> UnitDocument:
    scores = {each.assessor: score_unit(edition, unit, each.blind, each.agreed) for each in answers}
    own = scores.pop(Assessor.SELF, None) or score_unit(edition, unit, {}, {})
    others = tuple(_assessor_document(assessor, score) for assessor, score in scores.items())
    return UnitDocument.model_validate(own, from_attributes=True).model_copy(update={"others": others})


def _assessor_document(assessor: Assessor, score: UnitScore) -> AssessorDocument:
    found = UnitDocument.model_validate(score, from_attributes=True)
    return AssessorDocument(
        assessor=assessor, elements=found.elements, groups=found.groups, whole=found.whole, agreement=found.agreement
    )
