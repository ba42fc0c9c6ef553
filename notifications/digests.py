"""Digests: the Monday mail with all that somebody owes on actions, only if there is something to say.

An owner whose lead will be asked gets one on that day, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.deciders import Deciders, deciders
from domain.duties import Duties, Owed, assigned_since, touched_since
from domain.people import Person, by_ids
from domain.places import Places, homes
from domain.rungs import Rung
from domain.words import N_, _, in_short, ngettext
from notifications.accounts import DIGEST, WRITTEN_AT, Account, accounts, begins_at, newest_due, week_key
from notifications.changes import in_subject, said
from notifications.dates import day, short_day
from notifications.onward import decider_of, onward
from notifications.outbox import Message, Wanted
from notifications.views import Desk, Gone, View, can_be_reached, names

SATURDAY = 5
NOBODY: Mapping[int, str | None] = {}


@dataclass(frozen=True, slots=True)
class Line:
    """One action in one line."""

    text: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """What belongs together, such as all that is late."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Digest(View):
    """What a person reads on Monday: first what comes first, then everything in sections, then what else is open."""

    subject: str
    first: str
    sections: tuple[Section, ...]
    answer: str
    command: str
    others: str


def due_digests(session: Session, now: datetime, places: Places) -> list[Wanted]:
    """Want this week's digest for everybody who has something to read as of Monday 8:00 of their zone.

    A machine that was off on Monday makes up for it until Friday. Actions to which something happened since then ask
    for none, so that nobody gets a digest in mid-week because something changed.
    """
    at_home = homes(session)
    mondays = {zone: written_at(now, zone) for zone in {places.zone(None), *map(places.zone, at_home.values())}}
    begun = [moment for moment in mondays.values() if moment is not None]
    if not begun:
        return []
    monday = begun[0].date()
    found = accounts(
        session,
        Places(lambda: places.units, monday),
        monday,
        lambda person_id: mondays[places.zone(at_home.get(person_id))],
        without=touched_since(session, begins_at(monday)),
    )
    readers = by_ids(session, found)
    return [
        Wanted(week_key(reader, monday), DIGEST, person_id, moment)
        for person_id, account in found.items()
        if (moment := mondays[places.zone(at_home.get(person_id))]) is not None
        and account.is_worth_a_mail(monday)
        and can_be_reached(reader := readers[person_id], places.today)
    ]


def written_at(now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return Monday 8:00 of the week it is in a zone; None before that hour and on the weekend."""
    local = now.astimezone(zone)
    monday = datetime.combine(local.date() - timedelta(days=local.weekday()), WRITTEN_AT, zone)
    return monday if local.weekday() < SATURDAY and monday <= now else None


def digests(session: Session, messages: Sequence[Message], desk: Desk) -> dict[int, View | Gone]:
    """Return what people read on Monday, or on the day they are told that somebody else will be asked.

    Gone where nothing is left to say or a later digest says it. What was given to an owner on this day is left out: a
    mail of its own says so.
    """
    views: dict[int, View | Gone] = {}
    who = deciders(session, desk.places.units)
    newest = newest_due(session, {message.person_id for message in messages}, desk.now)
    for on, together in _by_day(messages, desk):
        moments = {message.person_id: message.due_at for message in together}
        given = assigned_since(session, begins_at(on))
        found = accounts(session, desk.places, on, moments.get, without=given, person_ids=moments)
        asked = {person_id: _asked(person_id, account, who) for person_id, account in found.items()}
        mentioned = {each for account in found.values() for each in _mentioned(account)}
        called = names(session, mentioned.union(*(each.values() for each in asked.values())))
        for message in together:
            account = found.get(message.person_id)
            if message.due_at < newest[message.person_id]:
                views[message.id] = Gone(N_("a later digest says what is still open"))
                continue
            if account is None or not account.is_worth_a_mail(on):
                views[message.id] = Gone(N_("nothing is left to say"))
                continue
            with desk.speaking_to(message.person_id) as reader:
                asks = {number: called.get(each or 0) for number, each in asked[reader.id].items()}
                views[message.id] = _view(reader, account, called, asks, desk.ask)
    return views


def _by_day(messages: Sequence[Message], desk: Desk) -> Iterable[tuple[date, list[Message]]]:
    found: dict[date, list[Message]] = {}
    for message in messages:
        found.setdefault(message.due_at.astimezone(desk.zone(message.person_id)).date(), []).append(message)
    return found.items()


def _mentioned(account: Account) -> list[int]:
    return [change.payload["to"] for change in account.changes if change.name == "action.reassigned"]


def _asked(person_id: int, account: Account, who: Deciders) -> dict[int, int | None]:
    """Return who decides about what an owner leaves lying, or will be asked to, by action."""
    owes = (*account.duties.late, *account.duties.waiting)
    return {each.action_id: decider_of(each, person_id, who) for each in owes if each.standing is not None}


def _telling(duties: Duties) -> dict[str, str]:
    """Return about which actions their owner reads that somebody will be asked, and when; as the outbox keeps it."""
    return {
        str(each.action_id): each.standing.asked_on.isoformat()
        for each in (*duties.late, *duties.waiting)
        if each.standing is not None and each.standing.rung is Rung.OWNER_TOLD and each.standing.asked_on is not None
    }


def _view(
    reader: Person, account: Account, called: Mapping[int, str], asks: Mapping[int, str | None], ask: str
) -> Digest:
    duties = account.duties
    answer, command = _answer(duties)
    is_quiet = not (duties.near or account.news)
    listed = {each.action_id for each in (*duties.near, *(duties.later if is_quiet else ()))}
    others = len(set(duties.open) - listed)
    sections = (
        Section(_("Due within ten working days"), _lines(duties.due)),
        Section(_("Late"), tuple(Line(_goes_on(_late(each), each, asks), is_late=True) for each in duties.late)),
        Section(_("Waiting for your yes or no"), _lines(duties.waiting, asks)),
        Section(_("For you to check whether it worked"), tuple(map(_check, duties.to_verify))),
        Section(_("Changed"), tuple(Line(said(change, called)) for change in account.changes)),
        *(_later(duties) if is_quiet else ()),
    )
    return Digest(
        name=reader.name,
        covers={"told": _telling(duties)},
        subject=_subject(account, called),
        first=_first(account),
        sections=tuple(section for section in sections if section.lines),
        answer=answer.format(contact=ask),
        command=command,
        others=ngettext("{n} other action is open.", "{n} other actions are open.", others).format(n=others)
        if others
        else _("No other action of yours is open."),
    )


def _lines(owes: Iterable[Owed], asks: Mapping[int, str | None] = NOBODY) -> tuple[Line, ...]:
    words = _("{number} {title}, by {day}")
    return tuple(Line(_goes_on(_told(words, each), each, asks), is_late=each.working_days < 0) for each in owes)


def _check(owed: Owed) -> Line:
    words = _("{number} {title}, from {day} on: {measure}")
    text = words.format(number=owed.action_id, title=in_short(owed.title), day=day(owed.by), measure=owed.measure)
    return Line(text, is_late=owed.working_days < 0)


def _later(duties: Duties) -> tuple[Section, ...]:
    """Return what is open and needs nothing yet."""
    held = _("{number} {title}, until {day}")
    return (
        Section(_("Your open actions"), _lines(duties.far)),
        Section(_("On hold"), tuple(Line(_told(held, each)) for each in duties.resting)),
        Section(_("For you to check later whether it worked"), tuple(map(_check, duties.to_verify_later))),
    )


def _goes_on(said: str, owed: Owed, asks: Mapping[int, str | None]) -> str:
    if owed.standing is None:
        return said
    return _("{what}; {onward}").format(what=said, onward=onward(owed.standing, asks.get(owed.action_id)))


def _late(owed: Owed) -> str:
    days = -owed.working_days
    words = ngettext(
        "{number} {title}, due {day}: {n} working day late", "{number} {title}, due {day}: {n} working days late", days
    )
    return words.format(number=owed.action_id, title=in_short(owed.title), day=day(owed.by), n=days)


def _answer(duties: Duties) -> tuple[str, str]:
    """Return how to answer what comes first, and the command that records it."""
    if first := [*duties.due, *duties.late]:
        words = _("Done, something in the way, or another date? Tell {contact}.")
        return words, f'pdca actions done {first[0].action_id} --what "..."'
    if duties.waiting:
        words = _("Answer to {contact}: I take it, another date, or not me.")
        return words, f"pdca actions accept {duties.waiting[0].action_id}"
    if duties.to_verify:
        words = _("What you saw (it worked, in part, or not) goes to {contact}.")
        return words, f'pdca actions verify {duties.to_verify[0].action_id} --verdict effective --seen "..."'
    return _("Questions? Ask {contact}."), ""


def _subject(account: Account, called: Mapping[int, str]) -> str:
    """Return what comes first, and how much of the rest: By Fri 15 Jan: action 17 · 1 late.

    A single change is said itself.
    """
    duties = account.duties
    if len(account.news) == 1 and not duties.near:
        return in_subject(account.news[0], called)
    counts = (
        (len(duties.late), ngettext("{n} late", "{n} late", len(duties.late))),
        (len(duties.waiting), ngettext("{n} to answer", "{n} to answer", len(duties.waiting))),
        (len(duties.to_verify), ngettext("{n} to check", "{n} to check", len(duties.to_verify))),
        (len(account.news), ngettext("{n} change", "{n} changes", len(account.news))),
    )
    parts = [words.format(n=count) for count, words in counts if count]
    if duties.due:
        parts.insert(0, _("action {number}").format(number=duties.due[0].action_id))
    first = next((owes[0] for owes in (duties.due, duties.late, duties.waiting, duties.to_verify) if owes), None)
    said = " · ".join(parts) or _("Nothing due: your open actions")
    if first is None or first.working_days < 0:
        return said
    if first in duties.to_verify:
        return _("From {day}: {what}").format(day=short_day(first.by), what=said)
    return _("By {day}: {what}").format(day=short_day(first.by), what=said)


def _first(account: Account) -> str:
    """Return who must do what by when; of a day that has passed, that it is now today."""
    duties = account.duties
    if duties.due:
        words = _("please finish action {number} ({title}) by {day}, or say now what is in the way.")
        return _told(words, duties.due[0])
    if duties.late:
        words = _("please finish action {number} ({title}), due since {day}, or say today what is in the way.")
        return _told(words, duties.late[0])
    if duties.waiting:
        in_time = _("please say by {day} whether you take action {number} ({title}).")
        too_late = _("please say today whether you take action {number} ({title}); you were asked until {day}.")
        return _told(too_late if duties.waiting[0].working_days < 0 else in_time, duties.waiting[0])
    if duties.to_verify:
        in_time = _("please look from {day} on whether action {number} ({title}) worked.")
        too_late = _("please look today whether action {number} ({title}) worked; that was planned for {day}.")
        return _told(too_late if duties.to_verify[0].working_days < 0 else in_time, duties.to_verify[0])
    if account.news:
        return _("nothing is due from you; this has changed.")
    return _("nothing is due from you in the next ten working days.")


def _told(words: str, first: Owed) -> str:
    return words.format(number=first.action_id, title=in_short(first.title), day=day(first.by))
