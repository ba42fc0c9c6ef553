"""Where the wheel stands: cycles unit by unit, what waits for a decision, what is due next."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import RenderableType
from rich.table import Table

from domain import overview, people
from domain.organisation import Unit
from domain.overview import CycleRow, Overview, UnitRow, Waiting
from domain.places import Places
from domain.postponed import postponed
from domain.words import _
from pdca import labels
from pdca.console import fields, heading, show, show_json, table
from pdca.deciding import Look, looking
from pdca.labels import label, moment, of
from pdca.parameters import AsJson, AsOf, InProgramme
from pdca.postponed import document, not_now


def status(
    cycle: Annotated[str | None, Parameter(help=_("The cycle, such as 2026-Q4; the current ones if empty."))] = None,
    /,
    *,
    programme: InProgramme = None,
    with_people: Annotated[bool, Parameter(name="--people", help=_("List the people instead."))] = False,
    as_json: AsJson = False,
    as_of: AsOf = None,
) -> None:
    """Show where the wheel stands."""
    with looking(as_of) as look:
        if with_people:
            _tell_people(look, as_json=as_json)
            return
        session = look.session
        shown = [overview.cycle_of(session, cycle, programme)] if cycle else overview.current_cycles(session)
        found = overview.overview(session, look.places, look.now, shown)
        if as_json:
            show_json(_document(found, look))
        elif cycle:
            show(*_parts(found, look), *not_now(postponed(session, shown[0])))
        else:
            show(*_parts(found, look))


def _parts(found: Overview, look: Look) -> list[RenderableType]:
    where = look.places
    parts: list[RenderableType] = []
    for row in found.cycles:
        parts += [heading(_title(row)), _units(row, where), *_missing(row)]
    if not found.cycles:
        parts.append(_("No cycle has begun; `pdca turn` begins what is due."))
    parts += _to_decide(found.waiting)
    last = found.last_turn
    parts.append(
        fields(
            [
                *_waiting(found.waiting),
                (_("Next due"), _next(found, look)),
                (
                    _("Last turn"),
                    moment(last.as_of.astimezone(where.zone(None))) if last else _("none yet; run `pdca turn`"),
                ),
            ]
        )
    )
    return parts


def _title(row: CycleRow) -> str:
    cycle, programme = row.cycle, row.programme
    known_as = programme.name if programme.name == programme.key else f"{programme.name} ({programme.key})"
    return _("{programme} · {period}, {starts} to {ends} · {status}").format(
        programme=known_as,
        period=cycle.period,
        starts=cycle.starts_on,
        ends=cycle.ends_on,
        status=labels.cycle(cycle.status),
    )


def _units(row: CycleRow, where: Places) -> Table:
    headings = (_("Unit"), _("Name"), _("Status"), _("Next"), _("Answered"), _("Contested"))
    rows = (
        (
            each.unit.key,
            each.unit.name,
            label(each.assessment.status),
            _next_of(each, where),
            of(each.answered) if each.answered[1] else "",
            each.contested or "",
        )
        for each in row.units
    )
    return table(headings, rows, numbers="f")


def _missing(row: CycleRow) -> Iterator[Table]:
    """Say who has not handed in yet, where a round is open."""
    missing = [(each.unit.key, ", ".join(person.key for person in each.missing)) for each in row.units if each.missing]
    if missing:
        yield table((_("Missing in"), _("Who")), missing)


def _next_of(row: UnitRow, where: Places) -> str:
    """Say what comes next for a unit, in its own time."""
    assessment = row.assessment
    match assessment.status:
        case "planned":
            return _("opens {day}").format(day=assessment.opens_on)
        case "open" if assessment.closes_at is not None:
            return _("closes {at}").format(at=_local(assessment.closes_at, row.unit, where))
        case "agreeing" if assessment.agree_until is not None:
            return _("agrees until {at}").format(at=_local(assessment.agree_until, row.unit, where))
    return ""


def _local(at: datetime, unit: Unit, where: Places) -> str:
    return f"{at.astimezone(where.zone(unit.id)):%Y-%m-%d %H:%M}"


def _waiting(waiting: Waiting) -> list[tuple[str, str]]:
    return [
        (_("Drafts to release"), _numbers(waiting.drafts)),
        (_("Owner's answer awaited"), _numbers(waiting.unanswered)),
        (_("Late"), _numbers(waiting.late)),
        (_("Owner has left"), _numbers(waiting.without_owner)),
        (_("To verify"), _numbers(waiting.to_verify)),
    ]


def _to_decide(waiting: Waiting) -> Iterator[Table]:
    """Say who decides about which action by when, and about what the management review does."""
    asked = [(each.action_id, label(each.because), each.asked.key, each.by) for each in waiting.decisions]
    if asked:
        yield table((_("Decision on"), _("Because"), _("Asked"), _("By")), asked)
    agenda = [(each.action_id, ", ".join(label(reason) for reason in each.reasons)) for each in waiting.agenda]
    if agenda:
        yield table((_("On the review's agenda"), _("Because")), agenda)


def _numbers(actions: tuple[int, ...]) -> str:
    return ", ".join(map(str, actions))


def _next(found: Overview, look: Look) -> str:
    due = found.next_due
    if due is None:
        return ""
    at = moment(due.at.astimezone(look.places.zone(None)))
    if due.at <= look.now:
        return _("{at}: {what}; overdue, `pdca turn` does it").format(at=at, what=label(due.what))
    return _("{at}: {what}").format(at=at, what=label(due.what))


def _document(found: Overview, look: Look) -> dict[str, Any]:
    last, due = found.last_turn, found.next_due
    return {
        "cycles": [
            _cycle_document(row) | {"not_now": document(postponed(look.session, row.cycle))} for row in found.cycles
        ],
        "waiting": {
            "drafts": found.waiting.drafts,
            "unanswered": found.waiting.unanswered,
            "late": found.waiting.late,
            "without_owner": found.waiting.without_owner,
            "to_verify": found.waiting.to_verify,
            "for_review": found.waiting.for_review,
            "decisions": [
                {"action": each.action_id, "because": each.because, "asked": each.asked.key, "decide_by": _iso(each.by)}
                for each in found.waiting.decisions
            ],
            "agenda": [{"action": each.action_id, "because": each.reasons} for each in found.waiting.agenda],
        },
        "next_due": None if due is None else {"at": _iso(due.at), "what": due.what},
        "last_turn": None
        if last is None
        else {"as_of": _iso(last.as_of), "ended_at": _iso(last.ended_at), "done": last.done},
    }


def _cycle_document(row: CycleRow) -> dict[str, Any]:
    return {
        "programme": row.programme.key,
        "cycle": row.cycle.period,
        "status": row.cycle.status,
        "starts_on": _iso(row.cycle.starts_on),
        "ends_on": _iso(row.cycle.ends_on),
        "units": [
            {
                "unit": each.unit.key,
                "name": each.unit.name,
                "status": each.assessment.status,
                "opens_on": _iso(each.assessment.opens_on),
                "closes_at": _iso(each.assessment.closes_at),
                "agree_until": _iso(each.assessment.agree_until),
                "closed_at": _iso(each.assessment.closed_at),
                "elements": each.assessment.scope,
                "answered": each.answered,
                "missing": [person.key for person in each.missing],
                "contested": each.contested,
            }
            for each in row.units
        ],
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _tell_people(look: Look, *, as_json: bool) -> None:
    roles = people.roles(look.session)
    leads = {unit.lead_id: unit.key for unit in reversed(look.places.units.units)}
    here = people.active(look.session, look.places.today)
    if as_json:
        show_json(
            {
                "people": [
                    {
                        "id": each.key,
                        "name": each.name,
                        "mail": each.mail,
                        "roles": roles.get(each.id, []),
                        "leads": leads.get(each.id),
                    }
                    for each in here
                ]
            }
        )
        return
    rows = ((each.key, each.name, each.mail, ", ".join(roles.get(each.id, [])), leads.get(each.id)) for each in here)
    show(table((_("Id"), _("Name"), _("Mail"), _("Roles"), _("Leads")), rows))
