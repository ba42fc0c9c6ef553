"""Actions as they are looked up: the list, and one action with all that was said about it."""

from datetime import date
from fractions import Fraction
from typing import Annotated, Any

from cyclopts import Parameter
from rich.table import Table

from domain import actions, deciders, ladder, people, register, whys
from domain.actions import Action, ActionStatus
from domain.grounds import Grounds, grounds
from domain.organisation import unit as unit_of
from domain.people import Person
from domain.register import Entry, History
from domain.rungs import Rung, Standing
from domain.words import _, in_short, ngettext
from pdca import labels
from pdca.console import fields, heading, show, show_json, table
from pdca.deciding import Look, looking
from pdca.grounds import stands
from pdca.parameters import AsJson, AsOf, Number


def list_(
    *,
    owner: Annotated[str | None, Parameter(help=_("Only those of this person (id or address)."))] = None,
    status: Annotated[
        tuple[ActionStatus, ...], Parameter(help=_("Only those that stand there; may be given often."))
    ] = (),
    unit: Annotated[str | None, Parameter(help=_("Only those that live in this unit or cover it."))] = None,
    late: Annotated[bool, Parameter(help=_("Only those whose due date is over."))] = False,
    as_json: AsJson = False,
    as_of: AsOf = None,
) -> None:
    """List actions by number."""
    with looking(as_of) as look:
        session = look.session
        found = register.listed(
            session,
            look.places,
            look.now,
            owner_id=people.person(session, owner).id if owner else None,
            unit_id=unit_of(session, unit).id if unit else None,
            statuses=status,
            only_late=late,
        )
        if as_json:
            show_json({"actions": [_document(each) for each in found]})
        elif found:
            show(_list(found))
        else:
            show(_("No action fits."))


def show_(number: Number, /, *, as_json: AsJson = False, as_of: AsOf = None) -> None:
    """Show one action with what it rests on and what was said about it."""
    with looking(as_of) as look:
        found = actions.action(look.session, number)
        entry = register.entries(look.session, look.places, look.now, [found])[0]
        past = register.history(look.session, found)
        ground = grounds(look.session, [found])[found.id]
        standing = ladder.standing_of(look.session, look.places, found)
        asked = _asked(look, found, standing)
        if as_json:
            rests_on = {"rests_on": whys.why("", ground, date.isoformat)}
            ladder_ = {"ladder": _ladder_document(standing, asked)}
            show_json(_document(entry) | rests_on | ladder_ | _history_document(past))
        else:
            details = _details(entry, past, ground, _rung(standing, asked))
            show(heading(f"{found.id} {found.title}"), details, *stands(ground), *_told(past))


def _list(found: list[Entry]) -> Table:
    rows = (
        (
            each.action.id,
            in_short(each.action.title),
            each.unit.key,
            _key(each.owner),
            _status(each),
            each.action.due_on,
            each.action.check_on,
        )
        for each in found
    )
    headings = (_("No."), _("Action"), _("Unit"), _("Owner"), _("Status"), _("Due"), _("Check"))
    return table(headings, rows, numbers="a")


def _status(entry: Entry) -> str:
    said = labels.label(entry.action.status)
    return _("{status}, late").format(status=said) if entry.is_late else said


def _details(entry: Entry, past: History, ground: Grounds, rung: str) -> Table:
    action = entry.action
    topics = ", ".join(f"{unit.key} {row.element}".strip() for unit, row in entry.covers)
    sources = ", ".join(f"{labels.label(each.source)} {each.reference}".strip() for each in past.sources)
    return fields(
        [
            (_("Status"), _status(entry)),
            (_("Why"), "\n".join(whys.why(action.why, ground, date.isoformat))),
            (_("Measure"), action.measure),
            (_("Unit"), f"{entry.unit.name} ({entry.unit.key})"),
            (_("Covers"), topics),
            (_("Aims at level"), None if len(ground.by_level) > 1 else action.aims_at),
            (_("Source"), sources),
            (_("Owner"), _name(entry.owner)),
            (_("Verifier"), _name(entry.verifier)),
            (_("Released"), _step(action.released_on, past, register.RELEASED)),
            (_("Owner answers by"), None if action.accepted_on else action.answer_by),
            (_("Accepted"), _step(action.accepted_on, past, register.ACCEPTED)),
            (_("Due"), _due(entry)),
            (_("Goes on"), rung),
            (_("On hold until"), action.hold_until),
            (_("Done"), _step(action.done_on, past, register.DONE)),
            (_("Check"), action.check_on),
            (_("Follows"), action.predecessor_id),
            (_("Followed by"), past.successor),
        ]
    )


def _step(day: date | None, past: History, step: str) -> str:
    """Say when a step was taken and by whom; it may be the quality team that recorded what an owner said."""
    if day is None:
        return ""
    who = past.who.get(past.steps.get(step, 0))
    return day.isoformat() if who is None else _("{day}, by {who}").format(day=day, who=who.key)


def _asked(look: Look, action: Action, standing: Standing) -> Person | None:
    """Return who decides about an action that its owner leaves lying, or who will be asked to."""
    person_id = standing.decider_id
    if standing.rung is Rung.OWNER_TOLD and standing.asked_on is not None:
        who = deciders.deciders(look.session, look.places.units)
        person_id = who.decider(action.unit_id, action.owner_id, standing.asked_on)
    return None if person_id is None else look.session.get(Person, person_id)


def _rung(standing: Standing, asked: Person | None) -> str:
    """Say who has an action before them that its owner leaves lying, and why."""
    why = labels.label(standing.because)
    match standing.rung:
        case Rung.OWNER_TOLD if asked is None:
            told = _("{why}: its owner was told on {told}; on {day} it goes on the management review's agenda")
            return told.format(why=why, told=standing.told_on, day=standing.asked_on)
        case Rung.OWNER_TOLD:
            told = _("{why}: its owner was told on {told}; on {day} {who} is asked to decide")
            return told.format(why=why, told=standing.told_on, day=standing.asked_on, who=_key(asked))
        case Rung.LEAD_ASKED:
            return _("{why}: {who} decides by {day}").format(why=why, who=_key(asked), day=standing.decide_by)
        case Rung.ON_AGENDA:
            return _("{why}: on the management review's agenda").format(why=why)
    return ""


def _due(entry: Entry) -> str:
    action = entry.action
    if action.due_on is None:
        return ""
    if action.fixed_by:
        return _("{day}, fixed by {who}").format(day=action.due_on, who=action.fixed_by)
    if action.moved_count:
        moved = ngettext(
            "{day}, moved once (from {first})", "{day}, moved {count} times (from {first})", action.moved_count
        )
        return moved.format(day=action.due_on, count=action.moved_count, first=action.original_due_on)
    return action.due_on.isoformat()


def _told(past: History) -> list[Table]:
    """Return what was said and seen, oldest first."""
    kinds = _kinds()
    notes = [
        (f"{each.at:%Y-%m-%d}", _key(past.who.get(each.by or 0)), kinds.get(each.kind, each.kind), each.text)
        for each in past.notes
    ]
    looks = [
        (
            each.on,
            _key(past.who.get(each.by)),
            labels.label(each.verdict),
            _level(each.level),
            _level(each.level_without_owner),
        )
        for each in past.verifications
    ]
    found = []
    if notes:
        found.append(table((_("On"), _("By"), _("About"), _("Said")), notes))
    if looks:
        seen = (_("On"), _("By"), _("Verdict"), _("Level"), _("Level without the owner's answers"))
        found.append(table(seen, looks))
    return found


def _kinds() -> dict[str, str]:
    """Return what notes are about, by their kind."""
    return {
        "progress": _("progress"),
        "done": _("done"),
        "evidence": _("evidence"),
        "reason": _("reason"),
        "declined": _("declined"),
        "verification": _("verification"),
    }


def _level(found: Fraction | None) -> str:
    return "" if found is None else labels.step(found)


def _key(person: Person | None) -> str:
    return "" if person is None else person.key


def _name(person: Person | None) -> str:
    return "" if person is None else f"{person.name} ({person.key})"


def _document(entry: Entry) -> dict[str, Any]:
    action = entry.action
    days = ("released_on", "answer_by", "accepted_on", "due_on", "original_due_on", "hold_until", "done_on", "check_on")
    return {
        "number": action.id,
        "title": action.title,
        "why": action.why,
        "measure": action.measure,
        "status": action.status,
        "late": entry.is_late,
        "unit": entry.unit.key,
        "covers": [
            {"unit": unit.key, "model": row.model, "element": row.element, "tries_first": row.tries_first}
            for unit, row in entry.covers
        ],
        "owner": _key(entry.owner) or None,
        "verifier": _key(entry.verifier) or None,
        **{day: None if (value := getattr(action, day)) is None else value.isoformat() for day in days},
        "moved": action.moved_count,
        "fixed_by": action.fixed_by,
        "predecessor": action.predecessor_id,
        "aims_at": action.aims_at,
        "facts": action.facts,
    }


def _ladder_document(standing: Standing, asked: Person | None) -> dict[str, Any] | None:
    days = {"told_on": standing.told_on, "asked_on": standing.asked_on, "decide_by": standing.decide_by}
    if standing.rung is None:
        return None
    return {
        "rung": standing.rung,
        "because": standing.because,
        "asked": _key(asked) or None,
        **{name: None if day is None else day.isoformat() for name, day in days.items()},
    }


def _history_document(past: History) -> dict[str, Any]:
    steps = {"released_by": register.RELEASED, "accepted_by": register.ACCEPTED, "done_by": register.DONE}
    return {
        **{name: _key(past.who.get(past.steps.get(step, 0))) or None for name, step in steps.items()},
        "sources": [{"source": each.source, "reference": each.reference} for each in past.sources],
        "notes": [
            {
                "at": each.at.isoformat(),
                "by": _key(past.who.get(each.by or 0)) or None,
                "kind": each.kind,
                "text": each.text,
            }
            for each in past.notes
        ],
        "verifications": [
            {
                "on": each.on.isoformat(),
                "by": _key(past.who.get(each.by)) or None,
                "verdict": each.verdict,
                "level": None if each.level is None else str(each.level),
                "level_without_owner": None if each.level_without_owner is None else str(each.level_without_owner),
            }
            for each in past.verifications
        ],
        "successor": past.successor,
    }
