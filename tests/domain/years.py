"""A firm that lives through years: what its people do about answers and actions, and who comes and goes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.organisation_entries import OrganisationDocument
from documents.organisation_stored import stored
from documents.takeover import take_over
from domain import (
    actions,
    asked,
    closings,
    cycles,
    deadlines,
    drafts,
    events,
    ladder,
    people,
    releases,
    responses,
    verifications,
)
from domain.actions import Action, ActionStatus, ActionUnit
from domain.assessments import Assessment, AssessmentStatus
from domain.base import Base
from domain.continuations import Continuation, Deferral
from domain.cycles import Cycle, CycleInputs, CycleStatus
from domain.drafts import Edit
from domain.findings import Finding
from domain.method.due import check_on
from domain.method.edition import State
from domain.method.workdays import add_working_days
from domain.people import Person
from domain.places import Places, places
from domain.programmes import Programme
from domain.responses import Answer, Given, Response, ResponseStatus
from domain.scores import Score
from domain.verifications import Verdict, Verification
from tests.builders import Firm
from tests.domain.acts import turn

Change: TypeAlias = Callable[[OrganisationDocument], OrganisationDocument]

WHY = "because it is so"
MACHINERY = {"lease", "turn", "seal", "sealed_events", "alembic_version"}


@dataclass
class World:
    """A firm at a moment; `model_file` holds its model for the import."""

    session: Session
    firm: Firm
    now: datetime
    model_file: Path

    @property
    def places(self) -> Places:
        return places(self.session, self.now)

    def here(self) -> list[Person]:
        return people.active(self.session, self.places.today)

    def turn(self) -> None:
        turn(self.session, self.now)
        self.session.expire_all()

    def computed(self) -> list[Sequence[Any]]:
        """Return all rows that a recomputation reads, without what people change about actions."""
        tables = (Answer, Response, Assessment, Cycle, CycleInputs, Score, Finding, Continuation, Deferral, Programme)
        drafted = select(Action.id, Action.cycle_id, Action.predecessor_id, Action.aims_at, Action.facts)
        covered = select(ActionUnit.action_id, ActionUnit.unit_id, ActionUnit.element, ActionUnit.tries_first)
        selects = [*(select(table.__table__) for table in tables), drafted, covered]
        return [self.session.execute(each).all() for each in selects]

    def rows(self) -> dict[str, Sequence[Any]]:
        """Return all that is stored but who turned the wheel when."""
        tables = [table for table in Base.metadata.sorted_tables if table.name not in MACHINERY]
        self.session.flush()
        return {table.name: self.session.execute(select(table)).all() for table in tables}


def nth(found: Sequence[Any], number: int) -> Any:
    """Return one of several things, None of none."""
    return found[number % len(found)] if found else None


# What people do in rounds.


def questionnaires(world: World) -> list[Response]:
    rows = select(Response).join(Assessment, Assessment.id == Response.assessment_id)
    rows = rows.where(Assessment.status == AssessmentStatus.OPEN, Response.status != ResponseStatus.SUBMITTED)
    return list(world.session.scalars(rows.order_by(Response.id)))


def answer(world: World, response: Response, levels: Mapping[str, int], because: str, unsure: int) -> None:
    """Say yes up to a level of each topic and no above it; don't know what one item in so many says."""
    given = {}
    for element in response.scope:
        items = world.firm.edition.by_id[element].items
        yes = [(item.level or 0) <= (levels[element] + (response.person_id or 0) % 2) for item in items]
        states = {item.id: "yes" if is_so else "no" for item, is_so in zip(items, yes, strict=True)}
        states |= {item.id: "don't know" for item in items[::unsure]} if unsure else {}
        given[element] = Given(states=states, because=dict.fromkeys(states, because))
    responses.save(world.session, response, given, world.now)
    if response.status is ResponseStatus.DECLINED:
        events.move(world.session, response, ResponseStatus.INVITED, by=response.person_id, now=world.now)
    responses.submit(world.session, response, by=response.person_id, now=world.now)


def decline_to_answer(world: World, response: Response) -> None:
    if response.status is ResponseStatus.INVITED:
        events.move(world.session, response, ResponseStatus.DECLINED, by=response.person_id, now=world.now)


def agree(world: World, state: State) -> None:
    """Settle the same way what any team still differs on."""
    agreeing = select(Assessment).where(Assessment.status == AssessmentStatus.AGREEING).order_by(Assessment.id)
    for assessment in world.session.scalars(agreeing).all():
        contested = asked.contested(world.session, [assessment.id])[assessment.id]
        agreed: dict[str, dict[str, State]] = {}
        for each in contested:
            agreed.setdefault(each.element, {})[each.item] = state
        if agreed:
            reasons = {(each.element, each.item): WHY for each in contested}
            closings.agree(world.session, assessment, agreed, reasons, by=None, now=world.now)


# What people decide about actions, as the commands let them; `who` is somebody here, `days` lie ahead.


@dataclass(frozen=True)
class Deed:
    """Something somebody does about an action."""

    world: World
    action: Action
    who: int
    days: int

    @property
    def person_id(self) -> int:
        return int(nth(self.world.here(), self.who).id)

    @property
    def today(self) -> date:
        return self.world.places.day(self.action.unit_id, self.world.now)

    @property
    def day(self) -> date:
        return add_working_days(self.world.places.calendar(self.action.unit_id), self.today, self.days)

    def check(self, due: date) -> date:
        calendar = self.world.places.calendar(self.action.unit_id)
        return check_on(calendar, due, releases.numbers_of(self.world.session, self.action))

    @property
    def by_owner(self) -> dict[str, Any]:
        return {"by": self.action.owner_id, "now": self.world.now}


def edit(deed: Deed) -> None:
    """Name a verifier, and for a draft how it is seen; a draft that nobody owns is given to somebody."""
    wanted = Edit(verifier_id=deed.person_id)
    if deed.action.status is ActionStatus.PROPOSED:
        owner_id = None if deed.action.owner_id else nth(deed.world.here(), deed.who + 1).id
        wanted = Edit(measure=f"The board shows {deed.action.id}", owner_id=owner_id, verifier_id=deed.person_id)
    drafts.edit(deed.world.session, deed.action, wanted, today=deed.today, by=None, now=deed.world.now)


def edit_date(deed: Deed) -> None:
    wanted = Edit(due_on=deed.day, check_on=deed.check(deed.day))
    drafts.edit(deed.world.session, deed.action, wanted, today=deed.today, by=None, now=deed.world.now)


def release(deed: Deed) -> None:
    releases.release(deed.world.session, deed.action, deed.world.places, by=None, now=deed.world.now)


def accept(deed: Deed) -> None:
    actions.accept(deed.world.session, deed.action, today=deed.today, **deed.by_owner)


def decline(deed: Deed) -> None:
    ladder.decline(deed.world.session, deed.action, WHY, **deed.by_owner)


def progress(deed: Deed) -> None:
    actions.progress(deed.world.session, deed.action, WHY, **deed.by_owner)


def hold(deed: Deed) -> None:
    deadlines.hold(deed.world.session, deed.action, deed.day, WHY, **deed.by_owner)


def move(deed: Deed) -> None:
    due = deed.day
    is_lead = deed.who % 2 == 0
    session, now = deed.world.session, deed.world.now
    deadlines.reschedule(session, deed.action, due, deed.check(due), WHY, by=None, is_lead=is_lead, now=now)


def reassign(deed: Deed) -> None:
    world = deed.world
    releases.reassign(world.session, deed.action, deed.person_id, WHY, world.places, by=None, now=world.now)


def done(deed: Deed) -> None:
    world, numbers = deed.world, releases.numbers_of(deed.world.session, deed.action)
    check = releases.check_after_done(world.places.calendar(deed.action.unit_id), deed.action, deed.today, numbers)
    actions.done(world.session, deed.action, "it hangs there", today=deed.today, check_on=check, **deed.by_owner)


def verify(deed: Deed) -> None:
    world, action, verdict = deed.world, deed.action, nth(list(Verdict), deed.days)
    calendar, numbers = world.places.calendar(action.unit_id), releases.numbers_of(world.session, action)
    due, again = releases.dates_after_verdict(calendar, action, verdict, deed.today, numbers)
    level, without = verifications.levels(world.session, action)
    look = Verification(
        action_id=action.id,
        verdict=verdict,
        by=action.verifier_id or deed.person_id,
        on=deed.today,
        level=level,
        level_without_owner=without,
    )
    verifications.verify(world.session, action, look, WHY, again_on=again, due_on=due, now=world.now)


def cancel(deed: Deed) -> None:
    actions.cancel(deed.world.session, deed.action, WHY, by=None, now=deed.world.now)


SUITED: Mapping[ActionStatus, Sequence[Callable[[Deed], None]]] = {
    ActionStatus.PROPOSED: (edit, edit_date, release, release, reassign, cancel),
    ActionStatus.OPEN: (accept, accept, progress, decline, move, hold, reassign, done, cancel),
    ActionStatus.IN_PROGRESS: (progress, done, done, move, hold, decline, reassign),
    ActionStatus.ON_HOLD: (progress, done, move, cancel),
    ActionStatus.DONE: (verify, verify, edit),
}
DEEDS = tuple(dict.fromkeys(deed for deeds in SUITED.values() for deed in deeds))


# Who comes and goes, by the import of the organisation's file.


def imported(world: World, change: Change) -> bool:
    """Import the organisation as it is stored with a change; returns whether that changed anything."""
    document = stored(world.session)
    assert document is not None
    model = str(world.model_file)
    programmes = tuple(each.model_copy(update={"model": model}) for each in document.programmes)
    changed = change(document.model_copy(update={"programmes": programmes}))
    changes = take_over(world.session, changed, None, world.now)
    world.session.flush()
    world.session.expire_all()
    return not changes.is_empty


def as_it_is(document: OrganisationDocument) -> OrganisationDocument:
    return document


def leaving(key: str, on: date, successor: str | None) -> Change:
    """Let somebody leave; another, or nobody, leads what they led."""

    def change(document: OrganisationDocument) -> OrganisationDocument:
        gone = {"left_on": on, "deputy": None, "manager": None, "roles": (), "absences": ()}
        staff = (each.model_copy(update=gone) if each.id == key else _without(each, key) for each in document.people)
        units = (each.model_copy(update={"lead": successor}) if each.lead == key else each for each in document.units)
        return document.model_copy(update={"people": tuple(staff), "units": tuple(units)})

    return change


def _without(person: Any, key: str) -> Any:
    return person.model_copy(update={"deputy": None}) if person.deputy == key else person


def absent(key: str, first: date, last: date, deputy: str | None) -> Change:
    """Let somebody be away, with a deputy or without."""
    away = {"absences": ((first, last),), "deputy": None if deputy == key else deputy}

    def change(document: OrganisationDocument) -> OrganisationDocument:
        staff = (each.model_copy(update=away) if each.id == key else each for each in document.people)
        return document.model_copy(update={"people": tuple(staff)})

    return change


def newest_planned(world: World) -> list[Cycle]:
    """Return the newest planned cycle of each programme."""
    return [*{each.programme_id: each for each in cycles.with_status(world.session, CycleStatus.PLANNED)}.values()]
