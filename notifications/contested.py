"""Contested items: what a team should talk about, who said what, until when, and how the outcome is recorded."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.asked import ContestedItem, contested, teams
from domain.assessments import Assessment, AssessmentStatus
from domain.cycles import Cycle
from domain.editions import edition
from domain.events import Event
from domain.method.edition import Edition
from domain.organisation import Unit
from domain.people import Person, by_ids
from domain.places import Places
from domain.programmes import Programme
from domain.words import N_, _, in_language, ngettext
from notifications.dates import near_moment, short_day
from notifications.outbox import Message, Wanted, key_of
from notifications.views import Desk, Gone, View, can_be_reached, names

CONTESTED = "contested"
MINUTES_PER_STATEMENT = 5
LONGEST_TALK = 60


@dataclass(frozen=True, slots=True)
class Statement:
    """A contested item in words, with the names of who said yes and no."""

    item: str
    text: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Topic:
    """An element with its contested statements."""

    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, kw_only=True)
class Contested(View):
    """What a team reads whose answers differ: the topics with what the level hangs on, then the rest of them."""

    subject: str
    first: str
    topics: tuple[Topic, ...]
    later: tuple[Topic, ...]
    command: str


class _Round(NamedTuple):
    assessment: Assessment
    unit: Unit
    cycle: Cycle
    programme: Programme


def on_agreeing(session: Session, events: Sequence[Event], places: Places) -> list[Wanted]:
    """Tell the team of each unit that now agrees: its lead and its respondents."""
    begun = {event.subject_id: event.at for event in events}
    in_teams = teams(session, begun)
    people = by_ids(session, {person_id for team in in_teams.values() for person_id in team.members})
    return [
        Wanted(
            key=key_of(CONTESTED, each.programme.key, each.cycle.period, each.unit.key, people[person_id].key),
            template=CONTESTED,
            person_id=person_id,
            due_at=begun[each.assessment.id],
            subject={"assessment": each.assessment.id},
        )
        for each in _rounds(session, begun)
        for person_id in in_teams[each.assessment.id].members
        if can_be_reached(people[person_id], places.today)
    ]


def statements(session: Session, messages: Sequence[Message], desk: Desk) -> dict[int, View | Gone]:
    """Return what teams read; gone where all was agreed or the time is over."""
    ids = {message.subject["assessment"] for message in messages}
    rounds = {each.assessment.id: each for each in _rounds(session, ids) if _is_agreeing(each.assessment, desk.now)}
    items = contested(session, rounds)
    said_by = {person_id for found in items.values() for each in found for person_id in (*each.yes, *each.no)}
    called = names(session, said_by)
    models = {id_: edition(session, id_) for id_ in {each.cycle.edition_id for each in rounds.values()}}
    views: dict[int, View | Gone] = {}
    for message in messages:
        assessment_id = message.subject["assessment"]
        if not items.get(assessment_id):
            views[message.id] = Gone(N_("agreed or closed meanwhile"))
            continue
        each = rounds[assessment_id]
        with desk.speaking_to(message.person_id) as reader:
            spoken = _Speech(models[each.cycle.edition_id], called)
            views[message.id] = _view(each, reader, items[assessment_id], spoken, desk)
    return views


@dataclass(frozen=True)
class _Speech:
    """How contested items are told: with names, inside a team."""

    model: Edition
    names: dict[int, str]

    def topics(self, items: Sequence[ContestedItem]) -> tuple[Topic, ...]:
        """Return contested items by element, in their order."""
        return tuple(
            Topic(f"{element} {in_language(self.model.by_id[element].title)}", tuple(map(self._statement, theirs)))
            for element, theirs in groupby(items, key=lambda item: item.element)
        )

    def _statement(self, item: ContestedItem) -> Statement:
        text = in_language(self.model.items[item.item].text)
        return Statement(item=item.item, text=text, yes=self._who(item.yes), no=self._who(item.no))

    def _who(self, person_ids: Sequence[int]) -> str:
        return ", ".join(self.names[each] for each in person_ids) or _("nobody")


def _view(each: _Round, reader: Person, items: Sequence[ContestedItem], spoken: _Speech, desk: Desk) -> Contested:
    zone = desk.places.zone(each.unit.id)
    until = (each.assessment.agree_until or desk.now).astimezone(zone)
    first = [item for item in items if item.is_decisive]
    later = [item for item in items if not item.is_decisive]
    count = len(first or later)
    facts = {
        "name": reader.name,
        "unit": each.unit.name,
        "statements": ngettext("{n} statement", "{n} statements", count).format(n=count),
        "takes": _takes(MINUTES_PER_STATEMENT * count),
        "until": near_moment(until, desk.now.astimezone(zone).date()),
        "day": short_day(until.date()),
    }
    return Contested(
        name=reader.name,
        threads=(f"assessment/{each.programme.key}/{each.cycle.period}/{each.unit.key}",),
        subject=_subject(is_urgent=bool(first)).format(**facts),
        first=_first(is_urgent=bool(first)).format(**facts),
        topics=spoken.topics(first),
        later=spoken.topics(later),
        command=f'pdca agree {each.cycle.period} {each.unit.key} {(first or later)[0].item} yes --because "..."',
    )


def _subject(*, is_urgent: bool) -> str:
    if is_urgent:
        return _("{unit}: please agree on {statements} by {day}")
    return _("{unit}: {statements} to agree on by {day}, if there is time")


def _first(*, is_urgent: bool) -> str:
    """Return who must do what by when; where no level hangs on anything, that it is for those who have time."""
    if is_urgent:
        return _("{name}, please agree with your team of {unit} on {statements} by {until}; {takes}.")
    return _(
        "{name}, if there is time, please agree with your team of {unit} on {statements} by {until}; {takes}. "
        "No level hangs on it now."
    )


def _takes(minutes: int) -> str:
    if minutes > LONGEST_TALK:
        return _("more than an hour together")
    return _("about {n} minutes together").format(n=minutes)


def _is_agreeing(assessment: Assessment, now: datetime) -> bool:
    return assessment.status is AssessmentStatus.AGREEING and (assessment.agree_until or now) >= now


def _rounds(session: Session, assessment_ids: Collection[int]) -> list[_Round]:
    rows = (
        select(Assessment, Unit, Cycle, Programme)
        .join(Unit, Unit.id == Assessment.unit_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Programme, Programme.id == Cycle.programme_id)
        .where(Assessment.id.in_(assessment_ids))
        .order_by(Assessment.id)
    )
    return [_Round(*row) for row in session.execute(rows)]
