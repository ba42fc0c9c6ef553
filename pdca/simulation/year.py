"""The years: quarter by quarter the wheel turns when something is due, and people do what they have planned."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from config.database import reading, transaction
from documents.models import read_edition
from domain import assessments, cycles, overview, programmes, scores
from domain.assessments import Assessment, AssessmentStatus
from domain.cycles import Cycle
from domain.method.quarters import Period, period_of
from domain.organisation import tree
from domain.wheel import WHEEL, Hand
from flows.rounds import Turn, plainly, rounds
from pdca.simulation import mails, quality, respondents, staff, teams
from pdca.simulation.chance import Chance
from pdca.simulation.drafted import Samples
from pdca.simulation.firm import PROGRAMME, ZONE, founded
from pdca.simulation.habits import Habits
from pdca.simulation.names import is_office
from pdca.simulation.quarter import Outcome, Quarter, closed
from pdca.simulation.truth import Truth
from pdca.simulation.words import read_words
from pdca.simulation.world import Scene, World, places_of

MODEL = "iso9004-2018"
HOLDER = "simulation"
STEPS = tuple(plainly(step) for step in WHEEL)
AN_HOUR, DAY_BEFORE = timedelta(hours=1), timedelta(days=1)
DAYS_BEFORE_THE_END = 9
"""When the review is held."""
ENDED = {AssessmentStatus.AGREEING, AssessmentStatus.CLOSED, AssessmentStatus.SCORED}


def last_quarters(count: int, today: date) -> list[Period]:
    """Return so many quarters that are over, the oldest first."""
    found: list[Period] = []
    period = period_of(today, 3)
    for _number in range(count):
        period = period.previous
        found.insert(0, period)
    return found


@dataclass
class Play:
    """A simulation under way."""

    world: World
    quarters: Sequence[Period]
    now: datetime
    _asked: set[int] = field(default_factory=set)
    _levels: dict[int, Mapping[str, int]] = field(default_factory=dict)
    """The true levels when a blind round ended, by assessment of this quarter."""
    _accounted: set[int] = field(default_factory=set)
    _turns_from: datetime | None = None
    """The next moment for a turn: an hour after one that found nothing to do."""

    def run(self) -> Iterator[Quarter]:
        """Play quarter by quarter and give each when it is over."""
        for quarter in self.quarters:
            self._begin(quarter)
            self._until(_moment(quarter.next.starts_on))
            yield self._end()

    @property
    def outcome(self) -> Outcome:
        """What came of all that was played so far."""
        changes = self.world.changes
        return Outcome(
            planted={by: self.world.truth.planted[by] for by in ("actions", "drift")},
            judged_again=changes["judged again"],
            measured={part: changes[part] for part in ("changed", "seen differently", "mistake")},
            drafts=tuple(self.world.samples.drafts),
        )

    def _begin(self, quarter: Period) -> None:
        world, starts = self.world, quarter.starts_on
        if world.truth.asked:
            world.diary.write(_moment(starts, 5), staff.change, quarter.id)
        else:
            self._found()
            world.diary.write(_moment(starts, 9), mails.ask)
        world.diary.write(_moment(quarter.ends_on - timedelta(days=DAYS_BEFORE_THE_END), 7), quality.plan_review)
        for unit_id in world.truth.asked:
            days = world.chance.of("drift", quarter.id, unit_id).randrange(staff.QUARTER_DAYS)
            world.diary.write(_moment(starts + timedelta(days=days), 18), drift, unit_id)
        world.compared.clear()
        self._asked.clear()
        self._levels.clear()
        self._accounted.clear()

    def _found(self) -> None:
        """Import the organisation on the day before the first quarter, and let there be a truth about it."""
        world = self.world
        with transaction(world.engine) as session:
            staff.take_in(world, session, self.now)
            programme = programmes.programme(session, PROGRAMME)
            units = tree(session, self.now.date())
            asked = programmes.asked_by_unit(session, programme, world.edition, units)
            world.offices = frozenset(unit.id for unit in units.units if is_office(unit.name))
        not_here = frozenset(world.words.texts["not_here"])
        world.truth.begin(asked, dict.fromkeys(world.offices, not_here))

    def _until(self, end: datetime) -> None:
        """Let time pass: what the wheel does next, what people do next, whichever comes first."""
        while True:
            turns_at, planned = self._next_turn(), self.world.diary.next_at
            then = min(each for each in (turns_at, planned, end) if each is not None)
            if then >= end:
                self.now = end
                return
            self.now = then
            if then == turns_at:
                self._turn()
            else:
                deed, about = self.world.diary.take()
                with self._scene() as scene:
                    deed(scene, *about)

    def _next_turn(self) -> datetime | None:
        """Return when the wheel is turned next: when something is due, an hour later if it was due and is still."""
        if self.world.due is None:
            with reading(self.world.engine) as session:
                due = overview.next_due(session, places_of(self.world, session, self.now), self.now)
            self.world.due = None if due is None else max(due.at, self._turns_from or self.now, self.now)
        return self.world.due

    def _turn(self) -> None:
        now, world = self.now, self.world
        done = rounds(Turn(world.engine, Hand(HOLDER, now, clock=lambda: now)), STEPS)
        world.counts.update(done)
        world.due = None
        self._turns_from = now if any(done.values()) else now + AN_HOUR
        with self._scene() as scene:
            self._answer_to(scene, done)

    def _answer_to(self, scene: Scene, done: Mapping[str, int]) -> None:
        """Let people plan what follows for them from a turn, and look at the truth beside what was measured."""
        if done.get("assessments opened"):
            respondents.plan_answers(scene, self._asked)
        if done.get("blind rounds closed"):
            for each in self._members(scene, *ENDED):
                if each.id not in self._levels:
                    self._note(scene, each)
        if done.get("assessments scored"):
            self._account(scene)
        if "drafts" in done:
            quality.plan_release(scene)

    def _note(self, scene: Scene, assessment: Assessment) -> None:
        levels = {each: self.world.truth.level(assessment.unit_id, each) for each in assessment.scope}
        self._levels[assessment.id] = levels
        if assessment.status is AssessmentStatus.AGREEING:
            teams.plan_meeting(scene, assessment)

    def _account(self, scene: Scene) -> None:
        """Add up how far proven results moved, and how far the truth did between the same two moments."""
        new = [each.id for each in self._members(scene, AssessmentStatus.SCORED) if each.id not in self._accounted]
        self._accounted.update(new)
        changes = self.world.changes
        for score in scores.of_assessments(scene.session, new):
            if not score.is_proven:
                continue
            moved = self.world.truth.show(
                score.unit_id, score.element, self._levels[score.assessment_id][score.element]
            )
            if score.changed is not None:
                changes["judged again"] += moved or 0
                changes["changed"] += int(score.changed)
                changes["seen differently"] += int(score.seen_differently or 0)
                changes["mistake"] += int(score.mistake or 0)

    def _members(self, scene: Scene, *statuses: AssessmentStatus) -> list[Assessment]:
        return assessments.of_cycle(scene.session, self._newest_cycle(scene).id, *statuses)

    def _newest_cycle(self, scene: Scene) -> Cycle:
        return cycles.of_programme(scene.session, programmes.programme(scene.session, PROGRAMME).id)[-1]

    def _end(self) -> Quarter:
        with self._scene() as scene:
            return closed(scene, self._newest_cycle(scene))

    @contextmanager
    def _scene(self) -> Iterator[Scene]:
        with transaction(self.world.engine) as session:
            yield Scene(self.world, session, self.now, places_of(self.world, session, self.now))


def staged(
    engine: Engine,
    folder: Path,
    *,
    units: int,
    quarters: Sequence[Period],
    seed: int,
    habits: Habits | None = None,
    mailbox: Path | None = None,
) -> Play:
    """Make ready to play an organisation of so many units in an up-to-date database without rows.

    Its mails are written into the folder `mailbox` if there is one.
    """
    edition, chance = read_edition(MODEL), Chance(seed)
    world = World(
        engine=engine,
        folder=folder,
        edition=edition,
        chance=chance,
        habits=habits or Habits(),
        words=read_words(edition),
        firm=founded(edition, units, chance, quarters[0].starts_on),
        truth=Truth(edition, chance),
        samples=Samples(edition, chance),
        mailbox=mailbox,
    )
    return Play(world, quarters, now=_moment(quarters[0].starts_on) - DAY_BEFORE)


def drift(scene: Scene, unit_id: int) -> None:
    """Let a unit's topics get a little worse or better by themselves."""
    scene.world.truth.drift(scene.world.habits, unit_id, scene.day(unit_id))


def _moment(day: date, hour: int = 0) -> datetime:
    """Return an hour of a day where the organisation is at home."""
    return datetime.combine(day, time(hour), ZoneInfo(ZONE)).astimezone(UTC)
