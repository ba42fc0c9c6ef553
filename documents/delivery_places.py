"""Where the rows of an answers file belong in a cycle, and why some belong nowhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.answer_words import TEAM
from documents.answers import AnswerRow
from documents.faults import Fault, in_row, one_of, shown
from documents.headings import plain
from domain import assessments
from domain.assessments import Assessment, AssessmentStatus
from domain.cycles import Cycle
from domain.organisation import Unit, organisation
from domain.people import Person
from domain.responses import Assessor, Response, Round
from domain.turns import said
from domain.words import _


@dataclass(frozen=True, slots=True)
class _Misplaced:
    """Why a row belongs nowhere; `about` is the same for all rows that share the fault."""

    about: tuple[object, ...]
    column: str
    found: str
    expected: str


class Places:
    """A cycle's assessments and responses by the names that files use: ids of units, ids or addresses of people."""

    def __init__(self, session: Session, cycle: Cycle, file: str) -> None:
        self.file = file
        self.period = cycle.period
        of_cycle = {each.unit_id: each for each in assessments.of_cycle(session, cycle.id)}
        units = session.scalars(select(Unit).where(Unit.id.in_(of_cycle)).order_by(Unit.position))
        self.assessments = {unit.key: of_cycle[unit.id] for unit in units}
        self._zone = ZoneInfo(organisation(session).time_zone)
        self._everybody = session.scalars(select(Person).order_by(Person.key)).all()
        self.people = {name: each for each in self._everybody for name in (each.mail, each.key) if name}
        asked = select(Response).where(
            Response.assessment_id.in_([each.id for each in of_cycle.values()]), Response.round == Round.BLIND
        )
        self.responses = {(each.assessment_id, each.person_id, each.assessor): each for each in session.scalars(asked)}

    def assessment(self, row: AnswerRow) -> Assessment:
        """Return the assessment of a row that belongs somewhere."""
        return self.assessments[row.unit]

    def response(self, row: AnswerRow) -> Response:
        """Return the response of a blind row that belongs somewhere."""
        return self.responses[self.assessment(row).id, self.people[row.respondent].id, row.assessor]

    def recorded_by(self, row: AnswerRow) -> int | None:
        """Return who recorded what was agreed; None where it was the team."""
        person = self.people.get(row.respondent)
        return None if person is None else person.id

    def faults(self, rows: Sequence[AnswerRow]) -> Iterator[Fault]:
        """Yield why rows belong nowhere, each fault once, at the first row that has it."""
        known = set()
        for row in rows:
            misplaced = next(self._misplaced(row), None)
            if misplaced is not None and misplaced.about not in known:
                known.add(misplaced.about)
                place = in_row(row.row, misplaced.column)
                yield Fault(self.file, place, misplaced.found, misplaced.expected)

    def repeats(self, rows: Sequence[AnswerRow]) -> Iterator[Fault]:
        """Yield what somebody answers twice, named once by id and once by address."""
        first: dict[tuple[str, str, str, int], AnswerRow] = {}
        for row in rows:
            person = self.people.get(row.respondent)
            if person is None or row.round is not Round.BLIND or (row.answer is None and row.value is None):
                continue
            before = first.setdefault((row.unit, row.assessor, row.subject, person.id), row)
            if before.respondent != row.respondent:
                found = _("{respondent}, who is {other} in row {row} and answers the same there").format(
                    respondent=shown(row.respondent), other=shown(before.respondent), row=before.row
                )
                yield Fault(
                    self.file,
                    in_row(row.row, "respondent"),
                    found,
                    _("one row per unit, respondent, element, item, round and assessor"),
                )

    def _misplaced(self, row: AnswerRow) -> Iterator[_Misplaced]:
        """Yield what is wrong with a row, the first first; what comes after it is not worth saying."""
        assessment = self.assessments.get(row.unit)
        if assessment is None:
            expected = _("a unit of {period}: {known}").format(
                period=self.period, known=one_of(self.assessments, row.unit)
            )
            yield _Misplaced((row.unit,), "unit", shown(row.unit), expected)
            return
        yield from _untimely(row, assessment, self._zone)
        yield from self._not_asked(row, assessment) if row.round is Round.BLIND else self._not_agreed(row, assessment)

    def _not_asked(self, row: AnswerRow, assessment: Assessment) -> Iterator[_Misplaced]:
        asked = {key: each for key, each in self.responses.items() if key[0] == assessment.id}
        assessors = dict.fromkeys(assessor for _assessment, _person, assessor in asked)
        person = self.people.get(row.respondent)
        response = None if person is None else asked.get((assessment.id, person.id, row.assessor))
        about = (row.unit, row.respondent, row.assessor)
        if row.assessor not in assessors:
            expected = _("{known} (what others assess is not taken into a cycle yet; `pdca score` reads it)").format(
                known=one_of(assessors)
            )
            yield _Misplaced((row.unit, row.assessor), "assessor", shown(row.assessor), expected)
        elif response is None:
            known = one_of([each.key for each in self._everybody if (assessment.id, each.id, row.assessor) in asked])
            expected = _("somebody asked in {unit}: {known}").format(unit=row.unit, known=known)
            yield _Misplaced(about, "respondent", shown(row.respondent), expected)
        elif row.element not in response.scope:
            yield _not_in(response.scope, row, (*about, row.element))

    def _not_agreed(self, row: AnswerRow, assessment: Assessment) -> Iterator[_Misplaced]:
        if row.assessor is not Assessor.SELF:
            yield _Misplaced(
                (row.assessor,), "assessor", shown(row.assessor), _("self, since a team agrees about itself")
            )
        if plain(row.respondent) not in TEAM and row.respondent not in self.people:
            expected = _("who recorded it, or team")
            yield _Misplaced((row.unit, row.respondent), "respondent", shown(row.respondent), expected)
        if row.element not in assessment.scope:
            yield _not_in(assessment.scope, row, (row.unit, row.element))


def _not_in(scope: Sequence[str], row: AnswerRow, about: tuple[object, ...]) -> _Misplaced:
    expected = _("what was asked this time: {known}").format(known=one_of(scope, row.element))
    return _Misplaced(about, "element", shown(row.element), expected)


def _untimely(row: AnswerRow, assessment: Assessment, zone: ZoneInfo) -> Iterator[_Misplaced]:
    """Yield that a unit does not take such answers now, and when it does."""
    about = (row.unit, row.round)
    match (assessment.status, row.round):
        case (AssessmentStatus.OPEN, Round.BLIND) | (AssessmentStatus.AGREEING, Round.AGREED):
            return
        case (AssessmentStatus.PLANNED, _):
            found = _("answers of {unit} before it opens").format(unit=row.unit)
            expected = _("answers from {day} on").format(day=assessment.opens_on)
        case (AssessmentStatus.OPEN, _) if assessment.closes_at is not None:
            found = _("what {unit} agreed, while it still answers blind").format(unit=row.unit)
            expected = _("answers of the round blind until {moment}").format(
                moment=said(assessment.closes_at.astimezone(zone))
            )
        case (AssessmentStatus.AGREEING, _) if assessment.agree_until is not None:
            found = _("blind answers of {unit} after that round was closed").format(unit=row.unit)
            expected = _("what the team agrees (round agreed) until {moment}").format(
                moment=said(assessment.agree_until.astimezone(zone))
            )
        case _:
            found = _("answers of {unit}, which is {status}").format(unit=row.unit, status=_(assessment.status))
            expected = _("answers of units that are open")
    yield _Misplaced(about, "unit", found, expected)
