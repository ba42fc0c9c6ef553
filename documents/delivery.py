"""An answers file for a cycle: whose answers they are and what is new in them, checked whole before any is stored."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy.orm import Session

from documents.answers import AnswerRow
from documents.delivery_places import Places
from documents.faults import Fault, refuse
from domain import answernotes, asked, closings, responses, rights
from domain.answernotes import NoteKind, Notes
from domain.assessments import Assessment
from domain.cycles import Cycle
from domain.method.edition import State
from domain.organisation import Tree
from domain.people import Person
from domain.responses import Answer, Given, Response, ResponseStatus, Round


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a team agreed, by element and item, with the reasons; `by` recorded it.

    `uncontested` are the rows on items about which nobody differed; they hold all the same.
    """

    assessment: Assessment
    by: int | None
    rows: tuple[AnswerRow, ...]
    uncontested: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What an answers file brings: what differs from the newest answers, what is the same, and what was agreed."""

    given: Mapping[int, Mapping[str, Given]]
    notes: Mapping[int, Notes]
    handed_in: tuple[Response, ...]
    agreed: tuple[Agreed, ...]
    same: int

    @property
    def changed(self) -> int:
        """How many topics have a new answer, over all respondents."""
        return sum(len(each) for each in self.given.values())


def delivered(
    session: Session, cycle: Cycle, rows: Sequence[AnswerRow], file: str, faults: Sequence[Fault] = ()
) -> Delivery:
    """Return what a file's rows bring to a cycle; nothing is written.

    A row adds to what was answered before: one without an answer takes nothing away. Refused with all faults, those
    that the file had when it was read and these: a unit that is not in the cycle or does not take such answers now,
    somebody who was not asked there, a topic that was not asked of them.
    """
    places = Places(session, cycle, file)
    refuse([*faults, *places.faults(rows), *places.repeats(rows)])
    answered = [row for row in rows if row.answer is not None or row.value is not None]
    blind: dict[Response, list[AnswerRow]] = {}
    agreed: dict[tuple[Assessment, int | None], list[AnswerRow]] = {}
    for row in answered:
        if row.round is Round.BLIND:
            blind.setdefault(places.response(row), []).append(row)
        else:
            agreed.setdefault((places.assessment(row), places.recorded_by(row)), []).append(row)
    before = responses.newest(session, [each.id for each in blind])
    merged = {each: dict(_merged(given, before[each.id])) for each, given in blind.items()}
    new = {each.id: _differing(given, before[each.id]) for each, given in merged.items()}
    contested = asked.contested_at_first(session, {each.id for each, _by in agreed})
    return Delivery(
        given={response_id: given for response_id, given in new.items() if given},
        notes={each.id: dict(_notes(given)) for each, given in blind.items()},
        handed_in=tuple(each for each in blind if new[each.id] or each.status is not ResponseStatus.SUBMITTED),
        agreed=tuple(
            Agreed(
                assessment,
                by,
                tuple(given),
                uncontested=tuple(row for row in given if row.item and row.item not in contested[assessment.id]),
            )
            for (assessment, by), given in agreed.items()
        ),
        same=sum(len(given) for given in merged.values()) - sum(len(given) for given in new.values()),
    )


def refuse_strangers(session: Session, delivery: Delivery, units: Tree, by: int | None) -> None:
    """Raise NotAllowed where who brings answers, or recorded what was agreed, belongs neither there nor to the team."""
    found = {each.assessment_id for each in delivery.handed_in}
    brought = {(by, id_) for id_ in found | {each.assessment.id for each in delivery.agreed}}
    recorded = {(each.by, each.assessment.id) for each in delivery.agreed}
    for person_id, together in groupby(
        sorted((each for each in brought | recorded if each[0]), key=str), itemgetter(0)
    ):
        person = session.get_one(Person, person_id)
        if not rights.is_of_the_team(session, person):
            for _person, assessment_id in together:
                rights.require_member(session, units, person, session.get_one(Assessment, assessment_id))


def take_in(session: Session, delivery: Delivery, by: int | None, now: datetime) -> int:
    """Store a delivery: answers appended, words kept, each response handed in, what was agreed recorded.

    Returns how many answers and agreements are new.
    """
    written = responses.save_all(session, delivery.given, now).total()
    answernotes.keep_all(session, delivery.notes)
    responses.submit_all(session, delivery.handed_in, by=by, now=now)
    for each in delivery.agreed:
        written += closings.agree(
            session,
            each.assessment,
            _states(each.rows),
            {(row.element, row.subject): row.reason for row in each.rows},
            values={row.element: row.value for row in each.rows if row.value is not None},
            notes={place: words for place, words in _notes(each.rows) if place[-1] is not NoteKind.REASON},
            by=each.by or by,
            now=now,
        )
    return written


def _merged(rows: Sequence[AnswerRow], before: Mapping[str, Answer]) -> Iterator[tuple[str, Given]]:
    """Yield each element's answer: what was said before, and over it what the rows say."""
    for element, found in groupby(sorted(rows, key=lambda row: row.element), key=lambda row: row.element):
        given = list(found)
        old = before.get(element)
        becauses = {} if old is None else json.loads(old.because)
        becauses |= {row.subject: row.because.value for row in given if row.because is not None}
        has_evidence = (old is not None and old.has_evidence) or any(row.evidence for row in given)
        value = next((str(row.value) for row in given if row.value is not None), None)
        states = {} if old is None else responses.states_of(old)
        states |= {row.subject: row.answer.value for row in given if row.answer is not None}
        yield element, Given(None if value else states, value, becauses, has_evidence)


def _differing(given: Mapping[str, Given], before: Mapping[str, Answer]) -> dict[str, Given]:
    return {
        element: answer
        for element, answer in given.items()
        if (old := before.get(element)) is None or answer.row != (old.states, old.value, old.because, old.has_evidence)
    }


def _notes(rows: Sequence[AnswerRow]) -> Iterator[tuple[tuple[str, str, NoteKind], str]]:
    for row in rows:
        for kind, words in (
            (NoteKind.REASON, row.reason),
            (NoteKind.COMMENT, row.comment),
            (NoteKind.EVIDENCE, row.evidence),
        ):
            if words:
                yield (row.element, row.item, kind), words


def _states(rows: Sequence[AnswerRow]) -> dict[str, dict[str, State]]:
    found: dict[str, dict[str, State]] = {}
    for row in rows:
        if row.answer is not None:
            found.setdefault(row.element, {})[row.subject] = row.answer
    return found
